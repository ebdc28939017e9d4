//! Checks from the data of lessons.

use alloc::string::{String, ToString};

use super::Check;
use super::check::{Objects, Op, What, When, Which};
use super::defect::{Defect, What as Wrong};
use super::fields::Part;
use crate::object::jsonpath::JsonPath;
use crate::object::selector;
use crate::text::duration;

/// The longest time that something must hold: ten minutes.
const MAX_HELD_MS: i64 = 600_000;

/// Reads a check.
///
/// # Errors
/// What is wrong.
pub(super) fn check(v: &Part<'_>) -> Result<Check, Defect> {
    let what = match () {
        () if v.get("resource").is_some() && v.get("refused").is_none() => objects(v)?,
        () if v.get("file").is_some() => {
            v.only(&["file", "contains", "held"])?;
            What::File { path: v.line("file")?, contains: v.line("contains")? }
        }
        () if v.get("refused").is_some() => {
            v.only(&["refused", "resource", "name"])?;
            What::Refused { reason: v.line("refused")?, resource: v.line("resource")?, name: v.line("name")? }
        }
        () if v.get("requests").is_some() => requests(v)?,
        () => return Err(v.wrong(Wrong::Subject, "")),
    };
    Ok(Check { what, when: named(v, "when", &When::ALL)?.unwrap_or(When::Now), held_ms: held(v)? })
}

fn objects(v: &Part<'_>) -> Result<What, Defect> {
    v.only(&[
        "resource",
        "namespace",
        "name",
        "selector",
        "owner",
        "path",
        "op",
        "value",
        "against",
        "distinct",
        "count",
        "atLeast",
        "atMost",
        "when",
        "held",
    ])?;
    let against = match v.get("against") {
        Some(part) => {
            part.only(&["resource", "namespace", "name", "selector", "path"])?;
            Some(which(&part)?)
        }
        None => None,
    };
    let which = which(v)?;
    let count = v.number("count")?;
    let op = match named(v, "op", &Op::ALL)? {
        Some(op) => op,
        None if v.get("value").is_none() && against.is_none() => Op::Exists,
        None => Op::Eq,
    };
    Ok(What::Objects(Objects {
        which,
        op,
        value: v.line("value")?,
        against,
        distinct: v.truth("distinct")?,
        at_least: count.or(v.number("atLeast")?).unwrap_or(1).min(count.or(v.number("atMost")?).unwrap_or(usize::MAX)),
        at_most: count.or(v.number("atMost")?).unwrap_or(usize::MAX),
    }))
}

fn which(v: &Part<'_>) -> Result<Which, Defect> {
    let namespace = if v.get("namespace").is_some() { v.line("namespace")? } else { "default".to_string() };
    let which = Which {
        resource: v.line("resource")?,
        namespace: if namespace == "*" { String::new() } else { namespace },
        name: v.line("name")?,
        selector: v.line("selector")?,
        owner: v.line("owner")?,
        path: v.line("path")?,
    };
    if let (Some(part), Err(why)) = (v.get("path"), JsonPath::parse(&which.path)) {
        return Err(part.wrong(Wrong::Path, &why.to_string()));
    }
    if let (Some(part), true) = (v.get("selector"), selector::parse(&which.selector).is_err()) {
        return Err(part.wrong(Wrong::Selector, ""));
    }
    Ok(which)
}

fn requests(v: &Part<'_>) -> Result<What, Defect> {
    v.only(&["requests", "when", "held"])?;
    let Some(part) = v.get("requests") else { return Err(v.wrong(Wrong::Subject, "")) };
    part.only(&["to", "last", "failed", "different"])?;
    Ok(What::Requests {
        to: part.line("to")?,
        last: part.number("last")?.unwrap_or(1),
        failed: part.number("failed")?.unwrap_or(0),
        different: part.number("different")?.unwrap_or(0),
    })
}

fn named<T: Copy>(v: &Part<'_>, key: &str, all: &[(&str, T)]) -> Result<Option<T>, Defect> {
    let name = v.line(key)?;
    if name.is_empty() {
        return Ok(None);
    }
    match all.iter().find(|(known, _)| *known == name) {
        Some((_, choice)) => Ok(Some(*choice)),
        None => {
            let known: alloc::vec::Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            let what = if key == "op" { Wrong::Op } else { Wrong::Moment };
            Err(Defect { known: known.join(", "), ..v.wrong(what, &name.chars().take(40).collect::<String>()) })
        }
    }
}

fn held(v: &Part<'_>) -> Result<u64, Defect> {
    let Some(part) = v.get("held") else { return Ok(0) };
    let ms = duration::parse_millis(&part.as_line()?).ok().filter(|ms| (0..=MAX_HELD_MS).contains(ms));
    ms.and_then(|ms| u64::try_from(ms).ok()).ok_or_else(|| part.wrong(Wrong::Duration, ""))
}
