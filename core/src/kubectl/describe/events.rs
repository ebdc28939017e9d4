//! The Events of an object, the last section of most pages.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::Page;
use crate::api::{Answer, Request, Verb};
use crate::arrange::order_as_go;
use crate::kubectl::Cx;
use crate::kubectl::tables::cells::since;
use crate::object::Object;
use crate::object::resources::EVENTS;
use crate::text::timestamp::parse_rfc3339_ms;

/// Writes the Events about an object.
pub fn write(cx: &mut Cx<'_>, object: &Object, page: &mut Page) {
    let namespace = if object.ty.namespaced { object.namespace() } else { "" };
    let mut request = Request::new(Verb::List, EVENTS, namespace, "");
    let mut terms = Vec::from([format!("involvedObject.name={}", object.name()), format!("involvedObject.kind={}", object.ty.kind)]);
    if object.ty.resource != "nodes" {
        // A mirror Pod's Events are about the static Pod in the node's file.
        let uid = object.meta.annotation("kubernetes.io/config.mirror").unwrap_or(&object.meta.uid);
        terms.push(format!("involvedObject.uid={uid}"));
    }
    request.params.field_selector = terms.join(",");
    let mut events: Vec<Rc<Object>> = match cx.send(request) {
        Ok(Answer::List(events, _)) => events,
        _ => Vec::new(),
    };
    if events.is_empty() {
        page.line("Events:\t<none>");
        return;
    }
    let times: Vec<i64> = events.iter().map(|e| parse_rfc3339_ms(e.text_at("/lastTimestamp")).unwrap_or(i64::MIN)).collect();
    events = order_as_go(times.len(), &mut |a, b| times.get(a) < times.get(b)).into_iter().filter_map(|i| events.get(i).cloned()).collect();
    page.flush();
    page.line("Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------");
    let now_ms = cx.api().wall_ms();
    for event in events {
        page.line(&row(&event, now_ms));
    }
}

fn row(e: &Object, now_ms: i64) -> String {
    let moment = |path: &str| parse_rfc3339_ms(e.text_at(path));
    let first = since(moment("/eventTime").or_else(|| moment("/firstTimestamp")), now_ms);
    let count = e.i64_at("/count").unwrap_or(0);
    let age = match e.i64_at("/series/count") {
        Some(n) => format!("{} (x{n} over {first})", since(moment("/series/lastObservedTime"), now_ms)),
        None if count > 1 => format!("{} (x{count} over {first})", since(moment("/lastTimestamp"), now_ms)),
        None => first,
    };
    let from = match e.text_at("/source/component") {
        "" => e.text_at("/reportingComponent"),
        component => component,
    };
    let part = match e.text_at("/involvedObject/fieldPath") {
        "" => String::new(),
        path => format!("{path}: "),
    };
    format!("  {}\t{}\t{age}\t{from}\t{part}{}", e.text_at("/type"), e.text_at("/reason"), e.text_at("/message").trim())
}
