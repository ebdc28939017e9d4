//! `--prune --applyset=PARENT`: a Secret, ConfigMap or custom object that keeps what a set of applied objects is made of,
//! so that those that leave the files can be found and deleted. Models kubectl `pkg/cmd/apply` applyset.go and
//! applyset_pruner.go. Never: how one object is applied (`client`, `server`).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::prune::{self, Kind};
use super::{Visited, say_always};
use crate::api::{Answer, PatchType, Request, Status, Verb};
use crate::kubectl::change::{self, DryRun};
use crate::kubectl::manifests::Manifest;
use crate::kubectl::verbs::about::TOOLING;
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::value::{self, text_at};
use crate::text::{base64, quote::quote, sha256};

const ID: &str = "applyset.kubernetes.io/id";
const PART_OF: &str = "applyset.kubernetes.io/part-of";
const TOOL: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const OLD_KINDS: &str = "applyset.kubernetes.io/contains-group-resources";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const PARENT_TYPE: &str = "applyset.kubernetes.io/is-parent-type";
const CRDS: &str = "customresourcedefinitions.apiextensions.k8s.io";
const MANAGER: &str = "kubectl-applyset";

/// Whether kubectl knows of sets at all: `KUBECTL_APPLYSET=true`.
pub(super) fn enabled(cx: &Cx<'_>) -> bool {
    (cx.env)("KUBECTL_APPLYSET").is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// What a set is made of: its kinds by `Kind.group`, and the namespaces that they are in.
#[derive(Clone, Default)]
struct Members {
    kinds: BTreeMap<String, Kind>,
    namespaces: BTreeSet<String>,
}

/// A set while it is applied.
#[derive(Clone)]
pub(super) struct ApplySet {
    parent: Kind,
    namespace: String,
    name: String,
    id: String,
    before: Members,
    now: Members,
}

impl ApplySet {
    /// The set that `--applyset` names: `NAME` of a Secret, or `RESOURCE[.GROUP]/NAME`.
    ///
    /// # Errors
    /// A name that is empty, a type that is not there.
    pub(super) fn of(cx: &Cx<'_>, parsed: &Parsed) -> Result<ApplySet, Failure> {
        let given = parsed.text("applyset");
        let wrong = |why: String| Failure::Client(format!("invalid parent reference {}: {why}", quote(given)));
        let (ty, name) = given.split_once('/').unwrap_or(("secrets", given));
        if name.is_empty() {
            return Err(wrong("name cannot be blank".to_string()));
        }
        let parent = cx.api().registry.resolve(ty).cloned().ok_or_else(|| {
            let (plural, group) = ty.split_once('.').unwrap_or((ty, ""));
            wrong(format!("no matches for {group}/, Resource={plural}"))
        })?;
        let namespace = if parent.namespaced && cx.globals.namespace_given { cx.globals.namespace.clone() } else { String::new() };
        let told = [name, &namespace, &parent.kind, &parent.group].join(".");
        let id = format!("applyset-{}-v1", base64::encode_url(&sha256::digest(told.as_bytes())));
        Ok(ApplySet { parent, namespace, name: name.to_string(), id, before: Members::default(), now: Members::default() })
    }

    /// Whether such an object can keep a set.
    ///
    /// # Errors
    /// The namespace is not given, the type is no Secret, ConfigMap or custom one that says that it can.
    pub(super) fn check(&self, cx: &mut Cx<'_>) -> Result<(), Failure> {
        let mut wrong = Vec::new();
        if self.parent.namespaced && self.namespace.is_empty() {
            wrong.push(Failure::Client("namespace is required to use namespace-scoped ApplySet".to_string()));
        }
        let key = self.parent.key();
        if !self.is_usual() {
            let mut request = Request::new(Verb::List, CRDS, "", "");
            request.params.label_selector = PARENT_TYPE.to_string();
            let listed = cx.send(request)?;
            if !matches!(listed, Answer::List(objects, _) if objects.iter().any(|object| object.name() == key)) {
                let told = [&*self.parent.group, "/", &*self.parent.version, ", Resource=", &*self.parent.plural].concat();
                wrong.push(Failure::Client(format!("resource {} is not permitted as an ApplySet parent", quote(&told))));
            }
        }
        Failure::from_many(wrong).map_or(Ok(()), Err)
    }

    fn is_usual(&self) -> bool {
        matches!(self.parent.key().as_str(), "secrets" | "configmaps")
    }

    /// Puts the label of the set on an object.
    ///
    /// # Errors
    /// The object has such a label already.
    pub(super) fn label(&self, manifest: &mut Manifest) -> Result<(), Failure> {
        let labels = value::at(&manifest.body, "metadata/labels");
        if labels.and_then(|all| value::get(all, PART_OF)).is_some() {
            return Err(Failure::Client(format!("ApplySet label {} already set in input data", quote(PART_OF))));
        }
        if let Some(labels) = value::at_mut(&mut manifest.body, "metadata/labels") {
            if !labels.is_object() {
                *labels = json!({});
            }
            if let Some(labels) = labels.as_object_mut() {
                labels.insert(PART_OF.to_string(), Value::from(self.id.as_str()));
            }
        }
        Ok(())
    }

    /// Before the first object: reads what the set was made of, and has it keep what it will be made of as well.
    ///
    /// # Errors
    /// The object is there and is not a set of ours; the server's refusal.
    pub(super) fn begin<'a>(
        &mut self,
        cx: &mut Cx<'_>,
        parsed: &Parsed,
        dry_run: DryRun,
        all: impl Iterator<Item = &'a Manifest>,
    ) -> Result<(), Failure> {
        self.fetch(cx)?;
        for manifest in all {
            self.now.kinds.insert(manifest.row.group_kind(), manifest.row.clone());
            if manifest.row.namespaced && !manifest.namespace.is_empty() {
                self.now.namespaces.insert(manifest.namespace.clone());
            }
        }
        let mut both = self.before.clone();
        both.kinds.extend(self.now.kinds.iter().map(|(name, row)| (name.clone(), row.clone())));
        both.namespaces.extend(self.now.namespaces.iter().cloned());
        self.update(cx, parsed, dry_run, &both)
    }

    /// After the last object: deletes what the set was made of and is not any more.
    ///
    /// # Errors
    /// The server's refusal; the set then keeps what it was made of.
    pub(super) fn prune(&self, cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, visited: &Visited) -> Result<(), Failure> {
        for (row, object) in self.victims(cx, visited)? {
            let (namespace, name) = (text_at(&object, "metadata/namespace"), text_at(&object, "metadata/name"));
            if dry_run != DryRun::Client {
                let slash = if namespace.is_empty() { "" } else { "/" };
                let told = [&row.group_kind(), " ", namespace, slash, name].concat();
                let request = prune::deletion(parsed, dry_run, &row, &object);
                cx.send(request).map_err(|status| Failure::Client(format!("pruning {told}: {}", status.message)))?;
            }
            say_always(cx, parsed, dry_run, &object, "pruned")?;
        }
        self.update(cx, parsed, dry_run, &self.now).map_err(|failure| match failure {
            Failure::Client(why) => Failure::Client(format!("apply and prune succeeded, but ApplySet update failed: {why}")),
            other => other,
        })
    }

    fn victims(&self, cx: &mut Cx<'_>, visited: &Visited) -> Result<Vec<(Kind, Value)>, Failure> {
        let mut victims = Vec::new();
        let nowhere = BTreeSet::from([String::new()]);
        for row in self.before.kinds.values() {
            for namespace in if row.namespaced { &self.before.namespaces } else { &nowhere } {
                let mut request = Request::new(Verb::List, &row.key(), namespace, "");
                request.params.label_selector = [PART_OF, "=", &self.id].concat();
                let listed = cx.send(request).map_err(|status| {
                    let api_version = [&*row.group, "/", &*row.version].concat();
                    Failure::Client(format!("listing {api_version}, Kind={} objects for pruning: {}", row.kind, status.message))
                })?;
                if let Answer::List(objects, _) = listed {
                    let values = objects.iter().map(|object| object.to_value());
                    let gone = values.filter(|object| !visited.uids.contains(text_at(object, "metadata/uid")));
                    victims.extend(gone.map(|object| (row.clone(), object)));
                }
            }
        }
        Ok(victims)
    }

    /// The parent as messages name it: `secrets./web`.
    fn told(&self) -> String {
        quote(&[&self.parent.plural, ".", &self.parent.group, "/", self.name.as_str()].concat())
    }

    fn fetch(&mut self, cx: &mut Cx<'_>) -> Result<(), Failure> {
        let told = self.told();
        let fail = |why: String| Err(Failure::Client(why));
        let parent = match change::send_for_value(cx, Request::new(Verb::Get, &self.parent.key(), &self.namespace, &self.name)) {
            Ok(parent) => parent,
            Err(status) if status.is_not_found() && self.is_usual() => return Ok(()),
            Err(status) if status.is_not_found() => {
                return fail("custom resource ApplySet parents cannot be created automatically".to_string());
            }
            Err(status) => return fail(format!("failed to fetch ApplySet parent object {told}: {}", status.message)),
        };
        let read = |of: &str, key: &str| value::at(&parent, of).and_then(|all| value::get(all, key)).and_then(Value::as_str);
        let annotation = |key: &str| read("metadata/annotations", key);
        let Some(tool) = annotation(TOOL) else {
            return fail(format!("ApplySet parent object {told} already exists and is missing required annotation {}", quote(TOOL)));
        };
        let tool = tool.rsplit_once('/').map_or(tool, |(name, _)| name);
        if tool != "kubectl" {
            let tool = quote(tool);
            return fail(format!("ApplySet parent object {told} already exists and is managed by tooling {tool} instead of \"kubectl\""));
        }
        match read("metadata/labels", ID) {
            None => return fail(format!("ApplySet parent object {told} exists and does not have required label {ID}")),
            Some(id) if id != self.id => {
                let (key, want) = (quote(ID), &self.id);
                return fail(format!(
                    "ApplySet parent object {told} exists and has incorrect value for label {key} (got: {id}, want: {want})"
                ));
            }
            Some(_) => {}
        }
        match kinds(cx, annotation(KINDS), annotation(OLD_KINDS)) {
            Ok(kinds) => self.before.kinds = kinds,
            Err(why) => return fail(format!("parsing ApplySet annotation on {told}: {why}")),
        }
        let namespaces = annotation(NAMESPACES).unwrap_or_default().split(',').filter(|name| !name.is_empty());
        self.before.namespaces = namespaces.map(ToString::to_string).collect();
        if self.parent.namespaced {
            self.before.namespaces.insert(self.namespace.clone());
        }
        Ok(())
    }

    /// Has the parent keep what the set is made of, by server-side apply; what others own there is taken over.
    fn update(&self, cx: &mut Cx<'_>, parsed: &Parsed, dry_run: DryRun, members: &Members) -> Result<(), Failure> {
        if dry_run == DryRun::Client {
            return Ok(());
        }
        let kinds: Vec<&str> = members.kinds.keys().map(String::as_str).collect();
        let others = members.namespaces.iter().filter(|name| **name != self.namespace);
        let namespaces: Vec<&str> = others.map(String::as_str).collect();
        let mut body = json!({
            "apiVersion": self.parent.api_version(), "kind": &*self.parent.kind,
            "metadata": {
                "name": self.name,
                "annotations": {TOOL: TOOLING, KINDS: kinds.join(","), NAMESPACES: namespaces.join(",")},
                "labels": {ID: self.id}
            }
        });
        if !self.namespace.is_empty() {
            value::set(&mut body, "metadata/namespace", self.namespace.as_str());
        }
        let key = self.parent.key();
        let mut request = Request::new(Verb::Patch(PatchType::Apply), &key, &self.namespace, &self.name).with_body(body);
        request.params = change::params(cx, parsed, dry_run, MANAGER)?;
        request.params.field_manager = MANAGER.to_string();
        let mut sent = change::send_for_value(cx, request.clone());
        if let Err(status) = &sent
            && status.is_conflict()
        {
            let text = format!(
                "WARNING: failed to update ApplySet: {}\nApplySet field manager {MANAGER} should own these fields. Retrying with conflicts forced.",
                status.message
            );
            change::log(cx, 'W', "applyset.go:447", &text);
            request.params.force = true;
            sent = change::send_for_value(cx, request);
        }
        let failed = |status: Status| Failure::Client(format!("failed to update ApplySet: {}", status.message));
        sent.map(|_| ()).map_err(failed)
    }
}

/// The kinds that a parent names, in the newer way or in the older one.
fn kinds(cx: &Cx<'_>, newer: Option<&str>, older: Option<&str>) -> Result<BTreeMap<String, Kind>, String> {
    let registry = &cx.api().registry;
    let older = older.filter(|text| !text.is_empty());
    let Some(text) = newer.or(older) else {
        return Err(format!("kubectl requires the {} annotation to be set on all ApplySet parent objects", quote(KINDS)));
    };
    let mut kinds = BTreeMap::new();
    for word in text.split(',').filter(|_| !text.is_empty()) {
        let (name, group) = word.split_once('.').unwrap_or((word, ""));
        let row: Option<&Rc<_>> = match newer {
            Some(_) => registry.by_group_kind(group, name),
            None => registry.resolve(word),
        };
        let row = row.ok_or_else(|| match newer {
            Some(_) => {
                format!(
                    "could not find mapping for kind in {} annotation: no matches for kind \"{name}\" in group \"{group}\"",
                    quote(KINDS)
                )
            }
            None => format!("invalid group resource in {} annotation: no matches for {group}/, Resource={name}", quote(OLD_KINDS)),
        })?;
        kinds.insert(row.group_kind(), row.clone());
    }
    Ok(kinds)
}
