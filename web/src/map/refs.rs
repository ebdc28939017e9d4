//! The names by which the page knows the objects of the cluster, and which namespaces are shown.

use std::rc::Rc;

use kubepie_core::session::view::View;

/// An object by which the page knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ref {
    /// Its resource with its group: `pods`, `deployments.apps`.
    pub resource: Rc<str>,
    /// Its namespace; empty where it has none.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
}

impl Ref {
    /// An object.
    pub fn new(resource: &str, namespace: &str, name: &str) -> Ref {
        Ref { resource: resource.into(), namespace: namespace.into(), name: name.into() }
    }

    /// Its resource without the group, as one types it: `deployments`.
    pub fn plural(&self) -> &str {
        self.resource.split('.').next().unwrap_or_default()
    }
}

/// The resource of a kind that the map shows.
pub fn resource_of(kind: &str) -> Option<&'static str> {
    const KINDS: &[(&str, &str)] = &[
        ("Pod", "pods"),
        ("Node", "nodes"),
        ("Service", "services"),
        ("Deployment", "deployments.apps"),
        ("ReplicaSet", "replicasets.apps"),
        ("StatefulSet", "statefulsets.apps"),
        ("DaemonSet", "daemonsets.apps"),
        ("Job", "jobs.batch"),
        ("CronJob", "cronjobs.batch"),
        ("ReplicationController", "replicationcontrollers"),
    ];
    KINDS.iter().find(|(k, _)| *k == kind).map(|(_, resource)| *resource)
}

/// Whether a namespace belongs to the system.
pub fn is_system(namespace: &str) -> bool {
    namespace.ends_with("-system") || namespace.starts_with("kube-")
}

/// Which namespaces are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The learner's; those of the system in passing.
    #[default]
    Own,
    /// All.
    All,
    /// One.
    One(Rc<str>),
}

impl Scope {
    /// Whether a namespace is shown in full.
    pub fn holds(&self, namespace: &str) -> bool {
        match self {
            Scope::Own => !is_system(namespace),
            Scope::All => true,
            Scope::One(one) => **one == *namespace,
        }
    }
}

/// The UID of an object of a picture.
pub fn uid_of(view: &View, r: &Ref) -> Option<Rc<str>> {
    let is = |namespace: &Rc<str>, name: &Rc<str>| *namespace == r.namespace && *name == r.name;
    match &*r.resource {
        "pods" => view.pods.iter().find(|p| is(&p.namespace, &p.name)).map(|p| p.uid.clone()),
        "nodes" => view.nodes.iter().find(|n| n.name == r.name).map(|n| n.uid.clone()),
        "services" => view.services.iter().find(|s| is(&s.namespace, &s.name)).map(|s| s.uid.clone()),
        resource => {
            let all = view.workloads.iter().filter(|w| resource_of(&w.kind) == Some(resource));
            all.filter(|w| is(&w.namespace, &w.name)).map(|w| w.uid.clone()).next()
        }
    }
}

/// The object of a picture that has a UID.
pub fn ref_of(view: &View, uid: &str) -> Option<Ref> {
    let pod = view.pods.iter().find(|p| *p.uid == *uid).map(|p| Ref::new("pods", &p.namespace, &p.name));
    let node = || view.nodes.iter().find(|n| *n.uid == *uid).map(|n| Ref::new("nodes", "", &n.name));
    let service = || view.services.iter().find(|s| *s.uid == *uid).map(|s| Ref::new("services", &s.namespace, &s.name));
    let workload = || {
        let w = view.workloads.iter().find(|w| *w.uid == *uid)?;
        Some(Ref::new(resource_of(&w.kind)?, &w.namespace, &w.name))
    };
    pod.or_else(node).or_else(service).or_else(workload)
}
