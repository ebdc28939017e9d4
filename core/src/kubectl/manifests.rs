//! Manifests: `-f` files, folders and standard input (and `-k` folders) as a row of objects with the resource each
//! one means. Reads and decodes only; what is done with an object is the verb's affair. Models cli-runtime
//! `pkg/resource` FilenameOptions, StreamVisitor and the decorators for namespaces.

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
use crate::object::value::{set, str_at, text_at};
use crate::text::fs;
use crate::text::yaml::Documents;

/// What a file's name ends with for a folder to offer it.
const EXTENSIONS: [&str; 3] = [".json", ".yaml", ".yml"];

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
    /// Its name; empty when it has none (`generateName`).
    pub name: String,
    /// The object; `metadata.namespace` is filled in.
    pub body: Value,
}

/// Whether the command line names manifests.
pub fn given(parsed: &Parsed) -> bool {
    !parsed.all("filename").is_empty() || !parsed.text("kustomize").is_empty()
}

/// Reads every object that `-f` or `-k` names, in order. Each is a manifest or what is wrong with it; after an error
/// the rest of that file is left out, as in kubectl. `validate` asks for kind and apiVersion as `create`, `apply` and
/// `replace` do before anything else.
///
/// # Errors
/// A path that is not there; [`Failure::NeedStdin`] while standard input has not ended.
pub fn read(cx: &mut Cx<'_>, parsed: &Parsed, validate: bool) -> Result<Vec<Result<Manifest, Failure>>, Failure> {
    let mut all = Vec::new();
    let folder = parsed.text("kustomize");
    if !folder.is_empty() {
        if !parsed.all("filename").is_empty() {
            return Err(Failure::Client("only one of -f or -k can be specified".to_string()));
        }
        for body in kustomize::build(cx, folder)? {
            take(cx, folder, body, validate, &mut all);
        }
        return Ok(all);
    }
    for (source, text) in texts(cx, parsed)? {
        let text = match text {
            Ok(text) => text,
            Err(failure) => {
                all.push(Err(failure));
                continue;
            }
        };
        for document in Documents::new(&text) {
            let went_well = match document {
                Ok(body) => take(cx, &source, body, validate, &mut all),
                Err(error) => {
                    all.push(Err(Failure::Client(format!("error parsing {source}: {error}"))));
                    false
                }
            };
            if !went_well {
                break;
            }
        }
    }
    Ok(all)
}

/// A file by the name that messages give it, and its text or why it cannot be read.
type Source = (String, Result<String, Failure>);

/// The contents of every source, by the name that messages give it.
fn texts(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Vec<Source>, Failure> {
    let recursive = parsed.on("recursive");
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    for path in parsed.all("filename") {
        if path == "-" {
            let text = cx.stdin.clone().ok_or(Failure::NeedStdin)?;
            all.push(("STDIN".to_string(), Ok(text)));
        } else if path.starts_with("http://") || path.starts_with("https://") {
            let host = path.split('/').nth(2).unwrap_or_default();
            let why = format!("Get \"{path}\": dial tcp: lookup {host}: no such host");
            all.push((path.clone(), Err(Failure::Client(format!("unable to read URL {path:?}: {why}")))));
        } else {
            match files_at(cx, path, recursive) {
                Ok(files) => all.extend(files.into_iter().map(|file| {
                    let text = read_file(cx, &file);
                    (file, text)
                })),
                Err(failure) => wrong.push(failure),
            }
        }
    }
    match Failure::from_many(wrong) {
        Some(failure) => Err(failure),
        None => Ok(all),
    }
}

/// The text of one file.
fn read_file(cx: &Cx<'_>, path: &str) -> Result<String, Failure> {
    let text = cx.files.read(&fs::resolve(cx.cwd, path));
    text.map(|text| (*text).clone()).map_err(|error| Failure::Client(format!("open {path}: {}", error.text().to_lowercase())))
}

/// The file at `path`, or the manifests in the folder there.
fn files_at(cx: &Cx<'_>, path: &str, recursive: bool) -> Result<Vec<String>, Failure> {
    let place = fs::resolve(cx.cwd, path);
    if !cx.files.exists(&place) {
        return Err(Failure::Client(format!("the path \"{path}\" does not exist")));
    }
    if !cx.files.is_dir(&place) {
        return Ok(alloc::vec![path.to_string()]);
    }
    let mut files = Vec::new();
    walk(cx, path, recursive, 0, &mut files);
    match files.is_empty() {
        true => Err(Failure::Client(format!("error reading [{path}]: recognized file extensions are [.json .yaml .yml]"))),
        false => Ok(files),
    }
}

fn walk(cx: &Cx<'_>, folder: &str, recursive: bool, depth: usize, files: &mut Vec<String>) {
    let Ok(entries) = cx.files.list(&fs::resolve(cx.cwd, folder)) else {
        return;
    };
    let prefix = folder.trim_end_matches('/').trim_start_matches("./");
    for (name, _) in entries {
        let path = match prefix {
            "" | "." => name.to_string(),
            prefix => [prefix, "/", &*name].concat(),
        };
        if cx.files.is_dir(&fs::resolve(cx.cwd, &path)) {
            if recursive && depth < 32 {
                walk(cx, &path, recursive, depth + 1, files);
            }
        } else if EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
            files.push(path);
        }
    }
}

/// Takes one document, a list as its items; whether the file goes on after it.
fn take(cx: &Cx<'_>, source: &str, body: Value, validate: bool, all: &mut Vec<Result<Manifest, Failure>>) -> bool {
    let wrong = if validate { lacks_kind(source, &body) } else { None };
    if let Some(failure) = wrong {
        all.push(Err(failure));
        return false;
    }
    if text_at(&body, "/kind").ends_with("List") && body.get("items").is_some_and(Value::is_array) {
        let Value::Object(mut list) = body else {
            return true;
        };
        if let Some(Value::Array(items)) = list.remove("items") {
            for item in items {
                let one = manifest(cx, source, item);
                let fine = one.is_ok();
                all.push(one);
                if !fine {
                    return false;
                }
            }
        }
        return true;
    }
    let one = manifest(cx, source, body);
    let fine = one.is_ok();
    all.push(one);
    fine
}

/// What client-side validation says of a document that does not tell its kind. Models apimachinery `getObjectKind`.
fn lacks_kind(source: &str, body: &Value) -> Option<Failure> {
    let mut wrong: Vec<String> = Vec::new();
    if let Value::Object(map) = body {
        for field in ["apiVersion", "kind"] {
            match map.get(field) {
                None | Some(Value::Null) => wrong.push(format!("{field} not set")),
                Some(Value::String(_)) => {}
                Some(_) => wrong.push(format!("{field} isn't string type")),
            }
        }
    } else {
        wrong.push("invalid object to validate".to_string());
    }
    let text = match wrong.as_slice() {
        [] => return None,
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Some(Failure::Client(format!(
        "error validating \"{source}\": error validating data: {text}; if you choose to ignore these errors, turn validation off with --validate=false"
    )))
}

/// The manifest of one object: its resource and its namespace.
fn manifest(cx: &Cx<'_>, source: &str, mut body: Value) -> Result<Manifest, Failure> {
    let raw = || crate::text::json::compact(&body);
    if !body.is_object() {
        let why = "couldn't get version/kind; json parse error: json: cannot unmarshal";
        let what = if body.is_array() { "array" } else { "string" };
        return Err(Failure::Client(format!(
            "unable to decode \"{source}\": {why} {what} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}"
        )));
    }
    let (version, kind) = (text_at(&body, "/apiVersion").to_string(), text_at(&body, "/kind").to_string());
    if kind.is_empty() {
        return Err(Failure::Client(format!("unable to decode \"{source}\": Object 'Kind' is missing in '{}'", raw())));
    }
    let name = text_at(&body, "/metadata/name").to_string();
    let own = str_at(&body, "/metadata/namespace").unwrap_or_default().to_string();
    let Some(row) = cx.api().registry.by_api_version(&version, &kind).cloned() else {
        return Err(Failure::Client(format!(
            "resource mapping not found for name: \"{name}\" namespace: \"{own}\" from \"{source}\": no matches for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first"
        )));
    };
    let mut namespace = String::new();
    if row.namespaced {
        if cx.globals.namespace_given && !own.is_empty() && own != cx.globals.namespace {
            return Err(Failure::Client(format!(
                "the namespace from the provided object \"{own}\" does not match the namespace \"{}\". You must pass '--namespace={own}' to perform this operation.",
                cx.globals.namespace
            )));
        }
        namespace = if own.is_empty() { cx.globals.namespace.clone() } else { own };
        set(&mut body, "/metadata/namespace", namespace.as_str());
    }
    Ok(Manifest { source: source.to_string(), row, namespace, name, body })
}
