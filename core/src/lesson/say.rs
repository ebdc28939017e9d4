//! A check in one line, for whoever writes a lesson.

use alloc::format;
use alloc::string::String;

use super::check::{Check, Objects, Op, What, When};

/// What a check wants, in the words of the cluster: `deployments.apps/web {.status.readyReplicas} eq 3`.
pub fn check(check: &Check) -> String {
    let what = match &check.what {
        What::Objects(what) => objects(what),
        What::File { path, contains } => format!("{path} contains {contains:?}"),
        What::Refused { reason, resource, name } => format!("refused: {resource} {name} {reason}"),
        What::Requests { to, last, failed, different } => format!("requests {to}: last {last}, failed <= {failed}, Pods >= {different}"),
    };
    let when = When::ALL.iter().find(|(_, when)| *when == check.when && *when != When::Now).map_or("", |(name, _)| name);
    [what.as_str(), if when.is_empty() { "" } else { " " }, when].concat()
}

fn objects(what: &Objects) -> String {
    let which = &what.which;
    let of = if which.owner.is_empty() { which.name.as_str() } else { which.owner.as_str() };
    let op = Op::ALL.iter().find(|(_, op)| *op == what.op).map_or("", |(name, _)| name);
    let field = if which.path.is_empty() { String::new() } else { format!(" {} {op} {}", which.path, what.value) };
    let count = match (what.at_least, what.at_most) {
        (1, usize::MAX) => String::new(),
        (least, most) if least == most => format!(" x{least}"),
        (least, usize::MAX) => format!(" x{least}.."),
        (least, most) => format!(" x{least}..{most}"),
    };
    [which.resource.as_str(), "/", of, &field, &count].concat()
}
