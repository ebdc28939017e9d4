//! Replaying recordings on the engine: the same files, the same lines, the same waiting as the recorder's.
//!
//! Talks to the session as the page does. How answers are judged is in `compare` and `trace`.

use crate::record::{KINDS, Recorder};
use crate::trace::Trace;
use crate::transcript::{Step, Transcript};
use kubepie_core::session::{Base, InputKind, LOG_VERSION, Object, Scenario, Session, ShownKind};
use kubepie_core::time::Instant;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// The folder that the recorder typed in, and where it is written what each line prints.
const FOLDER: &str = "/root";
const PRINTED: [&str; 2] = ["/tmp/.stdout", "/tmp/.stderr"];

/// Where the line lies that is run.
const LINE: &str = "/tmp/.line";

/// 2026-11-23 09:20 UTC, about when the recordings were made.
const EPOCH_MS: i64 = 1_795_425_600_000;

/// The chance of a cluster where none is asked for. What a real cluster drew when it was recorded (`drawn` in
/// `known-differences.json`) nobody knows; with this seed all but one fall as they fell then. Nothing else hangs on it.
pub const SEED: u64 = 61;

/// How long a line may run before the recorder gives up, in simulated milliseconds.
const LONGEST_LINE_MS: u64 = 300_000;

/// How long the recorder waits for the cluster to come to rest, and how long nothing must change.
const LONGEST_SETTLE_MS: u64 = 30_000;
const QUIET_MS: u64 = 1_100;

/// Between two looks of the recorder, in simulated milliseconds.
const LOOK_MS: u64 = 50;

/// The logs that native and wasm replay to compare their hashes.
const HASHED: [&str; 4] = [
    include_str!("../transcripts/a01-run-pod.json"),
    include_str!("../transcripts/c08-recreate.json"),
    include_str!("../transcripts/d04-drain-unmanaged.json"),
    include_str!("../transcripts/f04-statefulset.json"),
];

/// A session in the recorder's hands.
struct Recording {
    session: Session,
}

impl Recording {
    fn new(files: &BTreeMap<String, String>, seed: u64) -> Recording {
        let scenario = Scenario {
            version: LOG_VERSION,
            engine: String::new(),
            epoch_ms: EPOCH_MS,
            seed,
            timing: "recorded".to_owned(),
            base: Base::default(),
            inputs: Vec::new(),
            end_ms: 0,
            hash: String::new(),
            reaches: Vec::new(),
        };
        let mut recording = Recording { session: Session::new(scenario) };
        // The recorder began in an empty folder.
        recording.type_line(&format!("mkdir -p {FOLDER}; rm -f {FOLDER}/*"));
        recording.write(files);
        recording
    }

    /// Types a line and waits until the prompt is back.
    fn type_line(&mut self, line: &str) {
        self.session.submit_line(0, line);
        if !self.session.run_until_idle(0, LONGEST_LINE_MS) {
            self.session.submit(0, InputKind::Interrupt);
            self.session.run_until_idle(0, QUIET_MS);
        }
    }

    fn write(&mut self, files: &BTreeMap<String, String>) {
        for (name, text) in files {
            let path = format!("{FOLDER}/{name}");
            if let Some((folder, _)) = name.rsplit_once('/') {
                self.type_line(&format!("mkdir -p {FOLDER}/{folder}"));
            }
            self.session.submit(0, InputKind::File { path, text: text.clone() });
        }
    }

    /// Runs a line as the recorder did: in a shell of its own, away from a terminal. Gives what it printed and its code.
    fn run(&mut self, line: &str, stdin: Option<&str>) -> (String, String, i64) {
        let [out, err] = PRINTED;
        let from = match stdin {
            Some(text) => {
                let path = "/tmp/.stdin".to_owned();
                self.session.submit(0, InputKind::File { path: path.clone(), text: text.to_owned() });
                path
            }
            None => "/dev/null".to_owned(),
        };
        // Whatever the line leaves open, the shell that reads it alone ends with it.
        self.session.submit(0, InputKind::File { path: LINE.to_owned(), text: line.to_owned() });
        self.type_line(&format!("(cd {FOLDER}; bash -c \"$(cat {LINE})\") <{from} >{out} 2>{err}"));
        let shown = self.session.world().shown.end();
        self.type_line("echo $?");
        let said = self.session.shown_since(shown).filter(|shown| shown.what == ShownKind::Out);
        let said: String = said.map(|shown| shown.text.as_str()).collect();
        (self.read(out), self.read(err), said.trim().parse().unwrap_or(-1))
    }

    fn read(&self, path: &str) -> String {
        self.session.world().files.read(path).map(|text| text.to_string()).unwrap_or_default()
    }

    /// The number that the next change in the cluster will have.
    fn changes_end(&self) -> u64 {
        self.session.api().store.log.end()
    }

    /// Lets time pass.
    fn wait(&mut self, ms: u64) {
        let until = self.session.now() + ms;
        self.session.advance_to(until);
    }

    /// Waits as the recorder did: until nothing is in flight and nothing has changed for a while.
    fn settle(&mut self) {
        let end = self.session.now() + LONGEST_SETTLE_MS;
        let mut seen = self.changes_end();
        let mut changed = self.session.now();
        while self.session.now() < end {
            let next = (self.session.now() + LOOK_MS).min(end);
            self.session.advance_to(next);
            // Heartbeats never end.
            let news = self.session.api().store.log.since(seen).filter(|change| change.resource() != "leases.coordination.k8s.io");
            changed = news.map(|change| change.at).last().unwrap_or(changed);
            seen = self.changes_end();
            if self.session.now().since(changed) >= QUIET_MS && !in_flight(&self.session) {
                return;
            }
        }
    }
}

/// The kinds whose controllers say which generation they have seen.
const OBSERVED: [&str; 4] = ["deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps"];

/// Whether anything is on its way: what begins, pulls or ends, and what its controller has not seen.
fn in_flight(session: &Session) -> bool {
    let any = |resource: &str, test: fn(&Object) -> bool| session.api().list(resource, None).any(|object| test(object));
    any("pods", begins)
        || ["pods", "namespaces"].into_iter().any(|resource| any(resource, Object::is_deleting))
        || OBSERVED.into_iter().any(|resource| any(resource, is_unseen))
}

/// Whether an object's controller has not seen its last change.
fn is_unseen(object: &Object) -> bool {
    object.meta.generation > object.i64_at("/status/observedGeneration").unwrap_or(0)
}

/// Whether a Pod's containers are being made or their images pulled.
fn begins(pod: &Object) -> bool {
    let statuses = ["/status/initContainerStatuses", "/status/containerStatuses"].map(|path| pod.items_at(path));
    let bound = !pod.text_at("/spec/nodeName").is_empty() && pod.text_at("/status/phase") == "Pending";
    (bound && statuses.iter().all(|statuses| statuses.is_empty()))
        || statuses.into_iter().flatten().any(|status| {
            let reason = status.pointer("/state/waiting/reason").and_then(Value::as_str);
            matches!(reason, Some("ContainerCreating" | "ErrImagePull"))
        })
}

/// What the engine answers to the lines of a transcript, by the chance of that seed.
#[must_use]
pub fn transcript(recorded: &Transcript, seed: u64) -> Transcript {
    played(recorded, seed).0
}

/// The answers, and the hash of the cluster at the end.
fn played(recorded: &Transcript, seed: u64) -> (Transcript, u64) {
    let mut answers = Transcript { steps: Vec::new(), files: BTreeMap::new(), ..recorded.clone() };
    let mut hash = 0;
    let steps = &mut answers.steps;
    let survived = catch_unwind(AssertUnwindSafe(|| {
        let mut recording = Recording::new(&recorded.files, seed);
        for step in &recorded.steps {
            recording.write(&step.files);
            let (stdout, stderr, code) = recording.run(&step.run, None);
            steps.push(Step { run: step.run.clone(), stdout, stderr, code, settle: step.settle, ..Step::default() });
            if step.settle {
                let began = recording.session.now();
                recording.settle();
                if step.settle_timed_out {
                    recording.wait((began + LONGEST_SETTLE_MS).since(recording.session.now()));
                }
            }
        }
        hash = recording.session.hash();
    }));
    if survived.is_err() {
        let rest = recorded.steps.iter().skip(answers.steps.len());
        let lost = rest.map(|step| Step { run: step.run.clone(), stderr: "the engine panicked\n".to_owned(), code: -1, ..Step::default() });
        answers.steps.extend(lost);
    }
    (answers, hash)
}

/// What the engine's cluster does under the setup and the actions of a trace, by the chance of that seed.
#[must_use]
pub fn trace(recorded: &Trace, seed: u64) -> Trace {
    let mut ours = Trace { trace: Vec::new(), actions: Vec::new(), ..recorded.clone() };
    let actions = &mut ours.actions;
    let rows = &mut ours.trace;
    // An engine that panics has no rows, which differs from every recording.
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut recording = Recording::new(&BTreeMap::new(), seed);
        for action in &recorded.setup {
            recording.run(&action.run, action.stdin.as_deref());
            recording.settle();
        }
        let began = recording.session.now();
        let from = recording.changes_end();
        for action in &recorded.actions {
            let due = began + (action.t * 1000.0) as u64;
            recording.wait(due.since(recording.session.now()));
            let t = seconds_since(began, recording.session.now());
            let (stdout, stderr, _) = recording.run(&action.run, action.stdin.as_deref());
            actions.push(crate::trace::Action { t, output: stdout + &stderr, ..action.clone() });
            recording.settle();
        }
        *rows = changes(&recording.session, began, from);
    }));
    ours
}

fn seconds_since(began: Instant, now: Instant) -> f64 {
    now.as_ms().saturating_sub(began.as_ms()) as f64 / 1000.0
}

/// The changes of a session from a number on, after the objects that there were by then.
fn changes(session: &Session, began: Instant, from: u64) -> Vec<serde_json::Map<String, Value>> {
    let mut existing: BTreeMap<(usize, String, String), Value> = BTreeMap::new();
    let mut recorder = Recorder::default();
    let mut listed = false;
    let log = &session.api().store.log;
    for (number, change) in (log.start()..).zip(log.since(0)) {
        let Some(order) = KINDS.iter().position(|kind| *kind == &*change.object.ty.kind) else { continue };
        let object = change.object.to_value();
        let verb = format!("{:?}", change.kind).to_uppercase();
        if number < from {
            let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            let key = (order, text("/metadata/creationTimestamp"), text("/metadata/name"));
            match verb.as_str() {
                "DELETED" => existing.remove(&key),
                _ => existing.insert(key, object),
            };
            continue;
        }
        if !listed {
            listed = true;
            existing.values().for_each(|object| recorder.change(0, "EXISTING", object));
        }
        recorder.change(change.at.as_ms().saturating_sub(began.as_ms()), &verb, &object);
    }
    recorder.rows()
}

/// The hashes at which the engine arrives after each of [`HASHED`], as the page's links write them.
///
/// # Panics
/// Where a recording that is built in cannot be read.
#[must_use]
#[expect(clippy::expect_used, reason = "the recordings are built in")]
pub fn hashes() -> Vec<String> {
    let hash = |text: &&str| {
        let recorded: Transcript = serde_json::from_str(text).expect("a recording that is built in");
        format!("{:016x}", played(&recorded, SEED).1)
    };
    HASHED.iter().map(hash).collect()
}

/// Replays many recordings on all processors; each comes back beside its answer, in the same order.
pub fn in_parallel<T: Sync, A: Send>(recorded: &[T], replay: impl Fn(&T) -> A + Sync) -> Vec<(&T, A)> {
    let next = Mutex::new(recorded.iter().enumerate());
    let done = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let Some((number, one)) = next.lock().ok().and_then(|mut next| next.next()) else { return };
                    let answer = replay(one);
                    if let Ok(mut done) = done.lock() {
                        done.push((number, one, answer));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(number, ..)| *number);
    done.into_iter().map(|(_, one, answer)| (one, answer)).collect()
}
