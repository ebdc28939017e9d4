//! `kubectl rollout status`: tells how far a rollout is until it is over. Models kubectl `pkg/polymorphichelpers`
//! rollout_status.go.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl rollout status deployment/web | tail -1
//! deployment "web" successfully rolled out
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::api::ChangeKind;
use crate::kubectl::groups::SELECTOR;
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Takes, Until};
use crate::object::value::text_at;
use crate::object::{Key, Object};
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    Flag::text("revision", "Only this revision; 0 is the latest.").kind(FlagKind::Int, "0"),
    Flag::text("timeout", "How long to wait; 0 waits as long as it takes.").kind(FlagKind::Duration, "0s"),
    Flag::switch("watch", "Wait until it is over.").short('w').default("true"),
];

/// `kubectl rollout status (TYPE NAME | TYPE/NAME)`
pub static STATUS: Command = Command {
    name: "status",
    takes: Takes::Object(Takes::ROLLED),
    usage: "rollout status (TYPE NAME | TYPE/NAME) [flags]",
    short: "Show the status of the rollout",
    flags: &[FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let timeout = u64::try_from(parsed.duration_ms("timeout")).unwrap_or(0);
    let (mut left, mut wrong) = (Vec::new(), Vec::new());
    for found in super::items(cx, parsed)? {
        match found {
            Ok(item) if matches!(&*item.row.kind, "Deployment" | "DaemonSet" | "StatefulSet") => {
                left.push((item.row.key(), item.object.key()));
            }
            Ok(item) => wrong.push(Failure::Client(format!("no status viewer has been implemented for {}", item.row.group_kind()))),
            Err(failure) => wrong.push(failure),
        }
    }
    if left.is_empty() && wrong.is_empty() {
        super::nothing(cx);
    }
    let mut watch = Watch { left, wrong, end: None, timeout, once: !parsed.on("watch"), revision: parsed.number("revision"), next: None };
    Ok(watch.poll(cx))
}

/// Rollouts that are being watched, one after the other.
#[derive(Clone)]
struct Watch {
    left: Vec<(String, Key)>,
    wrong: Vec<Failure>,
    end: Option<Instant>,
    timeout: u64,
    once: bool,
    revision: i64,
    /// The change to look at next; none before the object itself has been looked at.
    next: Option<u64>,
}

impl Watch {
    /// The states of the object since it was looked at last.
    fn states(&mut self, cx: &Cx<'_>, resource: &str, key: &Key) -> Vec<Option<Rc<Object>>> {
        let log = &cx.api().store.log;
        let Some(mut next) = self.next else {
            self.next = Some(log.end());
            return alloc::vec![cx.api().get(resource, key).cloned()];
        };
        next = next.max(log.start());
        let mut states = Vec::new();
        while let Some(change) = log.get(next) {
            next += 1;
            if change.object.ty.resource == resource && change.object.key() == *key {
                states.push((change.kind != ChangeKind::Deleted).then(|| change.object.clone()));
            }
        }
        self.next = Some(next);
        states
    }

    /// Looks at one object; whether it is done with, well or badly.
    fn look(&mut self, cx: &mut Cx<'_>, resource: &str, key: &Key) -> Result<bool, Failure> {
        for state in self.states(cx, resource, key) {
            let Some(object) = state else { return Err(Failure::Client("object has been deleted".to_string())) };
            let (text, done) = status(&object, self.revision).map_err(Failure::Client)?;
            cx.out(&text);
            if done || self.once {
                return Ok(true);
            }
        }
        match self.end.is_some_and(|end| cx.now() >= end) {
            true => Err(Failure::Client("timed out waiting for the condition".to_string())),
            false => Ok(false),
        }
    }
}

impl Pending for Watch {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        while let Some((resource, key)) = self.left.first().cloned() {
            if self.end.is_none() && self.timeout > 0 {
                self.end = Some(cx.now() + self.timeout);
            }
            match self.look(cx, &resource, &key) {
                Ok(false) => return Flow::Wait(Box::new(self.clone()), self.end.map_or(Until::Change, Until::ChangeOrAt)),
                Ok(true) => {}
                Err(failure) => self.wrong.push(failure),
            }
            self.left.remove(0);
            (self.next, self.end) = (None, None);
        }
        let Some(failure) = Failure::from_many(core::mem::take(&mut self.wrong)) else { return Flow::Done(0) };
        let (text, code) = failure.print("kubectl rollout status");
        cx.err(&text);
        Flow::Done(code)
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// What is said, and whether the rollout is over.
type Told = Result<(String, bool), String>;

/// What to say of an object's rollout, and whether it is over. Models kubectl `pkg/polymorphichelpers` rollout_status.
fn status(o: &Object, revision: i64) -> Told {
    match o.ty.kind.as_str() {
        "Deployment" => deployment(o, revision),
        "DaemonSet" => daemon_set(o),
        "StatefulSet" => stateful_set(o),
        _ => Err(format!("no status viewer has been implemented for {}", o.ty.kind)),
    }
}

fn number(o: &Object, path: &str) -> i64 {
    o.i64_at(path).unwrap_or(0)
}

/// Whether the controller has seen the last change of the spec.
fn is_fresh(o: &Object) -> bool {
    o.meta.generation <= number(o, "/status/observedGeneration")
}

fn deployment(o: &Object, revision: i64) -> Told {
    let n = |path: &str| number(o, path);
    let name = o.name();
    if revision > 0 {
        let now = o.meta.annotation("deployment.kubernetes.io/revision").unwrap_or("0");
        if now != revision.to_string() {
            return Err(format!("desired revision ({revision}) is different from the running revision ({now})"));
        }
    }
    if !is_fresh(o) {
        return Ok(("Waiting for deployment spec update to be observed...\n".to_string(), false));
    }
    let progress = o.items_at("/status/conditions").iter().find(|c| text_at(c, "type") == "Progressing");
    if progress.is_some_and(|c| text_at(c, "reason") == "ProgressDeadlineExceeded") {
        return Err(format!("deployment \"{name}\" exceeded its progress deadline"));
    }
    let (wanted, updated, all, available) =
        (n("/spec/replicas"), n("/status/updatedReplicas"), n("/status/replicas"), n("/status/availableReplicas"));
    let waiting = |what: String| Ok((format!("Waiting for deployment \"{name}\" rollout to finish: {what}...\n"), false));
    if updated < wanted {
        return waiting(format!("{updated} out of {wanted} new replicas have been updated"));
    }
    if all > updated {
        return waiting(format!("{} old replicas are pending termination", all - updated));
    }
    if available < updated {
        return waiting(format!("{available} of {updated} updated replicas are available"));
    }
    Ok((format!("deployment \"{name}\" successfully rolled out\n"), true))
}

fn daemon_set(o: &Object) -> Told {
    let n = |path: &str| number(o, path);
    let name = o.name();
    if o.text_at("/spec/updateStrategy/type") == "OnDelete" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_string());
    }
    let (wanted, updated, available) =
        (n("/status/desiredNumberScheduled"), n("/status/updatedNumberScheduled"), n("/status/numberAvailable"));
    match (is_fresh(o), updated < wanted, available < wanted) {
        (false, ..) => Ok(("Waiting for daemon set spec update to be observed...\n".to_string(), false)),
        (_, true, _) => Ok((
            format!("Waiting for daemon set \"{name}\" rollout to finish: {updated} out of {wanted} new pods have been updated...\n"),
            false,
        )),
        (_, _, true) => Ok((
            format!("Waiting for daemon set \"{name}\" rollout to finish: {available} of {wanted} updated pods are available...\n"),
            false,
        )),
        _ => Ok((format!("daemon set \"{name}\" successfully rolled out\n"), true)),
    }
}

fn stateful_set(o: &Object) -> Told {
    let n = |path: &str| number(o, path);
    if o.text_at("/spec/updateStrategy/type") == "OnDelete" {
        return Err("rollout status is only available for RollingUpdate strategy type".to_string());
    }
    if !is_fresh(o) {
        return Ok(("Waiting for statefulset spec update to be observed...\n".to_string(), false));
    }
    let (wanted, ready, updated) = (n("/spec/replicas"), n("/status/readyReplicas"), n("/status/updatedReplicas"));
    if ready < wanted {
        return Ok((format!("Waiting for {} pods to be ready...\n", wanted - ready), false));
    }
    let partition = n("/spec/updateStrategy/rollingUpdate/partition");
    // The server gives every StatefulSet a partition, if only 0.
    if o.at("/spec/updateStrategy/rollingUpdate").is_some_and(|update| !update.is_null()) {
        if updated < wanted - partition {
            return Ok((
                format!(
                    "Waiting for partitioned roll out to finish: {updated} out of {} new pods have been updated...\n",
                    wanted - partition
                ),
                false,
            ));
        }
        return Ok((format!("partitioned roll out complete: {updated} new pods have been updated...\n"), true));
    }
    if o.text_at("/status/updateRevision") != o.text_at("/status/currentRevision") {
        let text = format!(
            "waiting for statefulset rolling update to complete {updated} pods at revision {}...\n",
            o.text_at("/status/updateRevision")
        );
        return Ok((text, false));
    }
    let current = n("/status/currentReplicas");
    Ok((format!("statefulset rolling update complete {current} pods at revision {}...\n", o.text_at("/status/currentRevision")), true))
}
