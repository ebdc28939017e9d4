//! A StatefulSet's counts and revisions. Models `pkg/controller/statefulset` updateStatus.

use super::Row;
use crate::api::Status;
use crate::control::worker::Work;
use crate::control::{history, pods};
use crate::object::resources::STATEFUL_SETS;

/// Writes the status: what was there before this look made and deleted Pods, which the next one will see.
pub(super) fn write(row: &Row, work: &mut Work<'_>) -> Result<(), Status> {
    let now = work.api.wall_ms();
    let min_ready_s = row.set.i64_at("/spec/minReadySeconds").unwrap_or(0);
    let (mut replicas, mut ready, mut available, mut current, mut updated) = (0, 0, 0, 0, 0);
    for pod in row.pods.values() {
        replicas += 1;
        let is_ready = pod.text_at("/status/phase") == "Running" && pods::is_ready(pod);
        ready += i64::from(is_ready);
        available += i64::from(is_ready && pods::is_available(pod, min_ready_s, now));
        if !pod.is_deleting() {
            current += i64::from(history::of_pod(pod) == row.current.name());
            updated += i64::from(history::of_pod(pod) == row.update.name());
        }
    }
    current -= row.replaced;
    let rolling = row.set.text_at("/spec/updateStrategy/type") != "OnDelete";
    let complete = rolling && updated == replicas && ready == replicas && replicas == row.end() - row.first();
    let current_name = if complete { row.update.name() } else { row.current.name() };
    if complete {
        current = updated;
    }
    work.api.modify(STATEFUL_SETS, &row.set.key(), |set| {
        for (field, count) in [("/status/readyReplicas", ready), ("/status/currentReplicas", current), ("/status/updatedReplicas", updated)]
        {
            match count {
                0 => drop(set.remove(field)),
                n => set.set(field, n),
            }
        }
        set.set("/status/replicas", replicas);
        set.set("/status/availableReplicas", available);
        set.set("/status/observedGeneration", row.set.meta.generation);
        set.set("/status/currentRevision", current_name);
        set.set("/status/updateRevision", row.update.name());
        if set.at("/status/collisionCount").is_none() {
            set.set("/status/collisionCount", 0);
        }
    })?;
    Ok(())
}
