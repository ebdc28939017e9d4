//! Sentences about objects that are not on the map, and about what is rare: in Korean and in English. A table of its own and
//! no part of [`Words`](super::Words): the first visit does not need it.

use super::Said;

/// Reason.
pub const WHY_NO_VOLUME: Said = Said("클레임에 맞는 볼륨이 없음", "has no volume that fits the claim");
/// Reason.
pub const WHY_LOST_VOLUME: Said = Said("클레임이 묶인 볼륨이 사라짐", "the volume of its claim is gone");
/// No node was looked at.
pub const WHY_EARLY: Said = Said(
    "파드에 필요한 것이 아직 없어서 노드를 살펴보지도 않았어요.",
    "Something that the Pod needs is not there, so no node was looked at.",
);
/// A claim `{0}` is missing.
pub const WHY_NO_CLAIM: Said = Said("'{0}' PersistentVolumeClaim이 없어요.", "There is no PersistentVolumeClaim {0}.");
/// A claim `{0}` whose volume is gone.
pub const WHY_CLAIM_LOST: Said =
    Said("'{0}' PersistentVolumeClaim에 묶인 볼륨이 사라졌어요.", "The volume of the PersistentVolumeClaim {0} is gone.");
/// A claim `{0}` that goes.
pub const WHY_CLAIM_GOING: Said =
    Said("'{0}' PersistentVolumeClaim이 지워지는 중이에요.", "The PersistentVolumeClaim {0} is being deleted.");
/// A claim that has no volume yet.
pub const WHY_CLAIM_WAITS: Said =
    Said("PersistentVolumeClaim이 아직 볼륨에 묶이지 않았어요.", "Its PersistentVolumeClaim is not bound to a volume yet.");
/// A Pod.
pub const POD_GATED: Said = Said(
    "스케줄링 게이트가 있어서 스케줄러가 아직 쳐다보지 않아요. spec.schedulingGates를 비우면 자리를 찾아요.",
    "It has scheduling gates, so the scheduler leaves it alone until spec.schedulingGates is empty.",
);
/// The Service of the API server.
pub const SERVICE_API: Said = Said("API 서버로 이어져요.", "It leads to the API server.");
/// A Service that is another name.
pub const SERVICE_ALIAS: Said = Said("클러스터 밖의 이름을 대신 알려 줘요.", "It stands for a name outside the cluster.");
/// A claim that has a volume: `{0}`; Pods that use it: `{1}`.
pub const CLAIM_BOUND: Said = Said("{0} 볼륨에 묶였어요. 파드 {1}개가 쓰고 있어요.", "It has the volume {0}. Pods that use it: {1}.");
/// A claim without one.
pub const CLAIM_WAITS: Said = Said("아직 볼륨에 묶이지 않았어요. 까닭은 이벤트에 있어요.", "It has no volume yet; its events say why.");
/// A volume.
pub const VOLUME_FREE: Said =
    Said("아직 아무도 쓰지 않아요. 맞는 클레임(PVC)을 기다려요.", "Nobody uses it; it waits for a claim that fits.");
/// A volume that a claim has: `{0}`.
pub const VOLUME_BOUND: Said = Said("{0} 클레임이 쓰고 있어요.", "The claim {0} has it.");
/// A volume whose claim is gone.
pub const VOLUME_RELEASED: Said = Said(
    "쓰던 클레임은 지워졌지만 데이터가 남아 있어서 다른 클레임에 주지 않아요.",
    "Its claim is gone. As the data is still there, no other claim gets it.",
);
/// A ConfigMap: `{0}` values, `{1}` Pods.
pub const CONFIG: Said = Said("설정 {0}개가 들어 있어요. 파드 {1}개가 쓰고 있어요.", "Settings in it: {0}. Pods that use it: {1}.");
/// A Secret: the same.
pub const SECRET: Said = Said(
    "비밀 값 {0}개가 들어 있어요. base64로 적었을 뿐 암호화한 것은 아니에요. 파드 {1}개가 쓰고 있어요.",
    "Secret values in it: {0}, written in base64, which is no encryption. Pods that use it: {1}.",
);
/// A NetworkPolicy: `{0}` its types.
pub const POLICY: Said = Said(
    "podSelector가 고른 파드에 오가는 것을 막고, 적어 둔 것만 허락해요: {0}.",
    "For the Pods that its podSelector picks, only what it lists may pass: {0}.",
);
/// An autoscaler: what, least, most.
pub const SCALER: Said = Said("{0}의 파드를 {1}개에서 {2}개 사이로 맞춰요.", "It keeps {0} between {1} and {2} Pods.");
/// A budget: how many may go now.
pub const BUDGET: Said = Said("지금은 파드를 {0}개까지 내보낼 수 있어요.", "Pods that may be evicted now: {0}.");
/// A namespace: how many Pods.
pub const ROOM: Said = Said("파드 {0}개가 들어 있어요.", "Pods in it: {0}.");
/// A definition: its kind, how many objects.
pub const DEFINITION: Said = Said("새로운 종류를 더해요: {0}. 지금 {1}개 있어요.", "It adds the kind {0}. There are {1} of them.");
/// An object of such a kind.
pub const CUSTOM: Said = Said(
    "CRD로 더한 종류예요. 이것을 돌보는 컨트롤러가 없으면 적어 두기만 해요.",
    "Its kind was added by a CRD. Without a controller that looks after it, it is only kept.",
);
/// It ends too early: `{0}`.
pub const NOT_WHOLE: Said = Said(
    "{0}번째 줄에서 끊겨 있어요. 처음부터 끝까지 복사됐는지 확인해 보세요.",
    "It ends in the middle, at line {0}. Was all of it copied?",
);
/// Words, and no objects.
pub const NOT_OBJECTS: Said = Said(
    "오브젝트가 적힌 YAML이나 JSON이 아니에요. 위의 명령이 출력한 것을 그대로 붙여넣어 주세요.",
    "There are no objects in it. Paste what the command above prints, as it is.",
);
/// The browser keeps nothing.
pub const NO_STORE: Said = Said(
    "브라우저가 저장을 막아 두어서, 이 창을 닫으면 여기서 한 것이 사라져요. 남기려면 '링크 공유'에서 파일로 받아 두세요.",
    "This browser is set to keep nothing for the page, so what you do here is gone when you close it. To keep it, download it as a file under \"Share a link\".",
);
