//! Amounts of CPU, memory and counts: `100m`, `1.5Gi`, `2e3`. Pure arithmetic; which resource it is, is not known here.
//!
//! Models k8s.io/apimachinery/pkg/api/resource: amounts finer than one billionth are rounded up, amounts beyond
//! 2^63-1 are cut to it.

use alloc::string::{String, ToString};
use core::cmp::Ordering;

/// The text that is no quantity at all.
pub const FORMAT_WRONG: &str = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const NUMERIC_WRONG: &str = "unable to parse numeric part of quantity";
const SUFFIX_WRONG: &str = "unable to parse quantity's suffix";

/// Billionths in one.
const NANO: i128 = 1_000_000_000;
const MAX: i128 = i64::MAX as i128 * NANO;

const DECIMAL: [(&str, i32); 10] =
    [("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3), ("", 0), ("m", -3), ("u", -6), ("n", -9)];
const BINARY: [(&str, u32); 6] = [("Ei", 60), ("Pi", 50), ("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)];

/// Which suffixes an amount was written with, and is printed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `m`, `k`, `M`, `G` …
    #[default]
    DecimalSi,
    /// `Ki`, `Mi`, `Gi` …
    BinarySi,
    /// `e3`, `E6` …
    DecimalExponent,
}

/// An amount, exact to a billionth. Equality and order look at the amount, not at how it was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity { nanos: 0, format: Format::DecimalSi };

    /// A whole number of units.
    pub fn from_units(units: i64, format: Format) -> Self {
        Quantity { nanos: i128::from(units) * NANO, format }
    }

    /// A number of thousandths, as CPU is counted.
    pub fn from_millis(millis: i64) -> Self {
        Quantity { nanos: i128::from(millis) * (NANO / 1000), format: Format::DecimalSi }
    }

    /// Parses a quantity; the error is the text that Kubernetes gives.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (negative, rest) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        if text.is_empty() {
            return Err(FORMAT_WRONG);
        }
        let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, rest) = rest.split_at_checked(digits(rest)).ok_or(FORMAT_WRONG)?;
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(tail) => tail.split_at_checked(digits(tail)).ok_or(FORMAT_WRONG)?,
            None => ("", rest),
        };
        let letters = suffix.trim_start_matches(['e', 'E', 'i', 'n', 'u', 'm', 'k', 'K', 'M', 'G', 'T', 'P']);
        let signless = letters.strip_prefix(['+', '-']).unwrap_or(letters);
        if !signless.bytes().all(|b| b.is_ascii_digit()) {
            return Err(FORMAT_WRONG);
        }
        let (format, exponent, shift) = read_suffix(suffix).ok_or(SUFFIX_WRONG)?;
        if whole.len() > 400 || fraction.len() > 400 {
            return Err(NUMERIC_WRONG);
        }
        let size = scale(whole, fraction, exponent, shift);
        Ok(Quantity { nanos: if negative { -size } else { size }, format })
    }

    /// The amount in whole units, rounded up.
    pub fn value(&self) -> i64 {
        self.rounded(NANO)
    }

    /// The amount in thousandths, rounded up.
    pub fn milli_value(&self) -> i64 {
        self.rounded(NANO / 1000)
    }

    /// Away from zero, as Kubernetes rounds; cut to what 64 bits hold.
    fn rounded(&self, unit: i128) -> i64 {
        let size = self.nanos.unsigned_abs().div_ceil(unit.unsigned_abs());
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        if self.nanos < 0 { -size } else { size }
    }

    /// Whether the amount is nothing.
    pub fn is_zero(&self) -> bool {
        self.nanos == 0
    }

    /// Whether the amount is below nothing.
    pub fn is_negative(&self) -> bool {
        self.nanos < 0
    }

    /// The family of suffixes it prints with.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The sum. A sum with nothing takes the other's format, as Kubernetes' Add does.
    pub fn plus(self, other: Quantity) -> Quantity {
        let format = if self.is_zero() { other.format } else { self.format };
        Quantity { nanos: self.nanos.saturating_add(other.nanos).clamp(-MAX, MAX), format }
    }

    /// The difference. From nothing, the other's format is taken.
    pub fn minus(self, other: Quantity) -> Quantity {
        let format = if self.is_zero() { other.format } else { self.format };
        Quantity { nanos: self.nanos.saturating_sub(other.nanos).clamp(-MAX, MAX), format }
    }

    /// The canonical text: no fraction, the largest suffix that loses nothing.
    pub fn print(&self) -> String {
        if self.nanos == 0 {
            return "0".to_string();
        }
        let small = self.nanos.unsigned_abs() < 1024 * NANO.unsigned_abs();
        if self.format == Format::BinarySi && !small {
            let units = self.nanos.unsigned_abs().div_ceil(NANO.unsigned_abs());
            let (suffix, shift) = BINARY.iter().find(|(_, shift)| units.is_multiple_of(1 << shift)).copied().unwrap_or(("", 0));
            return self.signed(units >> shift, suffix);
        }
        for (suffix, exponent) in DECIMAL {
            let unit = 10u128.pow(exponent.saturating_add(9).unsigned_abs());
            if self.nanos.unsigned_abs().is_multiple_of(unit) {
                let number = self.nanos.unsigned_abs() / unit;
                if self.format == Format::DecimalExponent && exponent != 0 {
                    let mut text = String::from("e");
                    text.push_str(&exponent.to_string());
                    return self.signed(number, &text);
                }
                return self.signed(number, suffix);
            }
        }
        self.signed(self.nanos.unsigned_abs(), "n")
    }

    fn signed(&self, size: u128, suffix: &str) -> String {
        let mut text = String::new();
        if self.nanos < 0 {
            text.push('-');
        }
        text.push_str(&size.to_string());
        text.push_str(suffix);
        text
    }

    /// The amount as a float, for percentages.
    pub fn as_f64(&self) -> f64 {
        self.nanos as f64 / NANO as f64
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

/// Format, power of ten and power of two of a suffix.
fn read_suffix(suffix: &str) -> Option<(Format, i32, u32)> {
    if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
        return Some((Format::DecimalSi, *exponent, 0));
    }
    if let Some((_, shift)) = BINARY.iter().find(|(name, _)| *name == suffix) {
        return Some((Format::BinarySi, 0, *shift));
    }
    let digits = suffix.strip_prefix(['e', 'E'])?;
    digits.parse::<i32>().ok().map(|exponent| (Format::DecimalExponent, exponent, 0))
}

/// `whole.fraction * 10^exponent * 2^shift` in billionths, rounded up, cut to the largest amount.
fn scale(whole: &str, fraction: &str, exponent: i32, shift: u32) -> i128 {
    let places = i64::from(exponent) + 9 - fraction.len() as i64;
    let mut size: i128 = 0;
    for digit in whole.chars().chain(fraction.chars()).filter_map(|c| c.to_digit(10)) {
        size = match size.checked_mul(10).and_then(|s| s.checked_add(digit.into())) {
            Some(size) if size < i128::MAX >> 70 || shift == 0 => size,
            _ => return MAX,
        };
    }
    if size == 0 {
        return 0;
    }
    size <<= shift.min(60);
    let mut up = false;
    for _ in 0..places.unsigned_abs().min(1000) {
        if places > 0 {
            size = match size.checked_mul(10) {
                Some(size) if size <= MAX => size,
                _ => return MAX,
            };
        } else {
            up |= size % 10 != 0;
            size /= 10;
        }
    }
    (size + i128::from(up)).min(MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text() {
        for (text, expected) in [
            ("0", "0"),
            ("1", "1"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("100m", "100m"),
            ("1500m", "1500m"),
            ("1.5Gi", "1536Mi"),
            ("1024", "1024"),
            ("1024Ki", "1Mi"),
            ("3924452Ki", "3924452Ki"),
            ("1000Ki", "1000Ki"),
            ("128M", "128M"),
            ("1e3", "1e3"),
            ("2E6", "2e6"),
            ("1000", "1k"),
            ("0.1Ki", "102400m"),
            ("-1", "-1"),
            ("+2k", "2k"),
            ("1n", "1n"),
            ("0.1n", "1n"),
            ("1.1Gi", "1181116007"),
            ("9Ei", "9223372036854775807"),
            ("99999999999999999999", "9223372036854775807"),
            (".5", "500m"),
            ("1.", "1"),
            ("0.50", "500m"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().print(), expected, "{text}");
        }
    }

    #[test]
    fn errors() {
        for (text, error) in [
            ("", FORMAT_WRONG),
            ("abc", FORMAT_WRONG),
            ("1GB", FORMAT_WRONG),
            ("1K", SUFFIX_WRONG),
            ("1Gii", SUFFIX_WRONG),
            ("1.2.3", FORMAT_WRONG),
            ("1e", SUFFIX_WRONG),
            ("100 m", FORMAT_WRONG),
            ("--1", SUFFIX_WRONG),
        ] {
            assert_eq!(Quantity::parse(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn arithmetic() {
        let q = |text| Quantity::parse(text).unwrap();
        assert_eq!(q("100m").milli_value(), 100);
        assert_eq!(q("100m").value(), 1);
        assert_eq!(q("1Ki").value(), 1024);
        assert!(q("1Gi") > q("1G") && q("1000m") == q("1"));
        assert_eq!(q("250m").plus(q("1")).print(), "1250m");
        assert_eq!(Quantity::ZERO.plus(q("64Mi")).plus(q("64Mi")).print(), "128Mi");
        assert_eq!(q("1").minus(q("250m")).print(), "750m");
        assert_eq!(Quantity::from_millis(2000).print(), "2");
    }
}
