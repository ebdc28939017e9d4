//! `-o`: objects that have been fetched, printed as YAML, JSON, names, templates or columns of one's own.
//!
//! A verb parses its flag once into an [`OutputFormat`] and prints with it as often as it has something to show.
//! Tables, `wide` and sentences such as `pod/web created` are not printed here. Models kubectl's
//! `genericclioptions` PrintFlags and the printers of cli-runtime.

mod columns;
mod data;
mod names;
mod sort;
mod template;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;

use serde_json::{Map, Value, json};

use crate::object::gotemplate::GoTemplate;
use crate::object::jsonpath::JsonPath;
use crate::text::quote::quote;

pub use names::name_of;
pub use sort::{Unsorted, sort_by};

/// The formats that `kubectl get` takes, as its error lists them. `wide` is the caller's to handle.
pub const GET_FORMATS: &[&str] = &[
    "custom-columns",
    "custom-columns-file",
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "wide",
    "yaml",
];

/// The formats of every verb that prints what it made or changed.
pub const OBJECT_FORMATS: &[&str] = &[
    "go-template",
    "go-template-file",
    "json",
    "jsonpath",
    "jsonpath-as-json",
    "jsonpath-file",
    "kyaml",
    "name",
    "template",
    "templatefile",
    "yaml",
];

/// The flags beside `-o` that change what is printed.
pub struct Options<'a> {
    /// The formats allowed, [`GET_FORMATS`] or [`OBJECT_FORMATS`].
    pub formats: &'a [&'a str],
    /// `--template`; empty when not given.
    pub template: &'a str,
    /// `--show-managed-fields`: keep them in JSON and YAML.
    pub show_managed_fields: bool,
    /// `--no-headers`, for custom columns.
    pub no_headers: bool,
    /// `--allow-missing-template-keys`, true by default.
    pub allow_missing_keys: bool,
    /// Whether kubectl holds the objects as Go structs: JSON comes in struct order then. True for objects that the
    /// verb builds itself (`run`, `create deployment`, `expose`), false for `get` and for what came from files.
    pub typed: bool,
    /// Reads a file for the `-file` formats; the error is Go's, such as `open x: no such file or directory`.
    pub read: &'a dyn Fn(&str) -> Result<String, String>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            formats: OBJECT_FORMATS,
            template: "",
            show_managed_fields: false,
            no_headers: false,
            allow_missing_keys: true,
            typed: false,
            read: &|path| Err(format!("open {path}: no such file or directory")),
        }
    }
}

enum Kind {
    Yaml,
    Json,
    Kyaml,
    Name,
    JsonPath { path: JsonPath, text: String, as_json: bool },
    GoTemplate { template: GoTemplate, text: String },
    Columns(columns::Columns),
}

/// What `-o` asked for, ready to print. Remembers that it has printed, for the `---` between YAML documents and the
/// header of custom columns.
pub struct OutputFormat {
    kind: Kind,
    typed: bool,
    show_managed_fields: bool,
    printed: Cell<usize>,
}

impl OutputFormat {
    /// Parses the value of `-o`. `Ok(None)` means the verb's own output: no flag, or `wide` where it is allowed.
    /// The error is kubectl's text without `error: `.
    pub fn parse(flag: &str, options: &Options<'_>) -> Result<Option<Self>, String> {
        let flag = match (flag, options.template) {
            ("", "") => return Ok(None),
            ("", _) => "go-template",
            _ => flag,
        };
        let (name, argument) = match flag.split_once('=') {
            Some((name, argument)) if options.template.is_empty() => (name, argument),
            _ => (flag, options.template),
        };
        let allowed = |name: &str| options.formats.contains(&name);
        let lower = flag.to_lowercase();
        let kind = match lower.as_str() {
            "wide" if allowed("wide") => return Ok(None),
            "yaml" if allowed("yaml") => Kind::Yaml,
            "json" if allowed("json") => Kind::Json,
            "kyaml" if allowed("kyaml") => Kind::Kyaml,
            "name" if allowed("name") => Kind::Name,
            // Only templates take something after `=`.
            _ if !allowed(name) || matches!(name, "yaml" | "json" | "kyaml" | "name" | "wide") => {
                let formats = options.formats.join(",");
                let flag = quote(flag);
                return Err(format!("unable to match a printer suitable for the output format {flag}, allowed formats are: {formats}"));
            }
            _ => templated(name, argument, options)?,
        };
        let show_managed_fields = options.show_managed_fields;
        Ok(Some(OutputFormat { kind, typed: options.typed, show_managed_fields, printed: Cell::new(0) }))
    }

    /// Whether this is `-o name`: verbs with their own sentence (`deleted`, `created`) print only the name then.
    pub fn is_name(&self) -> bool {
        matches!(self.kind, Kind::Name)
    }

    /// Whether objects go through custom columns, which `kubectl get -w` prints line by line.
    pub fn is_columns(&self) -> bool {
        matches!(self.kind, Kind::Columns(_))
    }

    /// Appends `objects` to `out`. `is_list` wraps them in a `List` as `kubectl get` does when it was asked for more
    /// than one name; otherwise each is printed by itself. The error is kubectl's text without `error: `; a
    /// template may have printed something before it.
    pub fn print(&self, objects: &[Value], is_list: bool, out: &mut String) -> Result<(), String> {
        match &self.kind {
            Kind::Name => {
                objects.iter().for_each(|object| names::print(object, out));
                Ok(())
            }
            Kind::Columns(columns) => columns.print(objects, self.count() == 0, out),
            _ if is_list => self.print_one(&list_of(objects), out),
            _ => objects.iter().try_for_each(|object| self.print_one(object, out)),
        }
    }

    /// Appends what happened to an object: JSON on one line, the name alone, anything else with the object inside.
    pub fn print_event(&self, event: &str, object: &Value, out: &mut String) -> Result<(), String> {
        match &self.kind {
            Kind::Name => names::print(object, out),
            Kind::Json => {
                let text = crate::text::json::compact(&crate::object::patch::apply::complete(object));
                out.push_str(&["{\"type\":\"", event, "\",\"object\":", &text, "}\n"].concat());
            }
            _ => {
                // Inside an event managedFields stay, whatever was asked for.
                let object = crate::object::patch::apply::complete(object);
                return self.print(&[json!({"type": event, "object": object})], false, out);
            }
        }
        Ok(())
    }

    /// Counts a printing and says how many there were before.
    fn count(&self) -> usize {
        let before = self.printed.get();
        self.printed.set(before.saturating_add(1));
        before
    }

    fn print_one(&self, object: &Value, out: &mut String) -> Result<(), String> {
        let before = self.count();
        match &self.kind {
            Kind::Yaml => data::yaml(&self.shown(object), before, out),
            Kind::Kyaml => data::kyaml(&self.shown(object), self.typed, out),
            Kind::Json => data::json(&self.shown(object), self.typed, out),
            Kind::JsonPath { path, text, as_json } => {
                return self.seen(object, out, &|object, out| template::jsonpath(path, text, *as_json, object, out));
            }
            Kind::GoTemplate { template, text } => {
                return self.seen(object, out, &|object, out| template::go_template(template, text, self.typed, object, out));
            }
            Kind::Name | Kind::Columns(_) => {}
        }
        Ok(())
    }

    /// Prints with `print` what templates see of an object: everything that is stored, and whenever whole metadata would be
    /// shown also what components own.
    fn seen(&self, object: &Value, out: &mut String, print: &dyn Fn(&Value, &mut String) -> Result<(), String>) -> Result<(), String> {
        let mut text = String::new();
        let mut result = print(object, &mut text);
        let shown = |text: &str| text.contains("managedFields") || text.contains("creationTimestamp");
        if shown(&text) || result.as_ref().is_err_and(|error| shown(error)) || self.names_managed_fields() {
            text.clear();
            result = print(&crate::object::patch::apply::complete(object), &mut text);
        }
        out.push_str(&text);
        result
    }

    fn names_managed_fields(&self) -> bool {
        match &self.kind {
            Kind::JsonPath { text, .. } | Kind::GoTemplate { text, .. } => text.contains("managedFields"),
            _ => false,
        }
    }

    fn shown<'v>(&self, object: &'v Value) -> alloc::borrow::Cow<'v, Value> {
        if self.show_managed_fields {
            alloc::borrow::Cow::Owned(crate::object::patch::apply::complete(object))
        } else {
            data::without_managed_fields(object)
        }
    }
}

fn templated(name: &str, argument: &str, options: &Options<'_>) -> Result<Kind, String> {
    let read = |path: &str| (options.read)(path).map_err(|error| format!("error reading --template {path}, {error}"));
    let is_columns = name.starts_with("custom-columns");
    if argument.is_empty() {
        return Err(match is_columns {
            true => "custom-columns format specified but no custom columns given".to_string(),
            false => "template format specified but no template given".to_string(),
        });
    }
    if name == "custom-columns-file" {
        let text = (options.read)(argument).map_err(|error| format!("error reading template {argument}, {error}"))?;
        return columns::Columns::from_file(&text).map(Kind::Columns);
    }
    if is_columns {
        return columns::Columns::from_spec(argument, options.no_headers).map(Kind::Columns);
    }
    let text = if name.ends_with("file") { read(argument)? } else { argument.to_string() };
    if name.starts_with("jsonpath") {
        let parse = if options.allow_missing_keys { JsonPath::parse } else { JsonPath::parse_strict };
        let path = parse(&text).map_err(|error| format!("error parsing jsonpath {text}, {error}"))?;
        return Ok(Kind::JsonPath { path, text, as_json: name == "jsonpath-as-json" });
    }
    let template = GoTemplate::parse("output", &text).map_err(|error| format!("error parsing template {text}, {error}"))?;
    Ok(Kind::GoTemplate { template: template.missing_keys_fail(!options.allow_missing_keys), text })
}

/// The list that `kubectl get` makes of several objects.
pub fn list_of(objects: &[Value]) -> Value {
    let mut list = Map::new();
    list.insert("apiVersion".to_string(), json!("v1"));
    list.insert("items".to_string(), Value::Array(objects.to_vec()));
    list.insert("kind".to_string(), json!("List"));
    list.insert("metadata".to_string(), json!({"resourceVersion": ""}));
    Value::Object(list)
}

/// The formats for shell completion, sorted.
pub fn completions(formats: &[&'static str]) -> Vec<&'static str> {
    formats.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(flag: &str, objects: &[Value], is_list: bool) -> String {
        let options = Options { formats: GET_FORMATS, ..Options::default() };
        let mut out = String::new();
        match OutputFormat::parse(flag, &options) {
            Ok(Some(format)) => {
                if let Err(error) = format.print(objects, is_list, &mut out) {
                    out.push_str(&format!("error: {error}"));
                }
            }
            Ok(None) => out.push_str("table"),
            Err(error) => out = error,
        }
        out
    }

    fn pod(name: &str) -> Value {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "managedFields": [{"manager": "x"}]}, "spec": {"n": 5}})
    }

    #[test]
    fn formats() {
        let one = [pod("a")];
        let deploy = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}});
        assert_eq!(get("yaml", &one, false), "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  \"n\": 5\n");
        assert_eq!(get("name", &[pod("a"), deploy], true), "pod/a\ndeployment.apps/d\n");
        assert_eq!(get("jsonpath={.metadata.name}", &one, false), "a");
        assert_eq!(get("jsonpath={.items[*].metadata.name}", &[pod("a"), pod("b")], true), "a b");
        assert_eq!(get("jsonpath-as-json={.spec.n}", &one, false), "[\n    5\n]\n");
        assert_eq!(get("go-template={{.metadata.name}} {{.spec.n}}", &one, false), "a 5");
        assert_eq!(
            get("custom-columns=NAME:.metadata.name,N:.spec.n,X:.x", &[pod("a"), pod("b")], true),
            "NAME   N     X\na      5     <none>\nb      5     <none>\n"
        );
        assert_eq!(get("yaml", &[pod("a"), pod("b")], false).matches("---\n").count(), 1);
        assert!(
            get("json", &one, true).contains("\"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
        );
        assert_eq!(get("wide", &one, false), "table");
        assert_eq!(get("", &one, false), "table");
    }

    #[test]
    fn refusals() {
        for (flag, expected) in [
            (
                "foo",
                "unable to match a printer suitable for the output format \"foo\", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml",
            ),
            ("jsonpath=", "template format specified but no template given"),
            ("go-template", "template format specified but no template given"),
            ("jsonpath={.status.podIP", "error parsing jsonpath {.status.podIP, unclosed action"),
            ("custom-columns=", "custom-columns format specified but no custom columns given"),
            ("custom-columns=NAME", "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"),
            ("jsonpath-file=x", "error reading --template x, open x: no such file or directory"),
            ("custom-columns-file=x", "error reading template x, open x: no such file or directory"),
        ] {
            assert_eq!(get(flag, &[], false), expected, "{flag}");
        }
        let mut message = String::new();
        let format = OutputFormat::parse("jsonpath={.a[0]}", &Options::default()).unwrap().unwrap();
        let error = format.print(&[json!({"a": "x"})], false, &mut message).unwrap_err();
        assert_eq!(
            error,
            "error executing jsonpath \"{.a[0]}\": Error executing template: string is not array or slice. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{.a[0]}\n\tobject given to jsonpath engine was:\n\t\tmap[string]interface {}{\"a\":\"x\"}\n\n\n"
        );
    }
}
