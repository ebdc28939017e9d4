//! Schedules: five fields of numbers, names, ranges and steps, or a word such as `@hourly`. Models robfig/cron's
//! standard parser.

use alloc::string::String;

use super::zones::Zone;
use crate::text::timestamp::{civil, days_in_month};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// Minutes that are looked at for the next time: a little over four years, for February 29.
const FAR_DAYS: i64 = 1500;

/// A schedule: which minutes, hours, days, months and weekdays, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    any_day: bool,
    any_weekday: bool,
    every_ms: i64,
    zone: Zone,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

fn number(text: &str, names: &[&str], first: i64) -> Option<i64> {
    let lower = text.to_lowercase();
    names.iter().position(|n| *n == lower).and_then(|i| i64::try_from(i).ok()).map(|i| i + first).or_else(|| text.parse().ok())
}

/// One field: `*`, `5`, `1-5`, `*/2`, `mon-fri`, and lists of them; with whether it has a star without a step.
fn field(text: &str, first: i64, last: i64, names: &[&str]) -> Option<(u64, bool)> {
    let (mut bits, mut star) = (0u64, false);
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<i64>().ok().filter(|s| *s > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range {
            "*" | "?" => (first, last),
            _ => match range.split_once('-') {
                Some((from, to)) => (number(from, names, first)?, number(to, names, first)?),
                None => {
                    let one = number(range, names, first)?;
                    (one, if part.contains('/') { last } else { one })
                }
            },
        };
        if from < first || to > last || from > to {
            return None;
        }
        star |= matches!(range, "*" | "?") && step == 1;
        let mut n = from;
        while n <= to {
            bits |= 1 << n;
            n = n.saturating_add(step);
        }
    }
    Some((bits, star))
}

impl Schedule {
    /// Reads a schedule for a time zone; what is no zone counts as UTC. `None` when it makes no sense.
    pub fn parse(text: &str, zone: &str) -> Option<Schedule> {
        let (text, zone) = match text.strip_prefix("TZ=").or_else(|| text.strip_prefix("CRON_TZ=")) {
            Some(rest) => rest.split_once(' ').map(|(zone, rest)| (rest.trim(), zone))?,
            None => (text.trim(), zone),
        };
        let text: String = match text {
            "@yearly" | "@annually" => "0 0 1 1 *".into(),
            "@monthly" => "0 0 1 * *".into(),
            "@weekly" => "0 0 * * 0".into(),
            "@daily" | "@midnight" => "0 0 * * *".into(),
            "@hourly" => "0 * * * *".into(),
            text => text.into(),
        };
        let mut every_ms = 0;
        let fields: String = match text.strip_prefix("@every ") {
            Some(every) => {
                every_ms = crate::text::duration::parse_millis(every.trim()).ok()?.max(1000);
                every_ms -= every_ms % 1000;
                "* * * * *".into()
            }
            None => text,
        };
        let mut parts = fields.split_whitespace();
        let minute = parts.next()?;
        let (hour, day, month, weekday) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let ((days, any_day), (weekdays, any_weekday)) = (field(day, 1, 31, &[])?, field(weekday, 0, 6, WEEKDAYS)?);
        Some(Schedule {
            minutes: field(minute, 0, 59, &[])?.0,
            hours: field(hour, 0, 23, &[])?.0,
            days,
            months: field(month, 1, 12, MONTHS)?.0,
            weekdays,
            any_day,
            any_weekday,
            every_ms,
            zone: Zone::of(zone),
        })
    }

    /// A time as it is written in the schedule's zone: `2026-11-24T09:00:00+09:00`.
    pub fn stamp(&self, at_ms: i64) -> String {
        self.zone.stamp(at_ms)
    }

    /// The first time after a wall-clock moment, in milliseconds since 1970.
    pub fn next(&self, after_ms: i64) -> Option<i64> {
        if self.every_ms > 0 {
            return Some(after_ms - after_ms.rem_euclid(1000) + self.every_ms);
        }
        let mut at = after_ms.div_euclid(MINUTE_MS) * MINUTE_MS + MINUTE_MS;
        let end = at + FAR_DAYS * DAY_MS;
        let has = |bits: u64, n: u32| bits >> n & 1 == 1;
        while at < end {
            let offset_ms = self.zone.offset_ms(at);
            let c = civil(at + offset_ms);
            let minute_of_day = i64::from(c.hour * 60 + c.minute);
            // Midnight by the clock, which may be put forward or back until then.
            let midnight = |days: i64| {
                let clock = at + offset_ms - minute_of_day * MINUTE_MS + days * DAY_MS;
                clock - self.zone.offset_ms(clock - offset_ms)
            };
            let (by_day, by_weekday) = (has(self.days, c.day), has(self.weekdays, c.weekday));
            let day = if self.any_day || self.any_weekday { by_day && by_weekday } else { by_day || by_weekday };
            at = match () {
                () if !has(self.months, c.month) => midnight(i64::from(days_in_month(c.year, c.month).saturating_sub(c.day)) + 1),
                () if !day => midnight(1),
                () if !has(self.hours, c.hour) => at + (60 - i64::from(c.minute)) * MINUTE_MS,
                () if !has(self.minutes, c.minute) => at + MINUTE_MS,
                () => return Some(at),
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::timestamp::{parse_rfc3339_ms, rfc3339};

    fn next(schedule: &str, zone: &str, after: &str) -> Option<String> {
        Schedule::parse(schedule, zone)?.next(parse_rfc3339_ms(after)?).map(rfc3339)
    }

    #[test]
    fn schedules() {
        let now = "2026-11-23T09:18:41Z";
        for (schedule, zone, expected) in [
            ("* * * * *", "", "2026-11-23T09:19:00Z"),
            ("*/15 * * * *", "", "2026-11-23T09:30:00Z"),
            ("@hourly", "", "2026-11-23T10:00:00Z"),
            ("0 9 * * mon-fri", "", "2026-11-24T09:00:00Z"),
            ("0 9 * * 0", "", "2026-11-29T09:00:00Z"),
            ("30 3 1 jan *", "", "2027-01-01T03:30:00Z"),
            ("0 0 29 2 *", "", "2028-02-29T00:00:00Z"),
            ("0 0 13 * 5", "", "2026-11-27T00:00:00Z"),
            ("0 0 */2 * 5", "", "2026-11-25T00:00:00Z"),
            ("0 0 */1 * 5", "", "2026-11-27T00:00:00Z"),
            ("5/20 9 * * *", "", "2026-11-23T09:25:00Z"),
            ("@every 90m30s", "", "2026-11-23T10:49:11Z"),
            ("30 14 * * *", "Asia/Kolkata", "2026-11-24T09:00:00Z"),
            ("0 9 * * *", "Asia/Seoul", "2026-11-24T00:00:00Z"),
            ("0 9 * * *", "America/New_York", "2026-11-23T14:00:00Z"),
            ("0 9 1 7 *", "Europe/Berlin", "2027-07-01T07:00:00Z"),
            ("0 9 1 1 *", "Australia/Sydney", "2026-12-31T22:00:00Z"),
        ] {
            assert_eq!(next(schedule, zone, now).as_deref(), Some(expected), "{schedule}");
        }
        for nonsense in ["61 * * * *", "0 9 * * 7", "* * * *", "5-1 * * * *", "*/0 * * * *"] {
            assert_eq!(Schedule::parse(nonsense, ""), None, "{nonsense}");
        }
        assert_eq!(next("59 23 31 2 *", "", now), None);
    }

    #[test]
    fn a_clock_put_forward_leaves_out_and_one_put_back_repeats() {
        let zone = "America/New_York";
        assert_eq!(next("30 2 * * *", zone, "2026-03-07T12:00:00Z").as_deref(), Some("2026-03-09T06:30:00Z"));
        assert_eq!(next("30 1 * * *", zone, "2026-11-01T00:00:00Z").as_deref(), Some("2026-11-01T05:30:00Z"));
        assert_eq!(next("30 1 * * *", zone, "2026-11-01T05:30:00Z").as_deref(), Some("2026-11-01T06:30:00Z"));
        let stamp = |zone: &str, at: &str| Schedule::parse("* * * * *", zone).zip(parse_rfc3339_ms(at)).map(|(s, at)| s.stamp(at));
        assert_eq!(stamp(zone, "2026-07-01T04:00:00Z").as_deref(), Some("2026-07-01T00:00:00-04:00"));
        assert_eq!(stamp("Asia/Kolkata", "2026-07-01T04:00:00Z").as_deref(), Some("2026-07-01T09:30:00+05:30"));
        assert_eq!(stamp("", "2026-07-01T04:00:00Z").as_deref(), Some("2026-07-01T04:00:00Z"));
    }
}
