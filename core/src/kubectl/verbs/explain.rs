//! `kubectl explain`: the fields of a kind from the schema; the sentences are our own. Models kubectl `pkg/cmd/explain`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use crate::arrange::Arrange;
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, resources};
use crate::object::schema::Def;
use crate::object::value::{at, items_at, map_at, text_at};

const FLAGS: &[Flag] = &[
    Flag::text("api-version", "The version of the API to explain: apps/v1."),
    Flag::text("output", "The form of the output.").short('o').default("plaintext"),
    Flag::switch("recursive", "Show the fields of fields too.").short('R'),
];

/// How deep `--recursive` goes.
const MAX_DEPTH: usize = 24;

/// `kubectl explain`
pub static EXPLAIN: Command = Command {
    name: "explain",
    usage: "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]",
    short: "Get documentation for a resource",
    examples: "# The fields of a Pod\nkubectl explain pods\n\n# One field\nkubectl explain pods.spec.containers",
    flags: &[FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let word = match parsed.args.as_slice() {
        [] => {
            return Err(Failure::Client(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n"
                    .to_string(),
            ));
        }
        [word] => word,
        many => return Err(Failure::Client(format!("We accept only this format: explain RESOURCE\nunexpected arguments: {many:?}"))),
    };
    let mut path: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
    if path.is_empty() {
        return Err(Failure::Client(format!("the server doesn't have a resource type \"{word}\"")));
    }
    let first = path.remove(0);
    let mut row = resources::resource(cx, first)?;
    let wanted = parsed.text("api-version");
    if !wanted.is_empty()
        && let Some(other) = cx.api().registry.by_api_version(wanted, &row.kind)
    {
        row = other.clone();
    }
    let mut out = String::new();
    if !row.group.is_empty() {
        out.push_str(&format!("GROUP:      {}\n", row.group));
    }
    out.push_str(&format!("KIND:       {}\nVERSION:    {}\n\n", row.kind, row.version));
    let missing = |field: &str| Failure::Client(format!("field \"{field}\" does not exist"));
    let recursive = parsed.on("recursive");
    if let Some(schema) = &row.custom {
        let found = path.iter().try_fold((**schema).clone(), |schema, part| {
            let inner = if schema.get("items").is_some() { schema.get("items").cloned().unwrap_or(Value::Null) } else { schema };
            at(&inner, "/properties").and_then(|p| p.get(*part)).cloned().ok_or_else(|| missing(part))
        });
        let found = match found {
            Ok(found) => found,
            Err(failure) => {
                cx.out(&[out.as_str(), "\n"].concat());
                return Err(failure);
            }
        };
        if let Some(name) = path.last() {
            out.push_str(&format!("FIELD: {name} <{}>\n\n\n", custom_type(&found)));
        }
        let text = text_at(&found, "/description");
        out.push_str(&format!("DESCRIPTION:\n    {}\n    \n", if text.is_empty() { "<empty>" } else { text }));
        custom_fields(&found, recursive, 0, &mut out);
        cx.out(&out);
        return Ok(Flow::Done(0));
    }
    let Some(def) = row.def() else {
        return Err(Failure::Client(format!("couldn't find resource for \"{}\"", row.api_version())));
    };
    let inner = match def.walk(&path) {
        Err(part) => {
            cx.out(&[out.as_str(), "\n"].concat());
            return Err(missing(part));
        }
        Ok(None) => Some(def),
        Ok(Some(field)) => {
            out.push_str(&format!("FIELD: {} <{}>\n", field.name, field.ty.explain_name()));
            if let Some(allowed) = field.allowed() {
                out.push_str("ENUM:\n");
                allowed.for_each(|word| out.push_str(&format!("    {word}\n")));
            }
            out.push('\n');
            field.ty.inner_struct()
        }
    };
    let what = path.last().map_or_else(|| row.kind.to_string(), ToString::to_string);
    out.push_str(&format!("DESCRIPTION:\n    The {what} of the {} API object.\n    \n", row.kind));
    if let Some(def) = inner {
        out.push_str("FIELDS:\n");
        fields(def, recursive, 0, &mut out);
    }
    out.push('\n');
    cx.out(&out);
    Ok(Flow::Done(0))
}

fn fields(def: Def, recursive: bool, depth: usize, out: &mut String) {
    let mut all: Vec<_> = def.fields().collect();
    all.arrange_by_key(|field| field.name);
    for field in all {
        (0..=depth).for_each(|_| out.push_str("  "));
        let required = if field.required() { " -required-" } else { "" };
        out.push_str(&format!("{}\t<{}>{required}\n", field.name, field.ty.explain_name()));
        if !recursive {
            (0..=depth).for_each(|_| out.push_str("  "));
            out.push_str(&format!("  The field {}.\n\n", field.name));
        } else if depth < MAX_DEPTH
            && out.len() < 400_000
            && let Some(inner) = field.ty.inner_struct().filter(|inner| inner.short_name() != def.short_name())
        {
            fields(inner, recursive, depth + 1, out);
        }
    }
}

/// The type of a custom field as `explain` names it.
fn custom_type(schema: &Value) -> String {
    match text_at(schema, "/type") {
        "array" => format!("[]{}", schema.get("items").map(custom_type).unwrap_or_default()),
        "object" if schema.get("properties").is_none() => match schema.get("additionalProperties") {
            Some(inner) if inner.is_object() => format!("map[string]{}", custom_type(inner)),
            _ => "Object".to_string(),
        },
        "object" => "Object".to_string(),
        "" => "IntOrString".to_string(),
        other => other.to_string(),
    }
}

fn custom_fields(schema: &Value, recursive: bool, depth: usize, out: &mut String) {
    let inner = schema.get("items").unwrap_or(schema);
    let Some(properties) = map_at(inner, "/properties") else {
        return;
    };
    if depth == 0 {
        out.push_str("FIELDS:\n");
    }
    let required = items_at(inner, "/required");
    for (name, property) in properties {
        (0..=depth).for_each(|_| out.push_str("  "));
        let mark = if required.iter().any(|r| r.as_str() == Some(name)) { " -required-" } else { "" };
        let ty = match (depth, name.as_str()) {
            (0, "metadata") => "ObjectMeta".to_string(),
            _ => custom_type(property),
        };
        out.push_str(&format!("{name}\t<{ty}>{mark}\n"));
        if recursive && depth < MAX_DEPTH {
            custom_fields(property, recursive, depth + 1, out);
        } else if !recursive {
            let text = text_at(property, "/description");
            out.push_str(&format!("    {}\n\n", if text.is_empty() { "<no description>" } else { text }));
        }
    }
}
