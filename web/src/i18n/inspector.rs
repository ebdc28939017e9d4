//! Words of the inspector, in Korean and in English.

words! {
    /// The inspector.
    title: "자세히", "Details";
    /// Nothing chosen.
    choose: "지도에서 파드나 노드를 고르면 여기에 자세히 보여요.", "Choose a Pod or a node on the map to see it here.";
    /// Row.
    status: "상태", "Status";
    /// Row.
    node: "노드", "Node";
    /// Row.
    images: "이미지", "Images";
    /// Row.
    owner: "소유자", "Owner";
    /// Row.
    labels: "레이블", "Labels";
    /// Row.
    restarts: "재시작", "Restarts";
    /// Row.
    taints: "테인트", "Taints";
    /// Row.
    namespace: "네임스페이스", "Namespace";
    /// Below the buttons.
    buttons_type: "버튼을 누르면 같은 일을 하는 명령이 터미널에 입력돼요. Enter로 실행하세요.", "A button types its command into the terminal. Run it with Enter.";
}
