//! What arguments such as `pods`, `deploy,rs`, `pod x y`, `pods/x svc/y`, `-l app=web` and `-f x.yaml` mean, and the
//! objects they stand for. Used by every verb that works on objects. Models cli-runtime `pkg/resource` Builder.

mod files;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cx::Cx;
use super::failure::Failure;
use super::flags::Parsed;
use super::manifests;
use crate::api::registry::Resource;
use crate::api::{Answer, Request, Status, Verb};
use crate::object::Object;
use crate::object::resources::NAMESPACES;

/// What is said when neither arguments nor files name anything.
pub const NOTHING_NAMED: &str = "You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'";

/// What is said where `--local` wants files and arguments were given.
pub fn local_only() -> String {
    let text = "you must specify resources by --filename when --local is set.";
    let (_, examples) = NOTHING_NAMED.split_once('\n').unwrap_or_default();
    let examples: Vec<&str> = examples.lines().take(3).collect();
    [text, "\n", &examples.join("\n")].concat()
}

/// What a command line asks for.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The arguments: types, names, or `type/name`.
    pub args: Vec<String>,
    /// `-l`; empty when not given.
    pub selector: String,
    /// `--field-selector`; empty when not given.
    pub field_selector: String,
    /// Everything of the types named, which then must stand without names. Models Builder.SelectAllParam.
    pub all: bool,
    /// Types that stand without names mean all of them: what `--all` says in most verbs. Models the first argument of
    /// Builder.ResourceTypeOrNameArgs.
    pub types_alone: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// Of what arguments name only the name is wanted; nobody looks whether it is there.
    pub unseen: bool,
    /// Objects may be fetched that are told by type only in one go (`label pods --all`); what `-f` names is not
    /// fetched when this is false and comes as it stands in the file.
    pub latest: bool,
    /// `--subresource`; empty when not given. What has no such part is not found.
    pub subresource: String,
}

impl Ask {
    /// What the usual flags of a verb ask for: `-l`, `--field-selector`, `--all` (for types alone), `-A`.
    pub fn of(parsed: &Parsed) -> Ask {
        Ask {
            args: parsed.args.clone(),
            selector: parsed.text("selector").to_string(),
            field_selector: parsed.text("field-selector").to_string(),
            all: false,
            types_alone: parsed.on("all"),
            all_namespaces: parsed.on("all-namespaces"),
            unseen: false,
            latest: true,
            subresource: parsed.text("subresource").to_string(),
        }
    }

    /// The same with other arguments.
    pub fn with_args(mut self, args: &[String]) -> Ask {
        self.args = args.to_vec();
        self
    }
}

/// One object that was asked for.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its resource.
    pub row: Rc<Resource>,
    /// The object.
    pub object: Rc<Object>,
    /// The file it was named in; empty when it was named by argument.
    pub source: String,
}

/// What arguments mean.
#[derive(Clone, Debug)]
pub enum Targets {
    /// Everything of these types.
    Lists(Vec<Rc<Resource>>),
    /// These objects.
    Names(Vec<(Rc<Resource>, String)>),
}

/// The resource that one word means: `po`, `deployments.apps`.
///
/// # Errors
/// `the server doesn't have a resource type "x"`.
pub fn resource(cx: &Cx<'_>, word: &str) -> Result<Rc<Resource>, Failure> {
    // Whatever version and group were asked for, only the word before them is told.
    let told = || word.split('.').next().unwrap_or(word);
    cx.api()
        .registry
        .resolve(word)
        .cloned()
        .ok_or_else(|| Failure::Client(format!("the server doesn't have a resource type \"{}\"", told())))
}

/// The resources that a word with commas means, categories such as `all` included.
///
/// # Errors
/// `the server doesn't have a resource type "x"`.
pub fn resources(cx: &Cx<'_>, words: &str) -> Result<Vec<Rc<Resource>>, Failure> {
    let mut rows: Vec<Rc<Resource>> = Vec::new();
    for word in words.split(',') {
        let registry = &cx.api().registry;
        let category: Vec<Rc<Resource>> = registry.category(word).cloned().collect();
        let found = if category.is_empty() { alloc::vec![resource(cx, word)?] } else { category };
        for row in found {
            if !rows.iter().any(|old| old.key() == row.key()) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Arguments in which several types stand before names, as a `type/name` each; others as they are. Models
/// cli-runtime normalizeMultipleResourcesArgs.
fn spread(args: &[String]) -> Vec<String> {
    let (Some((first, names)), mut types) = (args.split_first(), Vec::new()) else { return Vec::new() };
    for ty in first.split(',') {
        if !types.contains(&ty) {
            types.push(ty);
        }
    }
    match types.len() > 1 && !names.is_empty() {
        true => types.iter().flat_map(|ty| names.iter().map(move |name| [ty, "/", name].concat())).collect(),
        false => args.to_vec(),
    }
}

/// What the arguments mean, without looking whether the objects are there. A namespace or selector plays no part.
///
/// # Errors
/// Unknown types and forms that do not go together, in kubectl's words.
pub fn targets(cx: &Cx<'_>, args: &[String]) -> Result<Targets, Failure> {
    let client = |text: &str| Failure::Client(text.to_string());
    let spread = spread(args);
    let args = spread.as_slice();
    let Some((first, rest)) = args.split_first() else {
        return Err(client(NOTHING_NAMED));
    };
    let slashes = args.iter().filter(|arg| arg.contains('/')).count();
    if slashes == 0 {
        let rows = resources(cx, first)?;
        if rest.is_empty() {
            return Ok(Targets::Lists(rows));
        }
        return match rows.as_slice() {
            [row] => Ok(Targets::Names(rest.iter().map(|name| (row.clone(), name.clone())).collect())),
            _ => Err(client("you must specify only one resource")),
        };
    }
    if slashes != args.len() {
        let base = "kubectl";
        return Err(Failure::Client(format!(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '{base} get resource/<resource_name>' instead of '{base} get resource resource/<resource_name>'"
        )));
    }
    let mut names = Vec::new();
    for arg in args {
        let mut parts = arg.split('/');
        let (Some(word), Some(name), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(client("arguments in resource/name form may not have more than one slash"));
        };
        if word.is_empty() || name.is_empty() || word.contains(',') {
            return Err(client("arguments in resource/name form must have a single resource and name"));
        }
        names.push((resource(cx, word)?, name.to_string()));
    }
    Ok(Targets::Names(names))
}

/// The objects that arguments, selectors or `-f` ask for. Each is an object or why it could not be had; what is wrong
/// with the question itself is the outer error.
///
/// # Errors
/// As [`targets`], the server's refusal of a list, and as [`manifests::read`].
pub fn find(cx: &mut Cx<'_>, parsed: &Parsed, ask: &Ask) -> Result<Vec<Result<Item, Failure>>, Failure> {
    if manifests::given(parsed) {
        return files::items(cx, parsed, ask);
    }
    let mut found = find_by_arguments(cx, ask)?;
    if ask.all_namespaces && manifests::enforced(cx, parsed) {
        for one in &mut found {
            if let Some(item) = one.as_ref().ok().filter(|item| item.row.namespaced) {
                *one = Err(manifests::other_namespace(item.object.namespace(), ""));
            }
        }
    }
    Ok(found)
}

/// As [`find`], whatever `-f` names.
///
/// # Errors
/// As [`targets`], and the server's refusal of a list.
pub fn find_by_arguments(cx: &mut Cx<'_>, ask: &Ask) -> Result<Vec<Result<Item, Failure>>, Failure> {
    warn_of_short_names(cx, &ask.args);
    let by_selector = ask.all || !ask.selector.is_empty() || !ask.field_selector.is_empty();
    if by_selector && ask.args.is_empty() {
        return Err(Failure::Client("at least one resource must be specified to use a selector".to_string()));
    }
    match targets(cx, &ask.args)? {
        Targets::Lists(rows) if by_selector || ask.types_alone => {
            let mut items = Vec::new();
            for row in rows {
                match list(cx, &row, ask) {
                    Ok(objects) => items.extend(objects.into_iter().map(|object| Ok(item(&row, object)))),
                    Err(status) => items.push(Err(unable(&row, ask, status).into())),
                }
            }
            Ok(items)
        }
        Targets::Lists(_) => Err(Failure::Client("resource(s) were provided, but no name was specified".to_string())),
        Targets::Names(_) if by_selector && spread(&ask.args).iter().any(|arg| arg.contains('/')) => {
            Err(Failure::Client("selectors and the all flag cannot be used when passing resource/name arguments".to_string()))
        }
        Targets::Names(_) if by_selector => Err(Failure::Client("name cannot be provided when a selector is specified".to_string())),
        Targets::Names(names) => {
            if ask.all_namespaces && names.iter().any(|(row, _)| row.namespaced) {
                return Err(Failure::Client("a resource cannot be retrieved by name across all namespaces".to_string()));
            }
            if ask.unseen {
                return Ok(names.iter().map(|(row, name)| Ok(item(row, named(cx, row, name)))).collect());
            }
            let lacks = |row: &Resource| !ask.subresource.is_empty() && row.subresource(&ask.subresource).is_none();
            let found = names.iter().map(|(row, name)| match lacks(row) {
                true => Err(Failure::from(no_such_path())),
                false => get(cx, row, name).map(|object| item(row, object)).map_err(Failure::from),
            });
            Ok(found.collect())
        }
    }
}

/// As [`find`], for verbs that do nothing unless everything is there.
///
/// # Errors
/// The outer errors of [`find`], or all that could not be had.
pub fn find_all(cx: &mut Cx<'_>, parsed: &Parsed, ask: &Ask) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    let mut wrong = Vec::new();
    for found in find(cx, parsed, ask)? {
        match found {
            Ok(item) => items.push(item),
            Err(failure) => wrong.push(failure),
        }
    }
    Failure::from_many(wrong).map_or(Ok(items), Err)
}

/// A refused list, told with what was looked for. Models cli-runtime Selector.Visit.
fn unable(row: &Resource, ask: &Ask, mut status: Status) -> Status {
    if matches!(status.reason, "BadRequest" | "NotFound") {
        let what = format!("{}/{}, Resource={}", row.group, row.version, row.plural);
        status.message = match ask.selector.is_empty() && ask.field_selector.is_empty() {
            true => format!("Unable to list {what:?}: {}", status.message),
            false => format!(
                "Unable to find {what:?} that match label selector {:?}, field selector {:?}: {}",
                ask.selector, ask.field_selector, status.message
            ),
        };
    }
    status
}

/// Says which other resources a short name could have meant.
pub fn warn_of_short_names(cx: &mut Cx<'_>, args: &[String]) {
    let words: Vec<&str> = match args.iter().any(|arg| arg.contains('/')) {
        true => args.iter().filter_map(|arg| arg.split('/').next()).collect(),
        false => args.first().into_iter().flat_map(|arg| arg.split(',')).collect(),
    };
    let registry = &cx.api().registry;
    let mut text = String::new();
    for word in words {
        for row in registry.also_named(word) {
            text.push_str(&format!("Warning: short name {word:?} could also match lower priority resource {}\n", row.key()));
        }
    }
    if !text.is_empty() {
        cx.err(&text);
    }
}

/// The refusal of a path that leads nowhere.
fn no_such_path() -> Status {
    Status { message: "the server could not find the requested resource".to_string(), ..Status::not_found("", "") }
}

fn item(row: &Rc<Resource>, object: Rc<Object>) -> Item {
    Item { row: row.clone(), object, source: String::new() }
}

/// What is said where something is to be done to an object without a name.
///
/// # Errors
/// That of an empty name.
pub fn need_name(name: &str) -> Result<(), Failure> {
    if name.is_empty() { Err(Failure::Client("resource name may not be empty".to_string())) } else { Ok(()) }
}

/// The type of a resource's objects in the version of the row.
pub fn type_of(row: &Resource) -> Rc<crate::object::Type> {
    Rc::new(crate::object::Type {
        resource: row.key(),
        group: row.group.to_string(),
        version: row.version.to_string(),
        kind: row.kind.to_string(),
        namespaced: row.namespaced,
    })
}

/// An object of which nothing is known but its name.
fn named(cx: &Cx<'_>, row: &Resource, name: &str) -> Rc<Object> {
    let meta = serde_json::json!({"name": name, "namespace": namespace_of(cx, row)});
    Rc::new(Object::from_value(&type_of(row), serde_json::json!({"metadata": meta})))
}

/// The namespace to work in for a resource: empty for cluster-scoped ones.
pub fn namespace_of(cx: &Cx<'_>, row: &Resource) -> String {
    if row.namespaced { cx.globals.namespace.clone() } else { String::new() }
}

/// One object by name in the namespace kubectl works in.
///
/// # Errors
/// The server's refusal.
pub fn get(cx: &mut Cx<'_>, row: &Resource, name: &str) -> Result<Rc<Object>, Status> {
    let namespace = namespace_of(cx, row);
    seen(cx, row, &namespace, name)
}

/// As [`fetch`]; where the object is not there because its namespace is not, that is told. Models cli-runtime
/// `pkg/resource` Info.Get.
fn seen(cx: &mut Cx<'_>, row: &Resource, namespace: &str, name: &str) -> Result<Rc<Object>, Status> {
    let answer = fetch(cx, row, namespace, name);
    if answer.as_ref().is_err_and(Status::is_not_found) && !matches!(namespace, "" | "default") {
        let asked = cx.send(Request::new(Verb::Get, NAMESPACES, "", namespace));
        asked.err().filter(Status::is_not_found).map_or(Ok(()), Err)?;
    }
    answer
}

/// What the server has of an object that a file names.
///
/// # Errors
/// The server's refusal.
pub fn latest(cx: &mut Cx<'_>, item: &Item) -> Result<Rc<Object>, Failure> {
    Ok(seen(cx, &item.row, item.object.namespace(), item.object.name())?)
}

/// One object by namespace and name.
///
/// # Errors
/// The server's refusal.
pub fn fetch(cx: &mut Cx<'_>, row: &Resource, namespace: &str, name: &str) -> Result<Rc<Object>, Status> {
    match cx.send(Request::new(Verb::Get, &row.key(), namespace, name))? {
        Answer::Object(object) => Ok(object),
        Answer::List(..) | Answer::Value(_) => Err(Status::not_found(&row.key(), name)),
    }
}

/// Every object of a resource that the selectors take, in the namespace kubectl works in or (`-A`) in all.
///
/// # Errors
/// The server's refusal.
pub fn list(cx: &mut Cx<'_>, row: &Resource, ask: &Ask) -> Result<Vec<Rc<Object>>, Status> {
    let namespace = if ask.all_namespaces { String::new() } else { namespace_of(cx, row) };
    let mut request = Request::new(Verb::List, &row.key(), &namespace, "");
    request.params.label_selector = ask.selector.clone();
    request.params.field_selector = ask.field_selector.clone();
    match cx.send(request)? {
        Answer::List(objects, _) => Ok(objects),
        Answer::Object(_) | Answer::Value(_) => Ok(Vec::new()),
    }
}
