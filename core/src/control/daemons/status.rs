//! A DaemonSet's counts. Models `pkg/controller/daemon` updateDaemonSetStatus.

use alloc::rc::Rc;

use super::Daemon;
use crate::api::Status;
use crate::control::worker::Work;
use crate::control::{history, pods};
use crate::object::Object;
use crate::object::resources::DAEMON_SETS;

pub(super) fn write(daemon: &Daemon, work: &mut Work<'_>) -> Result<(), Status> {
    let now = work.api.wall_ms();
    let (mut desired, mut current, mut misplaced, mut ready, mut updated, mut available) = (0, 0, 0, 0, 0, 0);
    for place in &daemon.places {
        let first = place.pods.iter().min_by_key(|p| super::age(p));
        match (place.should_run, first) {
            (false, Some(_)) => misplaced += 1,
            (false, None) => {}
            (true, None) => desired += 1,
            (true, Some(pod)) => {
                desired += 1;
                current += 1;
                ready += i64::from(pods::is_ready(pod));
                available += i64::from(pods::is_available(pod, daemon.min_ready_s(), now));
                updated += i64::from(history::of_pod(pod) == daemon.hash || super::has_generation(daemon, pod));
            }
        }
    }
    let waits = |p: &Rc<Object>| !p.is_deleting() && pods::is_ready(p) && !pods::is_available(p, daemon.min_ready_s(), now);
    if daemon.places.iter().any(|place| place.pods.iter().any(waits)) {
        work.again_in(1000);
    }
    work.api.modify(DAEMON_SETS, &daemon.set.key(), |set| {
        for (field, count) in [
            ("/status/desiredNumberScheduled", desired),
            ("/status/currentNumberScheduled", current),
            ("/status/numberMisscheduled", misplaced),
            ("/status/numberReady", ready),
            ("/status/observedGeneration", daemon.set.meta.generation),
        ] {
            set.set(field, count);
        }
        for (field, count) in [
            ("/status/updatedNumberScheduled", updated),
            ("/status/numberAvailable", available),
            ("/status/numberUnavailable", desired - available),
        ] {
            match count {
                0 => drop(set.remove(field)),
                n => set.set(field, n),
            }
        }
    })?;
    Ok(())
}
