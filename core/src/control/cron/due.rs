//! When a CronJob is due: which of its times has passed without a Job, and when to look again.
//! Models `pkg/controller/cronjob/utils.go`. Starts nothing.

use super::schedule::Schedule;
use crate::object::Object;
use crate::text::timestamp;

/// The controller looks so long after a time.
const AFTER_MS: i64 = 100;

/// From so many missed times on there is a warning.
const MANY: i64 = 100;

/// What has passed since a CronJob was last started, or made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// From when on times count, in milliseconds since 1970.
    pub since: i64,
    /// The last time that has passed, if one has.
    pub latest: Option<i64>,
    /// About how many have passed, where that is more than one.
    missed: i64,
}

impl Past {
    /// Whether so many times have passed that something must be wrong.
    pub fn is_far_behind(&self) -> bool {
        self.missed > MANY
    }
}

/// What has passed until now; nothing where the schedule never comes round. Models mostRecentScheduleTime.
pub fn past(cron: &Object, schedule: &Schedule, now: i64, by_deadline: bool) -> Option<Past> {
    let last = timestamp::parse_rfc3339_ms(cron.text_at("/status/lastScheduleTime"));
    let mut since = last.or(cron.meta.creation).unwrap_or(now);
    if let Some(s) = cron.i64_at("/spec/startingDeadlineSeconds").filter(|_| by_deadline) {
        since = since.max(now.saturating_sub(s.saturating_mul(1000)));
    }
    let first = schedule.next(since)?;
    let second = schedule.next(first)?;
    if now < second {
        return Some(Past { since, latest: Some(first).filter(|at| *at <= now), missed: 0 });
    }
    let between_s = (second - first) / 1000;
    if between_s < 1 {
        return None;
    }
    // A guess by the first two times, from which the last one is looked for.
    let missed = (now - first) / 1000 / between_s + 1;
    let mut at = first + (missed - 2) * between_s * 1000;
    let mut latest = None;
    while let Some(next) = schedule.next(at).filter(|at| *at <= now) {
        (latest, at) = (Some(next), next);
    }
    Some(Past { since, latest, missed })
}

/// How long to wait for the next time. Models nextScheduleTimeDuration.
pub fn wait_ms(cron: &Object, schedule: &Schedule, now: i64) -> Option<u64> {
    let past = past(cron, schedule, now, false);
    let from = past.map_or(now, |p| p.latest.unwrap_or(if p.missed == 0 { p.since } else { now }));
    schedule.next(from).map(|at| u64::try_from(at - now + AFTER_MS).unwrap_or(0))
}
