//! The API server: the calls that the cluster's own components use, on typed objects.
//!
//! What clients send over "HTTP" comes through [`crate::api::handle`], which decodes, defaults, admits and
//! validates and then ends here as well. Every write, from anywhere, goes through this file.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::admission;
use super::registry::{Registry, version_rank};
use super::request::{KEPT_REFUSALS, Propagation, Refusal};
use super::status::Status;
use super::store::Store;
use crate::history::History;
use crate::object::resources::{CUSTOM_RESOURCE_DEFINITIONS, EVENTS, NAMESPACES, PODS};
use crate::object::{Key, Object, Type};
use crate::time::{Instant, Rng};

/// How many objects of one resource are stored, but for Events, which end by themselves; a real cluster's etcd is full at some point too, and says so in these words.
pub const MOST_OF_A_RESOURCE: usize = 20_000;

/// Options of a deletion.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    /// Seconds of grace; the object's own default when not given.
    pub grace_period_s: Option<i64>,
    /// What becomes of dependents; the resource's default when not given.
    pub propagation: Option<Propagation>,
    /// Only if the object has this UID; empty for any.
    pub uid: String,
}

/// What a deletion came to.
#[derive(Clone, Debug)]
pub enum Deletion {
    /// The object is gone; this was its last state.
    Gone(Rc<Object>),
    /// The object is marked and goes later, after grace or finalizers.
    Marked(Rc<Object>),
}

/// The API server and all that it keeps.
#[derive(Clone, Debug)]
pub struct Api {
    /// What is stored.
    pub store: Store,
    /// What was refused to clients of late.
    pub refused: History<Refusal>,
    /// The simulated time, set by the event queue before anything runs.
    pub now: Instant,
    /// Wall-clock milliseconds since 1970 that instant 0 stands for.
    pub epoch_ms: i64,
    /// Every resource that is served, with its columns.
    pub registry: Rc<Registry>,
    /// What containers use at the moment.
    pub usage: super::usage::Usage,
    /// What containers of a cluster that was brought do; `None` in the page's own cluster.
    pub seen: Option<Rc<super::seen::Seen>>,
    /// Parts of the control plane whose static Pods are not there: they do nothing (`kube-scheduler`); without
    /// `kube-apiserver` or `etcd` nobody is answered.
    pub stopped: BTreeSet<String>,
    types: Rc<BTreeMap<Rc<str>, Rc<Type>>>,
    names: Rng,
    uids: Rng,
    event_nanos: u64,
}

impl Api {
    /// An empty API server that knows the built-in kinds.
    pub fn new(seed: u64, epoch_ms: i64) -> Api {
        let registry = Registry::builtin();
        let types = stored_types(&registry);
        Api {
            store: Store::default(),
            refused: History::keeping(KEPT_REFUSALS),
            now: Instant(0),
            epoch_ms,
            registry: Rc::new(registry),
            usage: super::usage::Usage::default(),
            seen: None,
            stopped: BTreeSet::new(),
            types: Rc::new(types),
            names: Rng::new(seed, "names"),
            uids: Rng::new(seed, "uids"),
            event_nanos: 0,
        }
    }

    /// Wall-clock milliseconds since 1970 at the present instant.
    pub fn wall_ms(&self) -> i64 {
        self.epoch_ms.saturating_add(i64::try_from(self.now.as_ms()).unwrap_or(i64::MAX))
    }

    /// The present wall-clock time as it is written into objects: `2026-11-23T09:32:39Z`.
    pub fn timestamp(&self) -> String {
        crate::text::timestamp::rfc3339(self.wall_ms())
    }

    /// The kind of a resource: `pods`, `deployments.apps`.
    pub fn type_of(&self, resource: &str) -> Option<&Rc<Type>> {
        self.types.get(resource)
    }

    /// All kinds by resource.
    pub fn types(&self) -> impl Iterator<Item = &Rc<Type>> {
        self.types.values()
    }

    /// Serves the kind that a CustomResourceDefinition defines, in its present form.
    pub fn add_custom(&mut self, definition: &Value) {
        Rc::make_mut(&mut self.registry).add_custom(definition);
        self.types = Rc::new(stored_types(&self.registry));
    }

    /// Stops serving the kind that a CustomResourceDefinition defined.
    pub fn remove_custom(&mut self, definition: &Value) {
        Rc::make_mut(&mut self.registry).remove_custom(definition);
        self.types = Rc::new(stored_types(&self.registry));
    }

    /// The object, if it is there.
    pub fn get(&self, resource: &str, key: &Key) -> Option<&Rc<Object>> {
        self.store.get(resource, key)
    }

    /// The object by namespace and name.
    pub fn find(&self, resource: &str, namespace: &str, name: &str) -> Option<&Rc<Object>> {
        self.store.get(resource, &Key::new(namespace, name))
    }

    /// Every object of a resource, or only those of one namespace, ordered by namespace and name.
    pub fn list<'a>(&'a self, resource: &str, namespace: Option<&'a str>) -> impl Iterator<Item = &'a Rc<Object>> + use<'a> {
        self.store.list(resource, namespace)
    }

    /// The objects of `resource` owned by the object with this UID, in order of key.
    pub fn owned<'a>(&'a self, uid: &'a str, resource: &'a str) -> impl Iterator<Item = &'a Rc<Object>> + use<'a> {
        self.store.index.owned_by(uid).filter(move |(r, _)| r.as_ref() == resource).filter_map(|(r, k)| self.store.get(r, k))
    }

    /// The Pods bound to a node.
    pub fn pods_on<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Rc<Object>> + use<'a> {
        self.store.index.pods_on(node).filter_map(|k| self.store.get(PODS, k))
    }

    /// The Pods of a namespace that carry all these labels; found through the rarest of them.
    pub fn pods_with_labels<'a>(&'a self, namespace: &'a str, labels: &'a [(String, String)]) -> Vec<&'a Rc<Object>> {
        let matches = |o: &&Rc<Object>| labels.iter().all(|(k, v)| o.meta.label(k) == Some(v));
        match labels.iter().min_by_key(|(k, v)| self.store.index.count_labelled(namespace, k, v)) {
            Some((k, v)) => {
                self.store.index.pods_labelled(namespace, k, v).filter_map(|k| self.store.get(PODS, k)).filter(matches).collect()
            }
            None => self.list(PODS, Some(namespace)).collect(),
        }
    }

    /// A number for the name of an Event: the nanoseconds of a wall clock that never gives the same twice.
    pub(super) fn event_number(&mut self) -> u64 {
        let nanos = u64::try_from(self.wall_ms()).unwrap_or(0).saturating_mul(1_000_000);
        self.event_nanos = self.event_nanos.saturating_add(1).max(nanos);
        self.event_nanos
    }

    /// Five random characters, as `generateName` and the ReplicaSet controller append them.
    pub fn random_suffix(&mut self) -> String {
        self.names.name(5)
    }

    /// Stores a new object. Gives it a UID, a creation time, generation 1 where the kind counts generations, and a
    /// name where it has only `generateName`.
    ///
    /// # Errors
    /// `AlreadyExists`; `NotFound` when its namespace is not there; `Forbidden` when its namespace is going.
    pub fn create(&mut self, mut object: Object) -> Result<Rc<Object>, Status> {
        if object.meta.name.is_empty()
            && let Some(prefix) = object.meta.extra.get("generateName").and_then(Value::as_str)
        {
            object.meta.name = [prefix, &self.names.name(5)].concat().into();
        }
        self.refuse_taken(&object)?;
        self.admit_namespace(&object)?;
        admission::complete(self, &mut object)?;
        self.create_complete(object)
    }

    fn refuse_taken(&self, object: &Object) -> Result<(), Status> {
        match self.store.get(&object.ty.resource, &object.key()) {
            Some(_) => Err(Status::already_exists(&object.ty.resource, object.name())),
            None => Ok(()),
        }
    }

    /// Stores a new object that has been completed by admission.
    pub(super) fn create_complete(&mut self, mut object: Object) -> Result<Rc<Object>, Status> {
        self.refuse_taken(&object)?;
        if &*object.ty.resource != EVENTS && self.store.count(&object.ty.resource) >= MOST_OF_A_RESOURCE {
            return Err(super::write::plain_error("etcdserver: mvcc: database space exceeded"));
        }
        admission::allot(self, &mut object)?;
        admission::check(self, &object)?;
        admission::count(self, &object)?;
        object.meta.uid = self.uids.uuid().into();
        object.meta.creation = Some(self.wall_ms());
        object.meta.generation = i64::from(counts_generations(&object));
        admission::with_uid(&mut object);
        Ok(self.store.put(self.now, object))
    }

    /// Whether there may be new objects in an object's namespace.
    ///
    /// # Errors
    /// `NotFound` when the namespace is not there; `Forbidden` when it is going.
    pub(super) fn admit_namespace(&self, object: &Object) -> Result<(), Status> {
        if !object.ty.namespaced {
            return Ok(());
        }
        match self.store.get(NAMESPACES, &Key::new("", object.namespace())) {
            None => Err(Status::not_found(NAMESPACES, object.namespace())),
            Some(ns) if ns.is_deleting() => {
                let why = alloc::format!("unable to create new content in namespace {} because it is being terminated", object.namespace());
                Err(Status::forbidden(&object.ty.resource, object.name(), &why))
            }
            Some(_) => Ok(()),
        }
    }

    /// Replaces an object. A version of zero means "whatever is there"; otherwise it must be the stored one.
    /// Nothing is written when nothing differs. The generation grows when the desired state (anything but metadata
    /// and status) changes. An object on its way out goes when its last finalizer does.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the version is stale.
    pub fn update(&mut self, mut object: Object) -> Result<Rc<Object>, Status> {
        let resource = object.ty.resource.clone();
        let key = object.key();
        let Some(old) = self.store.get(&resource, &key).cloned() else {
            return Err(Status::not_found(&resource, object.name()));
        };
        if object.meta.resource_version != 0 && object.meta.resource_version != old.meta.resource_version {
            return Err(Status::stale(&resource, object.name()));
        }
        object.meta.uid = old.meta.uid.clone();
        object.meta.creation = old.meta.creation;
        object.meta.deletion = old.meta.deletion;
        object.meta.deletion_grace = old.meta.deletion_grace;
        object.meta.generation = old.meta.generation;
        object.meta.resource_version = old.meta.resource_version;
        if counts_generations(&old) && desired_differs(&old, &object) {
            object.meta.generation += 1;
        }
        if object == *old {
            return Ok(old);
        }
        if object.is_deleting() && object.meta.finalizers.is_empty() && object.meta.deletion_grace.unwrap_or(0) == 0 && may_go(&object) {
            let stored = self.store.put(self.now, object);
            self.store.remove(self.now, &resource, &key);
            return Ok(stored);
        }
        Ok(self.store.put(self.now, object))
    }

    /// Changes an object in place with `change` and stores it if anything differs. The usual way for controllers.
    ///
    /// # Errors
    /// `NotFound` when it is not there.
    pub fn modify(&mut self, resource: &str, key: &Key, change: impl FnOnce(&mut Object)) -> Result<Rc<Object>, Status> {
        let Some(old) = self.store.get(resource, key) else {
            return Err(Status::not_found(resource, &key.name));
        };
        let mut object = (**old).clone();
        change(&mut object);
        self.update(object)
    }

    /// Deletes an object: Pods on a node get their grace, finalizers are waited for, everything else goes at once.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when the UID is another.
    pub fn delete(&mut self, resource: &str, key: &Key, options: &DeleteOptions) -> Result<Deletion, Status> {
        let Some(old) = self.store.get(resource, key).cloned() else {
            return Err(Status::not_found(resource, &key.name));
        };
        if !options.uid.is_empty() && *options.uid != *old.meta.uid {
            let why = alloc::format!("Precondition failed: UID in precondition: {}, UID in object meta: {}", options.uid, old.meta.uid);
            return Err(Status::conflict(resource, &key.name, &why));
        }
        let mut object = (*old).clone();
        let finalizer = match options.propagation {
            Some(Propagation::Foreground) => Some("foregroundDeletion"),
            Some(Propagation::Orphan) => Some("orphan"),
            _ => None,
        };
        if let Some(name) = finalizer
            && !object.meta.has_finalizer(name)
        {
            object.meta.finalizers = object.meta.finalizers.iter().cloned().chain([name.to_string()]).collect();
        }
        let grace = if resource == PODS { pod_grace(&old, options.grace_period_s) } else { 0 };
        // A Namespace has no grace to be told.
        let shorter = match resource {
            NAMESPACES => object.meta.deletion.is_none(),
            _ => object.meta.deletion_grace.is_none_or(|g| grace < g),
        };
        if grace > 0 || !object.meta.finalizers.is_empty() || !may_go(&object) {
            if shorter {
                object.meta.deletion = Some(match (resource == PODS, object.meta.deletion, object.meta.deletion_grace) {
                    (true, Some(at), Some(g)) => at - (g - grace) * 1000,
                    _ => self.wall_ms() + grace * 1000,
                });
                // Nor has a definition, whose finalizer is the server's own.
                let plain = !matches!(resource, NAMESPACES | CUSTOM_RESOURCE_DEFINITIONS);
                object.meta.deletion_grace = plain.then_some(grace);
                if resource != CUSTOM_RESOURCE_DEFINITIONS && old.meta.deletion.is_none() && object.meta.generation > 0 {
                    object.meta.generation += 1;
                }
            }
            if resource == NAMESPACES {
                object.set("/status/phase", "Terminating");
            }
            if object == *old {
                return Ok(Deletion::Marked(old));
            }
            return Ok(Deletion::Marked(self.store.put(self.now, object)));
        }
        self.store.remove(self.now, resource, key);
        Ok(Deletion::Gone(old))
    }
}

/// The kind that each resource is stored as: of several versions the newest.
fn stored_types(registry: &Registry) -> BTreeMap<Rc<str>, Rc<Type>> {
    let mut types: BTreeMap<Rc<str>, Rc<Type>> = BTreeMap::new();
    for row in registry.all() {
        let resource = row.key();
        let version = row.version.to_string();
        if types.get(resource.as_str()).is_none_or(|t| version_rank(&t.version) < version_rank(&version)) {
            let ty = Type {
                resource: resource.clone(),
                group: row.group.to_string(),
                version,
                kind: row.kind.to_string(),
                namespaced: row.namespaced,
            };
            types.insert(resource.as_str().into(), Rc::new(ty));
        }
    }
    types
}

/// Seconds of grace for a Pod. Models `pkg/registry/core/pod` CheckGracefulDelete.
fn pod_grace(pod: &Object, asked_s: Option<i64>) -> i64 {
    let over = matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed");
    if pod.text_at("/spec/nodeName").is_empty() || over {
        return 0;
    }
    let grace = asked_s.or_else(|| pod.i64_at("/spec/terminationGracePeriodSeconds")).unwrap_or(30);
    if grace < 0 { 1 } else { grace }
}

/// Whether nothing but `metadata.finalizers` could hold the object back: namespaces have a list of their own in spec.
fn may_go(object: &Object) -> bool {
    object.ty.resource != NAMESPACES || object.items_at("/spec/finalizers").is_empty()
}

/// Whether the API server counts generations of this kind. Models the registries' strategies: kinds with a spec
/// that controllers observe.
fn counts_generations(object: &Object) -> bool {
    const KINDS: &[&str] = &[
        "Pod",
        "Deployment",
        "ReplicaSet",
        "DaemonSet",
        "StatefulSet",
        "ReplicationController",
        "Job",
        "CronJob",
        "Ingress",
        "IngressClass",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "PriorityClass",
        "CustomResourceDefinition",
    ];
    KINDS.contains(&object.ty.kind.as_str()) || object.ty.group.contains('.') && !object.ty.group.ends_with(".k8s.io")
}

fn desired_differs(old: &Object, new: &Object) -> bool {
    let desired = |o: &Object| o.fields.keys().filter(|k| *k != "status").count();
    desired(old) != desired(new)
        || new.fields.iter().filter(|(k, _)| *k != "status").any(|(k, v)| match old.fields.get(k) {
            Some(was) => !Rc::ptr_eq(was, v) && was != v,
            None => true,
        })
}
