//! Recording Events: who saw what about which object, counted when it repeats. Models client-go `tools/record`.

use alloc::collections::BTreeSet;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use super::server::Api;
use crate::object::resources::EVENTS;
use crate::object::{Key, Object};
use crate::shared::SharedMap;
use crate::time::Instant;

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

/// Texts of one kind about one object within [`SIMILAR_MS`] after which the rest are put together.
const SIMILAR_MOST: usize = 10;
/// How long texts count as similar.
const SIMILAR_MS: u64 = 600_000;
/// Events about one object that a component may record at once; after that one in [`REFILL_MS`].
const BURST: u64 = 25;
/// How long until one more may be recorded.
const REFILL_MS: u64 = 300_000;
/// How many things a recorder remembers of each sort.
const REMEMBERED: usize = 4096;
/// So few are never worth a look at which of them still count.
const FEW: usize = 64;

/// An Event that may come again.
#[derive(Clone, Debug)]
struct Seen {
    key: Key,
    count: i64,
}

/// The texts of one kind about one object.
#[derive(Clone, Debug, Default)]
struct Similar {
    texts: Rc<BTreeSet<String>>,
    last: Instant,
}

/// What is left of the right to record about one object, in milliseconds of refill.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left_ms: u64,
    last: Instant,
}

/// Records Events of one component; repeats of the same text become a count, too many texts become one, and too many
/// Events are dropped. Keep one per component (and node). Models client-go `tools/record/events_cache.go`.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    component: String,
    host: String,
    seen: SharedMap<Rc<str>, Seen>,
    similar: SharedMap<Rc<str>, Similar>,
    buckets: SharedMap<Rc<str>, Bucket>,
    /// How many kinds and objects there may be until those that count for nothing are looked for.
    most: [usize; 2],
}

impl Recorder {
    /// A recorder for a component (`kubelet`), on a node or (empty) nowhere in particular.
    pub fn new(component: &str, host: &str) -> Recorder {
        Recorder { component: component.to_string(), host: host.to_string(), ..Recorder::default() }
    }

    /// Records an Event about an object.
    pub fn record(&mut self, api: &mut Api, about: &Object, note: &EventNote<'_>) {
        let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
        let now = api.timestamp();
        let kind = [&*about.meta.uid, note.kind, note.reason].join("\u{0}");
        let many = self.is_one_of_many(&kind, note.message, api.now);
        let message = if many { ["(combined from similar events): ", note.message].concat() } else { note.message.to_string() };
        let id = if many { kind } else { [kind.as_str(), note.field_path, note.message].join("\u{0}") };
        if let Some(seen) = self.seen.get_mut(&*id) {
            seen.count += 1;
        }
        if !self.may_record(&about.meta.uid, api.now) {
            return;
        }
        if let Some(Seen { key, count }) = self.seen.get(&*id) {
            let again = api.modify(EVENTS, key, |e| {
                e.set("/count", *count);
                e.set("/lastTimestamp", now.as_str());
                e.set("/message", message.as_str());
            });
            if again.is_ok() {
                return;
            }
        }
        let count = self.seen.get(&*id).map_or(1, |seen| seen.count);
        let Some(mut event) = self.begin(api, about, namespace, note.field_path) else { return };
        let mut source = json!({"component": self.component});
        if !self.host.is_empty() {
            crate::object::value::set(&mut source, "host", self.host.as_str());
        }
        let texts = [
            ("type", note.kind),
            ("reason", note.reason),
            ("message", &message),
            ("firstTimestamp", &now),
            ("lastTimestamp", &now),
            ("reportingComponent", &self.component),
            ("reportingInstance", &self.host),
        ];
        put_all(&mut event, &texts, [("source", source), ("count", count.into()), ("eventTime", Value::Null)]);
        self.keep(api, event, id, count);
    }

    /// Whether so many texts of this kind have come that this one is put together with the others.
    fn is_one_of_many(&mut self, kind: &str, message: &str, now: Instant) -> bool {
        forget(&mut self.similar, &mut self.most[0], |similar| now.since(similar.last) <= SIMILAR_MS);
        let Some(similar) = self.similar.entry_or(kind.into(), Similar::default) else { return false };
        if now.since(similar.last) > SIMILAR_MS {
            similar.texts = Rc::default();
        }
        similar.last = now;
        let texts = Rc::make_mut(&mut similar.texts);
        texts.insert(message.to_string());
        if texts.len() < SIMILAR_MOST {
            return false;
        }
        texts.pop_first();
        true
    }

    /// Whether one more Event about this object may be recorded now.
    fn may_record(&mut self, uid: &str, now: Instant) -> bool {
        let full = Bucket { left_ms: BURST * REFILL_MS, last: now };
        let filled = |bucket: &Bucket| bucket.left_ms.saturating_add(now.since(bucket.last)).min(full.left_ms);
        forget(&mut self.buckets, &mut self.most[1], |bucket| filled(bucket) < full.left_ms);
        let Some(bucket) = self.buckets.entry_or(uid.into(), || full) else { return true };
        bucket.left_ms = filled(bucket);
        bucket.last = now;
        match bucket.left_ms.checked_sub(REFILL_MS) {
            Some(left_ms) => {
                bucket.left_ms = left_ms;
                true
            }
            None => false,
        }
    }

    /// A new Event that names what it is about.
    fn begin(&self, api: &mut Api, about: &Object, namespace: &str, field_path: &str) -> Option<Object> {
        let name = [about.name(), ".", &hex(api.event_number())].concat();
        let mut event = api.new_object(EVENTS, namespace, &name)?;
        let mut involved = json!({"apiVersion": about.ty.api_version(), "kind": about.ty.kind, "name": about.name()});
        let version = match about.meta.resource_version {
            0 => String::new(),
            n => n.to_string(),
        };
        let more = [("namespace", about.namespace()), ("fieldPath", field_path), ("uid", &*about.meta.uid), ("resourceVersion", &version)];
        for (key, text) in more {
            if !text.is_empty() {
                crate::object::value::set(&mut involved, key, text);
            }
        }
        event.set("/involvedObject", involved);
        Some(event)
    }

    /// Stores a new Event and remembers it.
    fn keep(&mut self, api: &mut Api, event: Object, id: String, count: i64) {
        let key = event.key();
        if api.create(event).is_ok() {
            if self.seen.len() > REMEMBERED {
                self.seen.clear();
            }
            self.seen.insert(id.into(), Seen { key, count });
        }
    }

    /// Records an Event in the style of `events.k8s.io`: with an action, a precise time and no count; a repeat starts a
    /// series. Models client-go `tools/events`.
    pub fn record_action(&mut self, api: &mut Api, about: &Object, note: &EventNote<'_>, action: &str) {
        let namespace = if about.namespace().is_empty() { "default" } else { about.namespace() };
        let id = [&*about.meta.uid, note.reason, action, note.kind, note.message].join("\u{0}");
        let now = crate::text::timestamp::rfc3339_micro(api.wall_ms());
        if let Some(Seen { key, count }) = self.seen.get_mut(&*id) {
            *count += 1;
            // A series is written when it begins; what follows is only counted.
            let there = match count {
                2 => api.modify(EVENTS, key, |e| e.set("/series", json!({"count": 2, "lastObservedTime": now}))).is_ok(),
                _ => api.get(EVENTS, key).is_some(),
            };
            if there {
                return;
            }
        }
        let Some(mut event) = self.begin(api, about, namespace, "") else { return };
        let instance = [self.component.as_str(), "-", &self.host].concat();
        let texts = [
            ("type", note.kind),
            ("reason", note.reason),
            ("message", note.message),
            ("action", action),
            ("eventTime", &now),
            ("reportingComponent", &self.component),
            ("reportingInstance", &instance),
        ];
        put_all(&mut event, &texts, [("source", json!({})), ("firstTimestamp", Value::Null), ("lastTimestamp", Value::Null)]);
        self.keep(api, event, id, 1);
    }
}

/// Puts fields into a new Event.
fn put_all(event: &mut Object, texts: &[(&str, &str)], more: [(&str, Value); 3]) {
    let texts = texts.iter().map(|(field, text)| (*field, Value::from(*text)));
    event.fields.extend(texts.chain(more).map(|(field, value)| (field.to_string(), Rc::new(value))));
}

/// A number as sixteen hexadecimal digits.
fn hex(number: u64) -> String {
    let digit = |place: u32| char::from_digit((number >> (place * 4) & 15) as u32, 16).unwrap_or('0');
    (0..16).rev().map(digit).collect()
}

/// Before there are more than `most`: forgets those that count for nothing any more, or all where they are too many.
fn forget<T: Clone>(map: &mut SharedMap<Rc<str>, T>, most: &mut usize, counts: impl Fn(&T) -> bool) {
    if map.len() < (*most).clamp(FEW, REMEMBERED + 1) {
        return;
    }
    let mut left = SharedMap::new();
    if map.len() <= REMEMBERED {
        for (key, value) in map.iter().filter(|(_, value)| counts(value)) {
            left.insert(key.clone(), value.clone());
        }
    }
    *most = left.len() * 2;
    *map = left;
}
