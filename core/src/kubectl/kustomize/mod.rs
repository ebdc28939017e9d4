//! `-k` and `kubectl kustomize`: the objects that a kustomization makes. Here is the order of things; what each part
//! of a kustomization does is told in the files below. Models kustomize `api/krusty` and `api/internal/target`.

mod file;
mod gather;
mod generate;
pub mod hash;
mod labels;
mod order;
mod patches;
mod refs;
mod replace;
mod resource;
mod transform;
mod types;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::cx::Cx;
use super::failure::Failure;
use crate::object::value::text_at;
use crate::text::{fs, json};

/// The objects of the kustomization in `folder`, in the order in which they are applied.
///
/// # Errors
/// What is wrong with the folder or its kustomization.
pub fn build(cx: &mut Cx<'_>, folder: &str) -> Result<Vec<Value>, Failure> {
    let mut notices = Vec::new();
    let built = built(cx, folder, &mut notices);
    notices.iter().for_each(|text| cx.err(text));
    built.map_err(Failure::Client)
}

/// Kustomize rewrites all annotations, as text.
fn with_text_annotations(mut body: Value) -> Value {
    let annotations = body.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut);
    for value in annotations.into_iter().flat_map(|map| map.values_mut()).filter(|value| !value.is_string()) {
        *value = Value::String(json::compact(value));
    }
    body
}

fn built(cx: &Cx<'_>, folder: &str, notices: &mut Vec<String>) -> Result<Vec<Value>, String> {
    if folder.starts_with("http://") || folder.starts_with("https://") || folder.starts_with("git@") {
        let host = folder.split('/').nth(2).unwrap_or(folder);
        return Err(["failed to run '/usr/bin/git fetch --depth=1 ", folder, " HEAD': could not resolve host: ", host].concat());
    }
    let root = gather::folder(cx, folder, &fs::resolve(cx.cwd, folder))?;
    let file = file::read(cx, &root, notices)?;
    file::refuse_empty(&file)?;
    let mut gathering = gather::Gathering { cx, notices, roots: Vec::new(), folders: 0 };
    let mut all = Vec::new();
    gathering.accumulate(&root, &file, &mut all)?;
    for one in all.iter_mut().filter(|one| one.hashed) {
        let before = one.name().to_string();
        hash::append(&mut one.body);
        one.names.push(before);
    }
    refs::fix(&mut all);
    if !matches!(text_at(&file, "sortOptions/order"), "" | "fifo" | "legacy") {
        return Err("the field 'sortOptions.order' must be one of [fifo, legacy]".to_string());
    }
    order::sort(&mut all, &file);
    Ok(all.into_iter().map(|one| with_text_annotations(one.body)).collect())
}
