//! Manifests: `-f` files, folders and standard input (and `-k` folders) as a row of objects with the resource each
//! one means. Reads and decodes only; what is done with an object is the verb's affair. Models cli-runtime
//! `pkg/resource` Builder, StreamVisitor, FlattenListVisitor and the decorators for namespaces.

mod paths;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::command::{Flag, FlagKind};
use super::cx::Cx;
use super::failure::Failure;
use super::flags::Parsed;
use super::kustomize;
use crate::api::registry::Resource;
use crate::object::decode::{self, Dialect};
use crate::object::schema::Def;
use crate::object::selector;
use crate::object::value::{at, remove, set, str_at, text_at};
use crate::text::json;
use crate::text::yaml::Documents;

/// `-f`, `-k` and `-R`, for verbs that take manifests.
pub const FLAGS: &[Flag] = &[
    Flag::text("filename", "Files, folders or - for standard input that hold the objects.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::text("kustomize", "A folder with a kustomization.").short('k'),
    Flag::switch("recursive", "Take the folders of -f with everything below them.").short('R'),
];

/// One object of a manifest.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Where it came from, as messages name it: `pod.yaml`, `app/web.yaml`, `STDIN`.
    pub source: String,
    /// The resource that its kind means.
    pub row: Rc<Resource>,
    /// The namespace it goes to; empty for cluster-scoped ones.
    pub namespace: String,
    /// Whether the file itself names no namespace.
    pub unplaced: bool,
    /// The list it stands in, by a number of its own; 0 for a document that is no list.
    pub list: usize,
    /// Its name; empty when it has none (`generateName`).
    pub name: String,
    /// The object; `metadata.namespace` is filled in.
    pub body: Value,
}

impl Manifest {
    /// What it is, as messages with several lines tell it. Models cli-runtime Info.String.
    pub fn told(&self) -> String {
        let Resource { group, version, plural, kind, .. } = &*self.row;
        let (name, namespace) = (&self.name, &self.namespace);
        let slash = [group.as_ref(), "/", version.as_ref()].concat();
        format!(
            "Resource: \"{slash}, Resource={plural}\", GroupVersionKind: \"{slash}, Kind={kind}\"\nName: \"{name}\", Namespace: \"{namespace}\""
        )
    }

    /// Its kind and name as warnings give them: `deployments/web`.
    pub fn object_name(&self) -> String {
        [self.row.plural.as_ref(), "/", &self.name].concat()
    }
}

/// What reading gives: manifests, and what is wrong with some: a [`Failure::Many`] with an item of a list.
pub type Manifests = Vec<Result<Manifest, Failure>>;

/// Whether the command line names manifests.
pub fn given(parsed: &Parsed) -> bool {
    !parsed.all("filename").is_empty() || !parsed.text("kustomize").is_empty()
}

/// What is said where manifests must be named and are not.
pub fn required(parsed: &Parsed) -> Result<(), Failure> {
    if given(parsed) { Ok(()) } else { Err(Failure::Client("must specify one of -f and -k".to_string())) }
}

/// Reads every object that `-f` or `-k` names, in order. Each is a manifest or what is wrong with it; text that is no
/// YAML, or fails validation, ends its file. `validate` asks for kind and apiVersion as `create`, `apply` and
/// `replace` do before anything else. `-l` picks some of them.
///
/// # Errors
/// A path that is not there; [`Failure::NeedStdin`] while standard input has not ended.
pub fn read(cx: &mut Cx<'_>, parsed: &Parsed, validate: bool) -> Result<Manifests, Failure> {
    let folder = parsed.text("kustomize");
    let mut wrong = Vec::new();
    if !folder.is_empty() && !parsed.all("filename").is_empty() {
        wrong.push(Failure::Client("only one of -f or -k can be specified".to_string()));
    }
    if !folder.is_empty() && parsed.on("recursive") {
        wrong.push(Failure::Client("the -k flag can't be used with -f or -R".to_string()));
    }
    if let Some(failure) = Failure::from_many(wrong) {
        return Err(failure);
    }
    let mut all = Vec::new();
    if !folder.is_empty() {
        match kustomize::build(cx, folder) {
            Err(failure) => all.push(Err(failure)),
            Ok(objects) => {
                for body in objects {
                    take(cx, folder, body, validate, &mut all);
                }
            }
        }
    }
    for (source, text) in paths::texts(cx, parsed)? {
        match text {
            Ok(text) => stream(cx, &source, &text, validate, &mut all),
            Err(failure) => all.push(Err(failure)),
        }
    }
    let selector = parsed.text("selector");
    let mut all: Manifests = all.into_iter().map(|one| one.and_then(|one| placed(cx, parsed, one))).collect();
    if !selector.is_empty() {
        let wanted =
            selector::parse(selector).map_err(|why| Failure::Client(format!("the provided selector {selector:?} is not valid: {why}")))?;
        let labels = |one: &Manifest| at(&one.body, "/metadata/labels").cloned().unwrap_or(Value::Null);
        all.retain(|one| one.as_ref().map_or(true, |one| wanted.matches(&labels(one))));
    }
    Ok(all)
}

/// The objects of a text, with whatever namespace they name themselves.
pub fn of_text(cx: &Cx<'_>, source: &str, text: &str) -> Manifests {
    let mut all = Vec::new();
    stream(cx, source, text, false, &mut all);
    all
}

fn stream(cx: &Cx<'_>, source: &str, text: &str, validate: bool, all: &mut Manifests) {
    for document in Documents::new(text) {
        let goes_on = match document {
            Ok(body) => take(cx, source, body, validate, all),
            Err(error) => {
                all.push(Err(Failure::Client(format!("error parsing {source}: {error}"))));
                false
            }
        };
        if !goes_on {
            break;
        }
    }
}

/// Takes one document, a list as its items; whether the file goes on after it.
fn take(cx: &Cx<'_>, source: &str, body: Value, validate: bool, all: &mut Manifests) -> bool {
    if let Some(text) = kind_errors(&body).filter(|_| validate) {
        all.push(Err(Failure::Client(format!(
            "error validating {source:?}: error validating data: {text}; if you choose to ignore these errors, turn validation off with --validate=false"
        ))));
        return false;
    }
    let (mut body, items) = match body {
        Value::Object(mut map) => match map.remove("items") {
            Some(Value::Array(items)) => (Value::Object(map), Some(items)),
            Some(other) => {
                map.insert("items".to_string(), other);
                (Value::Object(map), None)
            }
            None => (Value::Object(map), None),
        },
        other => (other, None),
    };
    let Some(items) = items else {
        all.push(manifest(cx, source, body, false));
        return true;
    };
    if text_at(&body, "/kind").is_empty() {
        set(&mut body, "/items", Value::Array(items));
        all.push(manifest(cx, source, body, false));
        return true;
    }
    let kind = text_at(&body, "/kind");
    let (kind, version) = (kind.strip_suffix("List").unwrap_or(kind), text_at(&body, "/apiVersion"));
    let list = all.len() + 1;
    for mut item in items {
        let lacks = text_at(&item, "/kind").is_empty() || text_at(&item, "/apiVersion").is_empty();
        if lacks && item.is_object() && !kind.is_empty() {
            set(&mut item, "/kind", kind);
            set(&mut item, "/apiVersion", version);
        }
        let read = manifest(cx, source, item, true);
        all.push(read.map(|one| Manifest { list, ..one }).map_err(|failure| Failure::Many(alloc::vec![failure])));
    }
    true
}

/// What client-side validation says of a document that does not tell its kind. Models apimachinery `getObjectKind`.
pub fn kind_errors(body: &Value) -> Option<String> {
    let mut wrong: Vec<String> = Vec::new();
    if let Value::Object(map) = body {
        for field in ["apiVersion", "kind"] {
            match map.get(field) {
                None | Some(Value::Null) => wrong.push([field, " not set"].concat()),
                Some(Value::String(_)) => {}
                Some(_) => wrong.push([field, " isn't string type"].concat()),
            }
        }
    } else {
        wrong.push("invalid object to validate".to_string());
    }
    match wrong.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(format!("[{}]", many.join(", "))),
    }
}

/// The manifest of one object: its resource, and the namespace that it names itself.
fn manifest(cx: &Cx<'_>, source: &str, body: Value, in_list: bool) -> Result<Manifest, Failure> {
    let what = match &body {
        Value::Object(_) => None,
        Value::Array(_) => Some("array"),
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("bool"),
        _ => Some("number"),
    };
    if let Some(what) = what {
        return Err(Failure::Client(format!(
            "unable to decode {source:?}: json: cannot unmarshal {what} into Go value of type unstructured.detector"
        )));
    }
    let (version, kind) = (text_at(&body, "/apiVersion").to_string(), text_at(&body, "/kind").to_string());
    if kind.is_empty() {
        let raw = json::compact(&body);
        return Err(Failure::Client(format!("unable to decode {source:?}: Object 'Kind' is missing in '{raw}'")));
    }
    if let Some(text) = bad_metadata(&body).filter(|_| !in_list) {
        return Err(Failure::Client(format!("unable to decode {source:?}: {text}")));
    }
    let name = text_at(&body, "/metadata/name").to_string();
    let namespace = str_at(&body, "/metadata/namespace").unwrap_or_default().to_string();
    let registry = &cx.api().registry;
    // Without a version the group's own one is meant.
    let unversioned = || registry.by_group_kind("", &kind).filter(|_| version.is_empty());
    let Some(row) = registry.by_api_version(&version, &kind).or_else(unversioned).cloned() else {
        let why = format!("no matches for kind \"{kind}\" in version \"{version}\"");
        return Err(Failure::Client(match in_list {
            true => ["unable to recognize ", &why].concat(),
            false => format!(
                "resource mapping not found for name: \"{name}\" namespace: \"{namespace}\" from {source:?}: {why}\nensure CRDs are installed first"
            ),
        }));
    };
    let unplaced = namespace.is_empty();
    Ok(Manifest { source: source.to_string(), row, namespace, unplaced, list: 0, name, body })
}

/// What is wrong with the types of an object's metadata. Models cli-runtime `pkg/resource` metadata_decoder.go.
fn bad_metadata(body: &Value) -> Option<String> {
    let only = serde_json::json!({"metadata": body.get("metadata")?});
    let def = Def::of("", "v1", "ConfigMap")?;
    let text = decode::typed(def, &only, Dialect::Json).err()?;
    Some(text.replace("field ConfigMap.metadata", "field metadataOnlyObject.metadata"))
}

/// Puts a manifest into the namespace kubectl works in, if it names none. Models cli-runtime SetNamespace,
/// RequireNamespace and FilterNamespace: with `-A` that namespace is none, and what names one fits only where none was given.
fn placed(cx: &Cx<'_>, parsed: &Parsed, mut one: Manifest) -> Result<Manifest, Failure> {
    if !one.row.namespaced {
        one.namespace.clear();
        remove(&mut one.body, "/metadata/namespace");
        return Ok(one);
    }
    let wanted = if parsed.on("all-namespaces") { "" } else { cx.globals.namespace.as_str() };
    if one.namespace.is_empty() && !wanted.is_empty() {
        one.namespace = wanted.to_string();
        set(&mut one.body, "/metadata/namespace", one.namespace.as_str());
    } else if enforced(cx, parsed) && one.namespace != wanted {
        return Err(other_namespace(&one.namespace, wanted));
    }
    Ok(one)
}

/// Whether objects have to stand in the namespace that was given; where `-A` was given too, in none, but for commands that
/// only look. Models the EnforceNamespace of each command.
pub fn enforced(cx: &Cx<'_>, parsed: &Parsed) -> bool {
    let looks = matches!(parsed.path.as_str(), "kubectl get" | "kubectl describe");
    cx.globals.namespace_given && !(looks && parsed.on("all-namespaces"))
}

/// The refusal of an object that names another namespace than the one asked for.
pub fn other_namespace(own: &str, wanted: &str) -> Failure {
    Failure::Client(format!(
        "the namespace from the provided object \"{own}\" does not match the namespace \"{wanted}\". You must pass '--namespace={own}' to perform this operation."
    ))
}
