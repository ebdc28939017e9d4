//! Words of the inspector, in Korean and in English.

use kubepie_core::session::view::PodState;

use crate::map::looks;

words! {
    /// The inspector.
    title: "자세히", "Details";
    /// Nothing chosen.
    choose: "지도에서 파드나 노드를 고르면 여기에 자세히 보여요. 화살표 키로 옮겨 다니고 Enter로 고를 수 있어요.", "Choose anything on the map to see it here. Arrow keys move about, Enter chooses.";
    /// The chosen object is gone.
    gone: "이제 없어요: {0}", "{0} is gone.";
    /// The sides as a group.
    sides: "보기", "Show";
    /// Side.
    summary: "요약", "Summary";
    /// Side.
    events: "이벤트", "Events";
    /// Side.
    logs: "로그", "Logs";
    /// Nothing printed.
    nothing: "아직 아무것도 없어요.", "Nothing yet.";
    /// No events.
    no_events: "이벤트가 없어요.", "No events.";
    /// Row.
    status: "상태", "Status";
    /// Row.
    labels: "레이블", "Labels";
    /// Row.
    taints: "테인트", "Taints";
    /// Row.
    kind: "종류", "Type";
    /// Row.
    revision: "리비전", "Revision";
    /// Section.
    owners: "누구의 것인가요", "Owned by";
    /// Section.
    owned: "무엇을 거느리나요", "Owns or leads to";
    /// Section.
    conditions: "컨디션", "Conditions";
    /// Section.
    faults: "고장 내 보기", "Break something";
    /// Column.
    field: "항목", "Field";
    /// Column.
    wanted: "원하는 값", "Wanted";
    /// Column.
    is: "지금 값", "Now";
    /// Mark.
    differs: "다름", "differs";
    /// Below the buttons.
    buttons_type: "버튼을 누르면 같은 일을 하는 명령이 터미널에 입력되고 실행돼요.", "A button types its command into the terminal and runs it.";
    /// Heading.
    why_here: "왜 여기인가요?", "Why here?";
    /// Heading.
    why_nowhere: "왜 아직 자리가 없나요?", "Why nowhere?";
    /// Column.
    verdict: "스케줄러의 판단", "The scheduler's verdict";
    /// Only one node would do.
    why_only: "갈 수 있는 노드가 {0} 하나뿐이었어요.", "{0} was the only node that would do.";
    /// The best of several.
    why_best: "점수가 가장 높아서 {0} 노드로 갔어요.", "{0} had the highest score.";
    /// One of several that are equal.
    why_tie: "점수가 똑같은 노드가 {1}개 더 있어서, 그중 {0} 노드를 제비뽑기로 골랐어요.", "{1} more had the same score as {0}; one of them was drawn.";
    /// None would do.
    why_none: "모든 노드가 걸러졌어요. 까닭이 하나라도 풀리면 다시 시도해요.", "Every node was refused. It is tried again as soon as a reason goes away.";
    /// A score.
    score: "{0}점", "{0} points";
    /// Reason.
    why_cordoned: "새 파드를 막아 둠 (cordon)", "cordoned";
    /// Reason.
    why_taint: "견디지 못하는 테인트가 있음", "has a taint that the Pod does not tolerate";
    /// Reason.
    why_pods: "파드 자리가 없음", "no room for another Pod";
    /// Reason.
    why_selector: "nodeSelector/affinity와 맞지 않음", "does not match the Pod's node selector or affinity";
    /// Reason.
    why_name: "이름이 정해 준 노드가 아님", "is not the node that was named";
    /// Reason.
    why_ports: "필요한 포트가 이미 쓰임", "a port that the Pod needs is taken";
    /// Reason.
    why_spread: "고르게 퍼뜨리는 조건에 어긋남", "would not spread the Pods evenly";
    /// Reason.
    why_affinity: "함께 있어야 할 파드가 없음", "the Pods that it wants to be with are not there";
    /// Reason.
    why_apart: "떨어져 있어야 할 파드가 있음", "a Pod that it must keep away from is there";
    /// Reason.
    why_volume: "볼륨이 다른 노드에 있음", "its volume is on another node";
    /// Reason.
    why_cpu: "CPU가 모자람", "not enough CPU left";
    /// Reason.
    why_memory: "메모리가 모자람", "not enough memory left";
    /// Reason.
    why_resource: "{0} 자원이 모자람", "not enough {0} left";
    /// Points.
    score_taints: "테인트", "taints";
    /// Points.
    score_affinity: "노드 선호", "node preference";
    /// Points.
    score_fit: "남는 자원", "free resources";
    /// Points.
    score_balance: "CPU와 메모리의 균형", "balance of CPU and memory";
    /// Points.
    score_spread: "고르게 퍼짐", "even spread";
    /// Points.
    score_pods: "파드 선호", "Pod preference";
    /// Points.
    score_image: "이미지가 이미 있음", "image already there";
    /// A Pod.
    pod_pending: "아직 갈 노드가 정해지지 않았어요.", "No node has been found for it yet.";
    /// A Pod.
    pod_creating: "{0}에서 컨테이너를 준비하고 있어요.", "Its containers are being made on {0}.";
    /// A Pod.
    pod_running: "{0}에서 돌고 있지만 아직 요청을 받을 준비가 안 됐어요.", "It runs on {0} but is not ready for requests.";
    /// A Pod.
    pod_ready: "{0}에서 잘 돌고 있고 요청을 받을 수 있어요.", "It runs well on {0} and takes requests.";
    /// A Pod.
    pod_terminating: "정리하고 끝나는 중이에요.", "It is shutting down.";
    /// A Pod.
    pod_completed: "할 일을 마치고 끝났어요.", "It has done its work and ended.";
    /// A Pod.
    pod_failed: "컨테이너가 오류로 끝났어요. 로그를 보세요.", "A container ended with an error. Look at its logs.";
    /// A Pod.
    pod_image: "이미지를 가져올 수 없어요: {2}. 이름과 태그를 확인해 보세요.", "The image {2} cannot be had. Check its name and tag.";
    /// A Pod.
    pod_crash: "컨테이너가 자꾸 끝나서 {1}번 다시 시작했어요. 다음 시도까지 기다리고 있어요.", "Its container keeps ending and was started again {1} times. It waits before the next try.";
    /// A Pod.
    pod_evicted: "노드에 자원이 모자라서 쫓겨났어요.", "It was put off its node, which was short of resources.";
    /// A node.
    node_ready: "잘 돌고 있어요. 파드 {0}개를 맡고 있어요.", "It is well and holds {0} Pods.";
    /// A node.
    node_closed: "새 파드를 받지 않아요. 지금 파드 {0}개가 있어요.", "It takes no new Pods. It holds {0}.";
    /// A node.
    node_down: "응답이 없어요. 한동안 그러면 그 위의 파드가 다른 노드로 옮겨져요.", "It does not answer. If that lasts, its Pods are moved to other nodes.";
    /// A Service.
    service_open: "준비된 파드 {0}개로 요청을 나눠 보내요.", "It spreads requests over {0} ready Pods.";
    /// A Service.
    service_empty: "뒤에 준비된 파드가 없어서 요청이 거절돼요.", "No ready Pod is behind it, so requests are refused.";
    /// A workload.
    work_ready: "원하는 {1}개가 모두 준비됐어요.", "All {1} that are wanted are ready.";
    /// A workload.
    work_short: "{1}개를 원하는데 {0}개만 준비됐어요.", "{0} of the {1} that are wanted are ready.";
    /// A workload.
    work_none: "0개로 줄여 둔 상태예요.", "It is scaled to none.";
    /// A workload.
    work_rolling: "새 버전으로 바꾸는 중이에요. {1}개 중 {0}개가 준비됐어요.", "It changes over to a new version. {0} of {1} are ready.";
    /// A workload.
    work_stuck: "업데이트가 나아가지 못하고 있어요.", "Its update does not get on.";
    /// A workload.
    work_paused: "멈춰 둔 상태예요. 바꿔도 파드는 그대로예요.", "It is paused: changes wait.";
    /// A Job.
    job_done: "할 일 {1}개를 모두 마쳤어요.", "Done: {1} of {1}.";
    /// A Job.
    job_running: "할 일 {1}개 중 {0}개를 마쳤어요.", "Done: {0} of {1}.";
    /// A CronJob.
    cron: "정해진 때마다 잡을 만들어요.", "It makes a Job at set times.";
    /// Anything.
    say_deleting: "지워지는 중이에요.", "It is being deleted.";
    /// Legend.
    is_pending: "노드를 기다림", "waits for a node";
    /// Legend.
    is_creating: "만드는 중", "being made";
    /// Legend.
    is_running: "돌지만 준비 전", "runs, not ready";
    /// Legend.
    is_ready: "준비됨", "ready";
    /// Legend.
    is_terminating: "끝나는 중", "shutting down";
    /// Legend.
    is_completed: "마침", "done";
    /// Legend.
    is_failed: "오류로 끝남", "failed";
    /// Legend.
    is_image: "이미지를 못 가져옴", "no image";
    /// Legend.
    is_crash: "자꾸 죽음", "keeps crashing";
    /// Legend.
    is_evicted: "쫓겨남", "evicted";
}

impl Words {
    /// What the pies mean: class, mark, words.
    pub fn legend(&self) -> [(&'static str, &'static str, &'static str); 10] {
        let of = |state, word| {
            let (class, mark) = looks(state);
            (class, mark, word)
        };
        [
            of(PodState::Pending, self.is_pending),
            of(PodState::Creating, self.is_creating),
            of(PodState::Running, self.is_running),
            of(PodState::Ready, self.is_ready),
            of(PodState::Terminating, self.is_terminating),
            of(PodState::Completed, self.is_completed),
            of(PodState::Failed, self.is_failed),
            of(PodState::ImageError, self.is_image),
            of(PodState::CrashLoop, self.is_crash),
            of(PodState::Evicted, self.is_evicted),
        ]
    }
}
