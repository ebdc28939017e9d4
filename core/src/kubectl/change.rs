//! What the writing verbs share: dry runs, printing what was made or changed, validation directives, change causes.
//! Models kubectl `pkg/cmd/util` helpers and cli-runtime PrintFlags. Nothing here knows a kind.

use alloc::format;
use alloc::string::{String, ToString};
use serde_json::Value;

use super::output::{OBJECT_FORMATS, Options, OutputFormat, name_of};
use super::{Cx, Failure, Parsed};
use crate::api::{Answer, Params, Request};
use crate::object::value;
use crate::text::{fs, timestamp};

/// What `--dry-run` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// Really do it.
    None,
    /// Ask no server.
    Client,
    /// Let the server do all but store.
    Server,
}

impl DryRun {
    /// Reads the flag; deprecated forms are told on standard error.
    ///
    /// # Errors
    /// `Invalid dry-run value`.
    pub fn of(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<DryRun, Failure> {
        let given = parsed.text("dry-run").to_string();
        match given.as_str() {
            "none" | "" => Ok(DryRun::None),
            "client" => Ok(DryRun::Client),
            "server" => Ok(DryRun::Server),
            "unchanged" => {
                log(cx, 'W', "helpers.go:719", "--dry-run is deprecated and can be replaced with --dry-run=client.");
                Ok(DryRun::Client)
            }
            "true" | "t" | "T" | "1" | "TRUE" | "True" => {
                let text = "--dry-run=true is deprecated (boolean value) and can be replaced with --dry-run=client.";
                log(cx, 'W', "helpers.go:709", text);
                Ok(DryRun::Client)
            }
            "false" | "f" | "F" | "0" | "FALSE" | "False" => {
                let text = "--dry-run=false is deprecated (boolean value) and can be replaced with --dry-run=none.";
                log(cx, 'W', "helpers.go:712", text);
                Ok(DryRun::None)
            }
            other => Err(Failure::Client(format!("Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."))),
        }
    }

    /// What is appended to sentences: ` (dry run)`.
    pub fn suffix(self) -> &'static str {
        match self {
            DryRun::None => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }
}

/// Writes a line of kubectl's own log to standard error: `W1123 09:03:59.834527   29300 helpers.go:719] …`.
pub fn log(cx: &mut Cx<'_>, level: char, place: &str, text: &str) {
    let wall_ms = cx.api().wall_ms();
    let at = timestamp::civil(wall_ms);
    let line = format!(
        "{level}{:02}{:02} {:02}:{:02}:{:02}.{:03}000   29300 {place}] {text}\n",
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        wall_ms.rem_euclid(1000)
    );
    cx.err(&line);
}

/// Prints what a verb has made or changed: a sentence, or in the form that `-o` asks for.
pub struct Printer {
    format: Option<OutputFormat>,
    dry_run: DryRun,
}

impl Printer {
    /// Reads `-o`, `--template` and what goes with them. `typed` says that kubectl holds the object as a Go struct,
    /// which decides the order of JSON.
    ///
    /// # Errors
    /// An unknown format, a template that cannot be read.
    pub fn new(cx: &Cx<'_>, parsed: &Parsed, dry_run: DryRun, typed: bool) -> Result<Printer, Failure> {
        let read = |path: &str| {
            cx.files
                .read(&fs::resolve(cx.cwd, path))
                .map(|text| text.to_string())
                .map_err(|e| format!("open {path}: {}", e.text().to_lowercase()))
        };
        let options = Options {
            formats: OBJECT_FORMATS,
            template: parsed.text("template"),
            show_managed_fields: parsed.on("show-managed-fields"),
            no_headers: false,
            allow_missing_keys: parsed.on("allow-missing-template-keys"),
            typed,
            read: &read,
        };
        let format = OutputFormat::parse(parsed.text("output"), &options).map_err(Failure::Client)?;
        Ok(Printer { format, dry_run })
    }

    /// The same for a verb whose sentence does not tell of dry runs.
    #[must_use]
    pub fn silent(self) -> Printer {
        Printer { dry_run: DryRun::None, ..self }
    }

    /// Whether `-o` was given (any form, `name` too).
    pub fn has_format(&self) -> bool {
        self.format.is_some()
    }

    /// Prints one object; `done` is the verb's participle: `created`.
    ///
    /// # Errors
    /// A template that fails.
    pub fn print(&self, cx: &mut Cx<'_>, object: &Value, done: &str) -> Result<(), Failure> {
        let Some(format) = &self.format else {
            let gap = if done.is_empty() { "" } else { " " };
            cx.out(&[name_of(object).as_str(), gap, done, self.dry_run.suffix(), "\n"].concat());
            return Ok(());
        };
        let mut text = String::new();
        let result = format.print(core::slice::from_ref(object), false, &mut text);
        cx.out(&text);
        result.map_err(Failure::Client)
    }
}

/// The object in an answer as JSON; a list comes as null.
pub fn answer_value(answer: &Answer) -> Value {
    match answer {
        Answer::Object(object) => object.to_value(),
        Answer::Value(value) => value.clone(),
        Answer::List(..) => Value::Null,
    }
}

/// Sends a request and gives the object that came back as JSON.
///
/// # Errors
/// The server's refusal.
pub fn send_for_value(cx: &mut Cx<'_>, request: Request) -> Result<Value, crate::api::Status> {
    cx.send(request).map(|answer| answer_value(&answer))
}

/// The server's refusal while doing something to a file.
pub fn refused(doing: String, status: crate::api::Status) -> Failure {
    Failure::ServerWhile(doing, status)
}

/// The parameters of a writing request: field manager, dry run, validation.
///
/// # Errors
/// A value of `--validate` that means nothing.
pub fn params(cx: &Cx<'_>, parsed: &Parsed, dry_run: DryRun, manager: &str) -> Result<Params, Failure> {
    let manager = Some(parsed.text("field-manager")).filter(|m| !m.is_empty()).unwrap_or(manager);
    Ok(Params { dry_run: dry_run == DryRun::Server, field_validation: validation(parsed)?.to_string(), ..cx.params(manager) })
}

/// What `--validate` asks of the server: `Strict`, `Warn`, `Ignore`; empty where the command has no such flag.
///
/// # Errors
/// A value that means nothing.
pub fn validation(parsed: &Parsed) -> Result<&'static str, Failure> {
    match parsed.text("validate") {
        "" => Ok(""),
        "true" | "strict" | "TRUE" | "True" | "1" | "t" | "T" => Ok("Strict"),
        "warn" => Ok("Warn"),
        "false" | "ignore" | "FALSE" | "False" | "0" | "f" | "F" => Ok("Ignore"),
        other => Err(Failure::Client(format!(
            "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or false)",
            crate::text::quote::quote(other)
        ))),
    }
}

/// Fails as cobra does when flags are missing that must be there.
///
/// # Errors
/// `required flag(s) "image" not set`.
pub fn require(parsed: &Parsed, names: &[&str]) -> Result<(), Failure> {
    let missing: alloc::vec::Vec<String> = names.iter().filter(|n| !parsed.given(n)).map(|n| format!("\"{n}\"")).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Failure::Client(format!("required flag(s) {} not set", missing.join(", ")))),
    }
}

/// The annotation that `--record` writes.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// The annotation in which `apply` keeps what was applied last.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The command line as `--record` writes it down: `kubectl set image deployment x a=b --record=true`. Arguments come
/// first, then the flags in the order typed, each as `--name=value`. Models cli-runtime `record_flags.go`.
pub fn change_cause(cx: &Cx<'_>, parsed: &Parsed) -> String {
    let known = || parsed.command.all_flags().chain(super::tree::GLOBAL_FLAGS.iter());
    let mut flags = String::new();
    let mut put = |name: &str, value: &str| [" --", name, "=", value].iter().for_each(|part| flags.push_str(part));
    let mut arguments = String::from("kubectl");
    let mut words = cx.words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        let found = match (word.strip_prefix("--"), word.strip_prefix('-')) {
            (Some(long), _) => {
                let (name, value) = long.split_once('=').map_or((long, None), |(n, v)| (n, Some(v.to_string())));
                known().find(|f| f.name == name).map(|f| (f, value))
            }
            (None, Some(short)) if !short.is_empty() => {
                let letter = short.chars().next();
                let rest = short.get(letter.map_or(0, char::len_utf8)..).unwrap_or_default();
                let value = Some(rest.strip_prefix('=').unwrap_or(rest).to_string()).filter(|v| !v.is_empty());
                known().find(|f| f.short == letter).map(|f| (f, value))
            }
            _ => {
                arguments.push(' ');
                arguments.push_str(word);
                continue;
            }
        };
        if let Some((flag, value)) = found {
            let value = value.or_else(|| match (flag.bare, flag.kind) {
                (Some(bare), _) => Some(bare.to_string()),
                (None, super::FlagKind::Bool) => Some("true".to_string()),
                _ => words.next().cloned(),
            });
            put(flag.name, &value.unwrap_or_default());
        }
    }
    arguments + &flags
}

/// Writes the change cause into `object` when `--record` asks for it.
pub fn record(cx: &Cx<'_>, parsed: &Parsed, object: &mut Value) {
    if parsed.on("record") {
        annotate(object, CHANGE_CAUSE, &change_cause(cx, parsed));
    }
}

/// Puts an annotation into an object's JSON.
pub fn annotate(object: &mut Value, key: &str, text: &str) {
    if let Some(annotations) = value::at_mut(object, "metadata/annotations") {
        if annotations.is_null() {
            *annotations = Value::Object(serde_json::Map::new());
        }
        if let Value::Object(map) = annotations {
            map.insert(key.to_string(), text.into());
        }
    }
}

/// Keeps the configuration in the object's own annotation. Models kubectl `pkg/util` CreateApplyAnnotation.
pub fn keep_applied(body: &mut Value) {
    let mut bare = body.clone();
    if let Some(Value::Object(annotations)) = value::at_mut(&mut bare, "metadata/annotations") {
        annotations.remove(LAST_APPLIED);
    }
    if value::at(&bare, "metadata/annotations").is_none_or(Value::is_null) {
        value::set(&mut bare, "metadata/annotations", Value::Object(serde_json::Map::new()));
    }
    let text: String = crate::text::json::compact(&bare) + "\n";
    annotate(body, LAST_APPLIED, &text);
}

/// Runs what writes to standard output so that it goes to standard error instead.
pub fn to_stderr<T>(cx: &mut Cx<'_>, run: impl FnOnce(&mut Cx<'_>) -> T) -> T {
    let sink = &mut *cx.sink;
    let mut redirected = |_: bool, text: &str| sink(true, text);
    let mut inner = Cx {
        server: &mut *cx.server,
        files: &mut *cx.files,
        cwd: cx.cwd,
        env: cx.env,
        stdin: cx.stdin.clone(),
        terminal: cx.terminal,
        sink: &mut redirected,
        ports: &mut *cx.ports,
        owner: cx.owner,
        line: cx.line.clone(),
        child: cx.child.clone(),
        timing: cx.timing,
        words: cx.words,
        globals: cx.globals.clone(),
    };
    run(&mut inner)
}

/// What a group of commands does when called without one: its help, on standard error, and exit code 1.
///
/// # Errors
/// `unknown command` when there was a word that is no command; else the exit code.
pub fn group(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<super::Flow, Failure> {
    no_arguments(parsed)?;
    to_stderr(cx, |cx| super::verbs::help::print(cx, parsed))?;
    Err(Failure::Exit(1))
}

/// As [`group`], with the help on standard output.
///
/// # Errors
/// As [`group`].
pub fn group_out(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<super::Flow, Failure> {
    no_arguments(parsed)?;
    super::verbs::help::print(cx, parsed)?;
    Err(Failure::Exit(1))
}

fn no_arguments(parsed: &Parsed) -> Result<(), Failure> {
    match parsed.args.is_empty() {
        true => Ok(()),
        false => Err(Failure::Usage(format!("unknown command {}", crate::text::quote::quote(&parsed.args.join(" "))))),
    }
}
