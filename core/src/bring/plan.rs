//! What of a text becomes a cluster, what does not and why, and what is put in the place of what is missing: told before
//! anything is built. Never: words for people (the page has them in two languages).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

pub use super::other::{CUT, NO_OBJECT, Not};
use super::read::{Reader, Sink};
use super::seen::{self, lacking, on_its_way};
use super::{BROUGHT_VERSION, Brought, MAX_NODES, MAX_OBJECTS, MAX_PODS, MAX_TEXT, Objects, Ready, clean, other, owners, refs, stand_in};
use crate::api::Api;
use crate::arrange::Arrange;
use crate::kubelet::images;
use crate::object::decode::{self, Dialect};
use crate::object::schema::Def;
use crate::object::value::text_at;
use crate::object::{Key, Object, names};

/// The most names that are told of one thing.
const NAMED: usize = 5;

/// The kinds that are taken, in the order in which they are told.
pub(super) const TAKEN: &[&str] = &[
    "Node",
    "Namespace",
    "Deployment",
    "ReplicaSet",
    "DaemonSet",
    "StatefulSet",
    "Job",
    "CronJob",
    "ReplicationController",
    "Pod",
    "Service",
    "PodDisruptionBudget",
    "HorizontalPodAutoscaler",
    "Ingress",
    "IngressClass",
    "NetworkPolicy",
    "ConfigMap",
    "ServiceAccount",
    "PersistentVolumeClaim",
    "PersistentVolume",
    "StorageClass",
    "PriorityClass",
    "RuntimeClass",
    "ResourceQuota",
    "LimitRange",
    "ControllerRevision",
];

/// Why something is not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Secrets are never read.
    Secret,
    /// The cluster makes such objects by itself.
    MadeAnew,
    /// The page has its own.
    OwnHere,
    /// It is of a kind that is not Kubernetes' own.
    Foreign,
    /// It is of a version that is not served any more, or not yet.
    Version,
    /// Its name, or something in it, is not what the API server would take.
    Invalid,
    /// It cannot be read: at these lines.
    Unreadable,
    /// The text ends in the middle of it.
    CutOff,
}

/// Things of one kind that are not taken, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The kind; empty where it is not known.
    pub kind: String,
    /// Why.
    pub why: Why,
    /// How many.
    pub count: usize,
    /// The first of their names, or the line and the problem.
    pub names: Vec<String>,
}

/// Something to know before it is built. With it, how many it is about and the first of their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Something that is referred to, and stood in for: its kind.
    StandIn(&'static str),
    /// Nodes that nobody brought, made because Pods are on them.
    NodesMade,
    /// There are no nodes: the page's own are taken.
    OwnNodes,
    /// Nodes that are not ready; they stay switched off.
    NodesDown,
    /// ReplicaSets or Jobs that nobody brought, made of their Pods.
    OwnersMade,
    /// Pods whose owner nobody brought.
    Alone,
    /// Images that are not known here; they run and serve.
    Images,
    /// Pods that crash again and again, and go on doing it.
    Crashing,
    /// Pods whose image could not be pulled, and still cannot.
    NotPulled,
    /// Pods that wait for a ConfigMap, a Secret or a key.
    Lacking,
    /// Pods on their way up or out; they go on from there.
    OnTheirWay,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub about: About,
    /// How many.
    pub count: usize,
    /// The first of their names.
    pub names: Vec<String>,
}

/// What would be built.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many of each kind are taken, in the order in which they are told.
    pub taken: Vec<(String, usize)>,
    /// What is not.
    pub left: Vec<Left>,
    /// What to know.
    pub notes: Vec<Note>,
    /// The cluster.
    pub brought: Brought,
}

/// Plans what would be built from a text.
///
/// # Errors
/// What the text is instead of a dump.
pub fn plan(text: &str) -> Result<Plan, Not> {
    let mut reading = Reading::new(text.to_string())?;
    while !reading.go_on(usize::MAX) {}
    reading.finish()
}

/// A text that is being read, as far as there is time for at once.
pub struct Reading {
    text: String,
    reader: Reader,
    gathered: Gathered,
}

impl Reading {
    /// Begins to read a text.
    ///
    /// # Errors
    /// What the text is instead of a dump, where that is clear from its beginning.
    pub fn new(text: String) -> Result<Reading, Not> {
        if text.len() > MAX_TEXT {
            return Err(Not::TooLong);
        }
        if let Some(not) = other::what_else(&text) {
            return Err(not);
        }
        let reader = Reader::new(&text);
        let gathered = Gathered { api: Api::new(0, 0), objects: Vec::new(), there: BTreeSet::new(), left: BTreeMap::new(), broken: None };
        Ok(Reading { text, reader, gathered })
    }

    /// Reads on for about so many bytes. Returns whether all is read.
    pub fn go_on(&mut self, bytes: usize) -> bool {
        self.reader.go_on(&self.text, bytes, &mut self.gathered)
    }

    /// How many percent are read.
    pub fn percent(&self) -> usize {
        self.reader.at.saturating_mul(100) / self.text.len().max(1)
    }

    /// What would be built from all that was read.
    ///
    /// # Errors
    /// Why nothing can be built from it.
    pub fn finish(self) -> Result<Plan, Not> {
        planned(self.gathered)
    }
}

fn planned(gathered: Gathered) -> Result<Plan, Not> {
    let Gathered { api, mut objects, left, broken, .. } = gathered;
    let of = |objects: &[Object], kind: &str| objects.iter().filter(|o| o.ty.kind == kind).count();
    for (kind, most) in [("Pod", MAX_PODS), ("Node", MAX_NODES)] {
        let count = of(&objects, kind);
        if count > most {
            return Err(Not::TooMany(if kind == "Pod" { "Pod" } else { "Node" }, count, most));
        }
    }
    if objects.len() > MAX_OBJECTS {
        return Err(Not::TooMany("", objects.len(), MAX_OBJECTS));
    }
    let runs = |o: &Object| o.ty.kind == "Node" || refs::pod_spec(o).is_some();
    if !objects.iter().any(runs) {
        return Err(if objects.is_empty() && left.keys().all(|(_, why)| matches!(why, Why::Unreadable | Why::CutOff)) {
            other::unreadable(broken.as_ref())
        } else {
            Not::NothingOfUse
        });
    }
    let taken = TAKEN.iter().map(|kind| (kind.to_string(), of(&objects, kind))).filter(|(_, count)| *count > 0).collect();
    let notes = complete(&api, &mut objects);
    let seen_ms = objects.iter().map(clean::latest).max().filter(|ms| *ms > 0).unwrap_or(0);
    objects.arrange_by_key(|o| TAKEN.iter().position(|kind| *kind == o.ty.kind));
    let objects = Objects(Rc::new(objects.into_iter().map(Object::into_value).collect()));
    let left = left.into_iter().map(|((kind, why), (count, names))| Left { kind, why, count, names }).collect();
    Ok(Plan { taken, left, notes, brought: Brought { version: BROUGHT_VERSION, seen_ms, objects, ready: Ready::default() } })
}

/// Adds what is missing, and says what there is to know.
fn complete(api: &Api, objects: &mut Vec<Object>) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |about: About, mut names: Vec<String>| {
        let count = names.len();
        names.truncate(NAMED);
        if count > 0 {
            notes.push(Note { about, count, names });
        }
    };
    let bound = objects.iter().any(|o| o.ty.kind == "Node" || o.ty.kind == "Pod" && !o.text_at("/spec/nodeName").is_empty());
    if !bound {
        note(About::OwnNodes, [String::new()].into());
    }
    let name = |o: &Object| o.name().to_string();
    let nodes = stand_in::nodes(api, objects);
    note(About::NodesMade, nodes.iter().map(name).collect());
    objects.extend(nodes);
    let down = |o: &&Object| o.ty.kind == "Node" && !super::build::is_ready(o);
    note(About::NodesDown, objects.iter().filter(down).map(name).collect());
    let owners = owners::complete(api, objects);
    note(About::OwnersMade, owners.made.iter().map(name).collect());
    note(About::Alone, owners.alone.into_iter().map(|(kind, name)| [name.as_str(), " (", &kind, ")"].concat()).collect());
    objects.extend(owners.made);
    for (about, state) in STATES {
        note(*about, objects.iter().filter(|o| o.ty.kind == "Pod" && state(o)).map(name).collect());
    }
    note(About::Images, unknown_images(objects));
    let made = stand_in::stand_ins(api, objects);
    for kind in ["ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim", "StorageClass", "PriorityClass", "RuntimeClass"] {
        note(About::StandIn(kind), made.iter().filter(|o| o.ty.kind == kind).map(name).collect());
    }
    objects.extend(made);
    notes
}

/// States of Pods that are worth a note.
const STATES: &[(About, fn(&Object) -> bool)] = &[
    (About::Crashing, |pod| waits(pod, &["CrashLoopBackOff", "RunContainerError", "CreateContainerError"])),
    (About::NotPulled, |pod| waits(pod, &["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"])),
    (About::Lacking, |pod| lacking(pod).next().is_some()),
    (About::OnTheirWay, on_its_way),
];

fn waits(pod: &Object, reasons: &[&str]) -> bool {
    let lists = ["/status/initContainerStatuses", "/status/containerStatuses"];
    lists.iter().any(|list| pod.items_at(list).iter().any(|s| reasons.contains(&text_at(s, "state/waiting/reason"))))
}

/// The images that no table here has.
fn unknown_images(objects: &[Object]) -> Vec<String> {
    let specs = objects.iter().filter_map(refs::pod_spec).flat_map(refs::containers);
    let all: BTreeSet<&str> = specs.map(|container| text_at(container, "image")).filter(|image| !image.is_empty()).collect();
    let refused = seen::seen(objects, 0).refused;
    all.into_iter().filter(|image| images::find(image).is_err() && !refused.contains_key(*image)).map(ToString::to_string).collect()
}

/// What has been read.
struct Gathered {
    api: Api,
    objects: Vec<Object>,
    there: BTreeSet<(String, Key)>,
    left: BTreeMap<(String, Why), (usize, Vec<String>)>,
    broken: Option<(usize, String)>,
}

impl Gathered {
    fn leave(&mut self, kind: &str, why: Why, name: String) {
        let (count, names) = self.left.entry((kind.to_string(), why)).or_default();
        *count += 1;
        if names.len() < NAMED && !name.is_empty() {
            names.push(name);
        }
    }
}

/// The object that a value is, cleaned.
///
/// # Errors
/// Why it is not taken.
pub(super) fn object(api: &Api, value: &Value, taken: &[&str]) -> Result<Object, Why> {
    let (kind, version) = (text_at(value, "kind"), text_at(value, "apiVersion"));
    let Some(ty) = api.types().find(|ty| ty.kind == kind && ty.api_version() == version) else {
        let group = |version: &str| version.split_once('/').map_or("", |(group, _)| group).to_string();
        let ours = api.types().any(|ty| ty.kind == kind && ty.group == group(version));
        return Err(if ours { Why::Version } else { Why::Foreign });
    };
    if !taken.contains(&kind) {
        return Err(if MADE_ANEW.contains(&kind) { Why::MadeAnew } else { Why::OwnHere });
    }
    let def = Def::of_api_version(version, kind).ok_or(Why::Version)?;
    let body = decode::typed(def, value, Dialect::Json).map_err(|_| Why::Invalid)?.value;
    let mut object = Object::from_value(ty, body);
    if !ty.namespaced {
        object.meta.namespace = "".into();
    } else if object.namespace().is_empty() {
        object.meta.namespace = "default".into();
    }
    let good = |name: &str| names::dns_subdomain(name).is_empty();
    if !good(object.name()) || ty.namespaced && !good(object.namespace()) {
        return Err(Why::Invalid);
    }
    clean::clean(&mut object);
    Ok(object)
}

/// Kinds of objects that controllers and kubelets make by themselves.
const MADE_ANEW: [&str; 8] =
    ["Event", "Endpoints", "EndpointSlice", "Lease", "CSINode", "VolumeAttachment", "ComponentStatus", "CertificateSigningRequest"];

impl Sink for Gathered {
    fn item(&mut self, value: Value) {
        let kind = text_at(&value, "kind");
        let name = text_at(&value, "metadata/name");
        let short = |text: &str| text.chars().take(80).collect::<String>();
        if kind.is_empty() {
            return self.leave("", Why::Invalid, short(name));
        }
        if kind == "Secret" {
            return self.leave("Secret", Why::Secret, short(name));
        }
        match object(&self.api, &value, TAKEN) {
            Ok(object) if self.there.insert((object.ty.resource.clone(), object.key())) => self.objects.push(object),
            Ok(_) => {}
            Err(why) => self.leave(&short(kind), why, short(name)),
        }
    }

    fn broken(&mut self, line: usize, why: String) {
        self.leave("", Why::Unreadable, [&line.to_string(), ": ", why.as_str()].concat());
        self.broken.get_or_insert((line, why));
    }

    fn cut_off(&mut self, line: usize) {
        self.leave("", Why::CutOff, line.to_string());
        self.broken.get_or_insert_with(|| (line, CUT.to_string()));
    }
}
