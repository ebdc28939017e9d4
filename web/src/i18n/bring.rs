//! Words about a cluster that is brought, in Korean and in English.

use kubepie_core::session::bring::plan::{About, CUT, Left, NO_OBJECT, Not, Note, Why};

use super::{Lang, fill, rare};

words! {
    /// Opens the dialog.
    open: "내 클러스터 가져오기", "Bring yours";
    /// Its title.
    title: "내 클러스터로 연습하기", "Rehearse on a copy of your cluster";
    /// What it is for.
    intro: "진짜 클러스터에서 아래 명령을 실행하고 결과를 붙여넣으세요. 노드와 파드가 똑같은 연습용 클러스터를 만들어 드려요. 드레인이나 업데이트를 실제로 하기 전에 여기서 먼저 해 볼 수 있어요.", "Run this on your real cluster and paste what it prints. The page builds a cluster with the same nodes and Pods, so that you can try a drain or a rollout before you do it for real.";
    /// What becomes of it.
    private: "이 브라우저 안에서만 읽고 아무 데도 보내지 않아요. 시크릿은 읽지 않아요.", "It is read in this browser and sent nowhere. Secrets are never read.";
    /// Copies the command.
    copy: "명령 복사", "Copy the command";
    /// It was copied.
    copied: "복사했어요", "Copied";
    /// The box to paste into.
    paste: "YAML이나 JSON을 여기에 붙여넣거나, 파일을 끌어다 놓으세요", "Paste YAML or JSON here, or drop a file";
    /// Chooses a file.
    choose: "파일 고르기", "Choose a file";
    /// While it is read.
    reading: "읽고 있어요…", "Reading…";
    /// While it is built.
    building: "클러스터를 만들고 있어요…", "Building the cluster…";
    /// Above what was found.
    found: "가져올 것", "What will be built";
    /// Above what is left out.
    left: "빼놓는 것", "What is left out";
    /// Above what there is to know.
    notes: "알아 두세요", "Good to know";
    /// It replaces the open cluster.
    replaces: "지금 열려 있는 클러스터 대신 들어와요.", "It takes the place of the cluster that is open now.";
    /// Builds it.
    build: "만들기", "Build";
    /// Back to the box.
    again: "다시 붙여넣기", "Paste something else";
    /// Back to the box, for more.
    more: "다른 출력 더하기", "Add another output";
    /// Closes the dialog.
    cancel: "취소", "Cancel";
    /// It is too large for the browser's store.
    not_kept: "클러스터가 커서 브라우저에 저장할 수 없어요. 이어서 하려면 공유에서 파일로 내려받아 두세요.", "This cluster is too large for the browser to keep. To go on later, download it as a file under Share.";
    /// A file cannot be read.
    no_file: "이 파일은 읽을 수 없어요.", "This file cannot be read.";
    /// A Secret was left out: `{1}`.
    why_secret: "Secret {1}개: 읽지 않았어요. 파드가 쓰는 것은 내용 없는 대역으로 둬요.", "Secret ({1}): not read. Where Pods use one, an empty stand-in takes its place.";
    /// The cluster makes them: `{0}`, `{1}`.
    why_anew: "{0} {1}개: 클러스터가 스스로 다시 만들어요.", "{0} ({1}): the cluster makes these anew.";
    /// The page has its own: `{0}`, `{1}`.
    why_own: "{0} {1}개: 여기에 있는 것을 그대로 써요.", "{0} ({1}): the page keeps its own.";
    /// Not of Kubernetes: `{0}`, `{1}`.
    why_foreign: "{0} {1}개: 쿠버네티스에 기본으로 있는 종류가 아니라서 움직이게 할 수 없어요.", "{0} ({1}): not a kind of Kubernetes' own; nothing here would act on it.";
    /// Another version: `{0}`, `{1}`.
    why_version: "{0} {1}개: 쿠버네티스 1.36에는 없는 API 버전이에요.", "{0} ({1}): of an API version that Kubernetes 1.36 does not serve.";
    /// Not valid: `{0}`, `{1}`, `{2}`.
    why_invalid: "{0} {1}개: API 서버가 받지 않을 내용이에요. {2}", "{0} ({1}): the API server would not take it. {2}";
    /// Not readable: `{1}`, `{2}`.
    why_unreadable: "읽을 수 없는 부분 {1}곳(줄: 이유): {2}", "Parts that cannot be read ({1}; line: why): {2}";
    /// Cut off: `{2}`.
    why_cut: "{2}번째 줄에서 끊겨 있어요. 온전한 데까지만 가져와요. 전부 복사됐는지 확인해 보세요.", "It ends in the middle, at line {2}; what is whole before that is taken. Was all of it copied?";
    /// Stand-ins: `{0}`, `{1}`, `{2}`.
    stand_in: "출력에 없는 {0} {1}개는 대역으로 만들어요: {2}", "{0} that is not in the output gets a stand-in ({1}): {2}";
    /// Nodes made: `{1}`, `{2}`.
    nodes_made: "출력에 노드가 없어서, 파드가 있던 이름으로 노드 {1}개를 넉넉하게 만들어요: {2}", "Nodes that are not in the output are made, with room to spare, under the names that Pods are on ({1}): {2}";
    /// The page's own nodes.
    own_nodes: "노드와 실행 중인 파드가 없어서, 이 페이지의 노드 네 대에 올려요.", "There are no nodes and no running Pods in it, so it runs on this page's own four nodes.";
    /// Nodes that are down: `{1}`, `{2}`.
    nodes_down: "Ready가 아닌 노드 {1}개는 꺼진 채로 둬요: {2}. `fault node start 이름`으로 켤 수 있어요.", "Nodes that are not Ready stay switched off ({1}): {2}. `fault node start NAME` starts one.";
    /// Owners made: `{1}`, `{2}`.
    owners_made: "출력에 없는 ReplicaSet이나 Job {1}개는 그 파드를 보고 만들어요: {2}", "ReplicaSets and Jobs that are not in the output are made after their Pods ({1}): {2}";
    /// Pods alone: `{1}`, `{2}`.
    alone: "주인이 출력에 없어서 혼자인 것 {1}개: {2}", "What has an owner that is not in the output stands alone ({1}): {2}";
    /// Unknown images: `{1}`, `{2}`.
    images: "여기서 모르는 이미지 {1}개는 잘 실행되고, 포트에서 응답하고, 프로브에 성공하는 것으로 봐요: {2}", "Images that are not known here run, answer on their ports and pass their probes ({1}): {2}";
    /// Crashing Pods: `{1}`, `{2}`.
    crashing: "계속 죽던 파드 {1}개는 여기서도 계속 죽어요: {2}", "Pods that kept crashing keep crashing ({1}): {2}";
    /// Not pulled: `{1}`, `{2}`.
    not_pulled: "이미지를 못 받던 파드 {1}개는 여기서도 못 받아요: {2}", "Pods whose image could not be pulled still cannot start ({1}): {2}";
    /// Lacking: `{1}`, `{2}`.
    lacking: "ConfigMap이나 Secret을 못 찾던 파드 {1}개는 여기서도 기다려요: {2}", "Pods that wait for a ConfigMap or Secret still wait ({1}): {2}";
    /// On their way: `{1}`, `{2}`.
    on_the_way: "뜨는 중이거나 사라지는 중이던 파드 {1}개는 거기서부터 이어져요: {2}", "Pods that were coming up or going go on from there ({1}): {2}";
    /// Nothing.
    not_empty: "붙여넣은 내용이 없어요.", "There is nothing in it.";
    /// Too long.
    not_short: "너무 길어요 (64 MiB까지). `-n`으로 네임스페이스를 좁히거나 -o yaml을 써 보세요.", "It is too long (64 MiB at most). Try fewer namespaces with `-n`, or -o yaml, which is shorter.";
    /// A table.
    not_table: "사람이 읽는 표예요. 표에는 빠진 것이 많아서 클러스터를 만들 수 없어요. 위의 명령처럼 -o yaml을 붙여서 다시 받아 주세요.", "This is the table for people, and it leaves most of a cluster out. Take the command above, with -o yaml.";
    /// A description.
    not_description: "kubectl describe의 출력이에요. 위의 명령으로 YAML을 받아 주세요.", "This is what kubectl describe prints. Take the command above, which prints YAML.";
    /// Names.
    not_names: "이름만 있어요. 위의 명령처럼 -o yaml로 받아 주세요.", "These are only names. Take the command above, with -o yaml.";
    /// An error: `{0}`.
    not_failure: "kubectl의 오류 메시지예요: {0}", "This is an error of kubectl's: {0}";
    /// Not readable: `{0}`, `{1}`.
    not_readable: "YAML도 JSON도 아니에요. {0}번째 줄: {1}", "It is neither YAML nor JSON. Line {0}: {1}";
    /// Nothing of use.
    not_useful: "노드도, 워크로드도, 파드도 없어서 만들 것이 없어요. 위의 명령으로 받아 주세요.", "There is no node, workload or Pod in it, so there is nothing to build. Take the command above.";
    /// Too many: `{0}`, `{1}`, `{2}`.
    not_few: "{0}이(가) {1}개예요. {2}개까지 만들 수 있어요. -n으로 네임스페이스를 좁혀 보세요.", "It has {1} {0}; at most {2} can be built. Try fewer namespaces with -n.";
}

impl Words {
    /// A sentence about what is left out.
    pub fn left_out(&self, left: &Left) -> String {
        let text = match left.why {
            Why::Secret => self.why_secret,
            Why::MadeAnew => self.why_anew,
            Why::OwnHere => self.why_own,
            Why::Foreign => self.why_foreign,
            Why::Version => self.why_version,
            Why::Invalid => self.why_invalid,
            Why::Unreadable => self.why_unreadable,
            Why::CutOff => self.why_cut,
        };
        fill(text, &[&left.kind, &left.count.to_string(), &some(&left.names, left.count)])
    }

    /// A sentence that a note comes to.
    pub fn note(&self, note: &Note) -> String {
        let (text, kind) = match note.about {
            About::StandIn(kind) => (self.stand_in, kind),
            About::NodesMade => (self.nodes_made, ""),
            About::OwnNodes => (self.own_nodes, ""),
            About::NodesDown => (self.nodes_down, ""),
            About::OwnersMade => (self.owners_made, ""),
            About::Alone => (self.alone, ""),
            About::Images => (self.images, ""),
            About::Crashing => (self.crashing, ""),
            About::NotPulled => (self.not_pulled, ""),
            About::Lacking => (self.lacking, ""),
            About::OnTheirWay => (self.on_the_way, ""),
        };
        fill(text, &[kind, &note.count.to_string(), &some(&note.names, note.count)])
    }

    /// A sentence about a text that is no dump.
    pub fn not(&self, not: &Not, lang: Lang) -> String {
        match not {
            Not::Empty => self.not_empty.to_string(),
            Not::TooLong => self.not_short.to_string(),
            Not::Table => self.not_table.to_string(),
            Not::Description => self.not_description.to_string(),
            Not::Names => self.not_names.to_string(),
            Not::Failure(line) => fill(self.not_failure, &[line]),
            Not::Log | Not::NothingOfUse => self.not_useful.to_string(),
            Not::Unreadable(line, why) if why == CUT => fill(rare::NOT_WHOLE.of(lang), &[&line.to_string()]),
            Not::Unreadable(_, why) if why == NO_OBJECT => rare::NOT_OBJECTS.of(lang).to_string(),
            Not::Unreadable(line, why) => fill(self.not_readable, &[&line.to_string(), why]),
            Not::TooMany(kind, count, most) => fill(self.not_few, &[kind, &count.to_string(), &most.to_string()]),
        }
    }
}

/// Some names, with dots where there are more.
fn some(names: &[String], count: usize) -> String {
    let more = if count > names.len() && !names.is_empty() { " …" } else { "" };
    [names.join(", ").as_str(), more].concat()
}
