//! Every word of the page, in Korean and in English: one table, two rows. Never: what kubectl prints.

use kubepie_core::lesson::Text;

use crate::share::Bad;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Korean.
    Ko,
    /// English.
    En,
}

impl Lang {
    /// The language whose code a text begins with: `ko-KR`.
    pub fn of(code: &str) -> Option<Lang> {
        match code.get(..2)? {
            "ko" => Some(Lang::Ko),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ko => "ko",
            Lang::En => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Lang {
        match self {
            Lang::Ko => Lang::En,
            Lang::En => Lang::Ko,
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Lang::Ko => &KO,
            Lang::En => &EN,
        }
    }

    /// The half of a text that is in it.
    pub fn pick(self, text: &Text) -> &str {
        match self {
            Lang::Ko => &text.ko,
            Lang::En => &text.en,
        }
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $ko:literal, $en:literal;)*) => {
        /// The words of the page.
        pub struct Words {
            $($(#[$doc])* pub $name: &'static str,)*
        }
        /// Korean.
        const KO: Words = Words { $($name: $ko,)* };
        /// English.
        const EN: Words = Words { $($name: $en,)* };
    };
}

words! {
    /// Name of the other language's button.
    other_language: "English", "한국어";
    /// Theme: the system's.
    theme_system: "테마: 시스템", "Theme: system";
    /// Theme: light.
    theme_light: "테마: 밝게", "Theme: light";
    /// Theme: dark.
    theme_dark: "테마: 어둡게", "Theme: dark";
    /// Makes a link.
    share: "링크 공유", "Share a link";
    /// Leaves lessons.
    free: "새 클러스터", "New cluster";
    /// The lessons' panel.
    lessons: "배우기", "Lessons";
    /// Above the list.
    lessons_intro: "명령을 직접 입력하며 하나씩 해 봐요. 레슨을 열면 새 클러스터에서 시작해요.", "Learn by typing. A lesson begins with a fresh cluster.";
    /// Back to the list.
    all_lessons: "레슨 목록", "All lessons";
    /// Starts a lesson again.
    again: "처음부터", "Start over";
    /// Shows a hint.
    hint: "힌트 보기", "Show a hint";
    /// Types the solution.
    type_it: "대신 입력해 주기", "Type it for me";
    /// A lesson's end.
    lesson_done: "레슨을 마쳤어요!", "Lesson done!";
    /// The map.
    map: "지도", "Map";
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
    /// The inspector.
    details: "자세히", "Details";
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
    /// Nothing.
    none: "없음", "none";
    /// The terminal.
    terminal: "터미널", "Terminal";
    /// The terminal's log.
    output: "터미널 출력", "Terminal output";
    /// Time bar.
    time: "시간", "Time";
    /// Button.
    pause: "멈추기", "Pause";
    /// Button.
    play: "계속하기", "Play";
    /// Button.
    step: "한 걸음", "Step";
    /// Select.
    speed: "속도", "Speed";
    /// Button.
    settle: "잠잠해질 때까지", "Settle";
    /// Slider.
    moment: "시각 옮기기", "Go to a moment";
    /// Button.
    undo: "되돌리기", "Undo";
    /// Button.
    redo: "다시 하기", "Redo";
    /// While the log runs.
    restoring: "이어서 하던 곳으로 가는 중…", "Going back to where you were…";
    /// A link was opened.
    link_title: "이 링크는 아래 명령을 실행해요", "This link will run these commands";
    /// A link without commands.
    link_empty: "명령이 없어요.", "It has no commands.";
    /// Button.
    run: "실행", "Run";
    /// Button.
    cancel: "취소", "Cancel";
    /// Button.
    close: "닫기", "Close";
    /// More rows.
    more: "개 더", "more";
    /// The link.
    link: "공유 링크", "Link to share";
    /// The link was made.
    link_made: "링크를 만들었어요. 여는 사람은 지금까지 입력한 것을 그대로 다시 실행할 수 있어요.", "Here is your link. Whoever opens it can run all that was typed so far.";
    /// Too long.
    link_long: "링크가 너무 길어요 (64 KiB까지).", "The link is too long (64 KiB at most).";
    /// Damaged.
    link_damaged: "링크가 깨졌어요. 끝까지 복사되었는지 확인해 주세요.", "The link is damaged. Was it copied to its end?";
    /// Too large.
    link_large: "링크에 담긴 내용이 너무 커요 (1 MiB까지).", "What the link carries is too large (1 MiB at most).";
    /// Wrong scenario.
    link_wrong: "링크의 내용을 쓸 수 없어요: ", "What the link carries cannot be used: ";
    /// Different end.
    link_differs: "이 링크는 다른 버전에서 만들어져서 결과가 조금 다를 수 있어요.", "This link was made with another version; the outcome may differ a little.";
    /// Saved log unreadable.
    broken: "저장된 내용을 읽을 수 없어서 새 클러스터로 시작해요. 이전 내용은 따로 보관했어요: ", "What was saved cannot be read, so this is a new cluster. The old log was put aside: ";
}

impl Words {
    /// A sentence about a bad link.
    pub fn bad_link(&self, bad: &Bad) -> String {
        match bad {
            Bad::TooLong => self.link_long.to_string(),
            Bad::Damaged => self.link_damaged.to_string(),
            Bad::TooLarge => self.link_large.to_string(),
            Bad::Scenario(why) => [self.link_wrong, why].concat(),
        }
    }
}
