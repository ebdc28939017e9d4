//! jq's formats, regular expressions, splits and dates.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::eval::{plain, shown};
use super::natives::object;
use super::value::V;
use crate::shell::calendar::Moment;
use crate::text::base64;
use crate::text::regex::{Regex, Syntax};

/// The text of a value that has to be one.
pub fn words(value: &V) -> Result<&str, String> {
    match value {
        V::Text(text) => Ok(text),
        other => Err(format!("{} cannot be matched, as it is not a string", shown(other))),
    }
}

/// `@text`, `@base64` and their like.
///
/// # Errors
/// jq's own sentence.
pub fn formatted(name: &str, value: &V) -> Result<String, String> {
    let cells = |act: fn(&V) -> Result<String, String>, by: &str| match value {
        V::List(all) => Ok(all.iter().map(act).collect::<Result<Vec<_>, _>>()?.join(by)),
        other => Err(format!("{} cannot be {name}-formatted, only array", shown(other))),
    };
    let quoted = |v: &V| match v {
        V::Text(text) => Ok(["'", &text.replace('\'', "'\\''"), "'"].concat()),
        V::List(_) | V::Object(_) => Err(format!("{} can not be escaped for shell", shown(v))),
        other => Ok(plain(other)),
    };
    match name {
        "text" => Ok(plain(value)),
        "json" => Ok(value.compact()),
        "base64" => Ok(base64::encode(plain(value).as_bytes())),
        "base64d" => match base64::decode(plain(value).trim()) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_) => Err(format!("{} is not valid base64 data", shown(value))),
        },
        "uri" => Ok(plain(value).bytes().fold(String::new(), |mut out, byte| {
            match char::from(byte) {
                c if c.is_ascii_alphanumeric() || "-_.~".contains(c) => out.push(c),
                _ => out.push_str(&format!("%{byte:02X}")),
            }
            out
        })),
        "html" => Ok(plain(value).chars().fold(String::new(), |mut out, c| {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '\'' => out.push_str("&#39;"),
                '"' => out.push_str("&quot;"),
                c => out.push(c),
            }
            out
        })),
        "tsv" => cells(
            |v| match v {
                V::Null => Ok(String::new()),
                V::List(_) | V::Object(_) => Err(format!("{} is not valid in a tsv row", shown(v))),
                other => Ok(plain(other).replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")),
            },
            "\t",
        ),
        "csv" => cells(
            |v| match v {
                V::Null => Ok(String::new()),
                V::Text(text) => Ok(["\"", &text.replace('"', "\"\""), "\""].concat()),
                V::List(_) | V::Object(_) => Err(format!("{} is not valid in a csv row", shown(v))),
                other => Ok(plain(other)),
            },
            ",",
        ),
        "sh" => match value {
            V::List(all) => Ok(all.iter().map(quoted).collect::<Result<Vec<_>, _>>()?.join(" ")),
            other => quoted(other),
        },
        _ => Err(format!("{name} is not a valid format")),
    }
}

/// A text's parts between separators; every character where there is none.
pub fn split(text: &str, by: &str) -> V {
    if text.is_empty() {
        return V::list(Vec::new());
    }
    match by {
        "" => V::list(text.chars().map(|c| V::text(c.encode_utf8(&mut [0; 4]))).collect()),
        by => V::list(text.split(by).map(V::text).collect()),
    }
}

/// A pattern in Oniguruma's dialect, as far as the engine's own goes, with the names of its groups.
fn compiled(pattern: &V, flags: &V) -> Result<(Regex, Vec<Option<String>>, bool), String> {
    let pattern = words(pattern)?;
    let flags = match flags {
        V::Null => "",
        V::Text(flags) => flags,
        other => return Err(format!("{} is not a string", shown(other))),
    };
    if let Some(wrong) = flags.chars().find(|flag| !"gimnpslx".contains(*flag)) {
        return Err(format!("{wrong} is not a valid modifier string"));
    }
    if pattern.contains("(?=") || pattern.contains("(?!") || pattern.contains("(?<=") || pattern.contains("(?<!") {
        return Err(String::from("kubepie: patterns that look ahead or behind are not supported"));
    }
    let mut names = Vec::new();
    let mut plain = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['(', '\\']) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        plain.push_str(before);
        if tail.starts_with('\\') {
            let end = tail.chars().take(2).map(char::len_utf8).sum();
            plain.push_str(tail.get(..end).unwrap_or_default());
            rest = tail.get(end..).unwrap_or_default();
            continue;
        }
        let named = tail.strip_prefix("(?<").and_then(|inner| inner.split_once('>'));
        plain.push('(');
        rest = match named {
            Some((name, inner)) => {
                names.push(Some(String::from(name)));
                inner
            }
            None => {
                let inner = tail.get(1..).unwrap_or_default();
                if !inner.starts_with('?') {
                    names.push(None);
                }
                inner
            }
        };
    }
    plain.push_str(rest);
    let fold = flags.contains('i');
    let regex = Regex::new(&plain, Syntax::Go, fold).map_err(|_| format!("{pattern} (at offset 0) is not a valid regex"))?;
    Ok((regex, names, flags.contains('g')))
}

/// `[pattern, flags]` or a pattern with flags beside it.
fn parts<'a>(pattern: &'a V, flags: &'a V) -> (&'a V, &'a V) {
    match pattern {
        V::List(all) => match all.as_slice() {
            [pattern, flags, ..] => (pattern, flags),
            [pattern] => (pattern, flags),
            [] => (pattern, flags),
        },
        _ => (pattern, flags),
    }
}

/// `test(re; flags)`
pub fn test(input: &V, pattern: &V, flags: &V) -> Result<V, String> {
    let (pattern, flags) = parts(pattern, flags);
    let text = words(input)?;
    Ok(V::Bool(compiled(pattern, flags)?.0.is_match(text)))
}

/// Where matches are, as byte ranges with their groups.
fn found(text: &str, regex: &Regex, all: bool) -> Vec<crate::text::regex::Captures> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(captures) = regex.captures(text, at) {
        let Some((from, to)) = captures.first().copied().flatten() else { break };
        found.push(captures);
        at = if to > from { to } else { text.get(to..).and_then(|rest| rest.chars().next()).map_or(text.len() + 1, |c| to + c.len_utf8()) };
        if !all || at > text.len() || found.len() > 10_000 {
            break;
        }
    }
    found
}

/// `match(re; flags)`: a list of matches here; the program takes it apart.
pub fn matches(input: &V, pattern: &V, flags: &V) -> Result<V, String> {
    let (pattern, flags) = parts(pattern, flags);
    let text = words(input)?;
    let (regex, names, all) = compiled(pattern, flags)?;
    let part = |range: Option<(usize, usize)>| match range {
        Some((from, to)) => {
            let string = text.get(from..to).unwrap_or_default();
            let offset = text.get(..from).unwrap_or_default().chars().count();
            (V::count(offset), V::count(string.chars().count()), V::text(string))
        }
        None => (V::float(-1.0), V::count(0), V::Null),
    };
    let one = |captures: crate::text::regex::Captures| {
        let groups = (1..=regex.groups()).zip(names.iter().chain(core::iter::repeat(&None))).map(|(at, name)| {
            let (offset, length, string) = part(captures.get(at).copied().flatten());
            let name = name.as_deref().map_or(V::Null, V::text);
            object(&[("offset", offset), ("length", length), ("string", string), ("name", name)])
        });
        let groups = V::list(groups.collect());
        let (offset, length, string) = part(captures.first().copied().flatten());
        object(&[("offset", offset), ("length", length), ("string", string), ("captures", groups)])
    };
    Ok(V::list(found(text, &regex, all).into_iter().map(one).collect()))
}

/// `split(re; flags)`
pub fn split_at(input: &V, pattern: &V, flags: &V) -> Result<V, String> {
    let text = words(input)?;
    let (regex, _, _) = compiled(pattern, flags)?;
    let mut all = Vec::new();
    let mut last = 0;
    for captures in found(text, &regex, true) {
        if let Some((from, to)) = captures.first().copied().flatten() {
            all.push(V::text(text.get(last..from).unwrap_or_default()));
            last = to;
        }
    }
    all.push(V::text(text.get(last..).unwrap_or_default()));
    Ok(V::list(all))
}

/// `fromdate`, `mktime`, `gmtime`
pub fn date(name: &str, input: &V) -> Result<V, String> {
    match (name, input) {
        ("fromdate", V::Text(text)) => match crate::text::timestamp::parse_rfc3339_ms(text).map(|ms| ms.div_euclid(1000)) {
            Some(seconds) => Ok(V::float(seconds as f64)),
            None => Err(format!("date \"{text}\" does not match format \"%Y-%m-%dT%H:%M:%SZ\"")),
        },
        ("fromdate", other) => Err(format!("strptime/1 requires string inputs and arguments, not {}", shown(other))),
        ("mktime", V::List(all)) => {
            let part = |at: usize| all.get(at).and_then(V::as_f64).unwrap_or(0.0) as i64;
            let whole = |n: i64| u32::try_from(n).unwrap_or(0);
            let days = crate::shell::calendar::days_from_civil(part(0), whole(part(1) + 1), whole(part(2)));
            Ok(V::float((days * 86_400 + part(3) * 3600 + part(4) * 60 + part(5)) as f64))
        }
        ("gmtime", V::Number(n)) => {
            let moment = Moment::from_unix(n.as_f64().unwrap_or(0.0) as i64);
            let text = moment.format("%Y %-m %-d %-H %-M %-S %w %j");
            let all = text.split(' ').enumerate().map(|(at, part)| {
                let n = part.parse::<f64>().unwrap_or(0.0);
                V::float(if matches!(at, 1 | 7) { n - 1.0 } else { n })
            });
            Ok(V::list(all.collect()))
        }
        _ => Err(format!("{name} requires a number or broken down time, not {}", shown(input))),
    }
}

/// `strftime(format)`
pub fn date_text(input: &V, format: &V) -> Result<V, String> {
    let seconds = match input {
        V::Number(n) => n.as_f64().unwrap_or(0.0),
        V::List(_) => date("mktime", input)?.as_f64().unwrap_or(0.0),
        _ => return Err(String::from("strftime/1 requires parsed datetime inputs")),
    };
    match format {
        V::Text(format) => Ok(V::text(&Moment::from_unix(seconds as i64).format(format))),
        _ => Err(String::from("strftime/1 requires a string format")),
    }
}
