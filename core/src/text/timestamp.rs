//! Instants as text: RFC 3339 as in objects, RFC 1123 as in `kubectl describe`. Times are Unix milliseconds, UTC.

use alloc::format;
use alloc::string::String;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_MS: i64 = 86_400_000;

/// A date and a time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year, such as 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999.
    pub milli: u32,
    /// 0 is Sunday.
    pub weekday: u32,
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_of_year = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_of_year + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Takes an instant apart.
pub fn civil(unix_ms: i64) -> Civil {
    let days = unix_ms.div_euclid(DAY_MS);
    let in_day = unix_ms.rem_euclid(DAY_MS) as u32;
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_index + 2) / 5 + 1) as u32;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 } as u32;
    Civil {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day,
        hour: in_day / 3_600_000,
        minute: in_day / 60_000 % 60,
        second: in_day / 1000 % 60,
        milli: in_day % 1000,
        weekday: (days + 4).rem_euclid(7) as u32,
    }
}

/// Writes a number with so many digits, leading zeros included.
fn push_digits(text: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        text.push(char::from(b'0' + (number / 10_u32.pow(place) % 10) as u8));
    }
}

/// `2026-11-23T09:32:39`: written so often that it does without a formatter.
fn to_the_second(c: &Civil) -> String {
    let mut text = String::with_capacity(28);
    push_digits(&mut text, u32::try_from(c.year).unwrap_or(0), 4);
    for (sign, number) in [('-', c.month), ('-', c.day), ('T', c.hour), (':', c.minute), (':', c.second)] {
        text.push(sign);
        push_digits(&mut text, number, 2);
    }
    text
}

/// `2026-11-23T09:32:39Z`, as metav1.Time.
pub fn rfc3339(unix_ms: i64) -> String {
    let mut text = to_the_second(&civil(unix_ms));
    text.push('Z');
    text
}

/// `2026-11-23T09:32:39.123000Z`, as metav1.MicroTime.
pub fn rfc3339_micro(unix_ms: i64) -> String {
    let c = civil(unix_ms);
    let mut text = to_the_second(&c);
    text.push('.');
    push_digits(&mut text, c.milli, 3);
    text.push_str("000Z");
    text
}

/// `Mon, 23 Nov 2026 09:32:39 +0000`, as `kubectl describe` prints times.
pub fn rfc1123z(unix_ms: i64) -> String {
    let c = civil(unix_ms);
    let day = DAYS.get(unix_ms.div_euclid(DAY_MS).rem_euclid(7) as usize).unwrap_or(&"");
    let month = MONTHS.get(c.month.saturating_sub(1) as usize).unwrap_or(&"");
    format!("{day}, {:02} {month} {:04} {:02}:{:02}:{:02} +0000", c.day, c.year, c.hour, c.minute, c.second)
}

fn digits(text: &str, len: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(len)?;
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((head.parse().ok()?, rest))
}

/// The days of a month.
pub fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Parses RFC 3339, with or without a fraction and an offset; `None` when it is not one.
pub fn parse_rfc3339_ms(text: &str) -> Option<i64> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = digits(rest.strip_prefix('T')?, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
    let (second, mut rest) = digits(rest.strip_prefix(':')?, 2)?;
    let year = i64::from(year);
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut milli = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let (head, tail) = fraction.split_at_checked(len)?;
        if head.is_empty() {
            return None;
        }
        let padded: String = head.chars().chain("000".chars()).take(3).collect();
        milli = padded.parse::<i64>().ok()?;
        rest = tail;
    }
    let offset_minutes = match rest.chars().next()? {
        'Z' if rest.len() == 1 => 0,
        sign @ ('+' | '-') => {
            let (h, tail) = digits(rest.get(1..)?, 2)?;
            let (m, tail) = digits(tail.strip_prefix(':')?, 2)?;
            if !tail.is_empty() || h > 24 || m > 59 {
                return None;
            }
            let size = i64::from(h * 60 + m);
            if sign == '-' { -size } else { size }
        }
        _ => return None,
    };
    let seconds = i64::from(hour * 3600 + minute * 60 + second) - offset_minutes * 60;
    Some(days_from_civil(year, month, day) * DAY_MS + seconds * 1000 + milli)
}

/// Parses `Mon, 23 Nov 2026 09:32:39 +0000`; `None` when it is not one.
pub fn parse_rfc1123z_ms(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day: u32 = words.next()?.parse().ok()?;
    let month_name = words.next()?;
    let month = MONTHS.iter().position(|m| *m == month_name)? + 1;
    let year: u32 = words.next()?.parse().ok()?;
    let clock = words.next()?;
    let zone = words.next()?;
    let (sign_and_hours, minutes) = zone.split_at_checked(3)?;
    parse_rfc3339_ms(&format!("{year:04}-{month:02}-{day:02}T{clock}{sign_and_hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (ms, a, b) in [
            (0, "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 +0000"),
            (1_795_426_359_000, "2026-11-23T09:32:39Z", "Mon, 23 Nov 2026 09:32:39 +0000"),
            (951_782_400_000, "2000-02-29T00:00:00Z", "Tue, 29 Feb 2000 00:00:00 +0000"),
            (-1000, "1969-12-31T23:59:59Z", "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] {
            assert_eq!(rfc3339(ms), a);
            assert_eq!(rfc1123z(ms), b);
            assert_eq!(parse_rfc3339_ms(a), Some(ms));
            assert_eq!(parse_rfc1123z_ms(b), Some(ms));
        }
        assert_eq!(parse_rfc3339_ms("2026-11-23T09:32:39.5+09:00"), Some(1_795_426_359_500 - 9 * 3_600_000));
        assert_eq!(parse_rfc3339_ms("2026-02-30T00:00:00Z"), None);
        assert_eq!(parse_rfc3339_ms("x"), None);
        assert_eq!(rfc3339_micro(1_795_426_359_123), "2026-11-23T09:32:39.123000Z");
        assert_eq!(civil(0).weekday, 4);
    }
}
