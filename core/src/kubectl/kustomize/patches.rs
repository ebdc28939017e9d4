//! `patches`, `patchesStrategicMerge` and `patchesJson6902`: what they are, which objects they are for, and applying
//! them. Models kustomize `api/internal/builtins` PatchTransformer.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::gather::Gathering;
use super::resource::{Res, group_version, id};
use crate::object::patch::{local, operations};
use crate::object::selector;
use crate::object::value::{at, bool_at, items_at, set, text_at};
use crate::text::quote::quote;
use crate::text::yaml::{self, Documents};

/// A patch that has been read.
enum Patch {
    /// Objects whose fields are merged in.
    Merge(Vec<Value>),
    /// A list of operations.
    Operations(Value),
}

/// `patchesStrategicMerge`: files or texts, each for the object that it names.
pub(super) fn strategic_merge(gathering: &Gathering<'_, '_>, root: &str, file: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    let config = json!({"paths": items_at(file, "patchesStrategicMerge")});
    for source in super::file::texts(file, "patchesStrategicMerge") {
        let text = match gathering.load(root, source) {
            Ok(text) => text,
            Err(why) if !source.contains('\n') => return configured("PatchStrategicMergeTransformer", &config, Err(why)),
            Err(_) => source.to_string(),
        };
        let patches = match read(&text, source) {
            Ok(Patch::Merge(patches)) => Ok(patches),
            _ => Err("missing Resource metadata".to_string()),
        };
        merge_by_id(all, &configured("PatchStrategicMergeTransformer", &config, patches)?, file)?;
    }
    Ok(())
}

/// What came of reading what a transformer is told; why it failed is told with all of that.
pub(super) fn configured<T>(name: &str, config: &Value, read: Result<T, String>) -> Result<T, String> {
    read.map_err(|why| ["trouble configuring builtin ", name, " with config: `\n", &yaml::print(&said(config)), "`: ", &why].concat())
}

/// What a transformer is told, without what is empty.
fn said(config: &Value) -> Value {
    let members = config.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// `patchesJson6902`: operations for the object that `target` names.
pub(super) fn json6902(gathering: &Gathering<'_, '_>, root: &str, file: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    for entry in items_at(file, "patchesJson6902") {
        let (text, path) = (text_at(entry, "patch"), text_at(entry, "path"));
        let config = json!({"path": path, "jsonOp": text, "target": entry.get("target")});
        let text = if path.is_empty() { Ok(text.to_string()) } else { gathering.load(root, path) };
        let patch = text.and_then(|text| decoded(&text));
        apply(configured("PatchJson6902Transformer", &config, patch)?, "", entry, all)?;
    }
    Ok(())
}

/// Operations as they stand, or in YAML.
fn decoded(text: &str) -> Result<Patch, String> {
    let read = yaml::parse(text).map_err(|why| why.to_string())?;
    let wrong = match &read {
        Value::Array(_) => operations::malformed(&read),
        other => Some(format!("json: cannot unmarshal {} into Go value of type jsonpatch.Patch", super::types::go_word(other))),
    };
    let shown = if text.starts_with('[') { text.to_string() } else { crate::text::json::compact(&read) };
    wrong.map_or(Ok(Patch::Operations(read)), |why| Err(format!("decoding {shown}: {why}")))
}

/// `patches`
pub(super) fn run(gathering: &Gathering<'_, '_>, root: &str, file: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    for entry in items_at(file, "patches") {
        one(gathering, root, entry, all)?;
    }
    Ok(())
}

fn one(gathering: &Gathering<'_, '_>, root: &str, entry: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    let (patch, source) = configured("PatchTransformer", entry, prepared(gathering, root, entry))?;
    apply(patch, &source, entry, all)
}

/// A patch, and where it came from.
fn prepared(gathering: &Gathering<'_, '_>, root: &str, entry: &Value) -> Result<(Patch, String), String> {
    let (text, path) = (text_at(entry, "patch").trim(), text_at(entry, "path"));
    let (text, source) = match (text.is_empty(), path.is_empty()) {
        (true, true) => return Err(format!("must specify one of patch and path in\n{}", yaml::print(&said(entry)))),
        (false, false) => return Err(format!("patch and path can't be set at the same time\n{}", yaml::print(&said(entry)))),
        (false, true) => (text.to_string(), format!("[patch: {}]", quote(text))),
        (true, false) => {
            let text = gathering.load(root, path).map_err(|why| format!("failed to get the patch file from path({path}): {why}"))?;
            (text, format!("[path: {}]", quote(path)))
        }
    };
    Ok((read(&text, &source)?, source))
}

fn apply(patch: Patch, source: &str, entry: &Value, all: &mut Vec<Res>) -> Result<(), String> {
    let target = at(entry, "target").filter(|target| target.is_object());
    match (patch, target) {
        (Patch::Merge(patches), None) => merge_by_id(all, &patches, entry),
        (Patch::Operations(_), None) => Err(format!("must specify a target for JSON patch {source}")),
        (Patch::Merge(patches), Some(target)) => {
            if patches.len() > 1 {
                return Err(format!(
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {source}"
                ));
            }
            let hit = hit(all, target)?;
            for patch in &patches {
                hit.iter().rev().try_for_each(|number| merge(all, *number, patch, entry))?;
            }
            Ok(())
        }
        (Patch::Operations(operations), Some(target)) => {
            for number in hit(all, target)? {
                let Some(one) = all.get_mut(number) else { continue };
                for operation in operations.as_array().into_iter().flatten() {
                    let alone = Value::Array(alloc::vec![operation.clone()]);
                    one.body = operations::apply_newer(&one.body, &alone).map_err(|why| why.text().to_string())?;
                }
            }
            Ok(())
        }
    }
}

fn read(text: &str, source: &str) -> Result<Patch, String> {
    let unable = || format!("unable to parse SM or JSON patch from {source}");
    let mut objects = Vec::new();
    for document in Documents::newer(text) {
        match document {
            // Operations are read as kubectl reads files, objects as kustomize reads them.
            Ok(Value::Array(_)) => {
                let operations = yaml::parse(text).ok().filter(|read| operations::malformed(read).is_none());
                return operations.map(Patch::Operations).ok_or_else(unable);
            }
            Ok(object) if object.is_object() && !text_at(&object, "kind").is_empty() => objects.push(object),
            _ => return Err(unable()),
        }
    }
    if objects.is_empty() { Err(unable()) } else { Ok(Patch::Merge(objects)) }
}

/// Patches that say themselves which object they are for.
fn merge_by_id(all: &mut Vec<Res>, patches: &[Value], options: &Value) -> Result<(), String> {
    for patch in patches {
        let wanted = id(patch);
        let is = |one: &Res| {
            one.kind() == text_at(patch, "kind")
                && one.group_version() == group_version(patch)
                && one.is_named(text_at(patch, "metadata/name"))
                && [one.namespace(), one.first_namespace.as_str()].contains(&text_at(patch, "metadata/namespace"))
        };
        let numbers: Vec<usize> = all.iter().enumerate().filter(|(_, one)| is(one)).map(|(number, _)| number).collect();
        match numbers.as_slice() {
            [number] => merge(all, *number, patch, options)?,
            [] => {
                return Err(format!(
                    "no resource matches strategic merge patch {}: no matches for Id {wanted}; failed to find unique target for patch {wanted}",
                    quote(&wanted)
                ));
            }
            _ => {
                return Err(format!(
                    "no resource matches strategic merge patch {}: multiple matches for Id {wanted}; failed to find unique target for patch {wanted}",
                    quote(&wanted)
                ));
            }
        }
    }
    Ok(())
}

/// Merges a patch into one object; a patch may take the object away.
fn merge(all: &mut Vec<Res>, number: usize, patch: &Value, options: &Value) -> Result<(), String> {
    let Some(one) = all.get_mut(number) else { return Ok(()) };
    let (kind, name) = (one.kind().to_string(), one.name().to_string());
    let merged = local::apply(one.def(), core::mem::take(&mut one.body), patch)?;
    if merged.as_object().is_some_and(serde_json::Map::is_empty) {
        all.remove(number);
        return Ok(());
    }
    one.body = merged;
    // A patch tells which object it is for, and does not rename it unless that is asked for.
    if !bool_at(options, "options/allowKindChange") {
        set(&mut one.body, "kind", kind);
    }
    if !bool_at(options, "options/allowNameChange") {
        set(&mut one.body, "metadata/name", name);
    }
    Ok(())
}

/// The numbers of the objects that a target means.
fn hit(all: &[Res], target: &Value) -> Result<Vec<usize>, String> {
    let parse = |field: &str| selector::parse(text_at(target, field));
    let (labels, annotations) = (parse("labelSelector")?, parse("annotationSelector")?);
    let fits = |one: &Res| {
        let (group, version) = one.group_version();
        let namespace = if one.namespace().is_empty() { "default" } else { one.namespace() };
        let named = |name: &str| matches(text_at(target, "name"), name);
        let part = |path: &str| at(&one.body, path).cloned().unwrap_or(Value::Null);
        matches(text_at(target, "group"), group)
            && matches(text_at(target, "version"), version)
            && matches(text_at(target, "kind"), one.kind())
            && matches(text_at(target, "namespace"), namespace)
            && (named(one.name()) || one.names.iter().any(|name| named(name)))
            && labels.matches(&part("metadata/labels"))
            && annotations.matches(&part("metadata/annotations"))
    };
    Ok(all.iter().enumerate().filter(|(_, one)| fits(one)).map(|(number, _)| number).collect())
}

/// Whether a text matches a pattern from its beginning to its end: empty matches all; of regular expressions `.`, `*`,
/// `+`, `\` and `|` are known.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let alternatives = pattern.trim_start_matches('^').trim_end_matches('$').split('|');
    pattern.is_empty() || alternatives.into_iter().any(|one| fits(&steps(one), text))
}

/// A letter (none for any), and whether it may come any number of times.
type Step = (Option<char>, bool);

fn steps(pattern: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut letters = pattern.chars();
    while let Some(c) = letters.next() {
        match (c, steps.last_mut()) {
            ('*', Some(last)) => last.1 = true,
            ('+', Some(last)) => {
                let letter = last.0;
                steps.push((letter, true));
            }
            ('\\', _) => steps.extend(letters.next().map(|c| (Some(c), false))),
            ('.', _) => steps.push((None, false)),
            (c, _) => steps.push((Some(c), false)),
        }
    }
    steps
}

/// Goes through the text once, with all the steps at which one may be.
fn fits(steps: &[Step], text: &str) -> bool {
    let mut here = alloc::vec![false; steps.len() + 1];
    let reach = |places: &mut Vec<bool>, from: usize| {
        for at in from..places.len() {
            if let Some(place) = places.get_mut(at) {
                *place = true;
            }
            if !steps.get(at).is_some_and(|step| step.1) {
                break;
            }
        }
    };
    reach(&mut here, 0);
    for c in text.chars() {
        let mut next = alloc::vec![false; here.len()];
        for (at, (letter, many)) in steps.iter().enumerate() {
            let taken = here.get(at).copied().unwrap_or(false) && letter.is_none_or(|letter| letter == c);
            if taken {
                reach(&mut next, if *many { at } else { at + 1 });
            }
        }
        here = next;
    }
    here.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, wanted) in [
            ("", "x", true),
            ("web", "web", true),
            ("web", "web-2", false),
            ("web.*", "web-2", true),
            ("a|b", "b", true),
            ("w.b", "wxb", true),
        ] {
            assert_eq!(super::matches(pattern, text), wanted, "{pattern} {text}");
        }
        assert!(!super::matches(&(".*".repeat(200) + "x"), &"a".repeat(250)));
    }
}
