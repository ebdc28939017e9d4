//! Which volume is for which claim. Models `component-helpers/storage/volume` FindMatchingVolume and
//! `pkg/controller/volume/persistentvolume` checkVolumeSatisfyClaim.

use alloc::rc::Rc;
use alloc::string::ToString;

use super::server::Api;
use crate::object::Object;
use crate::object::quantity::Quantity;
use crate::object::resources::PERSISTENT_VOLUMES;
use crate::object::selector::Selector;

fn storage(object: &Object, path: &str) -> i64 {
    object.str_at(path).and_then(|q| Quantity::parse(q).ok()).map_or(0, |q| q.value())
}

/// Whether a volume's claimRef means this claim.
pub fn is_for(volume: &Object, claim: &Object) -> bool {
    let at = |f: &str| volume.text_at(&["/spec/claimRef/", f].concat());
    let uid = at("uid");
    at("name") == claim.name() && at("namespace") == claim.namespace() && (uid.is_empty() || uid == &*claim.meta.uid)
}

/// Why a volume that the claim names will not do, in the words of the real one.
pub fn objection(volume: &Object, claim: &Object) -> Option<&'static str> {
    let mode = |o: &Object| o.str_at("/spec/volumeMode").unwrap_or("Filesystem").to_string();
    let have = volume.items_at("/spec/accessModes");
    if storage(volume, "/spec/capacity/storage") < storage(claim, "/spec/resources/requests/storage") {
        Some("requested PV is too small")
    } else if volume.text_at("/spec/storageClassName") != claim.text_at("/spec/storageClassName") {
        Some("storageClassName does not match")
    } else if mode(volume) != mode(claim) {
        Some("incompatible volumeMode")
    } else if !claim.items_at("/spec/accessModes").iter().all(|m| have.contains(m)) {
        Some("incompatible accessMode")
    } else {
        None
    }
}

/// Whether a free volume would do for a claim that names none.
fn fits(volume: &Object, claim: &Object) -> bool {
    let selected = claim.at("/spec/selector").is_none_or(|s| Selector::from_label_selector(Some(s)).is_ok_and(|s| s.matches(&volume.meta)));
    !volume.is_deleting() && selected && objection(volume, claim).is_none()
}

/// The volume for a claim that names none: one that is kept for it, or the smallest free one that will do and that
/// `may_be` admits.
pub fn find(api: &Api, claim: &Object, may_be: &dyn Fn(&Object) -> bool) -> Option<Rc<Object>> {
    let all = || api.list(PERSISTENT_VOLUMES, None);
    let kept = all().find(|v| v.at("/spec/claimRef").is_some() && is_for(v, claim));
    let free = || {
        let free = all().filter(|v| v.at("/spec/claimRef").is_none() && fits(v, claim) && may_be(v));
        free.min_by_key(|v| storage(v, "/spec/capacity/storage"))
    };
    kept.or_else(free).cloned()
}
