//! `kubectl rollout status`: tells how far a rollout is until it is over. Models kubectl `pkg/polymorphichelpers`
//! rollout_status.go.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use crate::kubectl::groups::SELECTOR;
use crate::kubectl::manifests::FLAGS as FILENAME;
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
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
    usage: "rollout status (TYPE NAME | TYPE/NAME) [flags]",
    short: "Show the status of the rollout",
    flags: &[FILENAME, SELECTOR, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let items = super::items(cx, parsed)?;
    let Some(item) = items.first() else { return Ok(Flow::Done(0)) };
    let timeout = u64::try_from(parsed.duration_ms("timeout")).unwrap_or(0);
    let mut watch = Watch {
        resource: item.row.key(),
        key: item.object.key(),
        end: (timeout > 0).then(|| cx.now() + timeout),
        once: !parsed.on("watch"),
        revision: parsed.number("revision"),
        said: String::new(),
    };
    Ok(watch.poll(cx))
}

/// A rollout that is being watched.
#[derive(Clone)]
struct Watch {
    resource: String,
    key: Key,
    end: Option<Instant>,
    once: bool,
    revision: i64,
    said: String,
}

impl Pending for Watch {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        let Some(object) = cx.api().get(&self.resource, &self.key).cloned() else {
            cx.err("error: object has been deleted\n");
            return Flow::Done(1);
        };
        let (text, done) = match status(&object, self.revision) {
            Ok(answer) => answer,
            Err(text) => {
                cx.err(&format!("error: {text}\n"));
                return Flow::Done(1);
            }
        };
        if text != self.said {
            cx.out(&text);
            self.said = text;
        }
        if done || self.once {
            return Flow::Done(0);
        }
        match self.end {
            Some(end) if cx.now() >= end => {
                cx.err("error: timed out waiting for the condition\n");
                Flow::Done(1)
            }
            Some(end) => Flow::Wait(Box::new(self.clone()), Until::ChangeOrAt(end)),
            None => Flow::Wait(Box::new(self.clone()), Until::Change),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}

/// What to say of an object's rollout, and whether it is over.
fn status(o: &Object, revision: i64) -> Result<(String, bool), String> {
    let n = |path: &str| o.i64_at(path).unwrap_or(0);
    let name = o.name();
    let fresh = o.meta.generation <= n("/status/observedGeneration");
    match o.ty.kind.as_str() {
        "Deployment" => {
            if revision > 0 {
                let now = o.meta.annotation("deployment.kubernetes.io/revision").unwrap_or("0");
                if now != revision.to_string() {
                    return Err(format!("desired revision ({revision}) is different from the running revision ({now})"));
                }
            }
            if !fresh {
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
        "DaemonSet" => {
            if o.text_at("/spec/updateStrategy/type") == "OnDelete" {
                return Err("rollout status is only available for RollingUpdate strategy type".to_string());
            }
            let (wanted, updated, available) =
                (n("/status/desiredNumberScheduled"), n("/status/updatedNumberScheduled"), n("/status/numberAvailable"));
            match (fresh, updated < wanted, available < wanted) {
                (false, ..) => Ok(("Waiting for daemon set spec update to be observed...\n".to_string(), false)),
                (_, true, _) => Ok((
                    format!(
                        "Waiting for daemon set \"{name}\" rollout to finish: {updated} out of {wanted} new pods have been updated...\n"
                    ),
                    false,
                )),
                (_, _, true) => Ok((
                    format!("Waiting for daemon set \"{name}\" rollout to finish: {available} of {wanted} updated pods are available...\n"),
                    false,
                )),
                _ => Ok((format!("daemon set \"{name}\" successfully rolled out\n"), true)),
            }
        }
        "StatefulSet" => {
            if o.text_at("/spec/updateStrategy/type") == "OnDelete" {
                return Err("rollout status is only available for RollingUpdate strategy type".to_string());
            }
            if !fresh {
                return Ok(("Waiting for statefulset spec update to be observed...\n".to_string(), false));
            }
            let (wanted, ready, updated) = (n("/spec/replicas"), n("/status/readyReplicas"), n("/status/updatedReplicas"));
            if ready < wanted {
                return Ok((format!("Waiting for {} pods to be ready...\n", wanted - ready), false));
            }
            let partition = n("/spec/updateStrategy/rollingUpdate/partition");
            if partition > 0 {
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
            Ok((
                format!("statefulset rolling update complete {current} pods at revision {}...\n", o.text_at("/status/currentRevision")),
                true,
            ))
        }
        _ => Err(format!("no status viewer has been implemented for {}", o.ty.kind)),
    }
}
