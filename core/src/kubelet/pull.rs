//! Images on their way to the node: pulled, found there, not to be had.
//! Models `pkg/kubelet/images`.

use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::images::{self, Missing};
use super::seen;
use super::worker::{Desk, Stage, Worker, step};
use crate::api::EventNote;
use crate::object::resources::SECRETS;
use crate::object::value::text_at;
use crate::text::duration;
use crate::time::TimerClass;

pub(super) const FIRST_BACK_OFF_MS: u64 = 10_000;
/// The longest wait between two starts of a container, or two pulls.
pub const LONGEST_BACK_OFF_MS: u64 = 300_000;

impl Worker {
    /// Says which of the Pod's pull secrets are not there. Models getPullSecretsForPod.
    pub fn look_for_pull_secrets(&mut self, d: &mut Desk<'_, '_>) {
        let named = self.pod.items_at("/spec/imagePullSecrets").iter().map(|s| text_at(s, "name")).filter(|name| !name.is_empty());
        let missing: Vec<&str> = named.filter(|name| d.cx.api.find(SECRETS, &self.key.namespace, name).is_none()).collect();
        self.lacks_secrets = !missing.is_empty();
        if self.lacks_secrets {
            let text = alloc::format!(
                "Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.",
                missing.join(", ")
            );
            d.note(self, &EventNote::warning("FailedToRetrieveImagePullSecret", &text));
        }
    }

    /// Puts a pull into the node's line.
    pub(super) fn pull(&mut self, slot: usize, image: &str, present: bool, d: &mut Desk<'_, '_>) {
        let exists = !d.registry_down && seen::image(d.cx.api, image).is_ok();
        let full = images::full_name(image).unwrap_or_default();
        let will_be_there = present || d.node.coming.contains(&full);
        let ms = match (exists, will_be_there) {
            (false, _) => d.timing.pull_failed_ms,
            (true, true) => d.timing.pull_present_ms,
            (true, false) => match d.pulled_before.insert(full.clone()) {
                true => d.timing.pull_first_ms,
                false => d.timing.pull_next_ms,
            },
        };
        if exists {
            d.node.coming.insert(full);
        }
        let begin = d.node.pulls_end.max(d.cx.now);
        d.node.pulls_end = begin + ms;
        let wait = d.node.pulls_end.since(d.cx.now);
        if let Some(s) = self.slots.get_mut(slot) {
            s.pull_ms = (ms, wait);
        }
        d.later(self, step::PULLED | (slot as u32) << 8, wait, TimerClass::Work);
    }

    /// A pull has ended, well or badly.
    pub fn pulled(&mut self, slot: usize, d: &mut Desk<'_, '_>) {
        if self.stage != Stage::Active || !self.busy {
            return;
        }
        let Some(s) = self.slots.get(slot) else { return };
        let (pull_ms, all_ms) = s.pull_ms;
        let name = text_at(self.spec(s), "image").to_string();
        let answer = match d.registry_down {
            true => Err(Missing::Refused(images::registry_down(&name))),
            false => seen::image(d.cx.api, &name),
        };
        match answer {
            Ok(image) => {
                let time = |ms: u64| duration::format_millis(i64::try_from(ms).unwrap_or(i64::MAX));
                let text = alloc::format!(
                    "Successfully pulled image {name:?} in {} ({} including waiting). Image size: {} bytes.",
                    time(pull_ms),
                    time(all_ms),
                    image.size
                );
                d.note_slot(self, slot, "Normal", "Pulled", &text);
                let full = image.name.clone();
                d.node.coming.remove(&full);
                d.node.images.insert(full.clone(), Rc::new(image));
                if let Some(s) = self.slots.get_mut(slot) {
                    s.pull_back_off = None;
                }
                if self.create(slot, &full, d) {
                    return;
                }
            }
            Err(Missing::Refused(why) | Missing::Invalid(why)) => {
                d.note_slot(self, slot, "Warning", "Failed", &alloc::format!("Failed to pull image {name:?}: {why}"));
                d.note_slot(self, slot, "Warning", "Failed", "Error: ErrImagePull");
                let now = d.cx.now;
                if let Some(s) = self.slots.get_mut(slot) {
                    let wait = s.pull_back_off.as_ref().map_or(FIRST_BACK_OFF_MS, |(ms, _, _)| (ms * 2).min(LONGEST_BACK_OFF_MS));
                    s.pull_back_off = Some((wait, now, why.clone()));
                }
                self.fail(slot, "ErrImagePull", &why);
            }
        }
        self.proceed(d);
    }
}
