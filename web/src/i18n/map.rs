//! Words of the map, in Korean and in English.

words! {
    /// The map.
    title: "지도", "Map";
    /// Lenses as a group.
    lens: "무엇으로 묶어 볼까요", "Group by";
    /// Lens.
    lens_nodes: "노드", "Nodes";
    /// Lens.
    lens_owners: "소유자", "Owners";
    /// Lens.
    lens_traffic: "트래픽", "Traffic";
    /// The table instead.
    table: "표", "Table";
    /// Namespace filter.
    scope: "네임스페이스", "Namespace";
    /// All but the system's.
    scope_own: "내 네임스페이스", "My namespaces";
    /// All.
    scope_all: "모든 네임스페이스", "All namespaces";
    /// Search box.
    search: "찾기", "Find";
    /// Zoom buttons as a group.
    zoom: "확대와 축소", "Zoom";
    /// Button.
    larger: "크게", "Zoom in";
    /// Button.
    smaller: "작게", "Zoom out";
    /// Button.
    fit: "화면에 맞추기", "Fit";
    /// The tray.
    tray: "스케줄러 대기", "Waiting for a node";
    /// Nobody waits.
    tray_empty: "기다리는 파드가 없어요", "No Pod is waiting";
    /// The marks and how many of each.
    key: "파드의 상태", "States of Pods";
    /// No Pods of one's own.
    no_pods: "아직 내 파드가 없어요. 터미널에 이렇게 입력해 보세요:", "You have no Pods yet. Type this into the terminal:";
    /// Pods of the system.
    system: "시스템 파드", "Pods of the system";
    /// A cordoned node, in short.
    cordoned_short: "새 파드 막음", "cordoned";
    /// A Pod's node where there is none.
    no_node: "노드 없음", "no node";
    /// A cordoned node.
    cordoned: "새 파드 막음", "closed to new Pods";
    /// A node that takes Pods again.
    open: "다시 열림", "open again";
    /// A node that is not Ready.
    not_ready: "응답 없음", "not answering";
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
    /// Nodes.
    nodes: "노드", "Nodes";
    /// Services.
    services: "서비스", "Services";
    /// Other objects.
    others: "그 밖의 오브젝트", "Other objects";
    /// Pods that nothing manages.
    no_owner: "혼자 있는 파드", "Pods on their own";
    /// Pods that no Service leads to.
    no_service: "서비스 뒤에 있지 않은 파드", "Pods behind no Service";
    /// Endpoints of a Service: how many.
    behind: "준비된 파드 {0}개", "ready Pods: {0}";
    /// The newest ReplicaSet.
    newest: "새", "new";
    /// An older one.
    older: "이전", "old";
    /// A paused rollout.
    paused: "멈춤", "paused";
    /// A budget: how many may be evicted.
    may_go: "PDB: {0}개까지 내보낼 수 있음", "PDB: {0} may go";
    /// A Pod that a budget holds.
    held: "PDB가 붙들고 있음", "held by its PDB";
    /// Restarts.
    restarted: "재시작 {0}번", "restarts: {0}";
    /// Told: new Pods.
    tell_entered: "새 파드 {0}개.", "New Pods: {0}.";
    /// Told: ready.
    tell_ready: "준비됨: {0}.", "Ready: {0}.";
    /// Told: trouble.
    tell_trouble: "문제 있음: {0}.", "In trouble: {0}.";
    /// Told: gone.
    tell_left: "사라진 파드 {0}개.", "Pods gone: {0}.";
    /// Told: a node.
    tell_node: "노드 {0}: {1}.", "Node {0}: {1}.";
    /// Column.
    name: "이름", "Name";
    /// Column.
    namespace: "네임스페이스", "Namespace";
    /// Column.
    ready: "준비", "Ready";
    /// Column.
    status: "상태", "Status";
    /// Column.
    restarts: "재시작", "Restarts";
    /// Column.
    node: "노드", "Node";
    /// Column.
    role: "역할", "Role";
    /// Column.
    kind: "종류", "Kind";
    /// Column.
    image: "이미지", "Image";
    /// Column.
    outside: "외부 IP", "External IP";
    /// Column.
    ports: "포트", "Ports";
    /// Column.
    endpoints: "엔드포인트", "Endpoints";
}
