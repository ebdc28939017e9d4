//! `kubectl describe`: what a person wants to know of an object. Models kubectl `pkg/cmd/describe`.
//!
//! ```text
//! $ kubectl describe pod nope
//! Error from server (NotFound): pods "nope" not found
//! $ kubectl describe
//! error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.
//! $ kubectl describe nope
//! error: the server doesn't have a resource type "nope"
//! ```

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::kubectl::resources::{self, Ask, Targets};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, describe, manifests};
use crate::object::Object;

const FLAGS: &[Flag] = &[
    Flag::switch("all-namespaces", "Look in every namespace.").short('A'),
    Flag::text("chunk-size", "How many objects to ask for at a time; 0 asks for all.").kind(FlagKind::Int, "500"),
    Flag::text("selector", "Only objects with these labels.").short('l'),
    Flag::switch("show-events", "Show the Events about each object.").default("true"),
];

/// `kubectl describe TYPE [NAME]`
pub static DESCRIBE: Command = Command {
    name: "describe",
    takes: Takes::Objects(&[]),
    suggest_for: &["inspect"],
    usage: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
    short: "Show details of a specific resource or group of resources",
    long: "Show an object with what belongs to it: its owner, its parts, its Events. A name may be the beginning of several.",
    examples: "# A node\nkubectl describe nodes m-k8s\n\n# A Pod\nkubectl describe pods/nginx\n\n# What a file names\nkubectl describe -f pod.json\n\n# Pods by label\nkubectl describe pods -l name=myLabel",
    flags: &[FLAGS, manifests::FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    if parsed.args.is_empty() && !manifests::given(parsed) {
        let why =
            "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete list of supported resources.";
        return Err(Failure::Client(why.to_string()));
    }
    let mut ask = Ask::of(parsed);
    let targets = if manifests::given(parsed) { None } else { Some(resources::targets(cx, &ask.args)?) };
    ask.all = matches!(targets, Some(Targets::Lists(_)));
    ask.latest = targets.is_some();
    let (mut objects, mut wrong, mut files) = (Vec::new(), Vec::new(), Vec::new());
    for found in resources::find(cx, parsed, &ask)? {
        match found {
            Ok(item) if ask.latest => objects.push(item.object),
            Ok(item) => files.push(item),
            Err(failure) => wrong.push(failure),
        }
    }
    // What files name is looked for when all of them have been read.
    let alone = wrong.is_empty() && files.len() <= 1;
    for item in files {
        match resources::need_name(item.object.name()).and_then(|()| resources::latest(cx, &item)) {
            Ok(object) => objects.push(object),
            Err(failure) if wrong.contains(&failure) => {}
            Err(failure) => wrong.push(failure),
        }
    }
    // Events come by themselves only with one object that was found as it was asked for.
    let events = if parsed.given("show-events") { parsed.on("show-events") } else { alone && wrong.is_empty() && objects.len() == 1 };
    if let ([Failure::Server(status)], [_, _]) = (wrong.as_slice(), parsed.args.as_slice())
        && status.is_not_found()
    {
        if parsed.args.first().is_some_and(|types| types.contains(',')) {
            return Err(Failure::Client("you may only specify a single resource type".to_string()));
        }
        let beginning = with_prefix(cx, targets.as_ref(), &ask);
        for object in &beginning {
            let text = describe::describe(cx, object, events);
            cx.out(&[&text, "\n"].concat());
        }
        return if beginning.is_empty() { Err(Failure::Server(status.clone())) } else { Ok(Flow::Done(0)) };
    }
    for (i, object) in objects.iter().enumerate() {
        let text = describe::describe(cx, object, events);
        cx.out(if i > 0 { "\n\n" } else { "" });
        cx.out(&text);
    }
    if objects.is_empty() && wrong.is_empty() {
        let text = match ask.all_namespaces {
            true => "No resources found\n".to_string(),
            false => ["No resources found in ", &cx.globals.namespace, " namespace.\n"].concat(),
        };
        cx.err(&text);
    }
    Failure::after_reading(wrong).map_or(Ok(Flow::Done(0)), Err)
}

/// The objects whose names begin with the one name that was asked for.
fn with_prefix(cx: &mut Cx<'_>, targets: Option<&Targets>, ask: &Ask) -> Vec<Rc<Object>> {
    let Some(Targets::Names(names)) = targets else {
        return Vec::new();
    };
    let [(row, prefix)] = names.as_slice() else {
        return Vec::new();
    };
    let all = resources::list(cx, row, ask).unwrap_or_default();
    all.into_iter().filter(|object| object.name().starts_with(prefix.as_str())).collect()
}
