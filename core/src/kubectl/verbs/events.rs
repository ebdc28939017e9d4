//! `kubectl events`. Models kubectl `pkg/cmd/events`.
//!
//! ```text
//! $ kubectl events
//! No events found in default namespace.
//! $ kubectl events --types=Wrong
//! error: valid --types are Normal or Warning
//! $ kubectl events --for=pod
//! error: --for must be in resource/name form
//! ```

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::server::ends_after;
use crate::api::ChangeKind;
use crate::api::registry::Resource;
use crate::arrange::order_as_go;
use crate::kubectl::groups::PRINT;
use crate::kubectl::output::{OBJECT_FORMATS, Options, OutputFormat};
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Pending, Until};
use crate::object::Object;
use crate::object::resources::EVENTS;
use crate::text::table::{Layout, TabWriter};
use crate::text::{duration, timestamp};
use crate::time::Instant;

const FLAGS: &[Flag] = &[
    Flag::switch("all-namespaces", "Events of all namespaces.").short('A'),
    Flag::text("chunk-size", "How many objects to ask for at a time.").kind(FlagKind::Int, "500"),
    Flag::text("for", "Only events about this object: TYPE/NAME."),
    Flag::switch("no-headers", "Leave the header out."),
    Flag::text("types", "Only events of these types: Normal, Warning.").kind(FlagKind::Slice, "[]"),
    Flag::switch("watch", "Go on as events come.").short('w'),
];

/// `kubectl events`
pub static EVENTS_COMMAND: Command = Command {
    name: "events",
    usage: "events [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]",
    short: "List events",
    examples: "# What happened to a Pod\nkubectl events --for pod/web",
    flags: &[PRINT, FLAGS],
    run: Some(run),
    ..Command::EMPTY
};

/// Which events are wanted, and how they are shown.
#[derive(Clone)]
struct Wanted {
    namespace: Option<String>,
    about: Option<(Rc<Resource>, String)>,
    types: Vec<String>,
    table: TabWriter,
    header: bool,
    format: Option<Rc<OutputFormat>>,
    next: u64,
    ends_at: Option<Instant>,
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let all = parsed.on("all-namespaces");
    let options = Options { formats: OBJECT_FORMATS, template: parsed.text("template"), typed: true, ..Options::default() };
    let mut wanted = Wanted {
        namespace: (!all).then(|| cx.globals.namespace.clone()),
        about: about(cx, parsed.text("for"))?,
        types: parsed.all("types").to_vec(),
        table: TabWriter::new(Layout::GET),
        header: !parsed.on("no-headers"),
        format: OutputFormat::parse(parsed.text("output"), &options).map_err(Failure::Client)?.map(Rc::new),
        next: 0,
        ends_at: ends_after(parsed).map(|ms| cx.now() + ms),
    };
    if wanted.types.iter().any(|ty| !ty.eq_ignore_ascii_case("Normal") && !ty.eq_ignore_ascii_case("Warning")) {
        return Err(Failure::Client("valid --types are Normal or Warning".to_string()));
    }
    let row = resources::resource(cx, EVENTS)?;
    let mut found = resources::list(cx, &row, &Ask { all: true, all_namespaces: all, ..Ask::default() })?;
    found.retain(|event| wanted.wants(event));
    wanted.next = cx.api().store.log.end();
    if parsed.on("watch") {
        // What is there comes first, one by one, in the order in which it is stored.
        for event in found {
            wanted.show(cx, &[event], false)?;
        }
        let until = wanted.until();
        return Ok(Flow::Wait(Box::new(wanted), until));
    }
    let times: Vec<i64> = found.iter().map(|event| seen(event)).collect();
    found = order_as_go(times.len(), &mut |a, b| times.get(a) < times.get(b)).into_iter().filter_map(|i| found.get(i).cloned()).collect();
    if found.is_empty() {
        let place = if all { String::new() } else { format!(" in {} namespace", cx.globals.namespace) };
        cx.err(&format!("No events found{place}.\n"));
        return Ok(Flow::Done(0));
    }
    if parsed.text("output") == "name" {
        // Lists of Go structs cannot be printed by name, and nothing is said of it.
        return Ok(Flow::Done(0));
    }
    wanted.show(cx, &found, true)?;
    Ok(Flow::Done(0))
}

/// Resource and name that `--for` means.
fn about(cx: &Cx<'_>, text: &str) -> Result<Option<(Rc<Resource>, String)>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        ["", _] => Err(Failure::Client("a resource must be present, got: /, Resource=".to_string())),
        [word, name] => match cx.api().registry.resolve(word) {
            Some(row) => Ok(Some((row.clone(), name.to_string())).filter(|_| !name.is_empty())),
            None => Err(Failure::Plain(format!("the server doesn't have a resource type {word:?}"))),
        },
        [_] => Err(Failure::Client("--for must be in resource/name form".to_string())),
        _ => Err(Failure::Client("arguments in resource/name form may not have more than one slash".to_string())),
    }
}

/// When an event was seen last.
fn seen(event: &Object) -> i64 {
    ["/series/lastObservedTime", "/lastTimestamp", "/eventTime"]
        .iter()
        .find_map(|path| timestamp::parse_rfc3339_ms(event.text_at(path)))
        .unwrap_or(0)
}

/// What of a text goes into a cell: its first line.
fn cell(text: &str) -> String {
    match text.find(['\n', '\r', '\x0c']) {
        Some(at) => [text.get(..at).unwrap_or_default(), "..."].concat(),
        None => text.to_string(),
    }
}

impl Wanted {
    fn until(&self) -> Until {
        self.ends_at.map_or(Until::Change, Until::ChangeOrAt)
    }

    fn wants(&self, event: &Object) -> bool {
        event.ty.resource == EVENTS
            && self.namespace.as_deref().is_none_or(|namespace| namespace == event.namespace())
            && (self.types.is_empty() || self.types.iter().any(|ty| ty.eq_ignore_ascii_case(event.text_at("/type"))))
            && self.about.as_ref().is_none_or(|(row, name)| {
                let about = |field: &str| event.text_at(&["/involvedObject/", field].concat());
                about("kind") == &*row.kind && about("apiVersion") == row.api_version() && about("name") == name
            })
    }

    fn show(&mut self, cx: &mut Cx<'_>, events: &[Rc<Object>], as_list: bool) -> Result<(), Failure> {
        let mut text = String::new();
        if let Some(format) = &self.format {
            let all: Vec<serde_json::Value> = events.iter().map(|event| event.to_value()).collect();
            let list = serde_json::json!({"apiVersion": "v1", "items": all, "kind": "EventList", "metadata": {}});
            let result = if as_list { format.print(&[list], false, &mut text) } else { format.print(&all, false, &mut text) };
            cx.out(&text);
            return result.map_err(Failure::Client);
        }
        let place = self.namespace.is_none();
        if core::mem::take(&mut self.header) {
            self.table.write(if place { "NAMESPACE\t" } else { "" });
            self.table.write("LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
        }
        let now = cx.api().wall_ms();
        for event in events {
            if place {
                self.table.write(&[event.namespace(), "\t"].concat());
            }
            let at = |path: &str| cell(event.text_at(path));
            let line = format!(
                "{}\t{}\t{}\t{}/{}\t{}\n",
                interval(event, now),
                at("/type"),
                at("/reason"),
                at("/involvedObject/kind"),
                at("/involvedObject/name"),
                cell(event.text_at("/message").trim())
            );
            self.table.write(&line);
        }
        self.table.flush(&mut text);
        cx.out(&text);
        Ok(())
    }
}

/// How long ago: `5s`, or `5s (x3 over 2m)`.
fn interval(event: &Object, now: i64) -> String {
    let since = |path: &str| timestamp::parse_rfc3339_ms(event.text_at(path)).map(|at| duration::human(now.saturating_sub(at)));
    let unknown = || "<unknown>".to_string();
    let first = since("/eventTime").or_else(|| since("/firstTimestamp")).unwrap_or_else(unknown);
    let count = event.i64_at("/count").unwrap_or(0);
    if event.at("/series").is_some_and(|series| !series.is_null()) {
        let last = since("/series/lastObservedTime").unwrap_or_else(unknown);
        return format!("{last} (x{} over {first})", event.i64_at("/series/count").unwrap_or(0));
    }
    match count > 1 {
        true => format!("{} (x{count} over {first})", since("/lastTimestamp").unwrap_or_else(unknown)),
        false => first,
    }
}

impl Pending for Wanted {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        self.next = self.next.max(cx.api().store.log.start());
        while let Some(change) = cx.api().store.log.get(self.next).cloned() {
            self.next += 1;
            if change.kind != ChangeKind::Deleted && self.wants(&change.object) {
                let _ = self.show(cx, &[change.object], false);
            }
        }
        match self.ends_at.is_some_and(|at| cx.now() >= at) || !cx.api().answers() {
            true => Flow::Done(0),
            false => Flow::Wait(self.boxed_clone(), self.until()),
        }
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
