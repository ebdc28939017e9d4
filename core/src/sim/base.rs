//! The base cluster: objects from before instant 0, at rest, with ages of days.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use crate::api::Api;
use crate::api::base::OBJECTS;
use crate::arrange::Arrange;
use crate::bring::{Brought, build};
use crate::object::Object;
use crate::text::timestamp;
use crate::time::Rng;

/// The wall-clock time at which the objects of the data were looked at, in milliseconds since 1970.
const LOOKED_AT_MS: i64 = 1_795_428_000_000;

/// The wall-clock time at which the cluster of the data began.
const BEGAN_MS: i64 = 1_795_425_474_000;

/// How much older than in the data the base cluster is made, so that its ages read in days.
const OLDER_MS: i64 = 5 * 86_400_000 + 3 * 3_600_000;

/// An API server that holds the base cluster. `epoch_ms` is the wall-clock time of instant 0; `workers` how many
/// worker nodes there are, the three of the data when not given; `brought` a cluster that takes the place of the data's.
pub fn api(seed: u64, epoch_ms: i64, workers: Option<u32>, brought: Option<&Brought>) -> Api {
    let mut api = Api::new(seed, epoch_ms);
    let shift = epoch_ms - LOOKED_AT_MS - OLDER_MS;
    let mut uids = Rng::new(0, "base");
    let mut rows: Vec<Object> = OBJECTS.lines().filter_map(|line| object(&api, line, shift, &mut uids)).collect();
    rows.arrange_by_key(|o| o.meta.creation);
    if let Some(workers) = workers {
        super::machines::have(&mut rows, workers.min(super::machines::MAX_WORKERS));
    }
    if let Some(brought) = brought {
        api.seen = Some(Rc::new(build::into_rows(&api, &mut rows, brought)));
    }
    super::machines::add_leases(&api, &mut rows);
    for row in rows {
        api.store.put(crate::time::Instant(0), row);
    }
    api
}

/// What a line describes. Objects that the data tells without bookkeeping have been there since the cluster began.
fn object(api: &Api, line: &str, shift_ms: i64, uids: &mut Rng) -> Option<Object> {
    let mut value: Value = serde_json::from_str(line).ok()?;
    shift_times(&mut value, shift_ms);
    let ty = api.types().find(|t| Some(t.kind.as_str()) == value.get("kind").and_then(Value::as_str))?;
    let mut object = Object::from_value(ty, value);
    if object.meta.uid.is_empty() {
        object.meta.uid = uids.uuid().into();
        object.meta.creation = Some(BEGAN_MS + shift_ms);
    }
    Some(object)
}

/// Moves every timestamp inside a value.
fn shift_times(value: &mut Value, shift_ms: i64) {
    match value {
        Value::String(text) => {
            if let Some(new) = shifted(text, shift_ms) {
                *text = new;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|v| shift_times(v, shift_ms)),
        Value::Object(map) => map.values_mut().for_each(|v| shift_times(v, shift_ms)),
        _ => {}
    }
}

fn shifted(text: &str, shift_ms: i64) -> Option<String> {
    let looks_like_time = text.len() == 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    looks_like_time.then(|| timestamp::parse_rfc3339_ms(text)).flatten().map(|ms| timestamp::rfc3339(ms + shift_ms))
}
