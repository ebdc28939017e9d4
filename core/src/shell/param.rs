//! Parameters and what braces do to them: `$x`, `$@`, `${x:-y}`, `${#x}`, `${x%.yaml}`, `${x/a/b}`, `${x^^}`, `${x:1:2}`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::ast::{Index, Param, ParamOp, Word};
use super::expand::{Expanded, Expander, Sink, Stop};
use super::pattern::Pattern;

const REPLACE_STEPS: usize = 2_000_000;

/// A parameter's value.
enum Found {
    Unset,
    One(Rc<str>),
    /// Several, joined by a blank if the flag is set (`$*`).
    Many(Vec<Rc<str>>, bool),
}

/// Expands a parameter into fields.
pub(super) fn expand(ex: &mut Expander<'_>, param: &Param, quoted: bool, fields: &mut impl Sink, split: bool) -> Expanded<()> {
    match param.op {
        ParamOp::Bad => return Err(Stop::Fatal([&*param.name, ": bad substitution"].concat())),
        ParamOp::Names => {
            let names: Vec<Rc<str>> = ex.vars.names(&param.name).into_iter().map(Rc::from).collect();
            return several(ex, param, names, (quoted, false), fields, split);
        }
        _ => {}
    }
    let found = look_up(ex, param)?;
    if instead(ex, param, &found, quoted, fields, split)? {
        return Ok(());
    }
    match found {
        Found::Unset if matches!(param.op, ParamOp::Length) => fields.add_literal("0"),
        Found::Unset => {
            if quoted {
                fields.add_literal("");
            }
        }
        Found::One(text) => {
            let text = apply(ex, param, &text)?;
            ex.add_value(&text, quoted, fields, split);
        }
        Found::Many(list, _) if matches!(param.op, ParamOp::Length) => fields.add_literal(&alloc::format!("{}", list.len())),
        Found::Many(list, joined) => return several(ex, param, list, (quoted, joined), fields, split),
    }
    Ok(())
}

/// What stands in the place of a parameter that is missing (`:-`, `:=`, `:?`, `:+`). True: all is said.
fn instead(ex: &mut Expander<'_>, param: &Param, found: &Found, quoted: bool, fields: &mut impl Sink, split: bool) -> Expanded<bool> {
    let empty = match found {
        Found::Unset => true,
        Found::One(text) => text.is_empty(),
        Found::Many(list, _) => list.is_empty() || (list.len() == 1 && list.iter().all(|one| one.is_empty())),
    };
    let unset = match found {
        Found::Unset => true,
        Found::Many(list, _) => list.is_empty(),
        Found::One(_) => false,
    };
    let missing = |colon: bool| if colon { empty } else { unset };
    match &param.op {
        ParamOp::Default(colon, word) if missing(*colon) => ex.operand(word, quoted, fields, split)?,
        ParamOp::Alternative(colon, word) => {
            if !missing(*colon) {
                ex.operand(word, quoted, fields, split)?;
            } else if quoted {
                fields.add_literal("");
            }
        }
        ParamOp::Assign(colon, word) if missing(*colon) => {
            let text = ex.text(word)?;
            ex.vars.set(&param.name, &text);
            ex.add_value(&text, quoted, fields, split);
        }
        ParamOp::Error(colon, word) if missing(*colon) => {
            let mut text = ex.text(word)?;
            if text.is_empty() {
                text.push_str(if *colon { "parameter null or not set" } else { "parameter not set" });
            }
            return Err(Stop::Fatal(alloc::format!("{}: {text}", param.name)));
        }
        ParamOp::Default(..) | ParamOp::Assign(..) | ParamOp::Error(..) | ParamOp::Length => return Ok(false),
        _ if unset && ex.nounset && !matches!(&*param.name, "@" | "*") => {
            return Err(Stop::Fatal(alloc::format!("{}: unbound variable", param.name)));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Several values, with what the operation makes of each.
fn several(
    ex: &mut Expander<'_>,
    param: &Param,
    list: Vec<Rc<str>>,
    (quoted, joined): (bool, bool),
    fields: &mut impl Sink,
    split: bool,
) -> Expanded<()> {
    let list = match &param.op {
        ParamOp::Slice(offset, length) => {
            // `${@:1}` counts from $1; `${array[@]:0}` from the first element.
            let shift = usize::from(matches!(&*param.name, "@" | "*"));
            slice_list(ex, &list, offset, length.as_ref(), shift)?
        }
        _ => list,
    };
    if quoted && joined {
        let separator = ex.vars.get("IFS").map_or_else(|| String::from(" "), |ifs| ifs.chars().take(1).collect());
        let mut out = Vec::new();
        for one in &list {
            out.push(apply_each(ex, param, one)?);
        }
        fields.add_literal(&out.join(&separator));
        return Ok(());
    }
    let mut first = true;
    for one in &list {
        if !first {
            if split {
                fields.break_field(false);
            } else {
                fields.add_literal(" ");
            }
        }
        first = false;
        let text = apply_each(ex, param, one)?;
        ex.add_value(&text, quoted, fields, split);
    }
    Ok(())
}

fn apply_each(ex: &mut Expander<'_>, param: &Param, text: &str) -> Expanded<String> {
    match param.op {
        ParamOp::Slice(..) => Ok(String::from(text)),
        _ => apply(ex, param, text),
    }
}

fn look_up(ex: &mut Expander<'_>, param: &Param) -> Expanded<Found> {
    if matches!((&param.op, &param.index), (ParamOp::Indirect, Some(Index::Each | Index::Joined))) {
        return Ok(Found::Many(ex.vars.keys(&param.name), matches!(param.index, Some(Index::Joined))));
    }
    let found = value_of(ex, &param.name, param.index.as_ref())?;
    if !matches!(param.op, ParamOp::Indirect) {
        return Ok(found);
    }
    match found {
        Found::One(name) => value_of(ex, &name, None),
        other => Ok(other),
    }
}

fn value_of(ex: &mut Expander<'_>, name: &str, index: Option<&Index>) -> Expanded<Found> {
    let number = |value: i64| Found::One(Rc::from(alloc::format!("{value}")));
    if name == "PIPESTATUS" && !ex.pipe_status.is_empty() {
        let all: Vec<Rc<str>> = ex.pipe_status.iter().map(|status| Rc::from(alloc::format!("{status}"))).collect();
        return Ok(match index {
            Some(Index::Each) => Found::Many(all, false),
            Some(Index::Joined) => Found::Many(all, true),
            Some(Index::At(word)) => {
                let at = usize::try_from(ex.arith(word)?).ok();
                at.and_then(|at| all.get(at).cloned()).map_or(Found::Unset, Found::One)
            }
            None => all.first().cloned().map_or(Found::Unset, Found::One),
        });
    }
    if let Some(index) = index {
        return match index {
            Index::Each => Ok(Found::Many(ex.vars.list(name), false)),
            Index::Joined => Ok(Found::Many(ex.vars.list(name), true)),
            Index::At(word) => {
                let key = if ex.vars.is_named(name) {
                    Some(super::vars::Key::Name(Rc::from(ex.text(word)?)))
                } else {
                    let at = ex.arith(word)?;
                    ex.vars.place(name, at)
                };
                Ok(key.and_then(|key| ex.vars.element(name, &key)).map_or(Found::Unset, Found::One))
            }
        };
    }
    Ok(match name {
        "@" => Found::Many(ex.args.to_vec(), false),
        "*" => Found::Many(ex.args.to_vec(), true),
        "#" => number(ex.args.len() as i64),
        "?" => number(i64::from(ex.status)),
        "$" => number(i64::from(ex.pid)),
        "!" => ex.last_job.map_or(Found::Unset, |pid| number(i64::from(pid))),
        "-" => Found::One(Rc::from(ex.flags)),
        "0" => Found::One(Rc::from(ex.name)),
        "RANDOM" => number(i64::from(ex.vars.next_random())),
        "SECONDS" => number(i64::try_from(ex.seconds).unwrap_or(i64::MAX)),
        "LINENO" => number(i64::try_from(ex.line).unwrap_or(1)),
        "PWD" => Found::One(Rc::from(ex.cwd)),
        digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            let at = digits.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
            at.and_then(|at| ex.args.get(at).cloned()).map_or(Found::Unset, Found::One)
        }
        name => ex.vars.get(name).map_or(Found::Unset, Found::One),
    })
}

fn apply(ex: &mut Expander<'_>, param: &Param, text: &str) -> Expanded<String> {
    Ok(match &param.op {
        ParamOp::Length => alloc::format!("{}", text.chars().count()),
        ParamOp::Trim { suffix, longest, pattern } => {
            let pattern = Pattern::new(&ex.pattern(pattern)?);
            trim(text, &pattern, *suffix, *longest)
        }
        ParamOp::Replace { all, anchor, pattern, with } => {
            let pattern = Pattern::new(&ex.pattern(pattern)?);
            let with = ex.text(with)?;
            replace(text, &pattern, &with, *all, *anchor)
        }
        ParamOp::Case { upper, all, of } => {
            let only = match of {
                Some(word) => Some(Pattern::new(&ex.pattern(word)?)),
                None => None,
            };
            let fits = |c: char| only.as_ref().is_none_or(|only| only.matches(c.encode_utf8(&mut [0; 4])));
            let mut out = String::new();
            for (at, c) in text.chars().enumerate() {
                match (at == 0 || *all) && fits(c) {
                    true if *upper => out.extend(c.to_uppercase()),
                    true => out.extend(c.to_lowercase()),
                    false => out.push(c),
                }
            }
            out
        }
        ParamOp::Transform('U') => text.to_uppercase(),
        ParamOp::Transform('L') => text.to_lowercase(),
        ParamOp::Transform('u') => {
            let mut chars = text.chars();
            chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + chars.as_str()
        }
        ParamOp::Transform('E') => super::escape::unescape(text, super::escape::Style::Quote).0,
        ParamOp::Transform('A') => alloc::format!("{}={}", param.name, single_quoted(text)),
        ParamOp::Transform(_) => single_quoted(text),
        ParamOp::Slice(offset, length) => slice_text(ex, text, offset, length.as_ref())?,
        _ => String::from(text),
    })
}

/// A text as `${x@Q}` writes it.
fn single_quoted(text: &str) -> String {
    if text.contains(|c: char| c.is_control()) {
        let inner = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t");
        return ["$'", &inner, "'"].concat();
    }
    ["'", &text.replace('\'', "'\\''"), "'"].concat()
}

fn trim(text: &str, pattern: &Pattern, suffix: bool, longest: bool) -> String {
    let chars: Vec<char> = if suffix { text.chars().rev().collect() } else { text.chars().collect() };
    let mut budget = REPLACE_STEPS;
    let ends = if suffix { pattern.reversed().prefixes(&chars, &mut budget) } else { pattern.prefixes(&chars, &mut budget) };
    let cut = if longest { ends.last() } else { ends.first() };
    let cut = cut.copied().unwrap_or(0);
    if suffix { chars.iter().skip(cut).rev().collect() } else { chars.iter().skip(cut).collect() }
}

fn replace(text: &str, pattern: &Pattern, with: &str, all: bool, anchor: Option<char>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut budget = REPLACE_STEPS;
    let mut out = String::new();
    if anchor == Some('%') {
        let reversed: Vec<char> = chars.iter().rev().copied().collect();
        return match pattern.reversed().prefixes(&reversed, &mut budget).last() {
            Some(cut) => {
                out.extend(chars.iter().take(chars.len().saturating_sub(*cut)));
                out.push_str(with);
                out
            }
            None => String::from(text),
        };
    }
    let mut at = 0;
    while at <= chars.len() {
        let rest = chars.get(at..).unwrap_or_default();
        let length = if budget == 0 { None } else { pattern.prefixes(rest, &mut budget).last().copied() };
        match length.filter(|length| *length > 0 || (rest.is_empty() && chars.is_empty())) {
            Some(length) => {
                out.push_str(with);
                at += length;
                if !all || length == 0 {
                    break;
                }
            }
            None => {
                if anchor.is_some() {
                    break;
                }
                out.extend(rest.first());
                at += 1;
            }
        }
    }
    out.extend(chars.iter().skip(at));
    out
}

fn bounds(ex: &mut Expander<'_>, size: usize, offset: &Word, length: Option<&Word>) -> Expanded<(usize, usize)> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let offset = ex.arith(offset)?;
    let start = if offset < 0 { size.saturating_add(offset) } else { offset };
    if start < 0 || start > size {
        return Ok((0, 0));
    }
    let end = match length {
        Some(word) => {
            let length = ex.arith(word)?;
            if length < 0 && size.saturating_add(length) < start {
                return Err(Stop::Error(alloc::format!("{length}: substring expression < 0")));
            }
            if length < 0 { size.saturating_add(length) } else { start.saturating_add(length) }
        }
        None => size,
    };
    let end = end.clamp(start, size);
    Ok((usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0)))
}

fn slice_text(ex: &mut Expander<'_>, text: &str, offset: &Word, length: Option<&Word>) -> Expanded<String> {
    let (start, end) = bounds(ex, text.chars().count(), offset, length)?;
    Ok(text.chars().skip(start).take(end.saturating_sub(start)).collect())
}

fn slice_list(ex: &mut Expander<'_>, list: &[Rc<str>], offset: &Word, length: Option<&Word>, shift: usize) -> Expanded<Vec<Rc<str>>> {
    let (start, end) = bounds(ex, list.len() + shift, offset, length)?;
    let start = start.saturating_sub(shift);
    let end = end.saturating_sub(if start == 0 { shift.min(end) } else { shift });
    Ok(list.iter().skip(start).take(end.saturating_sub(start)).cloned().collect())
}
