//! Why a lesson, a scenario or a cluster from outside is not taken, in Korean and in English.

use kubepie_core::lesson::Defect;
use kubepie_core::lesson::defect::What;
use kubepie_core::session::log::MAX_INPUTS;
use kubepie_core::session::{Refusal, bring};

use super::fill;

words! {
    /// The lesson as a whole.
    lesson: "레슨", "The lesson";
    /// A step: `{0}`.
    step: "{0}단계", "Step {0}";
    /// A check: `{0}`.
    check: "성공 조건 {0}", "condition {0}";
    /// A part of a lesson.
    title: "제목", "title";
    /// A part of a lesson.
    intro: "무엇을 배우는지", "what it is about";
    /// A part of a step.
    goal: "목표", "goal";
    /// A part of a step.
    text: "설명", "text";
    /// A part of a step.
    done: "마쳤을 때 한마디", "the words when it is done";
    /// A part of a step.
    hints: "힌트", "hints";
    /// Place `{0}`, limit `{1}`; also below, with `{2}` for what would be right.
    too_long: "{0}: {1}바이트보다 길어요.", "{0}: it is longer than {1} bytes.";
    /// Why: `{1}`.
    not_yaml: "레슨 파일이 아니에요. YAML이나 JSON으로 읽을 수 없어요 ({1}).", "This is no lesson: it can be read neither as YAML nor as JSON ({1}).";
    /// The id.
    id: "레슨의 id에는 영어 소문자와 숫자, -만 쓸 수 있어요.", "The lesson's id may have lower-case letters, digits and dashes only.";
    /// No steps.
    no_steps: "레슨에 단계가 없어요.", "The lesson has no steps.";
    /// No check.
    no_check: "{0}: 무엇이 되면 성공인지 아직 고르지 않았어요.", "{0}: nothing says yet what should be true.";
    /// No solution.
    no_solution: "{0}: 목표에 닿는 명령이 없어요.", "{0}: there is no command that reaches its goal.";
    /// No lines.
    no_lines: "{0}: 보여 줄 명령이 없어요.", "{0}: it has no lines to show.";
    /// Why: `{1}`.
    path: "{0}: JSONPath로 읽을 수 없어요 ({1}).", "{0}: it is no JSONPath ({1}).";
    /// A selector.
    selector: "{0}: 레이블 셀렉터로 읽을 수 없어요.", "{0}: it is no label selector.";
    /// Nothing to look at.
    subject: "{0}: 무엇을 볼지 없어요. resource, file, refused, requests 가운데 하나가 있어야 해요.", "{0}: it looks at nothing; it needs resource, file, refused or requests.";
    /// Comparison `{1}`, known `{2}`.
    op: "{0}: \"{1}\"라는 비교는 없어요. 쓸 수 있는 것: {2}.", "{0}: there is no comparison \"{1}\"; there are {2}.";
    /// Moment `{1}`, known `{2}`.
    moment: "{0}: \"{1}\"라는 때는 없어요. 쓸 수 있는 것: {2}.", "{0}: there is no moment \"{1}\"; there are {2}.";
    /// A duration.
    duration: "{0}: 5s처럼 10분 이하의 시간이어야 해요.", "{0}: it must be a time such as 5s, of ten minutes at most.";
    /// A list of at most `{1}`.
    list: "{0}: {1}개 이하의 목록이어야 해요.", "{0}: it must be a list of at most {1}.";
    /// A map.
    map: "{0}: 키와 값으로 되어 있어야 해요.", "{0}: it must be a map of keys and values.";
    /// Key `{1}`, known `{2}`.
    unknown_key: "{0}: \"{1}\"라는 키는 없어요. 쓸 수 있는 것: {2}.", "{0}: there is no key \"{1}\"; there are {2}.";
    /// Not text.
    not_text: "{0}: 글이어야 해요.", "{0}: it must be text.";
    /// A number.
    number: "{0}: 0에서 1000000까지의 정수여야 해요.", "{0}: it must be a whole number from 0 to 1000000.";
    /// A truth.
    truth: "{0}: true나 false여야 해요.", "{0}: it must be true or false.";
    /// Files, at most `{1}`.
    files: "{0}: 파일 이름과 내용으로, {1}개까지 담을 수 있어요.", "{0}: it must be names and texts of files, {1} at most.";
    /// File `{1}`, bytes `{2}`.
    file: "{0}: 파일 \"{1}\"에는 {2}바이트 이하의 글만 담을 수 있어요.", "{0}: the file \"{1}\" is no text of at most {2} bytes.";
    /// Neither text nor texts.
    neither: "{0}: 글 하나, 또는 ko와 en으로 나눈 글이어야 해요.", "{0}: it must be a text, or one in ko and one in en.";
    /// A language.
    languages: "{0}: 한국어와 영어가 모두 있어야 해요.", "{0}: it needs both Korean and English.";
    /// What: `{1}`.
    missing: "{0}: \"{1}\" 칸이 비어 있어요.", "{0}: \"{1}\" is empty.";
    /// Learnt nowhere.
    learnt: "{0}: 어느 레슨에서 배우는지 없어요.", "{0}: it does not say where it is learnt.";
    /// The text cannot be read: why, `{0}`.
    unreadable: "적힌 내용을 읽을 수 없어요 ({0}).", "what is written in it cannot be read ({0}).";
    /// A later version.
    newer: "더 새로운 Kubepie에서 만들었어요. 페이지를 새로 고쳐 보세요.", "it was made with a newer Kubepie. Reload the page to get it.";
    /// An unknown version: `{0}`.
    version: "{0}이라는 버전은 없어요.", "there is no version {0}.";
    /// Too many inputs: `{0}` of `{1}`.
    inputs: "명령이 {0}개예요. {1}개까지 실행할 수 있어요.", "it has {0} inputs; {1} at most can be run.";
    /// Order.
    order: "명령이 시간 순서대로 있지 않아요.", "its inputs are not in order of time.";
    /// Span.
    span: "다루는 시간이 너무 길어요 (30일까지).", "it covers too long a time (thirty days at most).";
    /// Workers.
    workers: "워커 노드는 1개에서 1000개까지예요.", "it must have from 1 to 1000 worker nodes.";
    /// An input.
    input: "너무 긴 명령이 있거나, 터미널 번호가 64를 넘어요.", "it has an input that is too long, or for a terminal beyond number 64.";
    /// The end.
    reaches: "마지막 상태에 적힌 것이 너무 많아요.", "it tells too much of its end.";
    /// The base.
    base: "시작할 때의 파일이나 명령이 너무 많아요.", "it begins with too many files or lines.";
    /// A cluster that is too large.
    cluster_large: "담긴 클러스터가 너무 커요.", "the cluster in it is too large.";
    /// A cluster of nothing.
    cluster_empty: "담긴 클러스터가 비어 있어요.", "the cluster in it is empty.";
    /// A cluster of no time.
    cluster_time: "담긴 클러스터의 시각이 이상해요.", "the cluster in it is of an impossible time.";
}

impl Words {
    /// A sentence about a lesson's defect.
    #[inline(never)]
    pub fn defect(&self, defect: &Defect) -> String {
        let text = match defect.what {
            What::TooLong => self.too_long,
            What::NotYaml => self.not_yaml,
            What::Id => self.id,
            What::NoSteps => self.no_steps,
            What::NoCheck => self.no_check,
            What::NoSolution => self.no_solution,
            What::NoLines => self.no_lines,
            What::Path => self.path,
            What::Selector => self.selector,
            What::Subject => self.subject,
            What::Op => self.op,
            What::Moment => self.moment,
            What::Duration => self.duration,
            What::List => self.list,
            What::Map => self.map,
            What::UnknownKey => self.unknown_key,
            What::NotText => self.not_text,
            What::Number => self.number,
            What::Truth => self.truth,
            What::Files => self.files,
            What::File => self.file,
            What::Neither => self.neither,
            What::Languages => self.languages,
            What::Missing => self.missing,
            What::Learnt => self.learnt,
        };
        let with = if defect.what == What::Missing { self.part(&defect.with) } else { defect.with.clone() };
        fill(text, &[&self.place(&defect.place), &with, &defect.known])
    }

    /// Where it is, as a reader would say it: `Step 3, condition 1`.
    fn place(&self, place: &str) -> String {
        if place.is_empty() {
            return self.lesson.to_string();
        }
        place.split('.').map(|part| self.part(part)).collect::<Vec<_>>().join(", ")
    }

    /// A part of a place; what has no name of its own stands as it is written.
    fn part(&self, part: &str) -> String {
        let number = |list: &str| part.strip_prefix(list)?.strip_suffix(']')?.parse::<usize>().ok().map(|n| (n + 1).to_string());
        let name = match part {
            "title" => self.title,
            "intro" => self.intro,
            "goal" => self.goal,
            "text" => self.text,
            "done" => self.done,
            "hints" => self.hints,
            _ => part,
        };
        let listed = |list, text| number(list).map(|n| fill(text, &[&n]));
        listed("steps[", self.step).or_else(|| listed("check[", self.check)).unwrap_or_else(|| name.to_string())
    }

    /// A sentence about a scenario that is refused.
    #[inline(never)]
    pub fn scenario(&self, why: &Refusal) -> String {
        match why {
            Refusal::Unreadable(why) => fill(self.unreadable, &[why]),
            Refusal::Version(version) => self.other_version(*version, kubepie_core::session::LOG_VERSION),
            Refusal::Inputs(count) => fill(self.inputs, &[&count.to_string(), &MAX_INPUTS.to_string()]),
            Refusal::Order => self.order.to_string(),
            Refusal::Span => self.span.to_string(),
            Refusal::Workers => self.workers.to_string(),
            Refusal::Input => self.input.to_string(),
            Refusal::Reaches => self.reaches.to_string(),
            Refusal::Base => self.base.to_string(),
            Refusal::Cluster(why) => match why {
                bring::Refusal::Unreadable(why) => fill(self.unreadable, &[why]),
                bring::Refusal::Version(version) => self.other_version(*version, bring::BROUGHT_VERSION),
                bring::Refusal::TooLarge => self.cluster_large.to_string(),
                bring::Refusal::Empty => self.cluster_empty.to_string(),
                bring::Refusal::Time => self.cluster_time.to_string(),
            },
        }
    }

    fn other_version(&self, version: u32, ours: u32) -> String {
        if version > ours { self.newer.to_string() } else { fill(self.version, &[&version.to_string()]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepie_core::lesson::parse;

    #[test]
    fn a_defect_is_said_in_both_languages() {
        let text = "id: a\ntitle: T\nintro: I\nsteps:\n- text: T\n  done: D\n  solution: [kubectl get pods]\n  check:\n  - {resource: pods, name: a}\n";
        let defect = parse::lesson(text).unwrap_err();
        assert_eq!(KO.defect(&defect), "1단계: \"목표\" 칸이 비어 있어요.");
        assert_eq!(EN.defect(&defect), "Step 1: \"goal\" is empty.");
        let defect = parse::lesson(&text.replace("- text", "- goal: G\n  text").replace("name: a}", "count: x}")).unwrap_err();
        assert_eq!(KO.defect(&defect), "1단계, 성공 조건 1, count: 0에서 1000000까지의 정수여야 해요.");
        assert_eq!(EN.scenario(&Refusal::Version(2)), EN.newer);
    }
}
