//! Gathering: resources from files and other kustomizations, generators, components, and then what the kustomization
//! does to all of them. Models kustomize `api/internal/target` KustTarget and `api/internal/loader`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::resource::Res;
use super::{file, generate, labels, patches, replace, transform};
use crate::kubectl::cx::Cx;
use crate::object::go;
use crate::object::value::{at, items_at, text_at};
use crate::text::fs;
use crate::text::yaml::Documents;

/// How deep kustomizations may name one another, and how many objects there may be.
const MAX_DEPTH: usize = 32;
/// How many kustomizations are read for one.
const MAX_FOLDERS: usize = 1_000;
const MAX_OBJECTS: usize = 10_000;

/// What gathering has in its hands.
pub(super) struct Gathering<'g, 'c> {
    pub cx: &'g Cx<'c>,
    /// Warnings for standard error.
    pub notices: &'g mut Vec<String>,
    /// The folders that are being gathered, outermost first.
    pub roots: Vec<String>,
    /// How many have been read.
    pub folders: usize,
}

/// The folder at `path`, which is named `given` in the text of what is wrong with it.
pub(super) fn folder(cx: &Cx<'_>, given: &str, path: &str) -> Result<String, String> {
    if cx.files.is_dir(path) {
        return Ok(path.to_string());
    }
    match cx.files.exists(path) {
        true => Err(format!("must build at directory: '{given}': file is not directory")),
        false => Err(["must build at directory: not a valid directory: ", &missing(given, path)].concat()),
    }
}

/// What is said of a path that is not there.
pub(super) fn missing(given: &str, path: &str) -> String {
    format!("evalsymlink failure on '{given}' : lstat {path}: no such file or directory")
}

impl Gathering<'_, '_> {
    /// Does everything that a kustomization asks for, on its own objects and (for components) on those in `all`.
    pub(super) fn accumulate(&mut self, root: &str, file: &Value, all: &mut Vec<Res>) -> Result<(), String> {
        self.folders += 1;
        if self.roots.len() >= MAX_DEPTH || self.folders > MAX_FOLDERS {
            return Err("kustomizations are nested too deeply".to_string());
        }
        self.roots.push(root.to_string());
        for path in file::texts(file, "resources").chain(file::texts(file, "bases")) {
            self.resource(root, path, all).map_err(|why| ["accumulating resources: ", &why].concat())?;
        }
        let schema = text_at(file, "openapi/path");
        if !schema.is_empty() {
            self.load(root, schema)?;
        }
        for path in file::texts(file, "configurations") {
            self.load(root, path)?;
        }
        let crds: Vec<&str> = file::texts(file, "crds").collect();
        for path in &crds {
            self.load(root, path).map_err(|why| format!("loading CRDs [{}]: {why}", crds.join(" ")))?;
        }
        for path in file::texts(file, "generators") {
            self.resource(root, path, &mut Vec::new()).map_err(|why| ["loading generator plugins: ", &why].concat())?;
        }
        if let Some(chart) = items_at(file, "helmCharts").first() {
            return patches::configured("HelmChartInflationGenerator", chart, Err("must specify --enable-helm".to_string()));
        }
        generate::run(self, root, file, all)?;
        for path in file::texts(file, "components") {
            self.component(root, path, all).map_err(|why| ["accumulating components: ", &why].concat())?;
        }
        for path in file::texts(file, "transformers") {
            self.resource(root, path, &mut Vec::new())?;
        }
        patches::strategic_merge(self, root, file, all)?;
        patches::run(self, root, file, all)?;
        transform::namespace(self.cx, file, all);
        transform::names(file, all);
        labels::run(file, all);
        patches::json6902(self, root, file, all)?;
        transform::replicas(file, all)?;
        transform::images(file, all);
        replace::run(self, root, file, all)?;
        self.roots.pop();
        Ok(())
    }

    /// One entry of `resources`: a file, or a folder with a kustomization.
    fn resource(&mut self, root: &str, path: &str, all: &mut Vec<Res>) -> Result<(), String> {
        let place = fs::resolve(root, path.trim_end_matches('/'));
        let Err((why, malformed)) = self.take_file(root, path, all) else { return Ok(()) };
        if malformed || is_address(path) {
            return Err(why);
        }
        let also = |other: String| format!("accumulation err='{why}': {other}");
        let inner = folder(self.cx, &place, &place).map_err(&also)?;
        self.refuse_cycle(&inner).map_err(&also)?;
        self.base(&inner, all).map_err(also)
    }

    /// The objects of another kustomization.
    fn base(&mut self, root: &str, all: &mut Vec<Res>) -> Result<(), String> {
        let file = file::read(self.cx, root, self.notices).map_err(|why| format!("couldn't make target for path '{root}': {why}"))?;
        if text_at(&file, "kind") == "Component" {
            return Err(format!("expected kind != 'Component' for path '{root}'"));
        }
        let mut theirs = Vec::new();
        self.accumulate(root, &file, &mut theirs).map_err(|why| format!("recursed accumulation of path '{root}': {why}"))?;
        append(all, theirs).map_err(|why| format!("recursed merging from path '{root}': {why}"))
    }

    fn component(&mut self, root: &str, path: &str, all: &mut Vec<Res>) -> Result<(), String> {
        let place = fs::resolve(root, path);
        let inner = folder(self.cx, &place, &place).map_err(|why| format!("loader.New \"{why}\""))?;
        self.refuse_cycle(&inner)?;
        let file = file::read(self.cx, &inner, self.notices).map_err(|why| format!("couldn't make target for path '{inner}': {why}"))?;
        if text_at(&file, "kind") != "Component" {
            return Err(format!("accumulateDirectory: \"expected kind 'Component' for path '{inner}' but got 'Kustomization'\""));
        }
        self.accumulate(&inner, &file, all).map_err(|why| format!("recursed accumulation of path '{inner}': {why}"))
    }

    fn refuse_cycle(&self, inner: &str) -> Result<(), String> {
        let holds = |visited: &&String| **visited == *inner || visited.starts_with(&[inner.trim_end_matches('/'), "/"].concat());
        match self.roots.iter().rev().find(holds) {
            Some(visited) => Err(format!("cycle detected: candidate root '{inner}' contains visited root '{visited}'")),
            None => Ok(()),
        }
    }

    /// The objects of a file. The error says too whether the file was there and could not be understood.
    fn take_file(&self, root: &str, path: &str, all: &mut Vec<Res>) -> Result<(), (String, bool)> {
        let from = |why: String| format!("accumulating resources from '{path}': {why}");
        let text = self.load(root, path).map_err(|why| (from(why), false))?;
        let objects = parse(&text, path).map_err(|why| {
            let malformed = why.starts_with("MalformedYAMLError");
            (from(why), malformed)
        })?;
        append(all, objects).map_err(|why| (format!("merging resources from '{path}': {why}"), false))
    }

    /// The text of a file, which must lie in the kustomization's folder or below.
    pub(super) fn load(&self, root: &str, path: &str) -> Result<String, String> {
        if is_address(path) {
            let host = path.split('/').nth(2).unwrap_or_default();
            return Err(format!("Get {path:?}: dial tcp: lookup {host}: no such host"));
        }
        let place = fs::resolve(root, if path.len() > 1 { path.trim_end_matches('/') } else { path });
        if !self.cx.files.exists(&place) {
            return Err(missing(&place, &place));
        }
        let below = [root.trim_end_matches('/'), "/"].concat();
        if self.cx.files.is_dir(&place) {
            return Err(format!("'{place}' must resolve to a file"));
        }
        if !place.starts_with(&below) {
            return Err(format!("security; file '{place}' is not in or below '{root}'"));
        }
        self.cx.files.read(&place).map(|text| (*text).clone()).map_err(|error| format!("open {place}: {}", error.text().to_lowercase()))
    }
}

/// Whether a path leads out of the machine.
fn is_address(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://")
}

/// The objects in a text; the items of lists one by one.
pub(super) fn parse(text: &str, path: &str) -> Result<Vec<Res>, String> {
    let mut all = Vec::new();
    for document in Documents::newer(text) {
        let body = document.map_err(|error| {
            let text = error.text().trim_start_matches("error converting YAML to JSON: ");
            format!("MalformedYAMLError: {text} in File: {path}")
        })?;
        let items = match body.get("items") {
            Some(Value::Array(items)) if text_at(&body, "kind").ends_with("List") => items.clone(),
            _ => alloc::vec![body],
        };
        for body in items {
            if text_at(&body, "kind").is_empty() {
                return Err(["missing kind in object ", &go_meta(&body)].concat());
            }
            if text_at(&body, "metadata/name").is_empty() && text_at(&body, "metadata/generateName").is_empty() {
                return Err(["missing metadata.name in object ", &go_meta(&body)].concat());
            }
            all.push(Res::new(body));
        }
    }
    Ok(all)
}

/// Kind and metadata as Go prints kustomize's struct for them.
fn go_meta(body: &Value) -> String {
    let text = |path: &str| text_at(body, path).to_string();
    let map = |path: &str| at(body, path).and_then(Value::as_object).map_or_else(|| "map[]".to_string(), go::map);
    let (name, namespace) = (text("metadata/name"), text("metadata/namespace"));
    let (labels, annotations) = (map("metadata/labels"), map("metadata/annotations"));
    format!("{{{{{} {}}} {{{{{name} {namespace}}} {labels} {annotations}}}}}", text("apiVersion"), text("kind"))
}

/// Adds objects, none of which may be there already.
pub(super) fn append(all: &mut Vec<Res>, more: Vec<Res>) -> Result<(), String> {
    for one in more {
        if all.len() >= MAX_OBJECTS {
            return Err(format!("more than {MAX_OBJECTS} objects"));
        }
        if all.iter().any(|known| known.same_id(&one)) {
            return Err(format!("may not add resource with an already registered id: {}", one.id()));
        }
        all.push(one);
    }
    Ok(())
}
