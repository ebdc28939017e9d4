//! Numbers as Go writes them. Knows no format but digits.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Number;

/// The shortest digits that read back as `value`, without a sign, and the place of the decimal point in them.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    (digits, exponent.parse::<i32>().unwrap_or(0) + 1)
}

fn fixed(digits: &str, point: i32) -> String {
    let mut out = String::new();
    if point <= 0 {
        out.push_str("0.");
        (point..0).for_each(|_| out.push('0'));
        out.push_str(digits);
        return if digits == "0" { "0".to_string() } else { out };
    }
    let point = usize::try_from(point).unwrap_or(0);
    for (i, c) in digits.chars().enumerate() {
        if i == point {
            out.push('.');
        }
        out.push(c);
    }
    (digits.len()..point).for_each(|_| out.push('0'));
    out
}

fn scientific(digits: &str, point: i32, pad: bool) -> String {
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i == 1 {
            out.push('.');
        }
        out.push(c);
    }
    let exponent = point - 1;
    out.push('e');
    out.push(if exponent < 0 { '-' } else { '+' });
    let size = exponent.unsigned_abs().to_string();
    if pad && size.len() < 2 {
        out.push('0');
    }
    out.push_str(&size);
    out
}

fn signed(value: f64, body: String) -> String {
    if value.is_sign_negative() { format!("-{body}") } else { body }
}

/// `strconv.FormatFloat(value, 'g', -1, 64)`, which is also `%v`: `1e+06`, `0.5`, `+Inf`.
pub fn format_g(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_string();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_string();
    }
    let (digits, point) = shortest(value);
    // Go takes a precision of 6 for this decision when it prints the shortest form.
    let body = if !(-3..=6).contains(&point) { scientific(&digits, point, true) } else { fixed(&digits, point) };
    signed(value, body)
}

/// As Go's `encoding/json` writes a float: plain between 1e-6 and 1e21, else with an exponent of no leading zero.
pub fn format_json(value: f64) -> String {
    let size = value.abs();
    let (digits, point) = shortest(value);
    let plain = size == 0.0 || (1e-6..1e21).contains(&size);
    signed(value, if plain { fixed(&digits, point) } else { scientific(&digits, point, false) })
}

/// A JSON number as Go's JSON encoder prints it.
pub fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => format_json(value),
        _ => number.to_string(),
    }
}

/// A JSON number as go-yaml prints it.
pub fn yaml_text(number: &Number) -> String {
    match number.as_f64() {
        Some(value) if number.is_f64() => format_g(value),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        for (value, g, json) in [
            (0.0, "0", "0"),
            (1.5, "1.5", "1.5"),
            (-0.25, "-0.25", "-0.25"),
            (1e21, "1e+21", "1e+21"),
            (1e-7, "1e-07", "1e-7"),
            (0.00001, "1e-05", "0.00001"),
            (0.0001, "0.0001", "0.0001"),
            (3.25e10, "3.25e+10", "32500000000"),
            (12.0, "12", "12"),
            (123456.5, "123456.5", "123456.5"),
        ] {
            assert_eq!(format_g(value), g);
            assert_eq!(format_json(value), json);
        }
    }
}
