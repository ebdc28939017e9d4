//! Commands as a shell script for a real cluster, of a lesson or of what was typed: kubectl and nothing of ours.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::home;
use super::log::{Base, Input, InputKind};
use crate::lesson::{Lesson, Text};

/// The script; `pick` chooses the language of its comments.
pub fn lesson_script(lesson: &Lesson, pick: &dyn Fn(&Text) -> String) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    comment(&mut out, &pick(&lesson.title));
    comment(&mut out, &pick(&about()));
    out.push_str("set -u\ncd \"$(mktemp -d)\"\n");
    let lines: Vec<&String> = lesson.setup.iter().chain(lesson.steps.iter().flat_map(|step| &step.solution)).collect();
    home_files(&mut out, &lines, &|name| lesson.files.iter().any(|(own, _)| own == name));
    lesson.files.iter().for_each(|(name, text)| file(&mut out, name, text));
    if !lesson.objects.is_empty() {
        file(&mut out, "before.yaml", &lesson.objects);
        out.push_str("kubectl apply -f before.yaml\n");
    }
    commands(&mut out, &lesson.setup);
    for step in &lesson.steps {
        out.push('\n');
        comment(&mut out, &pick(&step.goal));
        commands(&mut out, &step.solution);
    }
    out
}

/// What was typed into a session, for a real cluster; `pick` chooses the language of its comments. What only a hand can
/// do (an editor, a line that runs until Ctrl-C) and what is not kubectl's (a fault) stays as a comment.
pub(super) fn typed_script(base: &Base, inputs: &[Input], pick: &dyn Fn(&Text) -> String) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    comment(&mut out, &pick(&about()));
    comment(&mut out, &pick(&by_hand_about()));
    if base.cluster.is_some() {
        comment(&mut out, &pick(&brought_about()));
    }
    out.push_str("set -u\ncd \"$(mktemp -d)\"\n");
    let typed = |input: &Input| match &input.kind {
        InputKind::Line { text } => Some(text.clone()),
        _ => None,
    };
    let all: Vec<String> = base.lines.iter().cloned().chain(inputs.iter().filter_map(typed)).collect();
    home_files(&mut out, &all.iter().collect::<Vec<_>>(), &|name| base.files.contains_key(name));
    base.files.iter().for_each(|(name, text)| file(&mut out, name, text));
    if !base.objects.is_empty() {
        file(&mut out, "before.yaml", &base.objects);
        out.push_str("kubectl apply -f before.yaml\n");
    }
    commands(&mut out, &base.lines);
    out.push('\n');
    let mut script = Typed { out, lines: Vec::new(), files: Vec::new(), inside: false };
    for (number, input) in inputs.iter().enumerate() {
        let next = inputs.iter().skip(number + 1).find(|later| later.shell == input.shell);
        script.input(input, next.is_some_and(|later| later.kind == InputKind::Interrupt));
    }
    script.flush();
    script.out
}

/// A script on the way.
struct Typed<'a> {
    out: String,
    /// Lines that are not written yet.
    lines: Vec<String>,
    /// Files that are saved once the lines have left the container.
    files: Vec<(&'a str, &'a str)>,
    /// Whether the lines go into a container.
    inside: bool,
}

impl<'a> Typed<'a> {
    fn input(&mut self, input: &'a Input, stopped: bool) {
        match &input.kind {
            InputKind::Line { text } => self.line(text, stopped),
            InputKind::File { path, .. } if path.starts_with("/tmp/kubectl-edit") => {}
            InputKind::File { path, text } => {
                self.files.push((path, text));
                if !self.inside {
                    self.flush();
                }
            }
            InputKind::Fault { text } => self.remark(&["fault ", text].concat()),
            InputKind::Eof => self.flush(),
            InputKind::Interrupt => {}
        }
    }

    fn line(&mut self, text: &str, stopped: bool) {
        if self.inside && (text.starts_with("kubectl") || text.trim() == "exit") {
            self.flush();
        }
        match stopped || by_hand(text) {
            true => self.remark(text),
            false if text.trim() != "exit" => {
                self.inside |= enters(text);
                self.lines.push(text.to_string());
            }
            false => {}
        }
    }

    fn remark(&mut self, text: &str) {
        self.lines.extend(text.lines().map(|line| ["# ", line].concat()));
    }

    /// Writes what waits, and leaves the container.
    fn flush(&mut self) {
        commands(&mut self.out, &core::mem::take(&mut self.lines));
        for (path, text) in self.files.drain(..) {
            file(&mut self.out, path, text);
        }
        self.inside = false;
    }
}

/// Whether a line waits for somebody at the keyboard, or is ours alone.
fn by_hand(line: &str) -> bool {
    let has = |words: &[&str]| line.split_whitespace().any(|word| words.contains(&word));
    let first = line.split_whitespace().next().unwrap_or_default();
    matches!(first, "vi" | "vim" | "nano" | "fault" | "history" | "clear")
        || line.starts_with("kubectl edit ")
        || has(&["-w", "--watch", "port-forward", "proxy"])
        || (has(&["logs"]) && has(&["-f", "--follow"]))
}

fn brought_about() -> Text {
    Text {
        ko: "내 클러스터를 가져와 연습한 명령이에요. 그 클러스터에서 실행하면 돼요.".to_string(),
        en: "These were rehearsed on a copy of a cluster of yours: they are for that cluster.".to_string(),
    }
}

fn by_hand_about() -> Text {
    Text {
        ko: "편집기를 열거나 Ctrl+C로 멈춰야 하는 명령은 주석으로 남겨 두었어요.".to_string(),
        en: "Commands that open an editor or run until Ctrl+C are left as comments.".to_string(),
    }
}

/// The files that everyone finds at home, where a line names them and nothing else takes their place.
fn home_files(out: &mut String, lines: &[&String], replaced: &dyn Fn(&str) -> bool) {
    for (name, text) in home::files() {
        if lines.iter().any(|line| line.contains(name)) && !replaced(name) {
            file(out, name, text);
        }
    }
}

/// Whether the lines after this one are typed inside a container.
fn enters(line: &str) -> bool {
    line.contains(" exec -it ") && line.split(' ').next_back().is_some_and(|last| matches!(last, "bash" | "sh"))
}

fn about() -> Text {
    Text {
        ko: "연습용 클러스터에서만 실행하세요. 노드 이름(w1-k8s, w2-k8s, w3-k8s)은 kubectl get nodes에 나오는 것으로 바꾸세요.".to_string(),
        en: "For a cluster to practise on. Put the names that kubectl get nodes shows in the place of w1-k8s, w2-k8s and w3-k8s."
            .to_string(),
    }
}

fn comment(out: &mut String, text: &str) {
    for line in text.replace('`', "").lines() {
        out.push_str("# ");
        out.push_str(line);
        out.push('\n');
    }
}

fn file(out: &mut String, name: &str, text: &str) {
    let end = if text.lines().any(|line| line == "EOF") { "END_OF_FILE" } else { "EOF" };
    let name = name.trim_start_matches("/root/").replace("..", "_");
    let name = if name.starts_with("/tmp/") { name.as_str() } else { name.trim_start_matches('/') };
    let name = name.replace(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/')), "_");
    if let Some((folder, _)) = name.rsplit_once('/') {
        ["mkdir -p ", folder, "\n"].iter().for_each(|part| out.push_str(part));
    }
    for part in ["cat > ", &name, " <<'", end, "'\n", text.trim_end(), "\n", end, "\n"] {
        out.push_str(part);
    }
}

/// Lines of a shell; what was typed inside a container goes into it, never into the shell of the script.
fn commands(out: &mut String, lines: &[String]) {
    let mut inside = false;
    for line in lines.iter().filter(|line| !line.starts_with('^')) {
        let leaves = line.starts_with("kubectl");
        if inside && leaves {
            out.push_str("EOF\n");
        }
        inside &= !leaves;
        if enters(line) {
            inside = true;
            out.push_str(&line.replace(" -it ", " -i "));
            out.push_str(" <<'EOF'\n");
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    if inside {
        out.push_str("EOF\n");
    }
}
