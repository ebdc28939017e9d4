//! Replacing Pods of former templates within maxUnavailable or maxSurge. Models `pkg/controller/daemon/update.go`.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::{Daemon, Daemons, Place};
use crate::api::Status;
use crate::control::worker::Work;
use crate::control::{history, pods};
use crate::object::Object;

/// maxSurge and maxUnavailable as numbers.
pub(super) fn limits(daemon: &Daemon) -> (i64, i64) {
    if daemon.set.text_at("/spec/updateStrategy/type") != "RollingUpdate" {
        return (0, 0);
    }
    let wanted = i64::try_from(daemon.places.iter().filter(|p| p.should_run).count()).unwrap_or(0);
    let of = |path| pods::int_or_percent(daemon.set.at(path), wanted, true).unwrap_or(0);
    let surge = of("/spec/updateStrategy/rollingUpdate/maxSurge");
    let unavailable = of("/spec/updateStrategy/rollingUpdate/maxUnavailable");
    if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
}

/// Which of the running Pods of one node (oldest first) go while the set may surge: one of the new and one of the old
/// revision may be there, as long as the new one is not available and the old one is ready.
pub(super) fn surplus<'p>(daemon: &Daemon, running: &[&'p Rc<Object>], now: i64) -> Vec<&'p Rc<Object>> {
    let (mut new, mut old, mut surplus) = (None, None, Vec::new());
    if running.len() <= 1 {
        return surplus;
    }
    for pod in running {
        let slot = if history::of_pod(pod) == daemon.hash { &mut new } else { &mut old };
        match slot {
            None => *slot = Some(*pod),
            Some(_) => surplus.push(*pod),
        }
    }
    if let (Some(new), Some(old)) = (new, old)
        && (!pods::is_ready(old) || pods::is_available(new, daemon.min_ready_s(), now))
    {
        surplus.push(old);
    }
    surplus
}

/// The new and the old Pod of a place that are not on their way out; `None` when there is more than one of either.
fn pair<'p>(place: &'p Place, hash: &str) -> Option<(Option<&'p Rc<Object>>, Option<&'p Rc<Object>>)> {
    let (mut new, mut old) = (None, None);
    for pod in place.pods.iter().filter(|p| !p.is_deleting()) {
        let slot = if history::of_pod(pod) == hash { &mut new } else { &mut old };
        if slot.replace(pod).is_some() {
            return None;
        }
    }
    Some((new, old))
}

impl Daemons {
    pub(super) fn update(&mut self, daemon: &Daemon, work: &mut Work<'_>) -> Result<(), Status> {
        if daemon.set.text_at("/spec/updateStrategy/type") != "RollingUpdate" {
            return Ok(());
        }
        let (surge, unavailable) = limits(daemon);
        match surge {
            0 => self.replace(daemon, unavailable, work),
            _ => self.surge(daemon, surge, work),
        }
    }

    /// Deletes old Pods first; new ones come where they were.
    fn replace(&mut self, daemon: &Daemon, most: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let now = work.api.wall_ms();
        let available = |p: &Object| pods::is_available(p, daemon.min_ready_s(), now);
        let mut missing = 0;
        let (mut broken, mut candidates) = (Vec::new(), Vec::new());
        for place in daemon.places.iter().filter(|p| p.should_run) {
            match pair(place, &daemon.hash) {
                None | Some((None, None)) | Some((Some(_), Some(_))) => missing += 1,
                Some((Some(new), None)) => missing += i64::from(!available(new)),
                Some((None, Some(old))) if available(old) => candidates.push(old),
                Some((None, Some(old))) => broken.push(old),
            }
        }
        let free = usize::try_from(most - missing).unwrap_or(0);
        for pod in broken.into_iter().chain(candidates.into_iter().take(free)) {
            self.delete(daemon, pod, work)?;
        }
        Ok(())
    }

    /// Makes new Pods beside the old; deletes the old when the new are available.
    fn surge(&mut self, daemon: &Daemon, most: i64, work: &mut Work<'_>) -> Result<(), Status> {
        let now = work.api.wall_ms();
        let available = |p: &Object| pods::is_available(p, daemon.min_ready_s(), now);
        let mut surging = 0;
        let (mut drop, mut broken, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
        for place in &daemon.places {
            match pair(place, &daemon.hash) {
                None => surging += 1,
                Some((None, Some(old))) if !available(old) => broken.push(place.node.name()),
                Some((None, Some(_))) => candidates.push(place.node.name()),
                Some((Some(new), Some(old))) if available(new) => drop.push(old),
                Some((Some(_), Some(_))) => surging += 1,
                _ => {}
            }
        }
        let free = usize::try_from(most - surging).unwrap_or(0);
        for pod in drop {
            self.delete(daemon, pod, work)?;
        }
        for node in broken.into_iter().chain(candidates.into_iter().take(free)) {
            self.make(daemon, node, work)?;
        }
        Ok(())
    }
}
