//! The objects that the manifests of `-f` and `-k` stand for, and how what is wrong with them is told: last, together,
//! that of one list as one. Models cli-runtime `pkg/resource` RetrieveLatest, EagerVisitorList and FlattenListVisitor.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Ask, Item, no_such_path, seen, type_of};
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::Object;
use crate::object::value::{remove, text_at};
use crate::text::json;

/// The objects; after them, if anything is wrong, all of it as one failure.
///
/// # Errors
/// As [`manifests::read`], and arguments beside the files.
pub(super) fn items(cx: &mut Cx<'_>, parsed: &Parsed, ask: &Ask) -> Result<Vec<Result<Item, Failure>>, Failure> {
    let manifests = manifests::read(cx, parsed, false)?;
    if !ask.args.is_empty() {
        let why = "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well";
        return Err(Failure::Client(why.to_string()));
    }
    let (mut items, mut wrong) = (Vec::new(), Vec::new());
    // What is wrong within one list is one of the failures.
    let (mut list, mut last) = (0, 0);
    for manifest in manifests {
        let listed = match &manifest {
            Ok(manifest) => manifest.list,
            Err(Failure::Many(_)) => list.max(1),
            Err(_) => 0,
        };
        list = listed;
        match manifest.and_then(|manifest| from_manifest(cx, parsed, ask, manifest)) {
            Ok(item) => items.push(Ok(item)),
            Err(failure) => {
                let mut failures = match failure {
                    Failure::Many(all) => all,
                    one => alloc::vec![one],
                };
                match wrong.last_mut() {
                    Some(Failure::Many(all)) if listed > 0 && listed == last => all.append(&mut failures),
                    _ if listed > 0 => wrong.push(Failure::Many(failures)),
                    _ => wrong.append(&mut failures),
                }
                last = listed;
            }
        }
    }
    if !wrong.is_empty() {
        items.push(Err(Failure::Many(wrong)));
    }
    Ok(items)
}

/// What a manifest stands for: itself, or what the server has in its place. Models cli-runtime RetrieveLatest, which
/// lets alone what has no name.
fn from_manifest(cx: &mut Cx<'_>, parsed: &Parsed, ask: &Ask, mut manifest: Manifest) -> Result<Item, Failure> {
    let unversioned = text_at(&manifest.body, "/apiVersion").is_empty();
    if unversioned && SCHEME.iter().any(|path| parsed.path.starts_with(path)) {
        if manifest.unplaced {
            remove(&mut manifest.body, "/metadata/namespace");
        }
        let raw = json::compact(&manifest.body);
        return Err(Failure::Client(format!("unable to decode {:?}: Object 'apiVersion' is missing in '{raw}'", manifest.source)));
    }
    if !ask.latest && manifest.unplaced && parsed.on("local") {
        remove(&mut manifest.body, "/metadata/namespace");
    }
    let row = manifest.row.clone();
    let object = match ask.latest && !manifest.name.is_empty() {
        // The path that is asked for has no version.
        true if unversioned => return Err(no_such_path().into()),
        true if row.namespaced && manifest.namespace.is_empty() => {
            let what = format!("{}/{}, Resource={}", row.group, row.version, row.plural);
            return Err(Failure::Client(format!("no namespace set on resource {what} {:?}", manifest.name)));
        }
        true => seen(cx, &row, &manifest.namespace, &manifest.name)?,
        false => Rc::new(Object::from_value(&type_of(&row), manifest.body)),
    };
    Ok(Item { row, object, source: manifest.source })
}

/// Commands that know the kinds of what files hold; the others take any.
const SCHEME: &[&str] = &["kubectl expose", "kubectl rollout", "kubectl set"];
