//! Words about links, in Korean and in English.

use super::refused;
use crate::share::link::Bad;

words! {
    /// Makes a link.
    share: "링크 공유", "Share a link";
    /// A link was opened.
    opened: "누군가 만든 상황이 담긴 링크예요", "This link carries what somebody did";
    /// It begins with a cluster that was brought: `{0}` nodes, `{1}` Pods.
    of_cluster: "누군가의 클러스터를 본뜬 것에서 시작해요: 노드 {0}개, 파드 {1}개.", "It begins on a copy of somebody's cluster: {0} nodes, {1} Pods.";
    /// What running it does: `{0}` inputs.
    does: "새 클러스터에서 시작해 아래 명령 {0}개를 그때와 같은 순서로 실행해요. 지금 열려 있는 클러스터는 따로 두었다가 다시 열 수 있어요.", "It begins on a fresh cluster and runs these {0} commands as they were run then. The cluster that is open now is kept, and you can go back to it.";
    /// A file that it saves: `{0}`.
    saves: "파일 저장: {0}", "saves the file {0}";
    /// A fault that it causes: `{0}`.
    breaks: "고장 내기: {0}", "causes a fault: {0}";
    /// A link without commands.
    empty: "명령이 없어요.", "It has no commands.";
    /// Button.
    run: "실행", "Run";
    /// Button.
    cancel: "취소", "Cancel";
    /// More rows.
    more: "개 더", "more";
    /// The link.
    link: "공유 링크", "Link to share";
    /// The link was made.
    made: "링크를 만들었어요. 여는 사람은 지금까지 입력한 것을 그대로 다시 실행할 수 있어요.", "Here is your link. Whoever opens it can run all that was typed so far.";
    /// Button.
    copy: "링크 복사", "Copy the link";
    /// It was copied.
    copied: "복사했어요", "Copied";
    /// After the number of letters.
    letters: "자", "letters";
    /// A link that is long.
    long: "길어서 어떤 프로그램은 링크를 자를 수 있어요. 그럴 때는 파일로 보내세요", "Some programs cut links that long; send it as a file then";
    /// Above the frame's source.
    frame: "슬라이드나 블로그에 넣기", "For a slide or a blog";
    /// Button.
    file: "파일로 받기", "Download as a file";
    /// The link would be too long.
    too_long_made: "링크로 담기에는 길어요 (64 KiB까지). 파일로 받아서 보내세요. 여는 사람은 '내 클러스터 가져오기'에서 그 파일을 고르면 돼요.", "It is too long for a link (64 KiB at most). Send it as a file; whoever gets it opens it under \"Bring yours\".";
    /// A session with a cluster that was brought.
    brought: "가져온 클러스터가 그대로 들어 있어요. 이름, 이미지, 환경 변수 값까지 보이니 봐도 되는 사람에게만 보내세요.", "It carries the cluster that you brought, with its names, images and values of environment variables. Send it only to those who may see them.";
    /// Above the way from a real cluster.
    bring: "반대로, 진짜 클러스터를 여기로 가져와서 연습할 수도 있어요.", "Or the other way: bring a real cluster here and rehearse on it.";
    /// The name of the picture.
    code: "휴대폰으로 읽는 QR 코드", "QR code to read with a phone";
    /// A link that is too long for a picture.
    no_code: "링크가 길어서 QR 코드는 만들 수 없어요.", "The link is too long for a QR code.";
    /// Above the files for a real cluster.
    along: "진짜 클러스터로 가져가기: 내가 만든 오브젝트, 노드 수가 같은 kind 설정, 입력한 명령이에요.", "Take it along to a real cluster: your own objects, a kind configuration with as many nodes, and what you typed.";
    /// Button.
    step: "한 걸음씩", "Step by step";
    /// Too long.
    too_long: "링크가 너무 길어요 (64 KiB까지).", "The link is too long (64 KiB at most).";
    /// Damaged.
    damaged: "링크가 깨졌어요. 끝까지 복사되었는지 확인해 주세요.", "The link is damaged. Was it copied to its end?";
    /// Too large.
    too_large: "링크에 담긴 내용이 너무 커요 (1 MiB까지).", "What the link carries is too large (1 MiB at most).";
    /// Of a later form.
    newer: "더 새로운 Kubepie에서 만든 링크예요. 페이지를 새로 고친 다음 다시 열어 보세요.", "This link was made with a newer Kubepie. Reload the page, then open it again.";
    /// Wrong scenario.
    wrong: "이 링크는 열 수 없어요: ", "This link cannot be opened: ";
    /// Above a different end.
    differs_title: "링크를 만들 때와 결과가 달라요", "This came out otherwise than when the link was made";
    /// Different end: made by `{0}`, run by `{1}`.
    differs: "링크는 Kubepie {0}에서 만들었고 지금은 {1}이에요. 버전이 다르면 같은 명령도 결과가 조금 다를 수 있어요.", "It was made with Kubepie {0}, and this is {1}. Another version may come to a slightly different end with the same commands.";
    /// Above the commands.
    differs_ran: "실행한 명령", "What ran";
    /// Above the difference.
    differs_how: "달라진 것", "What is different";
    /// What there was.
    differs_then: "만들 때", "Then";
    /// What there is.
    differs_now: "지금", "Now";
    /// Nothing that can be named.
    differs_inside: "노드, 워크로드, 파드의 상태는 같고, 세부 내용만 달라요.", "Nodes, workloads and Pods are in the same state; only details of objects differ.";
}

impl Words {
    /// A sentence about a bad link.
    pub fn bad(&self, bad: &Bad, refused: &refused::Words) -> String {
        match bad {
            Bad::TooLong => self.too_long.to_string(),
            Bad::Damaged => self.damaged.to_string(),
            Bad::TooLarge => self.too_large.to_string(),
            Bad::Newer => self.newer.to_string(),
            Bad::Scenario(why) => [self.wrong, &refused.scenario(why)].concat(),
        }
    }
}
