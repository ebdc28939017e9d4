//! What a plain scalar means: null, boolean, number or text, by the rules of YAML 1.1 as go-yaml v2 has them.

use alloc::string::{String, ToString};
use serde_json::{Number, Value};

/// What a plain scalar turned out to be.
#[derive(Debug, PartialEq)]
pub enum Resolved {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on` and their opposites.
    Bool(bool),
    /// A number that fits in JSON.
    Number(Number),
    /// Not a number, or an infinity: YAML has them, JSON does not.
    NonFinite(f64),
    /// `<<`
    Merge,
    /// A date: text for JSON, but quoted when printed.
    Timestamp,
    /// Everything else.
    Text,
}

/// Decides what the plain scalar `text` is.
pub fn resolve(text: &str) -> Resolved {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Resolved::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        ".nan" | ".NaN" | ".NAN" => return Resolved::NonFinite(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::NonFinite(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::NonFinite(f64::NEG_INFINITY),
        "<<" => return Resolved::Merge,
        _ => {}
    }
    match text.bytes().next() {
        Some(b'.') => float(text),
        Some(b'0'..=b'9' | b'+' | b'-') => {
            if is_timestamp(text) {
                return Resolved::Timestamp;
            }
            let plain: String = text.chars().filter(|c| *c != '_').collect();
            match integer(&plain) {
                Some(resolved) => resolved,
                None if is_float(&plain) => float(&plain),
                None => Resolved::Text,
            }
        }
        _ => Resolved::Text,
    }
}

fn integer(plain: &str) -> Option<Resolved> {
    let (negative, digits) = match plain.strip_prefix(['+', '-']) {
        Some(rest) => (plain.starts_with('-'), rest),
        None => (false, plain),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = if let Some(rest) = lower.strip_prefix("0x") {
        (16, rest)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (2, rest)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (8, rest)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.strip_prefix('0').unwrap_or(""))
    } else {
        (10, lower.as_str())
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    match u64::from_str_radix(body, radix) {
        Ok(value) if !negative => Some(Resolved::Number(value.into())),
        Ok(value) if value <= i64::MIN.unsigned_abs() => Some(Resolved::Number((value as i64).wrapping_neg().into())),
        _ => {
            if radix == 10 {
                return body.parse::<f64>().ok().map(|v| number(if negative { -v } else { v }));
            }
            let radix = f64::from(radix);
            let mut value = 0.0;
            for digit in body.chars().filter_map(|c| c.to_digit(16)) {
                value = value * radix + f64::from(digit);
            }
            Some(number(if negative { -value } else { value }))
        }
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(plain: &str) -> bool {
    let body = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (body, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let mantissa_ok = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_ok = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    mantissa_ok && exponent_ok
}

fn float(plain: &str) -> Resolved {
    match plain.parse::<f64>() {
        Ok(value) if is_float(plain) && value.is_finite() => number(value),
        _ => Resolved::Text,
    }
}

/// A float as it comes out of a round trip through JSON: integral ones become integers.
fn number(value: f64) -> Resolved {
    match json_number(value) {
        Value::Number(number) => Resolved::Number(number),
        _ => Resolved::NonFinite(value),
    }
}

/// The JSON number that Go's encoder and decoder make of `value`; null when JSON has none.
pub fn json_number(value: f64) -> Value {
    if value == (value as i64) as f64 && (-9.2e18..9.2e18).contains(&value) {
        return Value::from(value as i64);
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// `2006-1-2`, alone or with a time after `T`, `t` or a blank.
fn is_timestamp(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) || !in_range(month, 1, 12) {
        return false;
    }
    let day_len = rest.bytes().take_while(u8::is_ascii_digit).count();
    let Some((day, time)) = rest.split_at_checked(day_len) else { return false };
    if !in_range(day, 1, 31) {
        return false;
    }
    let Some(first) = time.chars().next() else { return true };
    let body = time.get(1..).unwrap_or("");
    match first {
        ' ' => is_clock(body),
        'T' | 't' => {
            if let Some(clock) = body.strip_suffix('Z') {
                return is_clock(clock);
            }
            let Some(place) = body.rfind(['+', '-']) else { return false };
            let Some((clock, zone)) = body.split_at_checked(place) else { return false };
            let zone = zone.get(1..).unwrap_or("");
            zone.len() == 5 && zone.split_once(':').is_some_and(|(h, m)| in_range(h, 0, 24) && in_range(m, 0, 59)) && is_clock(clock)
        }
        _ => false,
    }
}

fn is_clock(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(hour), Some(minute), Some(second)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    in_range(hour, 0, 23) && in_range(minute, 0, 59) && in_range(second, 0, 59) && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn in_range(text: &str, low: u32, high: u32) -> bool {
    (1..=2).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n))
}

/// Whether a printer must quote `text` so that it is read back as text. The library that is modelled leaves `<<` as it is.
pub fn needs_quotes(text: &str) -> bool {
    !matches!(resolve(text), Resolved::Text | Resolved::Merge) || is_base60(text)
}

/// `1:30` and the like, numbers to base 60 for other readers of YAML 1.1.
fn is_base60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = body.split(':');
    let whole = parts.next().unwrap_or("");
    if !whole.starts_with(|c: char| c.is_ascii_digit()) || !whole.chars().all(|c| c.is_ascii_digit() || c == '_') {
        return false;
    }
    let mut rest: alloc::vec::Vec<String> = parts.map(ToString::to_string).collect();
    if let Some(last) = rest.last_mut()
        && let Some((before, after)) = last.clone().split_once('.')
    {
        if !after.chars().all(|c| c.is_ascii_digit() || c == '_') {
            return false;
        }
        *last = before.to_string();
    }
    !rest.is_empty()
        && rest.iter().all(|part| match part.as_bytes() {
            [d] => d.is_ascii_digit(),
            [t, d] => (b'0'..=b'5').contains(t) && d.is_ascii_digit(),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars() {
        let check = |text: &str, expected: &str| {
            let got = match resolve(text) {
                Resolved::Null => "null".to_string(),
                Resolved::Bool(b) => b.to_string(),
                Resolved::Number(n) => n.to_string(),
                Resolved::NonFinite(_) => "nonfinite".into(),
                Resolved::Merge => "merge".into(),
                Resolved::Timestamp => "time".into(),
                Resolved::Text => "text".into(),
            };
            assert_eq!(got, expected, "{text}");
        };
        for (text, expected) in [
            ("yes", "true"),
            ("Off", "false"),
            ("oN", "text"),
            ("n", "false"),
            ("~", "null"),
            ("1", "1"),
            ("-1", "-1"),
            ("+7", "7"),
            ("0x1F", "31"),
            ("010", "8"),
            ("0o17", "15"),
            ("0b101", "5"),
            ("08", "8"),
            ("1_000", "1000"),
            ("1.5", "1.5"),
            ("1e3", "1000"),
            (".5", "0.5"),
            ("1.", "1"),
            ("1.2.3", "text"),
            ("2020-01-02", "time"),
            ("2020-01-02T03:04:05Z", "time"),
            ("2020-13-02", "text"),
            ("100m", "text"),
            ("1e", "text"),
            (".", "text"),
            ("-", "text"),
            (".inf", "nonfinite"),
            ("<<", "merge"),
            ("18446744073709551615", "18446744073709551615"),
            ("99999999999999999999", "1e+20"),
        ] {
            check(text, expected);
        }
        assert!(needs_quotes("1:30") && needs_quotes("") && !needs_quotes("80:x") && !needs_quotes("10.0.0.1"));
    }
}
