//! EndpointSlices for Endpoints that a person wrote, for a Service without a selector.
//! Models `pkg/controller/endpointslicemirroring`.

use alloc::rc::Rc;
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::{TRIGGER, selector};
use crate::api::{Api, DeleteOptions, Status};
use crate::object::resources::{ENDPOINT_SLICES, ENDPOINTS, SERVICES};
use crate::object::value::{self, items_at, text_at};
use crate::object::{Key, Object};

const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
const CONTROLLER: &str = "endpointslicemirroring-controller.k8s.io";
/// The most addresses that are taken over of each subset.
const MOST: usize = 1000;

/// Whether Endpoints are somebody else's than the controller's of Services with selectors.
pub(super) fn is_foreign(api: &Api, endpoints: &Object) -> bool {
    let managed = endpoints.meta.label("endpoints.kubernetes.io/managed-by").is_some();
    !managed && api.get(SERVICES, &endpoints.key()).is_none_or(|s| selector(s).is_empty())
}

fn is_mirrored(endpoints: &Object) -> bool {
    endpoints.meta.label("endpointslice.kubernetes.io/skip-mirror") != Some("true")
        && endpoints.meta.annotation("control-plane.alpha.kubernetes.io/leader").is_none()
}

fn endpoint(address: &Value, ready: bool) -> Value {
    let mut out = json!({"addresses": [text_at(address, "ip")], "conditions": {"ready": ready}});
    for key in ["hostname", "nodeName", "targetRef"] {
        if let Some(v) = value::at(address, key).filter(|v| !value::is_empty(v)) {
            value::set(&mut out, key, v.clone());
        }
    }
    out
}

fn endpoints_of(subset: &Value) -> Vec<Value> {
    let lists = [("addresses", true), ("notReadyAddresses", false)];
    let all = lists.iter().flat_map(|(key, ready)| items_at(subset, key).iter().map(move |a| endpoint(a, *ready)));
    all.take(MOST).collect()
}

fn ports_of(subset: &Value) -> Value {
    let mut ports = items_at(subset, "ports").to_vec();
    ports.iter_mut().for_each(|p| value::set_default(p, "name", ""));
    ports.into()
}

/// Brings the slices of foreign Endpoints up to date.
pub(super) fn reconcile(key: &Key, api: &mut Api) -> Result<(), Status> {
    // Those that are gone take their slices with them.
    let Some(endpoints) = api.get(ENDPOINTS, key).cloned() else { return Ok(()) };
    let mut old: Vec<Rc<Object>> = api.owned(&endpoints.meta.uid, ENDPOINT_SLICES).cloned().collect();
    let served = api.get(SERVICES, key).is_some_and(|s| selector(s).is_empty() && !s.is_deleting());
    // The API server's own Service has slices that the server writes.
    let own = &*key.namespace == "default" && &*key.name == "kubernetes";
    if served && !own && is_mirrored(&endpoints) {
        for subset in endpoints.items_at("/subsets") {
            let ports = ports_of(subset);
            let place = old.iter().position(|s| s.at("/ports") == Some(&ports)).or_else(|| (!old.is_empty()).then_some(0));
            let there = place.map(|i| old.remove(i));
            write(&endpoints, there, ports, endpoints_of(subset), api)?;
        }
    }
    for slice in old {
        api.delete(ENDPOINT_SLICES, &slice.key(), &DeleteOptions::default())?;
    }
    Ok(())
}

fn write(endpoints: &Object, there: Option<Rc<Object>>, ports: Value, addresses: Vec<Value>, api: &mut Api) -> Result<(), Status> {
    let put = |slice: &mut Object| {
        slice.meta.labels = endpoints.meta.labels.clone();
        slice.meta.set_label(MANAGED_BY, Some(CONTROLLER));
        slice.meta.set_label("kubernetes.io/service-name", Some(endpoints.name()));
        let kept = |k: &str| !matches!(k, "kubectl.kubernetes.io/last-applied-configuration" | TRIGGER);
        for (k, v) in endpoints.meta.annotations.iter().filter(|(k, _)| kept(k)) {
            slice.meta.set_annotation(k, Some(v));
        }
        slice.set("/addressType", "IPv4");
        slice.set("/endpoints", addresses);
        slice.set("/ports", ports);
    };
    if let Some(slice) = there {
        return api.modify(ENDPOINT_SLICES, &slice.key(), put).map(drop);
    }
    let suffix = api.random_suffix();
    let prefix = [endpoints.name(), "-"].concat();
    let Some(mut slice) = api.new_object(ENDPOINT_SLICES, endpoints.namespace(), &[&prefix, &*suffix].concat()) else { return Ok(()) };
    slice.meta.set_extra("generateName", prefix.into());
    slice.meta.owners = [endpoints.as_controller()].into();
    put(&mut slice);
    api.create(slice).map(drop)
}
