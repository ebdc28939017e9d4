//! `kubectl get`: objects as tables or in a format of one's choosing, once or as they change.
//! Models kubectl `pkg/cmd/get`.
//!
//! ```text
//! $ kubectl run web --image=nginx
//! pod/web created
//! $ kubectl get pod,svc web
//! NAME   READY   STATUS    RESTARTS   AGE
//! web    1/1     Running   0          3s
//! Error from server (NotFound): services "web" not found
//! $ kubectl get pods web nope -o name
//! pod/web
//! Error from server (NotFound): pods "nope" not found
//! $ kubectl get deployments.v2.apps
//! error: the server doesn't have a resource type "deployments"
//! $ kubectl get pods -n nope web
//! Error from server (NotFound): namespaces "nope" not found
//! $ kubectl get pods,nodes --sort-by=.metadata.name
//! error: couldn't find any field with path "{.metadata.name}" in the list of objects
//! $ kubectl get nodes -l kubernetes.io/hostname=w1-k8s -o name
//! node/w1-k8s
//! ```

mod raw;
mod sort;
mod table;
mod watch;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use crate::api::registry::Resource;
use crate::api::{Answer, Request, Verb};
use crate::kubectl::output::{GET_FORMATS, Options, OutputFormat};
use crate::kubectl::resources::{self, Ask, Targets};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, manifests};
use crate::object::{Object, Type, selector};
use crate::text::fs;

use sort::{Shape, sorted};
pub use table::Printer;

const FLAGS: &[Flag] = &[
    Flag::switch("all-namespaces", "Look in every namespace.").short('A'),
    Flag::switch("allow-missing-template-keys", "Let templates name fields that are not there.").default("true"),
    Flag::text("chunk-size", "How many objects to ask for at a time; 0 asks for all.").kind(FlagKind::Int, "500"),
    Flag::text("field-selector", "Only objects with these fields: key=value, key!=value."),
    Flag::switch("ignore-not-found", "Say nothing of what is not there."),
    Flag::text("label-columns", "Labels to show as columns.").short('L').kind(FlagKind::Slice, "[]"),
    Flag::switch("no-headers", "Leave the headings out."),
    Flag::text("output", "Another format: json, yaml, name, wide, jsonpath, custom-columns …").short('o'),
    Flag::switch("output-watch-events", "Say with each object whether it was added, changed or deleted."),
    Flag::text("raw", "Ask the server for this path."),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::switch("server-print", "Let the server make the columns.").default("true"),
    Flag::switch("show-kind", "Put the kind before each name."),
    Flag::switch("show-labels", "Show the labels in a last column."),
    Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
    Flag::text("sort-by", "Sort by what this JSONPath finds."),
    Flag::text("subresource", "Show this part of the object: status, scale, resize."),
    Flag::text("template", "The template or its file, for go-template formats."),
    Flag::switch("watch", "Go on printing as objects change.").short('w'),
    Flag::switch("watch-only", "Print changes only, not what there is."),
];

/// `kubectl get TYPE [NAME]`
pub static GET: Command = Command {
    name: "get",
    takes: Takes::Objects(&[]),
    usage: "get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]",
    short: "Display one or many resources",
    long: "Show resources: a table with the most important of each, or everything in a format of your choice.",
    examples: "# The Pods of this namespace\nkubectl get pods\n\n# With node and address\nkubectl get pods -o wide\n\n# One Deployment as JSON\nkubectl get -o json deployment web\n\n# Several kinds at once\nkubectl get rc,services\n\n# One field of one Pod\nkubectl get -o template pod/web --template={{.status.phase}}",
    flags: &[FLAGS, manifests::FLAGS],
    suggest_for: &["list", "ls"],
    run: Some(run),
    ..Command::EMPTY
};

/// One thing to print: an object and its resource.
#[derive(Clone)]
struct Shown {
    row: Rc<Resource>,
    object: Rc<Object>,
}

impl Shown {
    /// The object in the version that was asked for.
    fn value(&self) -> Value {
        let mut value = self.object.to_value();
        if self.row.custom.is_some() {
            crate::object::value::set(&mut value, "apiVersion", self.row.api_version());
        }
        value
    }
}

const NO_TYPE: &str = "You must specify the type of resource to get. Use \"kubectl api-resources\" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples";

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.given("raw") {
        return raw::run(cx, parsed);
    }
    let output = parsed.text("output");
    if parsed.on("show-labels") && !matches!(output, "" | "wide") {
        return Err(Failure::Client(format!("--show-labels option cannot be used with {output} printer")));
    }
    let part = parsed.text("subresource");
    let watching = parsed.on("watch") || parsed.on("watch-only");
    if parsed.on("output-watch-events") && !watching {
        return Err(Failure::Client("--output-watch-events option can only be used with --watch or --watch-only".to_string()));
    }
    if parsed.args.is_empty() && !manifests::given(parsed) {
        return Err(Failure::Plain(NO_TYPE.to_string()));
    }
    let format = format_of(cx, parsed, GET_FORMATS);
    if watching {
        return watch::start(cx, parsed, format?);
    }
    let Found { mut shown, mut wrong, namespaced, single, kinds, tables } = find(cx, parsed)?;
    if !part.is_empty() {
        (shown, wrong) = parts_of(cx, part, shown, wrong);
    }
    // What cannot be printed is told after a single object that is not there, and before one of several.
    let format = match format {
        Err(_) if single && shown.is_empty() && !wrong.is_empty() => return Err(Failure::from_many(wrong).unwrap_or(Failure::Exit(1))),
        other => other?,
    };
    let shape = match format {
        Some(_) => Shape::List,
        None if !parsed.on("server-print") => Shape::Objects,
        None => Shape::Tables(tables),
    };
    let by = parsed.text("sort-by");
    // A single object is no list, and not even looked at.
    let shown = if single && shape != Shape::Tables(1) { shown } else { sorted(cx, shown, by, shape)? };
    let mut out = String::new();
    if let Some(format) = &format {
        if parsed.on("ignore-not-found") && shown.is_empty() && single {
            return Failure::from_many(wrong).map_or(Ok(Flow::Done(0)), Err);
        }
        if single && (shown.is_empty() || !wrong.is_empty()) {
            return Err(Failure::from_many(wrong).unwrap_or(Failure::Exit(1)));
        }
        let values: Vec<Value> = shown.iter().map(Shown::value).collect();
        let result = format.print(&values, !(single && values.len() == 1), &mut out);
        cx.out(&out);
        result.map_err(Failure::Client)?;
        return Failure::of_all(wrong).map_or(Ok(Flow::Done(0)), Err);
    }
    let shown = if manifests::given(parsed) { labelled(shown, parsed.text("selector")) } else { shown };
    let mut printer = Printer::new(parsed, kinds > 1);
    let now_ms = cx.api().wall_ms();
    shown.iter().for_each(|s| printer.add(&s.row, &s.object, None, now_ms, &mut out));
    printer.flush(&mut out);
    if out.is_empty() && wrong.is_empty() && !parsed.on("ignore-not-found") {
        let text = match namespaced && !parsed.on("all-namespaces") {
            true => format!("No resources found in {} namespace.\n", cx.globals.namespace),
            false => "No resources found\n".to_string(),
        };
        cx.err(&text);
    }
    cx.out(&out);
    Failure::of_all(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// The value of `-o` read with its companions; `None` for tables.
fn format_of(cx: &Cx<'_>, parsed: &Parsed, formats: &[&str]) -> Result<Option<OutputFormat>, Failure> {
    let read = |path: &str| {
        let text = cx.files.read(&fs::resolve(cx.cwd, path));
        text.map(|text| (*text).clone()).map_err(|error| format!("open {path}: {}", error.text().to_lowercase()))
    };
    let options = Options {
        formats,
        template: parsed.text("template"),
        show_managed_fields: parsed.on("show-managed-fields"),
        no_headers: parsed.on("no-headers"),
        allow_missing_keys: parsed.on("allow-missing-template-keys"),
        typed: false,
        read: &read,
    };
    OutputFormat::parse(parsed.text("output"), &options).map_err(Failure::Client)
}

struct Found {
    shown: Vec<Shown>,
    wrong: Vec<Failure>,
    namespaced: bool,
    single: bool,
    kinds: usize,
    /// How many tables the server answers with.
    tables: usize,
}

/// Everything that was asked for. Types without a name mean all of them.
fn find(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Found, Failure> {
    let mut ask = Ask::of(parsed);
    ask.all = false;
    let bulk = !parsed.text("subresource").is_empty();
    let (mut namespaced, mut single, mut kinds) = (true, false, 1);
    if !manifests::given(parsed) {
        match resources::targets(cx, &ask.args)? {
            Targets::Lists(_) if bulk => {
                return Err(Failure::Client("subresource cannot be used when bulk resources are specified".to_string()));
            }
            Targets::Lists(rows) => {
                ask.all = true;
                kinds = rows.len();
                namespaced = rows.iter().all(|row| row.namespaced);
            }
            Targets::Names(names) => {
                namespaced = names.iter().all(|(row, _)| row.namespaced);
                single = names.len() == 1;
            }
        }
    }
    let items = resources::find(cx, parsed, &ask)?;
    if manifests::given(parsed) {
        let file = |path: &String| [".json", ".yaml", ".yml"].iter().any(|end| path.ends_with(end));
        let (one, whole) = (parsed.all("filename").len() == 1, items.iter().all(Result::is_ok));
        single = one && (items.len() == 1 || !whole && parsed.all("filename").iter().all(file));
    }
    let (mut shown, mut wrong) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Ok(item) => shown.push(Shown { row: item.row, object: item.object }),
            Err(failure) if parsed.on("ignore-not-found") => wrong.extend(failure.but_not_found()),
            Err(failure) => wrong.push(failure),
        }
    }
    if manifests::given(parsed) {
        namespaced = shown.iter().all(|s| s.row.namespaced);
    }
    let tables = if ask.all { kinds.saturating_sub(wrong.len()) } else { shown.len() };
    // What counts is what was found, not what was asked for.
    kinds = if ask.all { tables } else { 1 + usize::from(several_kinds(&shown)) };
    Ok(Found { shown, wrong, namespaced, single, kinds, tables })
}

/// What of files is left after `-l` where it is printed as a table: the server's tables, which have no labels, are what
/// kubectl looks at then.
fn labelled(mut shown: Vec<Shown>, selector: &str) -> Vec<Shown> {
    if !selector::parse(selector).is_ok_and(|wanted| wanted.matches(&Value::Null)) {
        shown.clear();
    }
    shown
}

/// The parts of the objects that `--subresource` asks for, in place of the objects.
fn parts_of(cx: &mut Cx<'_>, part: &str, shown: Vec<Shown>, mut wrong: Vec<Failure>) -> (Vec<Shown>, Vec<Failure>) {
    let mut parts = Vec::new();
    for one in shown {
        let request = Request::new(Verb::Get, &one.row.key(), one.object.namespace(), one.object.name()).with_subresource(part);
        let known = one.row.subresource(part).is_some();
        match cx.send(if known { request } else { request.with_subresource("nothing") }) {
            Ok(Answer::Value(value)) => {
                let ty = Rc::new(Type { kind: "Scale".to_string(), group: "autoscaling".to_string(), ..(*one.object.ty).clone() });
                let mut row = (*one.row).clone();
                row.kind = "Scale".into();
                row.columns = SCALE.iter().map(table::column).collect();
                parts.push(Shown { row: Rc::new(row), object: Rc::new(Object::from_value(&ty, value)) });
            }
            Ok(_) => parts.push(one),
            Err(status) => wrong.push(status.into()),
        }
    }
    (parts, wrong)
}

/// The columns of a Scale.
const SCALE: &[&str] = &["Name", "Desired", "Available", "Age"];

fn several_kinds(shown: &[Shown]) -> bool {
    shown.first().is_some_and(|first| shown.iter().any(|s| s.row.key() != first.row.key()))
}
