//! Dates: from seconds since 1970 to a calendar and to the formats of `date`. Knows no clock.

use alloc::string::String;

/// A moment on the calendar of UTC or of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds on the clocks there.
    local: i64,
    /// By how many seconds these are ahead of UTC.
    offset: i32,
    year: i64,
    month: u32,
    day: u32,
    second_of_day: u32,
}

/// The months.
pub const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/// The days of the week.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Days from 1970-01-01 to a date of the Gregorian calendar.
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Moment {
    /// The moment so many seconds after the beginning of 1970.
    pub fn from_unix(unix: i64) -> Moment {
        let days = unix.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = u32::try_from(of_year - (153 * shifted + 2) / 5 + 1).unwrap_or(1);
        let month = u32::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).unwrap_or(1);
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Moment { local: unix, offset: 0, year, month, day, second_of_day: u32::try_from(unix.rem_euclid(86_400)).unwrap_or(0) }
    }

    /// The same moment on the clocks of a place so many seconds ahead of UTC.
    pub fn ahead(unix: i64, offset: i32) -> Moment {
        let mut moment = Moment::from_unix(unix.saturating_add(i64::from(offset)));
        moment.offset = offset;
        moment
    }

    /// Year, month and day.
    pub fn day(&self) -> (i64, u32, u32) {
        (self.year, self.month, self.day)
    }

    /// Seconds since midnight.
    pub fn second_of_day(&self) -> u32 {
        self.second_of_day
    }

    /// The day of the week, from 0 for Sunday.
    pub fn weekday(&self) -> i64 {
        (self.local.div_euclid(86_400) + 4).rem_euclid(7)
    }

    /// The moment in the words of `date +FORMAT`; `%N` is `nanos`, `%Z` is `zone`.
    pub fn format_in(&self, format: &str, nanos: u32, zone: &str) -> String {
        let mut out = String::new();
        let mut rest = format;
        while let Some((text, tail)) = rest.split_once('%') {
            out.push_str(text);
            let flags = tail.bytes().take_while(|byte| b"-_0^#+:".contains(byte)).count();
            let (flags, after) = tail.split_at_checked(flags).unwrap_or(("", tail));
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let (width, after) = after.split_at_checked(digits).unwrap_or(("", after));
            let bare = after.strip_prefix(['E', 'O']).filter(|after| after.starts_with(|c: char| c.is_ascii_alphabetic())).unwrap_or(after);
            let mut chars = bare.chars();
            let field = chars.next().and_then(|code| self.field(code, flags, width, nanos, zone));
            match field {
                Some(field) => {
                    out.push_str(&padded(field, flags, width));
                    rest = chars.as_str();
                }
                None => {
                    out.push('%');
                    rest = tail;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// [`Moment::format_in`] on the clocks of UTC.
    pub fn format_with(&self, format: &str, nanos: u32) -> String {
        self.format_in(format, nanos, "UTC")
    }

    /// [`Moment::format_with`] at a whole second.
    pub fn format(&self, format: &str) -> String {
        self.format_with(format, 0)
    }

    /// Year and week as ISO 8601 counts them.
    fn iso_week(&self) -> (i64, i64) {
        let days = self.local.div_euclid(86_400);
        let thursday = days - (self.weekday() + 6) % 7 + 3;
        let year = Moment::from_unix(thursday * 86_400).year;
        (year, (thursday - days_from_civil(year, 1, 1)) / 7 + 1)
    }

    /// What a letter stands for: a text, or a number with what it is padded with and to.
    fn field(&self, code: char, flags: &str, width: &str, nanos: u32, zone: &str) -> Option<Field> {
        let clock = i64::from(self.second_of_day);
        let (hour, weekday) = (clock / 3600, self.weekday());
        let of_year = self.local.div_euclid(86_400) - days_from_civil(self.year, 1, 1) + 1;
        let month = usize::try_from(self.month).unwrap_or(1).saturating_sub(1);
        let day_name = usize::try_from(weekday).ok().and_then(|day| DAYS.get(day)).copied().unwrap_or_default();
        let month_name = MONTHS.get(month).copied().unwrap_or_default();
        let again = |format: &str| Field::Text(self.format_in(format, nanos, zone));
        let text = |text: &str| Field::Text(String::from(text));
        let number = |value: i64| Field::Number(value, '0', 2);
        Some(match code {
            'Y' => Field::Number(self.year, '0', 4),
            'G' => Field::Number(self.iso_week().0, '0', 4),
            'y' => number(self.year.rem_euclid(100)),
            'g' => number(self.iso_week().0.rem_euclid(100)),
            'C' => number(self.year.div_euclid(100)),
            'm' => number(i64::from(self.month)),
            'q' => Field::Number(i64::from(self.month.div_ceil(3)), '0', 1),
            'd' => number(i64::from(self.day)),
            'e' => Field::Number(i64::from(self.day), ' ', 2),
            'H' => number(hour),
            'k' => Field::Number(hour, ' ', 2),
            'I' => number((hour + 11) % 12 + 1),
            'l' => Field::Number((hour + 11) % 12 + 1, ' ', 2),
            'M' => number(clock / 60 % 60),
            'S' => number(clock % 60),
            'U' => number((of_year + 6 - weekday) / 7),
            'W' => number((of_year + 6 - (weekday + 6) % 7) / 7),
            'V' => number(self.iso_week().1),
            'j' => Field::Number(of_year, '0', 3),
            'u' => Field::Number((weekday + 6) % 7 + 1, '0', 1),
            'w' => Field::Number(weekday, '0', 1),
            's' => Field::Number(self.local - i64::from(self.offset), '0', 1),
            'N' => {
                let digits = alloc::format!("{nanos:09}");
                Field::Text(String::from(width.parse().ok().and_then(|width: usize| digits.get(..width)).unwrap_or(&digits)))
            }
            'p' => text(match (hour < 12, flags.contains('#')) {
                (true, false) => "AM",
                (false, false) => "PM",
                (true, true) => "am",
                (false, true) => "pm",
            }),
            'P' => text(if hour < 12 { "am" } else { "pm" }),
            'a' => text(day_name.get(..3).unwrap_or_default()),
            'A' => text(day_name),
            'b' | 'h' => text(month_name.get(..3).unwrap_or_default()),
            'B' => text(month_name),
            'Z' => text(zone),
            'z' => Field::Text(self.zone(flags.matches(':').count())),
            'F' => again("%Y-%m-%d"),
            'T' | 'X' => again("%H:%M:%S"),
            'R' => again("%H:%M"),
            'r' => again("%I:%M:%S %p"),
            'D' | 'x' => again("%m/%d/%y"),
            'c' => again("%a %b %e %H:%M:%S %Y"),
            'n' => text("\n"),
            't' => text("\t"),
            '%' => text("%"),
            _ => return None,
        })
    }

    /// `+0900`, `+09:00`, `+09:00:00`
    fn zone(&self, colons: usize) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let size = self.offset.unsigned_abs();
        let (hour, minute, second) = (size / 3600, size / 60 % 60, size % 60);
        match colons {
            0 => alloc::format!("{sign}{hour:02}{minute:02}"),
            1 => alloc::format!("{sign}{hour:02}:{minute:02}"),
            _ => alloc::format!("{sign}{hour:02}:{minute:02}:{second:02}"),
        }
    }
}

/// What a letter of a format stands for.
enum Field {
    Text(String),
    Number(i64, char, usize),
}

/// A field as wide as it is to be.
fn padded(field: Field, flags: &str, width: &str) -> String {
    let asked = width.parse().ok().filter(|width| *width < 1000);
    let flag = flags.chars().rev().find(|c| "-_0+".contains(*c));
    let (mut text, pad, own) = match field {
        Field::Text(text) => (text, ' ', 0),
        Field::Number(value, pad, own) => (alloc::format!("{value}"), pad, own),
    };
    if flags.contains('^') || flags.contains('#') && !text.chars().any(|c| c.is_ascii_lowercase() && text.len() == 2) {
        text.make_ascii_uppercase();
    }
    let (pad, least) = match flag {
        Some('-') => (pad, 0),
        Some('_') => (' ', asked.unwrap_or(own)),
        Some(_) => ('0', asked.unwrap_or(own)),
        None => (pad, asked.unwrap_or(own)),
    };
    let missing = least.saturating_sub(text.chars().count());
    let at = usize::from(pad == '0' && text.starts_with('-'));
    for _ in 0..missing {
        text.insert(at, pad);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let moment = Moment::from_unix(1_709_209_845);
        assert_eq!(moment.format("%F %T %a %j"), "2024-02-29 12:30:45 Thu 060");
        assert_eq!(Moment::from_unix(0).format("%c"), "Thu Jan  1 00:00:00 1970");
        assert_eq!(Moment::from_unix(-1).format("%F"), "1969-12-31");
        assert_eq!(days_from_civil(2024, 2, 29), 19_782);
    }
}
