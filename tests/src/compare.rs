//! The rule by which an answer matches a recorded one: what is random is set aside, all else is bytes.
//!
//! Set aside are random names, addresses, uids, times, ages, and which of the equal workers a Pod went
//! to (how many went to each still counts). In text that holds such a thing the width of columns is set
//! aside too. Two recordings of the same real cluster agree under this rule, and nothing weaker is known.

use crate::transcript::Step;
use fancy_regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The alphabet of Kubernetes' random names, for use inside of `[]`.
const R: &str = "bcdfghjklmnpqrstvwxz2456789";

/// What is random, and what is put in its place; `@` stands for [`R`]. The order matters.
const RULES: &[(&str, &str)] = &[
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<time>"),
    (r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"(?m)^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w/.]+:\d+\] ", "<log ${1}> "),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
    (r"\b(containerd|docker|cri-o)://[0-9a-f]{12,64}", "${1}://<id>"),
    (r"sha256:[0-9a-f]{64}", "sha256:<id>"),
    (r"\b[0-9a-f]{64}\b", "<id>"),
    (r#"(resourceVersion"?: *"?)\d+"#, "${1}<rv>"),
    (r"(Resource Version: +)\d+", "${1}<rv>"),
    (r"(kube-api-access-)[@]{5}\b", "${1}<r>"),
    (r#"(pod-template-hash[=:]? *"?:? ?"?)[@]{5,10}\b"#, "${1}<hash>"),
    (r#"(controller-revision-hash[=:]? *"?:? ?"?)([a-z0-9.-]+-)?[@]{5,10}\b"#, "${1}${2}<hash>"),
    (r"\b((?:[a-z0-9]+-)*[a-z0-9]+)-[@]{7,10}-[@]{5}\b", "${1}-<hash>-<r>"),
    (r"\b((?:[a-z0-9]+-)*[a-z0-9]+)-[@]{7,10}\b(?!\.)", "${1}-<hash>"),
    (r"\b((?:[a-z0-9]+-)*[a-z0-9]+)-\d{8}(-[@]{5})?\b", "${1}-<slot>${2}"),
    (r"\b((?:[a-z0-9]+-)*[a-z0-9<>]+)-[@]{5}\b", "${1}-<r>"),
    (r"\b172\.16\.\d{1,3}\.\d{1,3}\b", "<podip>"),
    (r"\b10\.(?:9[6-9]|10\d|11[01])\.(?!0\.10?\b)\d{1,3}\.\d{1,3}\b", "<clusterip>"),
    (r#"(:|: |Port: +(?:<unset>|\S+) +)3[0-2]\d{3}(?=\b)(?=/|$|\n|,| |")"#, "${1}<nodeport>"),
    (r"\(x\d+ over [0-9dhms]+\)", "(<n> over <age>)"),
    (r"(?<=\()[0-9dhmsy]+ ago\)", "<age> ago)"),
    (r"(\.)[0-9a-f]{16}\b", "${1}<id>"),
    (r"127\.0\.0\.1:644\d", "<server>"),
    (r"\bin [0-9.]+m?s \([0-9.]+m?s including waiting\)", "in <took> (<took> including waiting)"),
    (r"(default-scheduler-)[A-Za-z0-9.-]+", "${1}<host>"),
];

/// The rules and the other patterns, compiled once.
struct Patterns {
    rules: Vec<(Regex, &'static str)>,
    variable: Regex,
    age: Regex,
    keyed: Regex,
    timed: Regex,
    worker: Regex,
    about_nodes: Regex,
    progress: Regex,
    shape: Regex,
    gap: Regex,
    digits: Regex,
}

#[expect(clippy::expect_used, reason = "the patterns are constants")]
fn pattern(text: &str) -> Regex {
    Regex::new(&text.replace("[@]", &format!("[{R}]"))).expect("a constant pattern")
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    rules: RULES.iter().map(|(find, put)| (pattern(find), *put)).collect(),
    variable: pattern("<(hash|r|slot|age|podip|clusterip|nodeport|uid|id|time|rv|worker|workerip|took)>"),
    age: pattern(r"(?:(?<=\s)|^)(?:\d+[dhmsy]){1,3}(?=\s|$)|(?:(?<=\s)|^)<invalid>(?=\s|$)"),
    keyed: pattern(r"^\s*[A-Z][A-Za-z ()/_-]*: "),
    timed: pattern(r"^\s*(Age|Duration):"),
    worker: pattern(r"\bw[123]-k8s(/192\.168\.1\.10[123])?|\b192\.168\.1\.10[123]\b"),
    about_nodes: pattern(r"kubectl (cordon|uncordon|drain|taint)\b|kubectl \w+ (-\S+ )*(nodes?|no)\b|w[123]-k8s"),
    progress: pattern(r#"^(Waiting for|deployment "|daemon set "|partitioned roll out|statefulset rolling update|error when evicting)"#),
    shape: pattern(
        r"^(GROUP|KIND|VERSION|FIELDS?|DESCRIPTION|RESOURCE)\b.*$|^\s+\w+\t+<.*$|^\s+(-\w, )?--[\w-]+(=.*)?:$|^  kubectl .*\[.*$",
    ),
    gap: pattern(" {2,}"),
    digits: pattern(r"\d+"),
});

/// Whether a pattern is in a text; one that gives up (it never does on text of this size) is not.
fn has(pattern: &Regex, text: &str) -> bool {
    pattern.is_match(text).unwrap_or(false)
}

/// The lines of an answer with what is random set aside; `run` is the command that it answers.
#[must_use]
pub fn normalise(text: &str, run: &str) -> Vec<String> {
    let patterns = &*PATTERNS;
    let mut text = text.to_owned();
    for (find, put) in &patterns.rules {
        text = find.replace_all(&text, *put).into_owned();
    }
    let mut lines: Vec<String> = text
        .split('\n')
        .map(|line| {
            if !has(&patterns.keyed, line) || has(&patterns.timed, line) {
                patterns.age.replace_all(line, "<age>").into_owned()
            } else {
                line.to_owned()
            }
        })
        .collect();
    let mut spread = None;
    if !has(&patterns.about_nodes, run) {
        spread = set_workers_aside(&mut lines);
    }
    let mut lines = unordered(widths(lines));
    lines.extend(spread);
    lines
}

/// Puts `<worker>` for each worker; answers how many mentions each of them had, without their names.
fn set_workers_aside(lines: &mut [String]) -> Option<String> {
    let worker = &PATTERNS.worker;
    let mut hits: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.iter_mut() {
        let put = worker.replace_all(line, |found: &Captures<'_>| {
            let name = found.get(0).map_or("", |whole| whole.as_str());
            if name.starts_with('w') {
                let first: String = name.chars().take(2).collect();
                *hits.entry(first).or_default() += 1;
                "<worker>"
            } else {
                "<workerip>"
            }
        });
        *line = put.into_owned();
    }
    let mut counts: Vec<usize> = hits.into_values().collect();
    counts.sort_unstable();
    (!counts.is_empty()).then(|| format!("spread: {counts:?}"))
}

/// Column gaps count only in blocks that hold nothing of variable width.
fn widths(lines: Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    let mut block: Vec<String> = Vec::new();
    for line in lines.into_iter().map(Some).chain([None]) {
        match line {
            Some(line) if !line.trim().is_empty() => block.push(line),
            rest => {
                let variable = block.iter().any(|line| has(&PATTERNS.variable, line));
                out.extend(block.drain(..).map(|line| {
                    if variable {
                        let bare = line.trim_start();
                        let indent = line.strip_suffix(bare).unwrap_or_default();
                        indent.to_owned() + &PATTERNS.gap.replace_all(bare.trim_end(), "  ")
                    } else {
                        line
                    }
                }));
                out.extend(rest);
            }
        }
    }
    out
}

/// Which lines the real one prints in an order of random names, or in a race: those of one key.
fn race_key(line: &str) -> Option<String> {
    let first = line.split(' ').next().unwrap_or_default();
    let evicted = line.starts_with("pod/") && line.ends_with(" evicted");
    if line.starts_with("evicting pod ") || evicted {
        return Some("evict".to_owned());
    }
    (first.contains("<r>") || first.contains("<hash>")).then(|| first.to_owned())
}

/// Neighbours of one [`race_key`] are sorted; repeats of a line about waiting are one.
fn unordered(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut neighbours: Vec<String> = Vec::new();
    let mut key: Option<String> = None;
    for line in lines.into_iter().map(Some).chain([None]) {
        let next = line.as_deref().and_then(race_key);
        if next.is_none() || next != key {
            neighbours.sort();
            out.append(&mut neighbours);
        }
        key = next;
        let Some(mut line) = line else { break };
        if key.is_some() {
            neighbours.push(line);
            continue;
        }
        if has(&PATTERNS.progress, &line) && !line.contains("successfully") {
            line = PATTERNS.digits.replace_all(&line, "<n>").into_owned();
            if out.last() == Some(&line) {
                continue;
            }
        }
        out.push(line);
    }
    out
}

/// Holds an answer against the recorded one: no lines where it matches, else what differs.
#[must_use]
pub fn compare_step(want: &Step, got: &Step) -> Vec<String> {
    let mut differences = Vec::new();
    if want.code != got.code {
        differences.push(format!("exit code: wanted {}, got {}", want.code, got.code));
    }
    let judged = |step: &Step| judged_stdout(&step.stdout, want);
    for (stream, real, ours) in [("stdout", judged(want), judged(got)), ("stderr", want.stderr.clone(), got.stderr.clone())] {
        let real = normalise(&real, &want.run);
        let ours = normalise(&ours, &want.run);
        if real != ours {
            differences.push(format!("{stream}:"));
            differences.extend(difference(&real, &ours));
        }
    }
    differences
}

/// The part of standard output that counts: of help and explain the shape, of Tab's offers no prose.
fn judged_stdout(text: &str, want: &Step) -> String {
    let mut text = text.to_owned();
    if want.shape {
        let lines = text.split('\n').filter(|line| has(&PATTERNS.shape, line));
        text = lines.map(str::trim_end).collect::<Vec<_>>().join("\n");
    }
    if want.run.contains("__complete") {
        let lines = text.split('\n').map(|line| line.split('\t').next().unwrap_or_default());
        text = lines.collect::<Vec<_>>().join("\n");
    }
    text
}

/// Both texts with what only one of them has marked, and what both have left out.
fn difference(real: &[String], ours: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    let (mut left, mut right) = (real, ours);
    while let ([a, rest_a @ ..], [b, rest_b @ ..]) = (left, right) {
        if a == b {
            (left, right) = (rest_a, rest_b);
            continue;
        }
        // The nearer of the two places where they could meet again.
        let skip_real = rest_a.iter().position(|line| line == b);
        let skip_ours = rest_b.iter().position(|line| line == a);
        match (skip_real, skip_ours) {
            (Some(n), m) if m.is_none_or(|m| n <= m) => {
                out.extend(left.iter().take(n + 1).map(|line| format!("-{line}")));
                left = left.get(n + 1..).unwrap_or_default();
            }
            (_, Some(m)) => {
                out.extend(right.iter().take(m + 1).map(|line| format!("+{line}")));
                right = right.get(m + 1..).unwrap_or_default();
            }
            _ => {
                out.push(format!("-{a}"));
                out.push(format!("+{b}"));
                (left, right) = (rest_a, rest_b);
            }
        }
    }
    out.extend(left.iter().map(|line| format!("-{line}")));
    out.extend(right.iter().map(|line| format!("+{line}")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str, run: &str) -> bool {
        normalise(a, run) == normalise(b, run)
    }

    #[test]
    fn random_names_ages_and_widths_are_set_aside() {
        assert!(same(
            "NAME        READY   STATUS    RESTARTS   AGE\nweb-5d4f8b7c9d-x2x4v   1/1     Running   0          3s\n",
            "NAME   READY   STATUS    RESTARTS   AGE\nweb-6c9fd8b7c-bbbbb   1/1     Running   0          2m3s\n",
            "kubectl get pods",
        ));
        assert!(!same("nginx-pod   1/1     Running", "nginx-pod   0/1     Running", "kubectl get pods"));
    }

    #[test]
    fn spread_over_workers_counts_but_not_which() {
        let run = "kubectl get pods -o wide";
        assert!(same("a w1-k8s\nb w2-k8s", "a w3-k8s\nb w1-k8s", run));
        assert!(!same("a w1-k8s\nb w2-k8s", "a w3-k8s\nb w3-k8s", run));
        assert!(!same("node/w1-k8s", "node/w2-k8s", "kubectl get nodes"));
    }

    #[test]
    fn waiting_is_told_once() {
        let waits = |n: &[u8]| {
            let line = |n| format!("Waiting for deployment \"web\" rollout to finish: {n} of 3\n");
            n.iter().map(line).collect::<String>()
        };
        assert!(same(&waits(&[0, 1, 2]), &waits(&[2]), "kubectl rollout status"));
    }

    #[test]
    fn evictions_may_come_in_any_order() {
        assert!(same(
            "evicting pod default/b\nevicting pod default/a\n",
            "evicting pod default/a\nevicting pod default/b\n",
            "kubectl drain w1-k8s",
        ));
    }
}
