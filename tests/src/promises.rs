//! What a cluster promises, checked change by change from its log alone, by arithmetic of its own: nothing here asks the
//! engine what it thinks.

use kubepie_core::session::Session;
use kubepie_core::time::Instant;
use serde_json::Value;
use std::collections::BTreeMap;

/// What is remembered of a Pod.
#[derive(Clone, Debug, Default)]
struct Pod {
    node: String,
    cpu_m: i64,
    memory: i64,
    over: bool,
    going: bool,
    ready: bool,
    evicted: bool,
    owner: String,
    app: String,
}

/// What is remembered of a ReplicaSet.
#[derive(Clone, Debug, Default)]
struct Set {
    size: i64,
    owner: String,
}

/// What is remembered of a Deployment.
#[derive(Clone, Debug, Default)]
struct Deployment {
    size: i64,
    surge: i64,
    unavailable: i64,
    rolls: bool,
    /// Something other than its own rollout has taken a Pod from it since it was last at rest.
    disturbed: bool,
}

/// Follows a cluster's log and says when a promise is broken.
#[derive(Debug, Default)]
pub struct Promises {
    seen: u64,
    pods: BTreeMap<String, Pod>,
    sets: BTreeMap<String, Set>,
    deployments: BTreeMap<String, Deployment>,
    budgets: BTreeMap<String, (String, i64)>,
    /// ReplicaSets that have grown at this instant: name, what they are now, how many Pods the Deployment may have.
    grown: Vec<(String, Set, i64)>,
    nodes: BTreeMap<String, (i64, i64, i64)>,
}

fn text(object: &Value, path: &str) -> String {
    object.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn number(object: &Value, path: &str) -> Option<i64> {
    object.pointer(path).and_then(Value::as_i64)
}

/// An amount: `100m` CPU in thousandths, `64Mi` in bytes.
fn amount(value: Option<&Value>, thousandths: bool) -> i64 {
    let text = match value {
        Some(Value::String(s)) => s.clone(),
        Some(v) => v.to_string(),
        None => return 0,
    };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let n: f64 = digits.parse().unwrap_or(0.0);
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "m" => 0.001,
        "Ki" => 1024.0,
        "Mi" => 1_048_576.0,
        "Gi" => 1_073_741_824.0,
        _ => 1.0,
    };
    (n * unit * if thousandths { 1000.0 } else { 1.0 }).round() as i64
}

/// maxSurge or maxUnavailable as a number.
fn part_of(value: Option<&Value>, size: i64, up: bool) -> i64 {
    match value {
        Some(Value::String(s)) => {
            let percent: i64 = s.trim_end_matches('%').parse().unwrap_or(0);
            if up { (percent * size + 99) / 100 } else { percent * size / 100 }
        }
        Some(v) => v.as_i64().unwrap_or(0),
        None => 0,
    }
}

fn owner(object: &Value, kind: &str) -> String {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let mine = owners.into_iter().flatten().find(|o| text(o, "/kind") == kind);
    mine.map(|o| text(o, "/uid")).unwrap_or_default()
}

impl Pod {
    fn read(object: &Value) -> Pod {
        let conditions = object.pointer("/status/conditions").and_then(Value::as_array).cloned().unwrap_or_default();
        let holds = |kind: &str, reason: &str| {
            let fits = |c: &&Value| text(c, "/type") == kind && text(c, "/status") == "True";
            conditions.iter().find(fits).is_some_and(|c| reason.is_empty() || text(c, "/reason") == reason)
        };
        let containers = object.pointer("/spec/containers").and_then(Value::as_array).cloned().unwrap_or_default();
        let sum = |name: &str, thousandths: bool| {
            containers.iter().map(|c| amount(c.pointer(&format!("/resources/requests/{name}")), thousandths)).sum()
        };
        Pod {
            node: text(object, "/spec/nodeName"),
            cpu_m: sum("cpu", true),
            memory: sum("memory", false),
            over: matches!(text(object, "/status/phase").as_str(), "Succeeded" | "Failed"),
            going: object.pointer("/metadata/deletionTimestamp").is_some(),
            ready: holds("Ready", ""),
            evicted: holds("DisruptionTarget", "EvictionByEvictionAPI"),
            owner: owner(object, "ReplicaSet"),
            app: text(object, "/metadata/labels/app"),
        }
    }

    fn is_healthy(&self) -> bool {
        self.ready && !self.going && !self.over
    }
}

impl Promises {
    /// Looks at what has changed since the last time.
    ///
    /// # Errors
    /// One sentence that says which promise is broken.
    pub fn look(&mut self, session: &Session) -> Result<(), String> {
        let log = &session.api().store.log;
        if self.seen < log.start() && self.seen > 0 {
            return Err("changes were forgotten before they were looked at".to_owned());
        }
        let from = self.seen.max(log.start());
        let changes: Vec<_> = log.since(from).cloned().collect();
        self.seen = log.end();
        let mut at = Instant(0);
        for change in changes {
            // In one look the controller sizes ReplicaSets one after another, the larger first: what counts is the end of it.
            if change.at != at {
                self.check_sizes()?;
                at = change.at;
            }
            let gone = format!("{:?}", change.kind) == "Deleted";
            match &*change.object.ty.kind {
                "Pod" | "ReplicaSet" | "Deployment" | "PodDisruptionBudget" | "Node" => {
                    let object = change.object.to_value();
                    let uid = text(&object, "/metadata/uid");
                    self.take(&change.object.ty.kind, &uid, &object, gone)?;
                }
                _ => {}
            }
        }
        self.check_sizes()
    }

    fn take(&mut self, kind: &str, uid: &str, object: &Value, gone: bool) -> Result<(), String> {
        match kind {
            "Pod" => self.take_pod(uid, object, gone),
            "ReplicaSet" => {
                self.take_set(uid, object, gone);
                Ok(())
            }
            "Deployment" if gone => {
                self.deployments.remove(uid);
                Ok(())
            }
            "Deployment" => {
                self.take_deployment(uid, object);
                Ok(())
            }
            "PodDisruptionBudget" if gone => {
                self.budgets.remove(uid);
                Ok(())
            }
            "PodDisruptionBudget" => {
                let least = number(object, "/spec/minAvailable").unwrap_or(0);
                self.budgets.insert(uid.to_owned(), (text(object, "/spec/selector/matchLabels/app"), least));
                Ok(())
            }
            _ => {
                let at = |name: &str| object.pointer(&format!("/status/allocatable/{name}"));
                let room = (amount(at("cpu"), true), amount(at("memory"), false), amount(at("pods"), false));
                self.nodes.insert(text(object, "/metadata/name"), room);
                Ok(())
            }
        }
    }

    fn take_deployment(&mut self, uid: &str, object: &Value) {
        let size = number(object, "/spec/replicas").unwrap_or(1);
        let rolling = |field: &str| object.pointer(&format!("/spec/strategy/rollingUpdate/{field}"));
        let (surge, mut unavailable) = (part_of(rolling("maxSurge"), size, true), part_of(rolling("maxUnavailable"), size, false));
        if surge == 0 && unavailable == 0 {
            unavailable = 1;
        }
        let rolls = text(object, "/spec/strategy/type") != "Recreate";
        let entry = self.deployments.entry(uid.to_owned()).or_default();
        let resized = entry.size != size;
        *entry = Deployment { size, surge: if rolls { surge } else { 0 }, unavailable, rolls, disturbed: entry.disturbed || resized };
    }

    fn take_set(&mut self, uid: &str, object: &Value, gone: bool) {
        if gone {
            self.sets.remove(uid);
            return;
        }
        let set = Set { size: number(object, "/spec/replicas").unwrap_or(1), owner: owner(object, "Deployment") };
        let before = self.sets.insert(uid.to_owned(), set.clone()).map_or(0, |s| s.size);
        if let Some(deployment) = self.deployments.get(&set.owner).filter(|_| set.size > before) {
            let most = deployment.size + deployment.surge;
            self.grown.push((text(object, "/metadata/name"), set, most));
        }
    }

    /// A Deployment whose ReplicaSets have grown is not larger than it may be.
    fn check_sizes(&mut self) -> Result<(), String> {
        for (name, set, most) in std::mem::take(&mut self.grown) {
            let all: i64 = self.sets.values().filter(|s| s.owner == set.owner).map(|s| s.size).sum();
            if all > most {
                return Err(format!("{name} grew to {}, so that all are {all} of {most}", set.size));
            }
        }
        Ok(())
    }

    fn take_pod(&mut self, uid: &str, object: &Value, gone: bool) -> Result<(), String> {
        let name = text(object, "/metadata/name");
        let pod = Pod::read(object);
        let before = match gone {
            true => self.pods.remove(uid),
            false => self.pods.insert(uid.to_owned(), pod.clone()),
        };
        let before = before.unwrap_or_default();
        if !gone && pod.node != before.node {
            self.check_node(&pod.node).map_err(|why| format!("{name} came to {}, which now {why}", pod.node))?;
        }
        let lost = before.is_healthy() && (gone || !pod.is_healthy());
        if lost && pod.evicted && !before.going {
            self.check_budgets(&pod).map_err(|why| format!("the eviction of {name} {why}"))?;
        }
        if lost { self.check_available(&pod, gone).map_err(|why| format!("without {name} {why}")) } else { Ok(()) }
    }

    fn check_node(&self, node: &str) -> Result<(), String> {
        let Some((cpu_m, memory, most)) = self.nodes.get(node) else { return Ok(()) };
        let here = || self.pods.values().filter(|p| p.node == node && !p.over);
        let (cpu, bytes, count) = (here().map(|p| p.cpu_m).sum::<i64>(), here().map(|p| p.memory).sum::<i64>(), here().count() as i64);
        if cpu > *cpu_m || bytes > *memory || count > *most {
            return Err(format!("holds {cpu}m of {cpu_m}m CPU, {bytes} of {memory} bytes, {count} of {most} Pods"));
        }
        Ok(())
    }

    fn check_budgets(&self, evicted: &Pod) -> Result<(), String> {
        for (app, least) in self.budgets.values().filter(|(app, _)| *app == evicted.app) {
            let healthy = self.pods.values().filter(|p| p.app == *app && p.is_healthy()).count() as i64;
            if healthy < *least {
                return Err(format!("leaves {healthy} of {least}"));
            }
        }
        Ok(())
    }

    /// A Deployment that nobody else disturbs keeps enough Pods available while it rolls.
    fn check_available(&mut self, pod: &Pod, gone: bool) -> Result<(), String> {
        let Some(set) = self.sets.get(&pod.owner).cloned() else { return Ok(()) };
        let mine = |p: &&Pod| p.owner == pod.owner && !p.going && !p.over;
        let surplus = pod.going && !gone && !pod.evicted && self.pods.values().filter(mine).count() as i64 >= set.size;
        let sets: Vec<&String> = self.sets.iter().filter(|(_, s)| s.owner == set.owner).map(|(uid, _)| uid).collect();
        let healthy = self.pods.values().filter(|p| sets.contains(&&p.owner) && p.is_healthy()).count() as i64;
        let Some(deployment) = self.deployments.get_mut(&set.owner) else { return Ok(()) };
        if !surplus {
            deployment.disturbed = true;
        }
        let least = deployment.size - deployment.unavailable;
        if deployment.rolls && !deployment.disturbed && healthy < least {
            return Err(format!("{healthy} Pods are available of at least {least}"));
        }
        Ok(())
    }

    /// The cluster is at rest: what disturbed it is over.
    pub fn rest(&mut self) {
        self.deployments.values_mut().for_each(|d| d.disturbed = false);
    }
}

/// Every owner that an object names is there, as long as nothing is on its way out.
///
/// # Errors
/// The object whose owner is gone.
pub fn owners_exist(session: &Session) -> Result<(), String> {
    let api = session.api();
    let all: Vec<_> = api.store.resources().flat_map(|r| api.list(r, None)).collect();
    let uids: std::collections::BTreeSet<&str> = all.iter().map(|o| &*o.meta.uid).collect();
    let lost = all.iter().find(|o| !o.is_deleting() && o.meta.owners.iter().any(|r| !uids.contains(r.uid.as_str())));
    lost.map_or(Ok(()), |o| Err(format!("{} {}/{} has an owner that is gone", o.ty.kind, o.namespace(), o.name())))
}

/// Whether nothing in the cluster waits, backs off or is on its way.
#[must_use]
pub fn is_calm(session: &Session) -> bool {
    let api = session.api();
    api.store.resources().flat_map(|r| api.list(r, None)).all(|o| {
        let over = matches!(o.text_at("/status/phase"), "Succeeded" | "Failed");
        let ended = o.items_at("/status/conditions").iter().any(|c| matches!(text(c, "/type").as_str(), "Complete" | "Failed"));
        let calm = match o.ty.kind.as_str() {
            "Pod" => over || Pod::read(&o.to_value()).ready,
            "Job" => ended,
            // Controllers go by what statuses say, which come a moment after the Pods.
            "ReplicaSet" | "Deployment" => {
                let count = |path: &str| o.i64_at(path).unwrap_or(0);
                count("/spec/replicas") == count("/status/availableReplicas") && count("/spec/replicas") == count("/status/replicas")
            }
            _ => true,
        };
        calm && !o.is_deleting()
    })
}
