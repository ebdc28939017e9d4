//! `get -w`: the list, and then every change that the watch would deliver.

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};

use super::super::server::ends_after;
use super::{Printer, Shape, Shown, find, sorted};
use crate::api::ChangeKind;
use crate::api::registry::Resource;
use crate::kubectl::output::OutputFormat;
use crate::kubectl::resources::{self, Targets};
use crate::kubectl::{Cx, Failure, Flow, Parsed, Pending, Until, manifests};
use crate::object::selector::{FieldSelector, Selector, parse};

/// A watch that goes on.
#[derive(Clone)]
struct Watch {
    row: Rc<Resource>,
    name: String,
    namespace: Option<String>,
    labels: Selector,
    fields: FieldSelector,
    next: u64,
    printer: Printer,
    format: Option<Rc<OutputFormat>>,
    events: bool,
    ends_at: Option<crate::time::Instant>,
}

/// Prints what there is and begins to watch.
pub(super) fn start(cx: &mut Cx<'_>, parsed: &Parsed, format: Option<OutputFormat>) -> Result<Flow, Failure> {
    let one_type = || Failure::Client("you may only specify a single resource type".to_string());
    let (row, name) = match manifests::given(parsed) {
        true => (None, String::new()),
        false => match resources::targets(cx, &parsed.args)? {
            Targets::Lists(rows) => match rows.as_slice() {
                [row] => (Some(row.clone()), String::new()),
                _ => return Err(one_type()),
            },
            Targets::Names(names) => match names.as_slice() {
                [(row, name)] => (Some(row.clone()), name.clone()),
                // Several of one type are looked for before it is told that they cannot be watched.
                [(first, _), rest @ ..] if rest.iter().all(|(row, _)| row.key() == first.key()) => {
                    if let Some(failure) = Failure::from_many(find(cx, parsed)?.wrong) {
                        return Err(failure);
                    }
                    let why = "watch is only supported on individual resources and resource collections";
                    return Err(Failure::Client(format!("{why} - {} resources were found", names.len())));
                }
                _ => return Err(one_type()),
            },
        },
    };
    if !parsed.text("sort-by").is_empty() {
        cx.err(match parsed.on("watch") {
            true => "warning: --watch requested, --sort-by will be ignored for watch events received\n",
            false => "warning: --watch-only requested, --sort-by will be ignored\n",
        });
    }
    let found = find(cx, parsed)?;
    if let Some(failure) = Failure::from_many(found.wrong) {
        return Err(failure);
    }
    let shown = sorted(cx, found.shown, parsed.text("sort-by"), Shape::List)?;
    let (row, name) = match (row, shown.as_slice()) {
        (Some(row), _) => (row, name),
        (None, [one]) => (one.row.clone(), one.object.name().to_string()),
        (None, _) => return Err(one_type()),
    };
    let namespace = (row.namespaced && !parsed.on("all-namespaces")).then(|| cx.globals.namespace.clone());
    let mut watch = Watch {
        row,
        name,
        namespace,
        labels: parse(parsed.text("selector")).map_err(Failure::Client)?,
        fields: FieldSelector::parse(parsed.text("field-selector")).map_err(Failure::Client)?,
        next: cx.api().store.log.end(),
        printer: Printer::new(parsed, false),
        format: format.map(Rc::new),
        events: parsed.on("output-watch-events"),
        ends_at: ends_after(parsed).map(|ms| cx.now() + ms),
    };
    if !parsed.on("watch-only") {
        for one in &shown {
            watch.show(cx, one, "ADDED")?;
        }
        watch.flush(cx);
    }
    let until = watch.until();
    Ok(Flow::Wait(Box::new(watch), until))
}

impl Watch {
    fn until(&self) -> Until {
        self.ends_at.map_or(Until::Change, Until::ChangeOrAt)
    }

    fn show(&mut self, cx: &mut Cx<'_>, one: &Shown, event: &str) -> Result<(), Failure> {
        let mut out = String::new();
        if let Some(format) = &self.format {
            let value = one.value();
            let result = match self.events {
                true => format.print_event(event, &value, &mut out),
                false => format.print(&[value], false, &mut out),
            };
            cx.out(&out);
            return result.map_err(Failure::Client);
        }
        let now_ms = cx.api().wall_ms();
        self.printer.add(&one.row, &one.object, self.events.then_some(event), now_ms, &mut out);
        cx.out(&out);
        Ok(())
    }

    fn flush(&mut self, cx: &mut Cx<'_>) {
        let mut out = String::new();
        self.printer.flush(&mut out);
        if !out.is_empty() {
            cx.out(&out);
        }
    }

    fn wants(&self, object: &crate::object::Object) -> bool {
        let field = |name: &str| match name {
            "metadata.name" => object.name(),
            "metadata.namespace" => object.namespace(),
            other => object.text_at(&["/", &other.replace('.', "/")].concat()),
        };
        object.ty.resource == self.row.key()
            && (self.name.is_empty() || self.name == object.name())
            && self.namespace.as_deref().is_none_or(|namespace| namespace == object.namespace())
            && self.labels.matches(&object.meta)
            && self.fields.terms.iter().all(|term| (field(&term.field) == term.value) != term.negated)
    }
}

impl Pending for Watch {
    fn poll(&mut self, cx: &mut Cx<'_>) -> Flow {
        self.next = self.next.max(cx.api().store.log.start());
        while let Some(change) = cx.api().store.log.get(self.next).cloned() {
            self.next += 1;
            let now = self.wants(&change.object);
            let before = change.previous.as_ref().is_some_and(|old| self.wants(old));
            let event = match (change.kind, before, now) {
                (ChangeKind::Deleted, _, true) | (_, true, false) => "DELETED",
                (_, true, true) => "MODIFIED",
                (_, false, true) => "ADDED",
                (_, false, false) => continue,
            };
            let shown = Shown { row: self.row.clone(), object: change.object.clone() };
            if let Err(failure) = self.show(cx, &shown, event) {
                let (text, code) = failure.print("kubectl get");
                cx.err(&text);
                return Flow::Done(code);
            }
            self.flush(cx);
        }
        // An API server that goes away ends its watches.
        if self.ends_at.is_some_and(|at| cx.now() >= at) || !cx.api().answers() {
            return Flow::Done(0);
        }
        Flow::Wait(self.boxed_clone(), self.until())
    }

    fn boxed_clone(&self) -> Box<dyn Pending> {
        Box::new(self.clone())
    }
}
