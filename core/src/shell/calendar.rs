//! Dates: from seconds since 1970 to a calendar and to the formats of `date`. UTC only; knows no clock.

use alloc::string::String;

/// A moment on the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    unix: i64,
    year: i64,
    month: u32,
    day: u32,
    second_of_day: u32,
}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

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
        Moment { unix, year, month, day, second_of_day: u32::try_from(unix.rem_euclid(86_400)).unwrap_or(0) }
    }

    /// The moment in the words of `date +FORMAT`; `%N` is `nanos`.
    pub fn format_with(&self, format: &str, nanos: u32) -> String {
        let mut out = String::new();
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut code = chars.next();
            let mut pad = true;
            let mut digits = None;
            while let Some(flag) = code {
                match flag {
                    '-' => pad = false,
                    ':' => {}
                    '3' | '6' | '9' => digits = flag.to_digit(10),
                    _ => break,
                }
                code = chars.next();
            }
            match code {
                Some(code) => self.field(code, pad, digits, nanos, &mut out),
                None => out.push('%'),
            }
        }
        out
    }

    /// [`Moment::format_with`] at a whole second.
    pub fn format(&self, format: &str) -> String {
        self.format_with(format, 0)
    }

    fn field(&self, code: char, pad: bool, digits: Option<u32>, nanos: u32, out: &mut String) {
        let (hour, minute, second) = (self.second_of_day / 3600, self.second_of_day / 60 % 60, self.second_of_day % 60);
        let weekday = usize::try_from((self.unix.div_euclid(86_400) + 4).rem_euclid(7)).unwrap_or(0);
        let day_name = DAYS.get(weekday).copied().unwrap_or_default();
        let month_name =
            usize::try_from(self.month).ok().and_then(|month| MONTHS.get(month.saturating_sub(1))).copied().unwrap_or_default();
        let two = |out: &mut String, value: u32| out.push_str(&if pad { alloc::format!("{value:02}") } else { alloc::format!("{value}") });
        let of_year = self.unix.div_euclid(86_400) - days_from_civil(self.year, 1, 1) + 1;
        let again = |format: &str| self.format_with(format, nanos);
        match code {
            'Y' => out.push_str(&alloc::format!("{}", self.year)),
            'y' => two(out, u32::try_from(self.year.rem_euclid(100)).unwrap_or(0)),
            'C' => two(out, u32::try_from(self.year.div_euclid(100)).unwrap_or(0)),
            'm' => two(out, self.month),
            'd' => two(out, self.day),
            'e' => out.push_str(&if pad { alloc::format!("{:2}", self.day) } else { alloc::format!("{}", self.day) }),
            'H' => two(out, hour),
            'k' => out.push_str(&alloc::format!("{hour:2}")),
            'I' => two(out, (hour + 11) % 12 + 1),
            'M' => two(out, minute),
            'S' => two(out, second),
            'p' => out.push_str(if hour < 12 { "AM" } else { "PM" }),
            'N' => {
                let text = alloc::format!("{nanos:09}");
                let count = digits.and_then(|digits| usize::try_from(digits).ok()).unwrap_or(9);
                out.push_str(text.get(..count).unwrap_or(&text));
            }
            's' => out.push_str(&alloc::format!("{}", self.unix)),
            'j' => out.push_str(&alloc::format!("{of_year:03}")),
            'a' => out.push_str(day_name.get(..3).unwrap_or_default()),
            'A' => out.push_str(day_name),
            'b' | 'h' => out.push_str(month_name.get(..3).unwrap_or_default()),
            'B' => out.push_str(month_name),
            'u' => out.push_str(&alloc::format!("{}", if weekday == 0 { 7 } else { weekday })),
            'w' => out.push_str(&alloc::format!("{weekday}")),
            'Z' => out.push_str("UTC"),
            'z' => out.push_str("+0000"),
            'F' => out.push_str(&again("%Y-%m-%d")),
            'T' => out.push_str(&again("%H:%M:%S")),
            'R' => out.push_str(&again("%H:%M")),
            'D' => out.push_str(&again("%m/%d/%y")),
            'c' => out.push_str(&again("%a %b %e %H:%M:%S %Y")),
            'x' => out.push_str(&again("%m/%d/%y")),
            'X' => out.push_str(&again("%H:%M:%S")),
            'n' => out.push('\n'),
            't' => out.push('\t'),
            '%' => out.push('%'),
            other => {
                out.push('%');
                out.push(other);
            }
        }
    }
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
