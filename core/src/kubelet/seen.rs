//! Containers of a cluster that was brought: nobody here has their images, so they do again what they were seen to do.

use alloc::boxed::Box;
use alloc::string::ToString;

use super::behaviour::{self, Own, OwnProcess};
use super::images::{self, Image, Missing};
use super::worker::{Desk, Part, Slot, Worker};
use crate::api::Api;
use crate::api::runtime::{ContainerProcess, ProcessCx, Running, SIGINT, SIGTERM};
use crate::api::seen::Act;
use crate::object::value::{items_at, text_at};
use crate::text::sha256;
use crate::time::Instant;

/// Bytes of an image of which nothing is known.
const SIZE: u64 = 64 << 20;

/// Looks an image up: in the registry, or among those of a cluster that was brought.
///
/// # Errors
/// Why it cannot be had.
pub fn image(api: &Api, name: &str) -> Result<Image, Missing> {
    let known = images::find(name);
    let Some(seen) = &api.seen else { return known };
    if let Some(why) = seen.refused.get(name) {
        return Err(Missing::Refused(why.clone()));
    }
    match (known, images::full_name(name)) {
        (Err(Missing::Refused(_)), Some(full)) => Ok(stand_in(&full)),
        (known, _) => known,
    }
}

/// An image that runs and serves.
pub fn stand_in(full: &str) -> Image {
    let (repository, tag) = full.split_once('@').unwrap_or_else(|| full.rsplit_once(':').unwrap_or((full, "latest")));
    let digest = match tag.strip_prefix("sha256:") {
        Some(hex) => hex.to_string(),
        None => sha256::hex(full.as_bytes()),
    };
    Image {
        name: full.to_string(),
        id: [repository, "@sha256:", &digest].concat(),
        size: SIZE,
        behaviour: "server",
        ports: alloc::vec::Vec::new(),
        programs: "busybox",
        user: "root",
        tag: tag.to_string(),
    }
}

/// Plays what was seen.
#[derive(Clone)]
struct Played {
    act: Act,
    stop_ms: u64,
    /// Whether it listens when it is asked to end.
    listens: bool,
    ending: Option<(Instant, i32)>,
    begun: bool,
}

impl ContainerProcess for Played {
    fn poll(&mut self, cx: &mut ProcessCx<'_>) -> Running {
        if !self.begun {
            self.begun = true;
            self.ending = self.act.ends.map(|(ms, code)| (cx.now + ms, code));
        }
        match self.ending {
            Some((at, code)) if at <= cx.now => Running::Exited(code),
            Some((at, _)) => Running::Until(at),
            None => Running::Forever,
        }
    }

    fn signal(&mut self, signal: i32, cx: &mut ProcessCx<'_>) -> Running {
        if !self.listens || !matches!(signal, SIGTERM | SIGINT) {
            return Running::Forever;
        }
        self.ending = Some((cx.now + self.stop_ms, 0));
        Running::Until(cx.now + self.stop_ms)
    }

    fn boxed_clone(&self) -> Box<dyn ContainerProcess> {
        Box::new(self.clone())
    }
}

impl Worker {
    /// What a container was seen to do, or does for want of anything known; `None` where its image and command say it.
    /// What is to end ends when it is begun here; one that runs already, `adopted`, goes on.
    pub fn seen(&self, slot: &Slot, api: &Api, adopted: bool) -> Option<Act> {
        let seen = api.seen.as_deref()?;
        let spec = self.spec(slot);
        let known = images::find(text_at(spec, "image")).is_ok();
        let act = seen.act(&self.uid, &self.key.namespace, spec).or_else(|| (!known).then_some(Act::RUNS))?;
        let ends = slot.part == Part::Init || slot.part == Part::Main && self.restart_policy() != "Always";
        if ends && act.ends.is_none() && !adopted { Some(Act::ENDS) } else { Some(act) }
    }

    /// The process that plays an act; `since` is when it began, if it runs already.
    pub fn played(
        &self,
        act: Act,
        image: &Image,
        argv: &[alloc::string::String],
        since: Option<Instant>,
        d: &Desk<'_, '_>,
    ) -> Box<dyn ContainerProcess> {
        let own = behaviour::of(image);
        let stop_ms = d.timing.stop_server_ms;
        if act.ends.is_none() && own.own != Own::Any && own.is_own(argv) {
            return Box::new(since.map_or_else(|| OwnProcess::new(own, stop_ms), |since| OwnProcess::running(own, stop_ms, since)));
        }
        // What is to end does so after it is first looked at, also where it runs already.
        Box::new(Played { act, stop_ms, listens: own.own != Own::Shell, ending: None, begun: act.ends.is_none() })
    }

    /// Whether a container that plays an act listens on a port: one it declares, or one that no container declares.
    pub fn plays_on(&self, slot: &Slot, port: u16) -> bool {
        let declares = |s: &Slot| {
            items_at(self.spec(s), "ports").iter().any(|p| p.get("containerPort").and_then(serde_json::Value::as_u64) == Some(port.into()))
        };
        declares(slot) || !self.slots.iter().any(declares)
    }
}
