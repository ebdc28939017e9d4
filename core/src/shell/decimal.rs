//! Numbers with a fraction as C prints them (`%g`, `%e`) and as awk reads them. Correctly rounded digits come from
//! `core::fmt`, which is the same on every platform.

use alloc::string::String;

/// The number at the beginning of a text; 0 if there is none.
pub fn leading(text: &str) -> f64 {
    let text = text.trim_start();
    let mut end = 0;
    let mut digits = false;
    let mut point = false;
    for (at, c) in text.char_indices() {
        match c {
            '+' | '-' if at == 0 => {}
            '0'..='9' => {
                digits = true;
                end = at + 1;
            }
            '.' if !point => {
                point = true;
                if digits {
                    end = at + 1;
                }
            }
            'e' | 'E' if digits => {
                let tail = text.get(at + 1..).unwrap_or_default();
                let unsigned = tail.strip_prefix(['+', '-']).unwrap_or(tail);
                let count = unsigned.chars().take_while(char::is_ascii_digit).count();
                if count > 0 {
                    end = text.len() - unsigned.len() + count;
                }
                break;
            }
            _ => break,
        }
    }
    text.get(..end).and_then(|number| number.parse().ok()).unwrap_or(0.0)
}

/// Whether the whole text, blanks around it aside, is a number.
pub fn is_number(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `%e`: `1.500000e+03`
pub fn scientific(value: f64, precision: usize) -> String {
    if !value.is_finite() {
        return special(value);
    }
    let text = alloc::format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    alloc::format!("{mantissa}e{sign}{digits:0>2}")
}

fn special(value: f64) -> String {
    String::from(if value.is_nan() { "nan" } else { "inf" })
}

/// `%g`: the shorter of `%e` and `%f` without zeros at the end.
pub fn general(value: f64, precision: usize) -> String {
    if !value.is_finite() {
        return special(value);
    }
    if value == 0.0 {
        return String::from("0");
    }
    let text = scientific(value, precision.saturating_sub(1));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| -> String {
        if text.contains('.') { String::from(text.trim_end_matches('0').trim_end_matches('.')) } else { String::from(text) }
    };
    if exponent < -4 || exponent >= i32::try_from(precision).unwrap_or(i32::MAX) {
        let tail = text.get(mantissa.len()..).unwrap_or_default();
        return alloc::format!("{}{tail}", trim(mantissa));
    }
    let places = usize::try_from(i32::try_from(precision).unwrap_or(6) - 1 - exponent).unwrap_or(0);
    trim(&alloc::format!("{value:.places$}"))
}
