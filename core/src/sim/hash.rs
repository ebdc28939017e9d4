//! The hash of a cluster's state: what links, tests, native and wasm compare.

use alloc::string::ToString;
use serde_json::Value;

use crate::api::Api;

/// FNV-1a over the canonical JSON of all objects without managed bookkeeping (versions and field managers).
pub fn of(api: &Api) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    let resources: alloc::vec::Vec<_> = api.store.resources().cloned().collect();
    for resource in resources {
        for object in api.list(&resource, None) {
            let mut value = object.to_value();
            if let Some(Value::Object(meta)) = value.get_mut("metadata") {
                meta.remove("resourceVersion");
                meta.remove("managedFields");
            }
            feed(value.to_string().as_bytes());
        }
    }
    hash
}
