//! The registry: one row per resource that the API server serves, with the columns of its tables, and the lookups
//! by what a person types (`deploy`, `deployments.apps`, `all`). Rows of built-in kinds come from
//! `core/data/resources.txt`; kinds of CustomResourceDefinitions are added at run time. Holds no objects.

mod custom;

use alloc::borrow::Cow;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::object::schema::Def;
use crate::object::value::{bool_at, items_at, text_at};

/// The generated rows; their grammar stands in `xtask/src/schema.rs`.
const TABLE: &str = include_str!("../../data/resources.txt");

/// Text that is either in the table or was given at run time.
pub type Text = Cow<'static, str>;

/// One column of a server-side table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading, as the server sends it: `Up-to-date`.
    pub name: Text,
    /// `string`, `integer`, `boolean` or `date`.
    pub ty: Text,
    /// `name` for the column that names the object, else usually empty.
    pub format: Text,
    /// 0 shows always, 1 and more with `-o wide`.
    pub priority: i64,
    /// Where the cell comes from: the JSONPath of a CustomResourceDefinition's column; empty for built-in kinds.
    pub json_path: Text,
}

/// A part of a resource that is read and written apart: `scale`, `status`, `log`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subresource {
    /// The name: `scale`.
    pub name: Text,
    /// The kind that goes in and out: `Scale`.
    pub kind: Text,
    /// The verbs it takes, in letters as [`Resource::verbs`] spells out.
    letters: Text,
}

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The API group, empty for the core group.
    pub group: Text,
    /// The version: `v1`.
    pub version: Text,
    /// The kind: `Deployment`.
    pub kind: Text,
    /// The plural name: `deployments`.
    pub plural: Text,
    /// The singular name: `deployment`.
    pub singular: Text,
    /// Short names: `deploy`.
    pub short_names: Vec<Text>,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// Categories: `all`.
    pub categories: Vec<Text>,
    /// Columns of the server-side table; empty where the server prints name and age only.
    pub columns: Vec<Column>,
    /// Subresources.
    pub subresources: Vec<Subresource>,
    /// The structural schema (`openAPIV3Schema`) of a kind of a CustomResourceDefinition.
    pub custom: Option<Rc<Value>>,
    letters: Text,
}

/// The verbs and their letters in the table, in the order in which discovery lists them.
const VERBS: &[(char, &str)] = &[
    ('c', "create"),
    ('d', "delete"),
    ('D', "deletecollection"),
    ('g', "get"),
    ('l', "list"),
    ('p', "patch"),
    ('u', "update"),
    ('w', "watch"),
];

fn spell(letters: &str) -> impl Iterator<Item = &'static str> {
    VERBS.iter().filter(move |(letter, _)| letters.contains(*letter)).map(|(_, verb)| *verb)
}

impl Subresource {
    /// The verbs it takes.
    pub fn verbs(&self) -> impl Iterator<Item = &'static str> {
        spell(&self.letters)
    }
}

impl Resource {
    /// The verbs it takes: `create`, `delete` …
    pub fn verbs(&self) -> impl Iterator<Item = &'static str> {
        // Those of a CustomResourceDefinition come in an order of their own.
        let custom = self.custom.is_some();
        let plain = spell(&self.letters).filter(move |verb| !custom || !matches!(*verb, "create" | "update" | "watch"));
        plain.chain(["create", "update", "watch"].into_iter().filter(move |_| custom))
    }

    /// Whether it takes a verb.
    pub fn can(&self, verb: &str) -> bool {
        self.verbs().any(|known| known == verb)
    }

    /// The key of the store and the name in messages: `pods`, `deployments.apps`.
    pub fn key(&self) -> String {
        match self.group.is_empty() {
            true => self.plural.to_string(),
            false => [&self.plural, ".", &*self.group].concat(),
        }
    }

    /// The kind in messages of validation: `Pod`, `Deployment.apps`.
    pub fn group_kind(&self) -> String {
        match self.group.is_empty() {
            true => self.kind.to_string(),
            false => [&self.kind, ".", &*self.group].concat(),
        }
    }

    /// The `apiVersion` of its objects: `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        match self.group.is_empty() {
            true => self.version.to_string(),
            false => [&self.group, "/", &*self.version].concat(),
        }
    }

    /// The definition of its kind; none for CustomResourceDefinitions' kinds and a few that nobody meets.
    pub fn def(&self) -> Option<Def> {
        Def::of(&self.group, &self.version, &self.kind)
    }

    /// The subresource with this name.
    pub fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.subresources.iter().find(|sub| sub.name == name)
    }

    /// Whether status is a part of its own, which a plain update never changes.
    pub fn has_status(&self) -> bool {
        self.subresource("status").is_some()
    }

    fn named(&self, word: &str) -> bool {
        self.plural == word || self.singular == word || self.short_names.iter().any(|short| short == word)
    }
}

/// All resources, in the server's order, which decides what an ambiguous short name means.
#[derive(Clone, Debug)]
pub struct Registry {
    rows: Vec<Rc<Resource>>,
}

impl Default for Registry {
    fn default() -> Registry {
        Registry::builtin()
    }
}

impl Registry {
    /// The resources of a cluster without CustomResourceDefinitions.
    pub fn builtin() -> Registry {
        let mut rows: Vec<Resource> = Vec::new();
        let (mut group, mut version) = ("", "");
        for line in TABLE.lines() {
            if let Some(group_version) = line.strip_prefix('=') {
                (group, version) = group_version.split_once('/').unwrap_or(("", group_version));
            } else if let Some(columns) = line.strip_prefix('+') {
                if let Some(row) = rows.last_mut() {
                    row.columns = columns.split('|').map(column).collect();
                }
            } else if let Some(sub) = line.strip_prefix('/') {
                if let Some(row) = rows.last_mut() {
                    row.subresources.extend(subresource(sub));
                }
            } else {
                rows.extend(row(group, version, line));
            }
        }
        Registry { rows: rows.into_iter().map(Rc::new).collect() }
    }

    /// Every resource, in the server's order.
    pub fn all(&self) -> impl Iterator<Item = &Rc<Resource>> {
        self.rows.iter()
    }

    /// The resource of a kind.
    pub fn by_kind(&self, group: &str, version: &str, kind: &str) -> Option<&Rc<Resource>> {
        self.rows.iter().find(|row| row.kind == kind && row.group == group && row.version == version)
    }

    /// The resource of an object by its `apiVersion` and `kind`.
    pub fn by_api_version(&self, api_version: &str, kind: &str) -> Option<&Rc<Resource>> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let older = matches!((group, version, kind), ("autoscaling", "v1", "HorizontalPodAutoscaler"));
        self.by_kind(group, if older { "v2" } else { version }, kind)
    }

    /// The resource of a kind in any version.
    pub fn by_group_kind(&self, group: &str, kind: &str) -> Option<&Rc<Resource>> {
        self.rows.iter().find(|row| row.kind == kind && row.group == group)
    }

    /// The resource with this key of the store: `pods`, `deployments.apps`.
    pub fn by_key(&self, key: &str) -> Option<&Rc<Resource>> {
        let (plural, group) = key.split_once('.').unwrap_or((key, ""));
        self.rows.iter().find(|row| row.plural == plural && row.group == group)
    }

    /// The resource that kubectl's argument means: plural, singular or short name, perhaps with `.group` or
    /// `.version.group`; a group may stop short. Names win over short ones and are the same in capitals, which short ones
    /// are not. Models kubectl `restmapper` shortcut.go over apimachinery `DefaultRESTMapper`.
    pub fn resolve(&self, argument: &str) -> Option<&Rc<Resource>> {
        let (name, rest) = argument.split_once('.').unwrap_or((argument, ""));
        let (lower, group) = (name.to_ascii_lowercase(), rest.to_ascii_lowercase());
        let full = |row: &Resource| row.plural == lower || row.singular == lower;
        let short = |row: &Resource| row.short_names.iter().any(|short| short == name);
        let find = |fits: &dyn Fn(&Resource) -> bool| self.rows.iter().find(|row| fits(row));
        if rest.is_empty() {
            return find(&full).or_else(|| find(&short));
        }
        let versioned = rest.split_once('.').and_then(|(version, exact)| {
            let served = |row: &Resource| row.version == version || (version == "v1" && row.group == "autoscaling");
            find(&|row| full(row) && row.group == exact && served(row))
                .or_else(|| find(&|row| short(row) && row.group == exact))
                .or_else(|| find(&|row| short(row) && row.group.starts_with(exact) && served(row)))
        });
        versioned
            .or_else(|| find(&|row| full(row) && row.group == group))
            .or_else(|| find(&|row| full(row) && row.group.starts_with(&group)))
            .or_else(|| find(&|row| short(row) && row.group == rest))
            .or_else(|| find(&|row| short(row) && row.group.starts_with(rest)))
    }

    /// Every other resource that the same short name could mean: what kubectl warns of.
    pub fn also_named<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a Rc<Resource>> {
        let first = self.resolve(word).cloned();
        let short = first.as_ref().is_some_and(|row| row.short_names.iter().any(|name| name == word));
        self.rows.iter().filter(move |row| short && Some(*row) != first.as_ref() && row.named(word))
    }

    /// The resources of a category (`all`), in the order in which kubectl lists them.
    pub fn category<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Rc<Resource>> {
        self.rows.iter().filter(move |row| row.categories.iter().any(|category| category == name))
    }

    /// Adds (or replaces) the kinds that a CustomResourceDefinition serves.
    pub fn add_custom(&mut self, definition: &Value) {
        self.remove_custom(definition);
        let mut versions: Vec<&Value> =
            items_at(definition, "/spec/versions").iter().filter(|version| bool_at(version, "/served")).collect();
        versions.sort_by_key(|version| core::cmp::Reverse(version_rank(text_at(version, "/name"))));
        for version in versions {
            self.rows.push(Rc::new(custom::row(definition, version)));
        }
    }

    /// Takes the kinds of a CustomResourceDefinition away.
    pub fn remove_custom(&mut self, definition: &Value) {
        let group = text_at(definition, "/spec/group");
        let plural = text_at(definition, "/spec/names/plural");
        self.rows.retain(|row| row.custom.is_none() || row.group != group || row.plural != plural);
    }
}

/// Words separated by commas; a dash means none.
fn words(list: &'static str) -> Vec<Text> {
    list.split(',').filter(|word| *word != "-" && !word.is_empty()).map(Cow::Borrowed).collect()
}

fn row(group: &'static str, version: &'static str, line: &'static str) -> Option<Resource> {
    let mut parts = line.split(' ');
    Some(Resource {
        group: group.into(),
        version: version.into(),
        plural: parts.next()?.into(),
        singular: parts.next()?.into(),
        kind: parts.next()?.into(),
        namespaced: parts.next()? == "n",
        letters: parts.next()?.into(),
        short_names: words(parts.next()?),
        categories: words(parts.next()?),
        columns: Vec::new(),
        subresources: Vec::new(),
        custom: None,
    })
}

/// How much a version is preferred to others: `v2` to `v1`, and that to `v2beta1`. Models apimachinery `pkg/version`
/// CompareKubeAwareVersionStrings.
pub fn version_rank(version: &str) -> (u8, u32, u32) {
    let number = |text: &str| if text.starts_with('0') { None } else { text.parse::<u32>().ok() };
    let Some(rest) = version.strip_prefix('v') else { return (0, 0, 0) };
    let (class, split) = match (rest.split_once("beta"), rest.split_once("alpha")) {
        (Some(parts), _) => (2, Some(parts)),
        (_, Some(parts)) => (1, Some(parts)),
        _ => (3, None),
    };
    let (major, minor) = split.map_or((number(rest), Some(0)), |(major, minor)| (number(major), number(minor)));
    match (major, minor) {
        (Some(major), Some(minor)) => (class, major, minor),
        _ => (0, 0, 0),
    }
}

fn column(cell: &'static str) -> Column {
    let (name, marks) = cell.split_once('~').unwrap_or((cell, ""));
    let ty = match marks.chars().find(|mark| "ibd".contains(*mark)) {
        Some('i') => "integer",
        Some('b') => "boolean",
        Some('d') => "date",
        _ => "string",
    };
    let format = if marks.contains('n') { "name" } else { "" };
    let priority = i64::from(marks.contains('1'));
    Column { name: name.into(), ty: ty.into(), format: format.into(), priority, json_path: "".into() }
}

fn subresource(line: &'static str) -> Option<Subresource> {
    let mut parts = line.split(' ');
    let name = parts.next()?.into();
    Some(Subresource { name, kind: parts.next()?.into(), letters: parts.next()?.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_resolve_as_kubectl_resolves_them() {
        let registry = Registry::builtin();
        let key = |argument: &str| registry.resolve(argument).map(|row| row.key());
        for (argument, wanted) in [
            ("po", "pods"),
            ("Pod", "pods"),
            ("deployments.apps", "deployments.apps"),
            ("deployments.v1.apps", "deployments.apps"),
            ("deploy", "deployments.apps"),
            ("ev", "events"),
            ("events.events.k8s.io", "events.events.k8s.io"),
            ("ingresses.net", "ingresses.networking.k8s.io"),
            ("PODS", "pods"),
            ("deploy.x.apps", "deployments.apps"),
        ] {
            assert_eq!(key(argument).as_deref(), Some(wanted), "{argument}");
        }
        for unknown in ["deployments.nope", "deployments.x.apps", "deploy.x.app", "PO"] {
            assert_eq!(key(unknown), None, "{unknown}");
        }
        assert_eq!(registry.also_named("ev").map(|row| row.key()).collect::<Vec<_>>(), ["events.events.k8s.io"]);
        assert_eq!(registry.also_named("po").count(), 0);
        let all: Vec<_> = registry.category("all").map(|row| row.plural.to_string()).collect();
        assert_eq!(all.first().map(String::as_str), Some("pods"));
        assert!(registry.by_key("deployments.apps").is_some_and(|row| row.can("watch") && row.subresource("scale").is_some()));
    }

    #[test]
    fn custom_kinds_come_and_go() {
        let mut registry = Registry::builtin();
        let before = registry.all().count();
        let crd = json!({"spec": {"group": "stable.example.com", "scope": "Namespaced",
            "names": {"plural": "crontabs", "singular": "crontab", "kind": "CronTab", "shortNames": ["ct"]},
            "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
                "additionalPrinterColumns": [{"name": "Spec", "type": "string", "jsonPath": ".spec.cronSpec"}]}]}});
        registry.add_custom(&crd);
        let row = registry.resolve("ct").cloned().unwrap();
        assert_eq!((row.key().as_str(), row.columns.len(), row.has_status()), ("crontabs.stable.example.com", 2, true));
        registry.remove_custom(&crd);
        assert_eq!(registry.all().count(), before);
    }
}
