//! Time zones that schedules may name: how far they are from UTC, and when their summer is. Only zones with today's rules;
//! what is not listed counts as UTC.

use alloc::string::String;

use crate::text::timestamp::{civil, rfc3339};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// When the clocks are put forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summer {
    Never,
    /// From the last Sunday of March to the last of October, at 01:00 UTC.
    Europe,
    /// From the second Sunday of March to the first of November, at 02:00 by the clock.
    America,
    /// From the first Sunday of October to the first of April.
    South,
}

use Summer::{America, Europe, Never, South};

/// Name in small letters, minutes from UTC in winter, summer.
const ZONES: &[(&str, i64, Summer)] = &[
    ("africa/cairo", 120, Never),
    ("africa/johannesburg", 120, Never),
    ("africa/lagos", 60, Never),
    ("africa/nairobi", 180, Never),
    ("america/argentina/buenos_aires", -180, Never),
    ("america/bogota", -300, Never),
    ("america/chicago", -360, America),
    ("america/denver", -420, America),
    ("america/los_angeles", -480, America),
    ("america/mexico_city", -360, Never),
    ("america/new_york", -300, America),
    ("america/phoenix", -420, Never),
    ("america/sao_paulo", -180, Never),
    ("america/toronto", -300, America),
    ("america/vancouver", -480, America),
    ("asia/bangkok", 420, Never),
    ("asia/dubai", 240, Never),
    ("asia/ho_chi_minh", 420, Never),
    ("asia/hong_kong", 480, Never),
    ("asia/jakarta", 420, Never),
    ("asia/karachi", 300, Never),
    ("asia/kolkata", 330, Never),
    ("asia/manila", 480, Never),
    ("asia/seoul", 540, Never),
    ("asia/shanghai", 480, Never),
    ("asia/singapore", 480, Never),
    ("asia/taipei", 480, Never),
    ("asia/tokyo", 540, Never),
    ("australia/brisbane", 600, Never),
    ("australia/melbourne", 600, South),
    ("australia/sydney", 600, South),
    ("europe/amsterdam", 60, Europe),
    ("europe/athens", 120, Europe),
    ("europe/berlin", 60, Europe),
    ("europe/brussels", 60, Europe),
    ("europe/dublin", 0, Europe),
    ("europe/helsinki", 120, Europe),
    ("europe/istanbul", 180, Never),
    ("europe/kyiv", 120, Europe),
    ("europe/lisbon", 0, Europe),
    ("europe/london", 0, Europe),
    ("europe/madrid", 60, Europe),
    ("europe/moscow", 180, Never),
    ("europe/oslo", 60, Europe),
    ("europe/paris", 60, Europe),
    ("europe/prague", 60, Europe),
    ("europe/rome", 60, Europe),
    ("europe/stockholm", 60, Europe),
    ("europe/vienna", 60, Europe),
    ("europe/warsaw", 60, Europe),
    ("europe/zurich", 60, Europe),
    ("pacific/honolulu", -600, Never),
    ("us/central", -360, America),
    ("us/eastern", -300, America),
    ("us/mountain", -420, America),
    ("us/pacific", -480, America),
];

/// A zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    winter_m: i64,
    summer: Summer,
}

impl Zone {
    /// A zone by its name.
    pub fn of(name: &str) -> Zone {
        let name = name.to_lowercase();
        let found = ZONES.iter().find(|(zone, _, _)| *zone == name);
        found.map_or(Zone { winter_m: 0, summer: Never }, |(_, winter_m, summer)| Zone { winter_m: *winter_m, summer: *summer })
    }

    /// What is added to UTC at a moment, in milliseconds.
    pub fn offset_ms(&self, at_ms: i64) -> i64 {
        let winter = self.winter_m * MINUTE_MS;
        let year = civil(at_ms).year;
        let hour = 60 * MINUTE_MS;
        let is_summer = match self.summer {
            Never => false,
            Europe => (sunday(year, 3, Which::Last) + hour..sunday(year, 10, Which::Last) + hour).contains(&at_ms),
            America => {
                (sunday(year, 3, Which::Nth(2)) + 2 * hour - winter..sunday(year, 11, Which::Nth(1)) + hour - winter).contains(&at_ms)
            }
            South => {
                !(sunday(year, 4, Which::Nth(1)) + 2 * hour - winter..sunday(year, 10, Which::Nth(1)) + 2 * hour - winter).contains(&at_ms)
            }
        };
        if is_summer { winter + hour } else { winter }
    }
}

impl Zone {
    /// A moment by this zone's clock, with how far that is from UTC: `2026-11-24T09:00:00+09:00`.
    pub fn stamp(&self, at_ms: i64) -> String {
        let offset_ms = self.offset_ms(at_ms);
        let text = rfc3339(at_ms + offset_ms);
        if offset_ms == 0 {
            return text;
        }
        let minutes = (offset_ms / MINUTE_MS).abs();
        let sign = if offset_ms < 0 { "-" } else { "+" };
        alloc::format!("{}{sign}{:02}:{:02}", text.trim_end_matches('Z'), minutes / 60, minutes % 60)
    }
}

/// Which Sunday of a month.
enum Which {
    Nth(i64),
    Last,
}

/// Midnight UTC at the beginning of a Sunday, in milliseconds since 1970.
fn sunday(year: i64, month: i64, which: Which) -> i64 {
    let nth = |year: i64, month: i64, n: i64| {
        let first = days(year, month);
        // 1970-01-01 was a Thursday.
        first + (7 - (first + 4).rem_euclid(7)).rem_euclid(7) + 7 * (n - 1)
    };
    let day = match which {
        Which::Nth(n) => nth(year, month, n),
        // The months asked for are followed by one in the same year.
        Which::Last => nth(year, month + 1, 1) - 7,
    };
    day * DAY_MS
}

/// Days from 1970-01-01 to the first of a month.
fn days(year: i64, month: i64) -> i64 {
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * m + 2) / 5 - 719_468
}
