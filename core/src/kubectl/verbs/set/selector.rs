//! `kubectl set selector`. Models kubectl `pkg/cmd/set/set_selector.go`.
//!
//! ```text
//! $ kubectl create service clusterip web --tcp=80
//! service/web created
//! $ kubectl set selector service web app=web,tier=front
//! service/web selector updated
//! $ kubectl set selector service web 'app!=web'
//! error: "!=" is not a valid label selector operator
//! ```

use alloc::format;
use alloc::string::ToString;
use serde_json::{Map, Value};

use crate::kubectl::groups::{ALL, DRY_RUN, LOCAL, PRINT, RECORD};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed};
use crate::object::selector::{self, Operator};
use crate::object::value;

use super::update::{self, MANAGER, Words, fail};

const FLAGS: &[Flag] = &[
    Flag::text("filename", "Files that name the objects.").short('f').kind(FlagKind::Slice, "[]"),
    Flag::switch("recursive", "Take the folders of -f with everything below them.").short('R').default("true"),
    Flag::text("resource-version", "Only if the object has this version."),
];

/// `kubectl set selector (-f FILENAME | TYPE NAME) EXPRESSIONS`
pub static SELECT: Command = Command {
    name: "selector",
    usage: "set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
    short: "Set the selector on a resource",
    examples: "# The Pods of a service\nkubectl set selector service my-svc environment=qa",
    flags: &[PRINT, ALL, DRY_RUN, LOCAL, RECORD, MANAGER, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

const WORDS: Words = Words { done: "selector updated", refused: "", always: true };

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let Some((text, names)) = parsed.args.split_last() else {
        return fail("one selector is required");
    };
    let wanted = selector::parse(text).map_err(|why| Failure::Client(format!("couldn't parse the selector string \"{text}\": {why}")))?;
    let mut labels = Map::new();
    let mut unfit = alloc::vec::Vec::new();
    for requirement in wanted.requirements() {
        match (requirement.operator, requirement.values.as_slice()) {
            (Operator::Equals | Operator::DoubleEquals, [one]) => drop(labels.insert(requirement.key.clone(), one.as_str().into())),
            (Operator::NotEquals, _) => return fail("\"!=\" is not a valid label selector operator"),
            (Operator::GreaterThan, _) => return fail("\"gt\" isn't supported in label selectors"),
            (Operator::LessThan, _) => return fail("\"lt\" isn't supported in label selectors"),
            (operator, values) => unfit.push(format!("{{{} {} [{}]}}", requirement.key, operator_name(operator), values.join(" "))),
        }
    }
    for item in update::items(cx, parsed, names)? {
        if &*item.row.kind != "Service" {
            return fail("setting a selector is only supported for Services");
        }
        if !unfit.is_empty() {
            return fail(format!("match expression [{}] not supported on this object", unfit.join(" ")));
        }
        let labels = labels.clone();
        update::each(cx, parsed, alloc::vec![item], &WORDS, &mut |_, _, object, _| {
            value::set(object, "spec/selector", Value::Object(labels.clone()));
            if parsed.given("resource-version") {
                value::set(object, "metadata/resourceVersion", parsed.text("resource-version").to_string());
            }
            Ok(())
        })?;
    }
    Ok(Flow::Done(0))
}

/// An operator as a label selector's match expression names it.
fn operator_name(operator: Operator) -> &'static str {
    match operator {
        Operator::NotIn => "NotIn",
        Operator::Exists => "Exists",
        Operator::DoesNotExist => "DoesNotExist",
        _ => "In",
    }
}
