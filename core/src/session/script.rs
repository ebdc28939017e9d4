//! A lesson's commands as a shell script for a real cluster: kubectl and nothing of ours.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::home;
use crate::lesson::{Lesson, Text};

/// The script; `pick` chooses the language of its comments.
pub fn lesson_script(lesson: &Lesson, pick: &dyn Fn(&Text) -> String) -> String {
    let mut out = String::from("#!/usr/bin/env bash\n");
    comment(&mut out, &pick(&lesson.title));
    comment(&mut out, &pick(&about()));
    out.push_str("set -u\ncd \"$(mktemp -d)\"\n");
    let lines: Vec<&String> = lesson.setup.iter().chain(lesson.steps.iter().flat_map(|step| &step.solution)).collect();
    let mentioned = |name: &str| lines.iter().any(|line| line.contains(name));
    for (name, text) in home::files() {
        if mentioned(name) && !lesson.files.iter().any(|(own, _)| own == name) {
            file(&mut out, name, text);
        }
    }
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
    let name = name.replace(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/')), "_");
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
        if line.contains(" exec -it ") && line.split(' ').next_back().is_some_and(|last| matches!(last, "bash" | "sh")) {
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
