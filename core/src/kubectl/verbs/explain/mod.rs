//! `kubectl explain`: the fields of a kind from the schema; the sentences are our own. Here is what is asked for; how it
//! is printed is in `page` and, in the older form, `old`. Models kubectl `pkg/cmd/explain` and `pkg/explain/v2`.
//!
//! ```text
//! $ kubectl explain deployment.spec.replicas
//! GROUP:      apps
//! KIND:       Deployment
//! VERSION:    v1
//!
//! FIELD: replicas <integer>
//!
//!
//! DESCRIPTION:
//!     How many Pods there shall be; 1 if it is not said.
//!     
//!
//! $ kubectl explain pods.spec.nope.name
//! KIND:       Pod
//! VERSION:    v1
//!
//! error: field "name" does not exist
//! $ kubectl explain deployments --api-version=v1
//! error: GVR (/v1, Resource=deployments) not found in OpenAPI schema
//! ```

mod node;
mod old;
mod page;
mod words;

use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use self::node::Node;
use crate::api::registry::{Resource, Text};
use crate::kubectl::{Command, Cx, Failure, Flag, Flow, Parsed, resources};
use crate::object::schema::Def;

const FLAGS: &[Flag] = &[
    Flag::text("api-version", "The version of the API to explain: apps/v1."),
    Flag::text("output", "The form of the output.").short('o').default("plaintext"),
    Flag::switch("recursive", "Show the fields of fields too.").short('R'),
];

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

/// What is asked for: a kind and the way to one of its fields.
struct Asked<'a> {
    row: Rc<Resource>,
    path: Vec<&'a str>,
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let word = match parsed.args.as_slice() {
        [] => {
            return Err(Failure::Client(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" for a complete list of supported resources.\n"
                    .to_string(),
            ));
        }
        [word] => word,
        _ => return Err(Failure::Client("We accept only this format: explain RESOURCE\n".to_string())),
    };
    if matches!(word.as_str(), "" | ".") {
        return Err(Failure::Client("a resource must be present, got: /, Resource=".to_string()));
    }
    let inside = word.trim_end_matches('.');
    let recursive = inside.contains("..") || word.ends_with("...");
    if recursive || word.starts_with('.') || word.contains(['[', '*', ' ']) {
        return Err(Failure::Client("invalid jsonpath syntax, first node must be field node".to_string()));
    }
    if let Some(odd) = word.chars().find(|c| matches!(c, '{' | ',' | '|' | '=' | '<' | '>' | '!' | '&')) {
        return Err(Failure::Client(format!("unrecognized character in action: U+{:04X} '{odd}'", u32::from(odd))));
    }
    let mut asked = asked(cx, word)?;
    resources::warn_of_short_names(cx, &[word.split('.').next().unwrap_or_default().to_string()]);
    let mut older = None;
    let wanted = parsed.text("api-version");
    if !wanted.is_empty() {
        let kind = asked.row.kind.to_string();
        if wanted.matches('/').count() > 1 {
            return Err(Failure::Client(format!("unexpected GroupVersion string: {wanted}")));
        }
        let served = cx.api().registry.all().any(|row| row.api_version() == wanted);
        let missing = || {
            let slash = if wanted.contains('/') { wanted.to_string() } else { ["/", wanted].concat() };
            let what = format!("{slash}, Resource={}", asked.row.plural);
            Failure::Client(match served {
                true => format!("GVR ({what}) not found in OpenAPI schema"),
                false => format!("couldn't find resource for \"{what}\""),
            })
        };
        asked.row = cx.api().registry.by_api_version(wanted, &kind).cloned().ok_or_else(missing)?;
        if asked.row.custom.is_none() && asked.row.api_version() != wanted {
            // The server takes it in this version too.
            older = Def::of_api_version(wanted, &kind).map(|def| (def, wanted));
        }
    }
    if let Some((_, wanted)) = older {
        let mut row = (*asked.row).clone();
        row.version = Text::Owned(wanted.rsplit('/').next().unwrap_or_default().to_string());
        asked.row = Rc::new(row);
    }
    let format = parsed.text("output");
    if !matches!(format, "plaintext" | "plaintext-openapiv2") {
        return Err(Failure::Client(format!("unrecognized format: {format}")));
    }
    let Some(root) = older.map(|(def, _)| Node::Struct(def)).or_else(|| Node::of(&asked.row)) else {
        let Resource { group, version, plural, .. } = &*asked.row;
        return Err(Failure::Client(format!("couldn't find resource for \"{group}/{version}, Resource={plural}\"")));
    };
    let recursive = parsed.on("recursive");
    let (text, missing) = match format {
        "plaintext" => page::print(&asked.row, &root, &asked.path, recursive),
        _ => old::print(&asked.row, &root, &asked.path, recursive),
    };
    cx.out(&text);
    match missing {
        Some(field) => Err(Failure::Client(format!("field \"{field}\" does not exist"))),
        None => Ok(Flow::Done(0)),
    }
}

/// Takes `deploy.spec` and `deployments.apps.spec` apart: a resource with its group in front counts as such, after anything
/// else come fields. Models kubectl `pkg/explain` SplitAndParseResourceRequestWithMatchingPrefix.
fn asked<'a>(cx: &Cx<'_>, word: &'a str) -> Result<Asked<'a>, Failure> {
    let parts = |text: &'a str| -> Vec<&'a str> { text.split('.').filter(|part| !part.is_empty()).collect() };
    let all = parts(word);
    let first_word = all.first().copied().unwrap_or(word);
    let registry = &cx.api().registry;
    let unknown = || Failure::Plain(format!("the server doesn't have a resource type \"{first_word}\""));
    let first = registry.resolve(first_word).ok_or_else(unknown)?;
    let others = registry.all().filter(|row| row.plural == first.plural && row.key() != first.key());
    for row in core::iter::once(first).chain(others) {
        if let Some(rest) = word.strip_prefix(&row.key()) {
            return Ok(Asked { row: row.clone(), path: parts(rest) });
        }
    }
    Ok(Asked { row: first.clone(), path: all.get(1..).unwrap_or_default().to_vec() })
}
