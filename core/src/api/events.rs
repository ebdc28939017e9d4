//! Recording Events: who saw what about which object, counted when it repeats. Models client-go `tools/record`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::server::Api;
use crate::object::resources::EVENTS;
use crate::object::{Key, Object};

/// An Event to record.
pub struct EventNote<'a> {
    /// `Normal` or `Warning`.
    pub kind: &'a str,
    /// One CamelCase word.
    pub reason: &'a str,
    /// The text.
    pub message: &'a str,
    /// The part of the object it is about: `spec.containers{nginx}`; usually empty.
    pub field_path: &'a str,
}

impl<'a> EventNote<'a> {
    /// A Normal event about the whole object.
    pub fn normal(reason: &'a str, message: &'a str) -> EventNote<'a> {
        EventNote { kind: "Normal", reason, message, field_path: "" }
    }

    /// A Warning event about the whole object.
    pub fn warning(reason: &'a str, message: &'a str) -> EventNote<'a> {
        EventNote { kind: "Warning", reason, message, field_path: "" }
    }

    /// The same about one container of a Pod.
    pub fn of_container(self, field_path: &'a str) -> EventNote<'a> {
        EventNote { field_path, ..self }
    }
}

/// Records Events of one component; repeats of the same text become a count. Keep one per component (and node).
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    component: String,
    host: String,
    seen: BTreeMap<String, Key>,
}

impl Recorder {
    /// A recorder for a component (`kubelet`), on a node or (empty) nowhere in particular.
    pub fn new(component: &str, host: &str) -> Recorder {
        Recorder { component: component.to_string(), host: host.to_string(), seen: BTreeMap::new() }
    }

    /// Records an Event about an object.
    pub fn record(&mut self, api: &mut Api, about: &Object, note: &EventNote<'_>) {
        let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
        let id = [&*about.meta.uid, note.reason, note.field_path, note.kind, note.message].join("\u{0}");
        let now = api.timestamp();
        if let Some(key) = self.seen.get(&id) {
            let again = api.modify(EVENTS, key, |e| {
                let count = e.i64_at("/count").unwrap_or(1);
                e.set("/count", count + 1);
                e.set("/lastTimestamp", now.as_str());
            });
            if again.is_ok() {
                return;
            }
        }
        let name = alloc::format!("{}.{:016x}", about.name(), api.event_number());
        let Some(mut event) = api.new_object(EVENTS, namespace, &name) else {
            return;
        };
        let mut involved = json!({
            "apiVersion": about.ty.api_version(), "kind": about.ty.kind, "name": about.name(), "uid": &*about.meta.uid,
            "resourceVersion": about.meta.resource_version.to_string(),
        });
        for (key, text) in [("namespace", about.namespace()), ("fieldPath", note.field_path)] {
            if !text.is_empty() {
                crate::object::value::set(&mut involved, key, text);
            }
        }
        let mut source = json!({"component": self.component});
        if !self.host.is_empty() {
            crate::object::value::set(&mut source, "host", self.host.as_str());
        }
        event.set("/involvedObject", involved);
        event.set("/source", source);
        for (field, text) in [
            ("/type", note.kind),
            ("/reason", note.reason),
            ("/message", note.message),
            ("/firstTimestamp", &now),
            ("/lastTimestamp", &now),
            ("/reportingComponent", &self.component),
            ("/reportingInstance", &self.host),
        ] {
            event.set(field, text);
        }
        event.set("/count", 1);
        event.set("/eventTime", Value::Null);
        let key = event.key();
        if api.create(event).is_ok() {
            if self.seen.len() > 4096 {
                self.seen.clear();
            }
            self.seen.insert(id, key);
        }
    }

    /// Records an Event in the style of `events.k8s.io`: with an action, a precise time and no count; a repeat starts a
    /// series. Models client-go `tools/events`.
    pub fn record_action(&mut self, api: &mut Api, about: &Object, note: &EventNote<'_>, action: &str) {
        let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
        let id = [&*about.meta.uid, note.reason, action, note.kind, note.message].join("\u{0}");
        let now = crate::text::timestamp::rfc3339_micro(api.wall_ms());
        if let Some(key) = self.seen.get(&id) {
            let again = api.modify(EVENTS, key, |e| {
                let count = e.i64_at("/series/count").unwrap_or(1);
                e.set("/series", json!({"count": count + 1, "lastObservedTime": now}));
            });
            if again.is_ok() {
                return;
            }
        }
        let name = alloc::format!("{}.{:016x}", about.name(), api.event_number());
        let Some(mut event) = api.new_object(EVENTS, namespace, &name) else {
            return;
        };
        let mut involved = json!({
            "apiVersion": about.ty.api_version(), "kind": about.ty.kind, "name": about.name(), "uid": &*about.meta.uid,
            "resourceVersion": about.meta.resource_version.to_string(),
        });
        if !about.namespace().is_empty() {
            crate::object::value::set(&mut involved, "namespace", about.namespace());
        }
        event.set("/involvedObject", involved);
        event.set("/source", json!({}));
        let instance = alloc::format!("{}-{}", self.component, self.host);
        for (field, text) in [
            ("/type", note.kind),
            ("/reason", note.reason),
            ("/message", note.message),
            ("/action", action),
            ("/eventTime", &now),
            ("/reportingComponent", &self.component),
            ("/reportingInstance", &instance),
        ] {
            event.set(field, text);
        }
        event.set("/firstTimestamp", Value::Null);
        event.set("/lastTimestamp", Value::Null);
        let key = event.key();
        if api.create(event).is_ok() {
            if self.seen.len() > 4096 {
                self.seen.clear();
            }
            self.seen.insert(id, key);
        }
    }
}
