//! Lengths of time as Go and kubectl write them: `1h2m3s`, and the short `5m` of an AGE column.

use alloc::format;
use alloc::string::{String, ToString};

const UNITS: [(&str, i64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Go's `%q`.
fn quote(text: &str) -> String {
    super::quote::quote(text)
}

/// Parses `1h30m`, `-1.5s`, `100ms` into nanoseconds. Models time.ParseDuration, error texts included
/// (`time: invalid duration "x"`).
pub fn parse_go(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at_checked(digits(rest)).ok_or_else(invalid)?;
        let (fraction, after) = match after.strip_prefix('.') {
            Some(tail) => tail.split_at_checked(digits(tail)).ok_or_else(invalid)?,
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let unit_len = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_len).ok_or_else(invalid)?;
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(format!("time: unknown unit {} in duration {}", quote(unit), quote(text)));
        };
        let whole = if whole.is_empty() { 0 } else { whole.parse::<i64>().map_err(|_| invalid())? };
        let mut part = whole.checked_mul(*scale).ok_or_else(invalid)?;
        let mut size = *scale;
        for digit in fraction.chars().filter_map(|c| c.to_digit(10)) {
            size /= 10;
            part = part.checked_add(size * i64::from(digit)).ok_or_else(invalid)?;
        }
        total = total.checked_add(part).ok_or_else(invalid)?;
        rest = after;
    }
    Ok(if negative { -total } else { total })
}

/// Parses a duration into milliseconds, dropping what is finer. Errors as [`parse_go`].
pub fn parse_millis(text: &str) -> Result<i64, String> {
    parse_go(text).map(|nanos| nanos / 1_000_000)
}

/// `1h2m3s`, `1m30s`, `1.5s`, `200ms`, `0s`. Models time.Duration.String.
pub fn format_nanos(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    let with_fraction = |unit: u64| {
        let mut text = (size / unit).to_string();
        let rest = size % unit;
        if rest > 0 {
            let width = unit.to_string().len() - 1;
            let fraction = format!("{rest:0width$}");
            text.push('.');
            text.push_str(fraction.trim_end_matches('0'));
        }
        text
    };
    match size {
        0 => "0s".to_string(),
        1..1_000 => format!("{sign}{size}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", with_fraction(1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", with_fraction(1_000_000)),
        _ => {
            let minutes = size / 60_000_000_000;
            let seconds = size % 60_000_000_000;
            let mut tail = (seconds / 1_000_000_000).to_string();
            let rest = seconds % 1_000_000_000;
            if rest > 0 {
                tail.push('.');
                tail.push_str(format!("{rest:09}").trim_end_matches('0'));
            }
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{tail}s"),
                (0, m) => format!("{sign}{m}m{tail}s"),
                (h, m) => format!("{sign}{h}h{m}m{tail}s"),
            }
        }
    }
}

/// As [`format_nanos`], from milliseconds.
pub fn format_millis(millis: i64) -> String {
    format_nanos(millis.saturating_mul(1_000_000))
}

/// An age in an AGE column, from milliseconds: `5s`, `2m30s`, `3h4m`, `2d5h`, `400d`, `3y`.
/// Models k8s.io/apimachinery/pkg/util/duration HumanDuration.
pub fn human(millis: i64) -> String {
    let seconds = millis / 1000;
    // Up to two seconds of skew between machines count as zero.
    if seconds < -1 {
        return "<invalid>".to_string();
    }
    if seconds < 0 {
        return "0s".to_string();
    }
    let minutes = seconds / 60;
    let hours = seconds / 3600;
    let two = |a: i64, ua: &str, b: i64, ub: &str| {
        if b == 0 { format!("{a}{ua}") } else { format!("{a}{ua}{b}{ub}") }
    };
    if seconds < 60 * 2 {
        format!("{seconds}s")
    } else if minutes < 10 {
        two(minutes, "m", seconds % 60, "s")
    } else if minutes < 60 * 3 {
        format!("{minutes}m")
    } else if hours < 8 {
        two(hours, "h", minutes % 60, "m")
    } else if hours < 48 {
        format!("{hours}h")
    } else if hours < 24 * 8 {
        two(hours / 24, "d", hours % 24, "h")
    } else if hours < 24 * 365 * 2 {
        format!("{}d", hours / 24)
    } else if hours < 24 * 365 * 8 {
        two(hours / 24 / 365, "y", (hours / 24) % 365, "d")
    } else {
        format!("{}y", hours / 24 / 365)
    }
}

/// An age in one unit: `5s`, `2m`, `3h`, `400d`, `3y`. Models duration.ShortHumanDuration.
pub fn short_human(millis: i64) -> String {
    let seconds = millis / 1000;
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        ..-1 => "<invalid>".to_string(),
        -1 => "0s".to_string(),
        _ if seconds < 60 => format!("{seconds}s"),
        _ if minutes < 60 => format!("{minutes}m"),
        _ if hours < 24 => format!("{hours}h"),
        _ if hours < 24 * 365 => format!("{}d", hours / 24),
        _ => format!("{}y", hours / 24 / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses() {
        for (text, nanos) in
            [("1h2m3s", 3_723_000_000_000), ("-1.5s", -1_500_000_000), ("0", 0), ("100ms", 100_000_000), (".5m", 30_000_000_000)]
        {
            assert_eq!(parse_go(text), Ok(nanos), "{text}");
        }
        for (text, error) in [
            ("", "time: invalid duration \"\""),
            ("x", "time: invalid duration \"x\""),
            ("10", "time: missing unit in duration \"10\""),
            ("1x", "time: unknown unit \"x\" in duration \"1x\""),
            ("99999999999h", "time: invalid duration \"99999999999h\""),
        ] {
            assert_eq!(parse_go(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn prints() {
        for (millis, text) in [(0, "0s"), (1, "1ms"), (1500, "1.5s"), (60_000, "1m0s"), (3_723_000, "1h2m3s"), (-250, "-250ms")] {
            assert_eq!(format_millis(millis), text);
        }
        assert_eq!(format_nanos(1_500), "1.5µs");
    }

    #[test]
    fn ages() {
        let s = 1000;
        let (m, h, d) = (60 * s, 3600 * s, 86_400 * s);
        for (millis, text, short) in [
            (0, "0s", "0s"),
            (-1500, "0s", "0s"),
            (-2 * s, "<invalid>", "<invalid>"),
            (119 * s, "119s", "1m"),
            (120 * s, "2m", "2m"),
            (9 * m + 59 * s, "9m59s", "9m"),
            (10 * m + 5 * s, "10m", "10m"),
            (179 * m, "179m", "2h"),
            (3 * h, "3h", "3h"),
            (7 * h + 59 * m, "7h59m", "7h"),
            (8 * h + m, "8h", "8h"),
            (47 * h, "47h", "1d"),
            (2 * d + h, "2d1h", "2d"),
            (8 * d + h, "8d", "8d"),
            (729 * d, "729d", "1y"),
            (731 * d, "2y1d", "2y"),
            (3000 * d, "8y", "8y"),
        ] {
            assert_eq!((human(millis).as_str(), short_human(millis).as_str()), (text, short), "{millis}");
        }
    }
}
