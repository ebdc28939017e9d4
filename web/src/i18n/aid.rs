//! What is said to somebody whose line was refused or who waits, in Korean and in English. A table of its own and no part of
//! [`Words`](super::Words): the first visit does not need it.

use super::Said;

/// A word was misspelt.
pub const MEANT: Said = Said("혹시 이걸 입력하려던 건가요?", "Did you mean this?");
/// A verb of kubectl stands alone.
pub const VERB: Said = Said("`{0}` 앞에 kubectl을 써야 해요.", "`{0}` goes after kubectl.");
/// Another program that runs containers: `{0}`.
pub const DOCKER: Said = Said(
    "여기에는 {0} 명령이 없어요. 쿠버네티스에서는 kubectl로 해요.",
    "There is no {0} here. With Kubernetes it is kubectl that you use.",
);
/// sudo.
pub const SUDO: Said = Said("이미 root라서 sudo는 필요 없어요.", "You are root already; there is no need for sudo.");
/// A program that makes clusters or is not here: `{0}`.
pub const CLUSTER: Said =
    Said("여기에는 {0} 명령이 없어요. 클러스터는 이미 켜져 있어요.", "There is no {0} here. The cluster is up already.");
/// No such command: `{0}`.
pub const UNKNOWN: Said =
    Said("`{0}` 명령은 여기에 없어요. 쓸 수 있는 명령을 볼까요?", "There is no command `{0}` here. See what there is:");
/// No such verb of kubectl: `{0}`.
pub const NO_VERB: Said =
    Said("kubectl에는 `{0}` 명령이 없어요. 쓸 수 있는 명령을 볼까요?", "kubectl has no command `{0}`. See what it has:");
/// No such kind: `{0}`.
pub const NO_KIND: Said =
    Said("`{0}` 종류는 클러스터에 없어요. 있는 종류를 볼까요?", "The cluster knows no kind `{0}`. See which it knows:");
/// Not found: `{0}` the name.
pub const NOT_FOUND: Said = Said(
    "이름이 `{0}`인 것을 찾지 못했어요. 이름이나 네임스페이스가 다를 수 있으니 무엇이 있는지 볼까요?",
    "There is no `{0}`. Its name or namespace may be another; see what there is:",
);
/// It is there already: `{0}`.
pub const EXISTS: Said = Said(
    "이름이 `{0}`인 것이 이미 있어요. 있는 것을 바꾸려면 apply나 edit를 쓰고, 새로 만들려면 먼저 지우거나 다른 이름을 쓰세요.",
    "There is a `{0}` already. To change it use apply or edit; to make a new one, delete it first or choose another name.",
);
/// No such flag: `{0}`.
pub const FLAG: Said = Said("`{0}` 옵션은 없어요. 쓸 수 있는 옵션을 볼까요?", "There is no flag `{0}`. See which there are:");
/// A flag is missing: `{0}`.
pub const REQUIRED: Said = Said("`--{0}` 옵션을 꼭 함께 써야 해요.", "It needs the flag `--{0}`.");
/// No such file: `{0}`.
pub const NO_FILE: Said = Said("`{0}` 파일이 없어요. 어떤 파일이 있는지 볼까요?", "There is no file `{0}`. See which there are:");
/// The API server does not answer.
pub const SILENT: Said = Said(
    "API 서버가 대답하지 않아요. 컨트롤 플레인 노드가 꺼져 있는지 지도에서 확인해 보세요.",
    "The API server does not answer. Look on the map whether the control-plane node is off.",
);
/// Nothing in this namespace: `{0}`.
pub const EMPTY: Said =
    Said("{0} 네임스페이스에는 없어요. 다른 네임스페이스까지 모두 볼까요?", "There are none in the namespace {0}. Look in all of them:");
/// YAML that cannot be read: line `{0}`.
pub const YAML: Said = Said(
    "YAML을 읽을 수 없어요. {0}번째 줄 근처의 들여쓰기와 콜론(:) 뒤의 빈칸을 확인해 보세요.",
    "The YAML cannot be read. Look at the indentation and the space after each colon near line {0}.",
);
/// A field that is not there: `{0}`.
pub const FIELD: Said = Said(
    "`{0}` 칸은 없어요. 철자나 들여쓰기가 어긋나지 않았는지 확인해 보세요.",
    "There is no field `{0}`. Check its spelling and how far it is indented.",
);
/// Not valid.
pub const INVALID: Said = Said(
    "API 서버가 이 값을 받지 않았어요. 어느 칸이 왜 안 되는지는 콜론(:) 뒤에 적혀 있어요.",
    "The API server does not take this value. Which field, and why, stands after the colon.",
);
/// What is to be got is missing.
pub const WHAT: Said = Said("무엇을 볼지 적어야 해요. 이렇게요:", "Say what you want to see. For example:");
/// Quotes or brackets do not fit.
pub const SYNTAX: Said = Said("따옴표나 괄호의 짝이 맞는지 확인해 보세요.", "Check whether each quote and bracket has its other half.");
/// A container that does not run yet.
pub const NOT_YET: Said =
    Said("컨테이너가 아직 켜지지 않았어요. 파드의 상태를 먼저 볼까요?", "The container is not running yet. Look at the Pod first:");
/// The line is not at its end.
pub const OPEN: Said = Said(
    "명령이 아직 끝나지 않았어요. 나머지를 마저 입력하거나, 그만두려면 Ctrl-C를 누르세요.",
    "The command is not at its end. Type the rest of it, or leave it with Ctrl-C.",
);
/// Something runs.
pub const RUNS: Said = Said("명령이 계속 실행 중이에요. 멈추려면 Ctrl-C를 누르세요.", "The command is still running. Ctrl-C ends it.");
/// The button for it.
pub const STOP: Said = Said("멈추기", "Stop it");
