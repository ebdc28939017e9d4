//! Schedules: five fields of numbers, names, ranges and steps, or a word such as `@hourly`. Models robfig/cron's
//! standard parser.

use alloc::string::String;

use super::zones::Zone;
use crate::text::timestamp::{civil, days_in_month};

const MINUTE_MS: i64 = 60_000;

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

/// One field: `*`, `5`, `1-5`, `*/2`, `mon-fri`, and lists of them.
fn field(text: &str, first: i64, last: i64, names: &[&str]) -> Option<u64> {
    let mut bits = 0u64;
    for part in text.split(',') {
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
        let mut n = from;
        while n <= to {
            bits |= 1 << n;
            n = n.saturating_add(step);
        }
    }
    Some(bits)
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
                every_ms = crate::text::duration::parse_millis(every.trim()).ok().filter(|ms| *ms >= 1000)?;
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
        let mut weekdays = field(weekday, 0, 7, WEEKDAYS)?;
        weekdays |= weekdays >> 7;
        Some(Schedule {
            minutes: field(minute, 0, 59, &[])?,
            hours: field(hour, 0, 23, &[])?,
            days: field(day, 1, 31, &[])?,
            months: field(month, 1, 12, MONTHS)?,
            weekdays,
            any_day: day.starts_with('*') || day == "?",
            any_weekday: weekday.starts_with('*') || weekday == "?",
            every_ms,
            zone: Zone::of(zone),
        })
    }

    /// The first time after a wall-clock moment, in milliseconds since 1970.
    pub fn next(&self, after_ms: i64) -> Option<i64> {
        if self.every_ms > 0 {
            return Some(after_ms - after_ms.rem_euclid(1000) + self.every_ms);
        }
        let offset_ms = self.zone.offset_ms(after_ms);
        let mut at = (after_ms + offset_ms).div_euclid(MINUTE_MS) * MINUTE_MS + MINUTE_MS;
        let end = at + FAR_DAYS * 86_400_000;
        while at < end {
            let c = civil(at);
            let has = |bits: u64, n: u32| bits >> n & 1 == 1;
            let by_day = has(self.days, c.day);
            let by_weekday = has(self.weekdays, c.weekday);
            let day = if self.any_day || self.any_weekday { by_day && by_weekday } else { by_day || by_weekday };
            let minute_of_day = i64::from(c.hour * 60 + c.minute);
            if !has(self.months, c.month) {
                let days = i64::from(days_in_month(c.year, c.month).saturating_sub(c.day)) + 1;
                at += days * 86_400_000 - minute_of_day * MINUTE_MS;
            } else if !day {
                at += 86_400_000 - minute_of_day * MINUTE_MS;
            } else if !has(self.hours, c.hour) {
                at += (60 - i64::from(c.minute)) * MINUTE_MS;
            } else if !has(self.minutes, c.minute) {
                at += MINUTE_MS;
            } else {
                // The clocks may be put forward or back in between.
                return Some((at - self.zone.offset_ms(at - offset_ms)).max(after_ms + 1));
            }
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
            ("0 9 * * 7", "", "2026-11-29T09:00:00Z"),
            ("30 3 1 jan *", "", "2027-01-01T03:30:00Z"),
            ("0 0 29 2 *", "", "2028-02-29T00:00:00Z"),
            ("0 0 13 * 5", "", "2026-11-27T00:00:00Z"),
            ("0 9 * * *", "Asia/Seoul", "2026-11-24T00:00:00Z"),
            ("0 9 * * *", "America/New_York", "2026-11-23T14:00:00Z"),
            ("0 9 1 7 *", "Europe/Berlin", "2027-07-01T07:00:00Z"),
            ("0 9 1 1 *", "Australia/Sydney", "2026-12-31T22:00:00Z"),
        ] {
            assert_eq!(next(schedule, zone, now).as_deref(), Some(expected), "{schedule}");
        }
        assert_eq!(Schedule::parse("61 * * * *", ""), None);
        assert_eq!(Schedule::parse("* * * *", ""), None);
    }
}
