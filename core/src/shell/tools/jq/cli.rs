//! The command line of `jq`. Never: what is done with it.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::read::{self, Reader};
use super::value::V;
use super::{Jq, natives};
use crate::shell::process::Io;

/// The long names of options.
const LONG: &[(&str, char)] = &[
    ("raw-output", 'r'),
    ("compact-output", 'c'),
    ("join-output", 'j'),
    ("raw-input", 'R'),
    ("slurp", 's'),
    ("null-input", 'n'),
    ("exit-status", 'e'),
    ("monochrome-output", 'M'),
    ("color-output", 'C'),
    ("sort-keys", 'S'),
    ("ascii-output", 'a'),
    ("tab", 't'),
    ("unbuffered", 'M'),
];

/// What `jq` alone says.
pub(super) const USAGE: &str = "Usage:\tjq [OPTIONS] FILTER [FILES...]\n\tjq [OPTIONS] -n FILTER\n\njq is a tool for processing JSON inputs, applying the given filter to\nits JSON text inputs and producing the filter's results as JSON on\nstandard output.\n\nFor listing the command options, use jq --help.\n";

/// Takes options given as letters or by a long name; false if there is one that is not known.
fn letters(word: &str, jq: &mut Jq, compact: &mut bool, indent: &mut String) -> bool {
    let letters: String = match word.strip_prefix("--") {
        Some(long) => LONG.iter().filter(|(name, _)| *name == long).map(|(_, letter)| *letter).collect(),
        None => word.chars().skip(1).collect(),
    };
    for letter in letters.chars() {
        match letter {
            'r' => jq.raw_output = true,
            'c' => *compact = true,
            'j' => (jq.raw_output, jq.join) = (true, true),
            'R' => jq.raw_input = true,
            's' => jq.slurp = true,
            'n' => jq.null = true,
            'e' => jq.status = true,
            'S' => jq.look.sorted = true,
            'a' => jq.look.ascii = true,
            't' => *indent = "\t".to_string(),
            'M' | 'C' => {}
            _ => return false,
        }
    }
    !letters.is_empty()
}

/// Reads the command line: the options into `jq`, variables, the filter. What is wrong with it, and the exit code.
pub(super) fn options(jq: &mut Jq, args: &[String], io: &mut Io<'_>) -> Result<(Option<String>, Vec<(Rc<str>, V)>), (String, i32)> {
    let wrong = |text: String| {
        (
            format!(
                "jq: error: {text}\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq\n"
            ),
            2,
        )
    };
    let mut variables: Vec<(Rc<str>, V)> = Vec::new();
    let mut filter = None;
    let (mut compact, mut indent, mut positional, mut ended) = (false, "  ".to_string(), None, false);
    let mut given = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut two = || rest.next().cloned().zip(rest.next().cloned());
        match arg.as_str() {
            "--" if !ended => ended = true,
            "--arg" | "--argjson" | "--slurpfile" | "--rawfile" if !ended => {
                let Some((name, text)) = two() else { return Err(wrong(format!("{arg} takes two parameters (e.g. {arg} varname value)"))) };
                let value = match arg.as_str() {
                    "--arg" => V::text(&text),
                    "--argjson" => read::one(&text).ok_or_else(|| wrong("Invalid JSON text passed to --argjson".to_string()))?,
                    _ => {
                        let path = io.path(&text);
                        let Ok(content) = io.fs.read(&path) else {
                            return Err(wrong(format!(
                                "Bad JSON in --{} {name} {text}: Could not open {text}: No such file or directory",
                                arg.trim_start_matches('-')
                            )));
                        };
                        if arg == "--rawfile" { V::text(&content) } else { all_values(&content).map_or(V::Null, V::list) }
                    }
                };
                variables.push((Rc::from(name.as_str()), value));
            }
            "--args" | "--jsonargs" if !ended => positional = Some(arg == "--jsonargs"),
            "--indent" if !ended => match rest.next().and_then(|n| n.parse::<usize>().ok()) {
                Some(0) => compact = true,
                Some(n) if n < 8 => indent = " ".repeat(n),
                Some(_) => return Err(wrong("Cannot indent more than 7 characters".to_string())),
                None => return Err(wrong("--indent takes one parameter".to_string())),
            },
            "--version" | "-V" if !ended => return Err(("jq-1.7.1\n".to_string(), 0)),
            "--help" | "-h" if !ended => return Err((USAGE.to_string(), 0)),
            word if !ended && word.len() > 1 && word.starts_with('-') => {
                if !letters(word, jq, &mut compact, &mut indent) {
                    return Err(wrong(format!("Unknown option: {word}")));
                }
            }
            word if filter.is_none() => filter = Some(word.to_string()),
            word => match positional {
                Some(true) => given.push(read::one(word).ok_or_else(|| wrong("Invalid JSON text passed to --jsonargs".to_string()))?),
                Some(false) => given.push(V::text(word)),
                None => jq.files.push(word.to_string()),
            },
        }
    }
    jq.look.indent = (!compact).then_some(indent);
    let named = variables.iter().map(|(name, value)| (&**name, value.clone())).collect::<Vec<_>>();
    variables.push((Rc::from("ARGS"), natives::object(&[("positional", V::list(given)), ("named", natives::object(&named))])));
    Ok((filter, variables))
}

fn all_values(text: &str) -> Option<Vec<V>> {
    let mut reader = Reader::new(text);
    let mut all = Vec::new();
    while let Some(value) = reader.next().ok()? {
        all.push(value);
    }
    Some(all)
}
