//! Reading flags from a command line, with the error texts of kubectl's flag library. Models spf13/pflag as far as kubectl shows it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::command::{Command, Flag, FlagKind};
use super::failure::Failure;
use crate::text::quote::quote;

/// The arguments and flags of one call.
#[derive(Clone)]
pub struct Parsed {
    /// The command that was found.
    pub command: &'static Command,
    /// The full words of the command: `kubectl create deployment`.
    pub path: String,
    /// What is neither flag nor command word.
    pub args: Vec<String>,
    /// How many of `args` stood before `--`, if there was one.
    pub dash_at: Option<usize>,
    values: BTreeMap<&'static str, Vec<String>>,
    defaults: BTreeMap<&'static str, &'static str>,
}

impl core::fmt::Debug for Parsed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Parsed").field("path", &self.path).field("args", &self.args).field("values", &self.values).finish()
    }
}

impl Parsed {
    /// Whether the command is the one of this path, as it is typed behind `kubectl`, or one below it.
    pub fn is_under(&self, path: &str) -> bool {
        let own = self.path.strip_prefix("kubectl ").unwrap_or_default();
        own.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    }

    /// A call without flags, for tests and for verbs that call others.
    pub fn empty(command: &'static Command, path: &str) -> Parsed {
        Parsed { command, path: path.to_string(), args: Vec::new(), dash_at: None, values: BTreeMap::new(), defaults: BTreeMap::new() }
    }

    /// Whether the flag was on the command line.
    pub fn given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The flag's text: what was given last, or its default.
    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(|v| v.last()).map(String::as_str).or_else(|| self.defaults.get(name).copied()).unwrap_or_default()
    }

    /// Whether a switch is on.
    pub fn on(&self, name: &str) -> bool {
        matches!(self.text(name), "true" | "1" | "t" | "T" | "TRUE" | "True")
    }

    /// The flag's number; zero when it has none.
    pub fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(0)
    }

    /// All values of a flag that may be given many times; empty when it was not given.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// A flag's duration in milliseconds; zero when it cannot be read (which parsing has refused before).
    pub fn duration_ms(&self, name: &str) -> i64 {
        crate::text::duration::parse_go(self.text(name)).map_or(0, |ns| ns / 1_000_000)
    }

    /// Puts a value as if it had been typed.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.values.insert(name, alloc::vec![value.to_string()]);
    }
}

/// Reads `words` (after the command words) against the flags of `command` and the global ones. Deprecation notices go to `notices`.
///
/// # Errors
/// `unknown flag`, `flag needs an argument`, `invalid argument`, as kubectl prints them.
pub fn parse(
    command: &'static Command,
    path: &str,
    words: &[String],
    globals: &'static [Flag],
    notices: &mut Vec<String>,
) -> Result<Parsed, Failure> {
    let mut parsed = Parsed::empty(command, path);
    let flags = || command.all_flags().chain(globals.iter());
    // A command's own flag hides a global one of the same name.
    for flag in flags() {
        parsed.defaults.entry(flag.name).or_insert(flag.default);
    }
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            parsed.dash_at = Some(parsed.args.len());
            parsed.args.extend(words.by_ref().cloned());
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_string())));
            let dashed = name.replace('_', "-");
            let name = dashed.as_str();
            if name.is_empty() || name.starts_with('-') {
                return Err(Failure::Flag(format!("bad flag syntax: {word}")));
            }
            let Some(flag) = flags().find(|f| f.name == name) else {
                if name == "help" {
                    if !matches!(value.as_deref(), Some("false" | "0" | "f" | "F" | "FALSE" | "False")) {
                        parsed.values.insert("help", alloc::vec!["true".to_string()]);
                    }
                    continue;
                }
                return Err(Failure::Flag(format!("unknown flag: --{name}")));
            };
            let value = match (value, flag.kind, flag.bare) {
                (Some(value), _, _) => value,
                (None, _, Some(bare)) => bare.to_string(),
                (None, FlagKind::Bool, None) => "true".to_string(),
                (None, _, None) => words.next().cloned().ok_or_else(|| Failure::Flag(format!("flag needs an argument: --{name}")))?,
            };
            put(&mut parsed, flag, value, notices)?;
        } else if word.len() > 1 && word.starts_with('-') {
            shorts(&mut parsed, word, &mut words, &flags, notices)?;
        } else {
            parsed.args.push(word.clone());
        }
    }
    Ok(parsed)
}

/// A cluster of one-letter flags: `-it`, `-nkube-system`, `-o=wide`.
fn shorts<'w, I: Iterator<Item = &'static Flag>>(
    parsed: &mut Parsed,
    word: &str,
    words: &mut impl Iterator<Item = &'w String>,
    flags: &impl Fn() -> I,
    notices: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut rest = word.get(1..).unwrap_or_default();
    while let Some(letter) = rest.chars().next() {
        let after = rest.get(letter.len_utf8()..).unwrap_or_default();
        let Some(flag) = flags().find(|f| f.short == Some(letter)) else {
            if letter == 'h' {
                parsed.values.insert("help", alloc::vec!["true".to_string()]);
                rest = after;
                continue;
            }
            return Err(Failure::Flag(format!("unknown shorthand flag: '{letter}' in -{rest}")));
        };
        if let Some(value) = after.strip_prefix('=') {
            return put(parsed, flag, value.to_string(), notices);
        }
        if flag.kind == FlagKind::Bool || flag.bare.is_some() {
            put(parsed, flag, flag.bare.unwrap_or("true").to_string(), notices)?;
            rest = after;
            continue;
        }
        let value = match after.is_empty() {
            false => after.to_string(),
            true => words.next().cloned().ok_or_else(|| Failure::Flag(format!("flag needs an argument: '{letter}' in {word}")))?,
        };
        return put(parsed, flag, value, notices);
    }
    Ok(())
}

/// Whether a text is a whole number of the flag's size.
fn fits(kind: FlagKind, text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|number| kind == FlagKind::Int || i32::try_from(number).is_ok())
}

fn put(parsed: &mut Parsed, flag: &'static Flag, value: String, notices: &mut Vec<String>) -> Result<(), Failure> {
    let shown = flag.short.map_or_else(String::new, |letter| format!("-{letter}, ")) + "--" + flag.name;
    let quoted = quote(&value);
    let invalid = |why: &str| Failure::Flag(format!("invalid argument {quoted} for \"{shown}\" flag: {why}"));
    match flag.kind {
        FlagKind::Bool
            if !matches!(value.as_str(), "true" | "false" | "1" | "0" | "t" | "f" | "T" | "F" | "TRUE" | "FALSE" | "True" | "False") =>
        {
            return Err(invalid(&format!("strconv.ParseBool: parsing {quoted}: invalid syntax")));
        }
        FlagKind::Int | FlagKind::Int32 if !fits(flag.kind, &value) => {
            let digits = value.strip_prefix(['-', '+']).unwrap_or(&value);
            let numeric = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let why = if numeric { "value out of range" } else { "invalid syntax" };
            return Err(invalid(&format!("strconv.ParseInt: parsing {quoted}: {why}")));
        }
        FlagKind::Duration => {
            if let Err(why) = crate::text::duration::parse_go(&value) {
                // One flag is of the log's own library, which says no more.
                return Err(invalid(if flag.name == "log-flush-frequency" { "parse error" } else { &why }));
            }
        }
        FlagKind::Pairs => {
            if let Some(bad) = value.split(',').find(|pair| !pair.is_empty() && !pair.contains('=')) {
                let whole = flag.default.is_empty();
                return Err(invalid(&if whole {
                    "malformed pair, expect string=string".to_string()
                } else {
                    format!("{bad} must be formatted as key=value")
                }));
            }
        }
        _ => {}
    }
    if let Some(text) = flag.deprecated {
        notices.push(format!("Flag --{} has been deprecated, {text}\n", flag.name));
    }
    let all = parsed.values.entry(flag.name).or_default();
    match flag.kind {
        FlagKind::Array => all.push(value),
        FlagKind::Slice | FlagKind::Pairs if value.is_empty() => {}
        FlagKind::Slice | FlagKind::Pairs => all.extend(value.split(',').map(ToString::to_string)),
        _ => *all = alloc::vec![value],
    }
    Ok(())
}
