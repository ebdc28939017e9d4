//! Links that must go on working: made by one version of the engine, kept, and replayed by all later ones.
//!
//! Knows how they are made and written; the test (`tests/golden.rs`) knows what must hold.

use crate::link;
use crate::sources::root;
use kubepie_core::lesson::{self, Lesson};
use kubepie_core::session::bring::plan;
use kubepie_core::session::{Base, InputKind, Learner, Session, Timing, lesson_base};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// When the clusters of these links begin: wall-clock milliseconds since 1970.
const EPOCH_MS: i64 = 1_795_428_000_000;

/// A link and what it comes to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Golden {
    /// What it shows.
    pub name: String,
    /// The fragment of the page's address, without `#`.
    pub link: String,
    /// The hash of its end; empty for a lesson, which has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// How many steps of a lesson its solutions reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<usize>,
    /// Why a later engine comes to another end, where it does so on purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
}

/// Where they are kept.
#[must_use]
pub fn folder() -> PathBuf {
    root().join("tests/golden/links")
}

/// What is played, each line for shell 0 or, after `2>`, for shell 1; `^C`, `^D`; `fault …`; `file PATH TEXT`; `wait SECONDS`.
const SCRIPTS: &[(&str, &[&str])] = &[
    (
        "a deployment that grows",
        &["kubectl create deployment web --image=nginx --replicas=3", "wait 8", "kubectl scale deployment web --replicas=6", "wait 8"],
    ),
    (
        "an update that fails and is undone",
        &[
            "kubectl create deployment web --image=nginx:1.26 --replicas=4",
            "wait 8",
            "kubectl set image deployment/web nginx=nginx:9.99",
            "wait 20",
            "kubectl rollout undo deployment/web",
            "wait 12",
        ],
    ),
    (
        "a node that is lost",
        &[
            "kubectl create deployment web --image=nginx --replicas=6",
            "wait 10",
            "fault node w1-k8s stop",
            "wait 400",
            "fault node w1-k8s start",
            "wait 60",
        ],
    ),
    (
        "a file, saved and applied",
        &[
            "file /root/pod.yaml apiVersion: v1\nkind: Pod\nmetadata: {name: saved}\nspec:\n  containers:\n  - {name: c, image: nginx}\n",
            "kubectl apply -f pod.yaml",
            "wait 6",
            "kubectl label pod saved kind=pie",
        ],
    ),
    (
        "two shells and Ctrl-C",
        &[
            "kubectl get pods -w",
            "2>kubectl run a --image=nginx",
            "wait 6",
            "^C",
            "2>kubectl delete pod a",
            "wait 5",
            "echo done > /root/done; cat done",
            "2>exit",
            "^D",
        ],
    ),
    (
        "a drain behind a budget",
        &[
            "kubectl create deployment web --image=nginx --replicas=4",
            "kubectl create pdb web --selector=app=web --min-available=3",
            "wait 8",
            "kubectl drain w1-k8s --ignore-daemonsets --timeout=60s",
            "wait 30",
            "kubectl uncordon w1-k8s",
        ],
    ),
    (
        "what the shell can do",
        &[
            "for i in 1 2 3; do kubectl run pie-$i --image=nginx; done",
            "wait 8",
            "kubectl get pods -o name | sort | head -2 | xargs kubectl delete",
            "wait 6",
            "N=$(kubectl get pods -o name | wc -l); echo $N",
        ],
    ),
];

fn play(script: &[&str], base: Base) -> Session {
    let mut session = Session::fresh(7, EPOCH_MS, Timing::LIFE, base);
    session.advance_to(session.now() + 2_000);
    for step in script {
        if let Some(seconds) = step.strip_prefix("wait ") {
            session.advance_to(session.now() + seconds.parse::<u64>().unwrap_or(1) * 1000);
            continue;
        }
        let (shell, text) = step.strip_prefix("2>").map_or((0, *step), |text| (1, text));
        let kind = match text {
            "^C" => InputKind::Interrupt,
            "^D" => InputKind::Eof,
            text => match (text.strip_prefix("fault "), text.strip_prefix("file ").and_then(|rest| rest.split_once(' '))) {
                (Some(fault), _) => InputKind::Fault { text: fault.to_owned() },
                (None, Some((path, held))) => InputKind::File { path: path.to_owned(), text: held.to_owned() },
                (None, None) => InputKind::Line { text: text.to_owned() },
            },
        };
        session.submit(shell, kind);
        session.advance_to(session.now() + 1_500);
    }
    session
}

fn of_session(name: &str, session: &Session) -> Result<Golden, String> {
    let scenario = session.scenario();
    let link = link::fragment(&scenario.to_json()).map_err(|bad| format!("{name}: {bad:?}"))?;
    Ok(Golden { name: name.to_owned(), link, hash: scenario.hash, steps: None, differs: None })
}

/// A lesson's own cluster with its first solution typed.
fn of_lesson(lesson: &Lesson) -> Result<Golden, String> {
    let lines: Vec<&str> = lesson.steps.iter().flat_map(|step| &step.solution).map(String::as_str).collect();
    of_session(&format!("the lesson {}, played", lesson.id), &play(&lines, lesson_base(lesson, 0)))
}

/// A lesson in a link, with its texts.
fn with_texts(lesson: &Lesson) -> Result<Golden, String> {
    let name = format!("the lesson {} with its texts", lesson.id);
    let link = link::pack("l=1.", &lesson::json(lesson)).map_err(|bad| format!("{name}: {bad:?}"))?;
    let steps = Learner::new(lesson, 0, EPOCH_MS).prove();
    Ok(Golden { name, link, hash: String::new(), steps: Some(steps), differs: None })
}

/// A cluster that was brought.
fn brought() -> Result<Golden, String> {
    let path = root().join("core/tests/dumps/busy.yaml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let plan = plan(&text).map_err(|not| format!("{not:?}"))?;
    let base = Base { cluster: Some(plan.brought), ..Base::default() };
    of_session("a cluster that was brought, drained", &play(&["kubectl drain w1-k8s --ignore-daemonsets", "wait 30"], base))
}

/// The links of this version.
///
/// # Errors
/// Where one cannot be made.
pub fn made() -> Result<Vec<Golden>, String> {
    let mut all = Vec::new();
    for (name, script) in SCRIPTS {
        all.push(of_session(name, &play(script, Base { workers: Some(3), ..Base::default() }))?);
    }
    let lessons = crate::lessons::all()?;
    for id in ["drain", "failed-update"] {
        let lesson = lessons.iter().find(|lesson| lesson.id == id).or(lessons.first()).ok_or("there are no lessons")?;
        all.push(of_lesson(lesson)?);
    }
    let first = lessons.first().ok_or("there are no lessons")?;
    all.push(with_texts(first)?);
    all.push(brought()?);
    Ok(all)
}
