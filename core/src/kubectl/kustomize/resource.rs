//! One object on its way through kustomizations: the object, the names it had, and where it stands among others.
//! Models kustomize `api/resource` and `kyaml/resid`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::kubectl::cx::Cx;
use crate::object::schema::Def;
use crate::object::value::text_at;

/// An object and what must be known of its past.
#[derive(Clone, Debug)]
pub(super) struct Res {
    /// The object.
    pub body: Value,
    /// The names it had before the present one.
    pub names: Vec<String>,
    /// The namespace it had in its file.
    pub first_namespace: String,
    /// The prefixes it was given, which tell objects of the same first name apart.
    pub prefixes: Vec<String>,
    /// Its name gets a hash of its content at the end.
    pub hashed: bool,
}

impl Res {
    /// An object as its file has it.
    pub(super) fn new(body: Value) -> Res {
        let first_namespace = text_at(&body, "metadata/namespace").to_string();
        Res { body, names: Vec::new(), first_namespace, prefixes: Vec::new(), hashed: false }
    }

    pub(super) fn kind(&self) -> &str {
        text_at(&self.body, "kind")
    }

    pub(super) fn name(&self) -> &str {
        text_at(&self.body, "metadata/name")
    }

    pub(super) fn namespace(&self) -> &str {
        text_at(&self.body, "metadata/namespace")
    }

    /// Group and version.
    pub(super) fn group_version(&self) -> (&str, &str) {
        group_version(&self.body)
    }

    /// Whether it has or had a name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name() == name || self.names.iter().any(|old| old == name)
    }

    /// The definition of its kind, if it is one of the server's own.
    pub(super) fn def(&self) -> Option<Def> {
        Def::of_api_version(text_at(&self.body, "apiVersion"), self.kind())
    }

    /// Whether it lives in a namespace; kinds that nobody knows do.
    pub(super) fn namespaced(&self, cx: &Cx<'_>) -> bool {
        let (group, version) = self.group_version();
        cx.api().registry.by_kind(group, version, self.kind()).is_none_or(|row| row.custom.is_some() || row.namespaced)
    }

    /// Whether another object has the same kind, name and namespace.
    pub(super) fn same_id(&self, other: &Res) -> bool {
        let namespace = |res: &Res| if res.namespace() == "default" { String::new() } else { res.namespace().to_string() };
        self.kind() == other.kind()
            && self.group_version() == other.group_version()
            && self.name() == other.name()
            && namespace(self) == namespace(other)
    }

    /// As messages name it: `Deployment.v1.apps/web.[noNs]`.
    pub(super) fn id(&self) -> String {
        id(&self.body)
    }
}

/// Group and version of an object.
pub(super) fn group_version(body: &Value) -> (&str, &str) {
    let api_version = text_at(body, "apiVersion");
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// `Deployment.v1.apps/web.[noNs]`
pub(super) fn id(body: &Value) -> String {
    let or = |text: &str, none: &str| if text.is_empty() { none.to_string() } else { text.to_string() };
    let (group, version) = group_version(body);
    let kind = or(text_at(body, "kind"), "[noKind]");
    let (name, namespace) = (or(text_at(body, "metadata/name"), "[noName]"), or(text_at(body, "metadata/namespace"), "[noNs]"));
    [&kind, ".", &or(version, "[noVer]"), ".", &or(group, "[noGrp]"), "/", &name, ".", &namespace].concat()
}
