//! Words of the map, in Korean and in English.

words! {
    /// The map.
    title: "지도", "Map";
    /// The tray.
    tray: "스케줄러 대기", "Waiting for a node";
    /// Nobody waits.
    tray_empty: "기다리는 파드가 없어요", "No Pod is waiting";
    /// A Pod's node where there is none.
    no_node: "노드 없음", "no node";
    /// A cordoned node.
    cordoned: "새 파드 막음", "Cordoned";
    /// A node that is not Ready.
    not_ready: "응답 없음", "NotReady";
    /// A node's role.
    control_plane: "컨트롤 플레인", "control plane";
    /// A node's role.
    worker: "워커", "worker";
    /// What a node holds.
    pods: "파드", "Pods";
    /// Requested CPU.
    cpu: "CPU", "CPU";
    /// Requested memory.
    memory: "메모리", "Memory";
    /// Boxes of workloads.
    workloads: "워크로드", "Workloads";
    /// No boxes.
    no_workloads: "아직 디플로이먼트가 없어요", "No Deployments yet";
}
