//! Times as Go reads them, and what it says of those it cannot read. Models Go's `time.Parse` with the layouts of
//! metav1.Time and metav1.MicroTime, and their MarshalJSON.

use alloc::string::String;

use super::quote::quote;
use super::timestamp::{days_from_civil, days_in_month, rfc3339};

/// The layout of metav1.Time.
const SECONDS: &str = "2006-01-02T15:04:05Z07:00";
/// The layout of metav1.MicroTime.
const MICROS: &str = "2006-01-02T15:04:05.000000Z07:00";

/// What is wrong with one part of a time.
enum Bad {
    /// It is not of the form.
    Form,
    /// It is a number out of its range; the text names it.
    Range(&'static str),
}

/// A number of two digits, or of one where that is enough, and what is left.
fn number(text: &str, fixed: bool) -> Result<(u32, &str), Bad> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits == 1 && fixed {
        return Err(Bad::Form);
    }
    let (head, rest) = text.split_at_checked(digits).ok_or(Bad::Form)?;
    Ok((head.parse().map_err(|_| Bad::Form)?, rest))
}

fn within<'a>(found: Result<(u32, &'a str), Bad>, least: u32, most: u32, what: &'static str) -> Result<(u32, &'a str), Bad> {
    let (number, rest) = found?;
    if (least..=most).contains(&number) { Ok((number, rest)) } else { Err(Bad::Range(what)) }
}

fn year(text: &str) -> Result<(u32, &str), Bad> {
    let (head, rest) = text.split_at_checked(4).filter(|(head, _)| head.bytes().all(|b| b.is_ascii_digit())).ok_or(Bad::Form)?;
    Ok((head.parse().map_err(|_| Bad::Form)?, rest))
}

/// A fraction's nanoseconds: of `digits` digits, or of as many as there are.
fn fraction(text: &str, digits: Option<usize>) -> Result<(u32, &str), Bad> {
    let body = text.strip_prefix(['.', ',']).ok_or(Bad::Form)?;
    let len = digits.unwrap_or_else(|| body.bytes().take_while(u8::is_ascii_digit).count());
    let (head, rest) = body.split_at_checked(len).filter(|(head, _)| head.bytes().all(|b| b.is_ascii_digit())).ok_or(Bad::Form)?;
    let nanos: String = head.chars().chain("000000000".chars()).take(9).collect();
    Ok((nanos.parse().map_err(|_| Bad::Form)?, rest))
}

/// Seconds east of UTC.
fn zone(text: &str) -> Result<(i64, &str), Bad> {
    if let Some(rest) = text.strip_prefix('Z') {
        return Ok((0, rest));
    }
    let (head, rest) = text.split_at_checked(6).filter(|(head, _)| head.as_bytes().get(3) == Some(&b':')).ok_or(Bad::Form)?;
    let (hours, _) = within(number(head.get(1..3).unwrap_or_default(), true), 0, 24, "time zone offset hour")?;
    let (minutes, _) = within(number(head.get(4..6).unwrap_or_default(), true), 0, 60, "time zone offset minute")?;
    let seconds = i64::from(hours * 3600 + minutes * 60);
    match head.as_bytes().first() {
        Some(b'+') => Ok((seconds, rest)),
        Some(b'-') => Ok((-seconds, rest)),
        _ => Err(Bad::Form),
    }
}

/// How a time is read: the whole text and its layout, and what is left.
struct Reader<'a> {
    whole: &'a str,
    layout: &'a str,
    left: &'a str,
}

impl<'a> Reader<'a> {
    /// What is said where `found` stands in the place of `wanted`.
    fn cannot(&self, found: &str, wanted: &str) -> String {
        let words = [quote(self.whole), quote(self.layout), quote(found), quote(wanted)];
        let [whole, layout, found, wanted] = &words;
        ["parsing time ", whole, " as ", layout, ": cannot parse ", found, " as ", wanted].concat()
    }

    fn out_of(&self, what: &str) -> String {
        ["parsing time ", &quote(self.whole), ": ", what, " out of range"].concat()
    }

    fn skip(&mut self, prefix: &str) -> Result<(), String> {
        self.left = self.left.strip_prefix(prefix).ok_or_else(|| self.cannot(self.left, prefix))?;
        Ok(())
    }

    fn take<T>(&mut self, wanted: &str, read: impl Fn(&'a str) -> Result<(T, &'a str), Bad>) -> Result<T, String> {
        match read(self.left) {
            Ok((value, rest)) => {
                self.left = rest;
                Ok(value)
            }
            Err(Bad::Form) => Err(self.cannot(self.left, wanted)),
            Err(Bad::Range(what)) => Err(self.out_of(what)),
        }
    }
}

/// A time as seconds since 1970 and nanoseconds.
fn parse(text: &str, micro: bool) -> Result<(i64, u32), String> {
    let mut reader = Reader { whole: text, layout: if micro { MICROS } else { SECONDS }, left: text };
    let year = reader.take("2006", year)?;
    reader.skip("-")?;
    let month = reader.take("01", |text| within(number(text, true), 1, 12, "month"))?;
    reader.skip("-")?;
    let day = reader.take("02", |text| number(text, true))?;
    reader.skip("T")?;
    let hour = reader.take("15", |text| within(number(text, false), 0, 23, "hour"))?;
    reader.skip(":")?;
    let minute = reader.take("04", |text| within(number(text, true), 0, 59, "minute"))?;
    reader.skip(":")?;
    let second = reader.take("05", |text| within(number(text, true), 0, 59, "second"))?;
    let mut rest = reader.left.bytes();
    let fractional = matches!(rest.next(), Some(b'.' | b',')) && rest.next().is_some_and(|b| b.is_ascii_digit());
    let nanos = match micro {
        true => reader.take(".000000", |text| fraction(text, Some(6)))?,
        false if fractional => reader.take("", |text| fraction(text, None))?,
        false => 0,
    };
    let east = reader.take("Z07:00", zone)?;
    if !reader.left.is_empty() {
        return Err(["parsing time ", &quote(text), ": extra text: ", &quote(reader.left)].concat());
    }
    if day < 1 || day > days_in_month(i64::from(year), month) {
        return Err(reader.out_of("day"));
    }
    let in_day = i64::from(hour * 3600 + minute * 60 + second);
    Ok((days_from_civil(i64::from(year), month, day) * 86_400 + in_day - east, nanos))
}

/// A time as metav1.Time writes it again: in UTC, to the second.
///
/// # Errors
/// What Go says of a text that is no time.
pub fn seconds(text: &str) -> Result<String, String> {
    parse(text, false).map(|(seconds, _)| rfc3339(seconds.saturating_mul(1000)))
}

/// A time as metav1.MicroTime writes it again: in UTC, to the microsecond, which it must have.
///
/// # Errors
/// What Go says of a text that is no such time.
pub fn micros(text: &str) -> Result<String, String> {
    let (seconds, nanos) = parse(text, true)?;
    let whole = rfc3339(seconds.saturating_mul(1000));
    Ok(alloc::format!("{}.{:06}Z", whole.trim_end_matches('Z'), nanos / 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for (text, said) in [
            ("2024-01-01T09:00:00+09:00", Ok("2024-01-01T00:00:00Z")),
            ("2024-01-01T9:00:00.75Z", Ok("2024-01-01T09:00:00Z")),
            ("2024-13-01T00:00:00Z", Err("parsing time \"2024-13-01T00:00:00Z\": month out of range")),
            ("2024-02-30T00:00:00Z", Err("parsing time \"2024-02-30T00:00:00Z\": day out of range")),
            ("2024-01-01T00:00:00ZZ", Err("parsing time \"2024-01-01T00:00:00ZZ\": extra text: \"Z\"")),
            ("2024-01-01", Err("parsing time \"2024-01-01\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\"")),
            ("noon", Err("parsing time \"noon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"noon\" as \"2006\"")),
        ] {
            assert_eq!(seconds(text).as_deref().map_err(String::as_str), said, "{text}");
        }
        assert!(micros("2024-01-01T00:00:00.5000009Z").is_err());
        assert_eq!(micros("2024-01-01T00:00:00.500000Z").as_deref(), Ok("2024-01-01T00:00:00.500000Z"));
        assert!(micros("2024-01-01T00:00:00Z").is_err_and(|why| why.ends_with("cannot parse \"Z\" as \".000000\"")));
    }
}
