//! The formats that a schema may ask of a text. Models kube-openapi `pkg/validation/strfmt`, the formats that
//! apiextensions supports; a format that is not known here holds for every text.

use alloc::string::String;
use core::net::{IpAddr, Ipv6Addr};

use crate::object::names;
use crate::text::{base64, duration, timestamp};

/// The formats that are checked, or that say nothing to be checked, without their dashes.
const KNOWN: &[&str] = &[
    "bsonobjectid",
    "uri",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "uuid",
    "uuid3",
    "uuid4",
    "uuid5",
    "isbn",
    "isbn10",
    "isbn13",
    "creditcard",
    "ssn",
    "hexcolor",
    "rgbcolor",
    "byte",
    "password",
    "date",
    "duration",
    "datetime",
    "k8sshortname",
    "k8slongname",
];

/// Whether a format of texts is one that the server knows.
pub fn known(format: &str) -> bool {
    KNOWN.contains(&format.replace('-', "").as_str())
}

/// Whether a text is of a format.
pub fn fits(format: &str, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => timestamp::parse_rfc3339_ms(text).is_some(),
        "date" => text.len() == 10 && timestamp::parse_rfc3339_ms(&[text, "T00:00:00Z"].concat()).is_some(),
        "duration" => duration::parse_go(text).is_ok() || spelt_duration(text),
        "byte" => !text.is_empty() && !text.contains('\n') && base64::decode(text).is_ok(),
        "ipv4" => ipv4(text),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => cidr(text),
        "hostname" => hostname(text),
        "bsonobjectid" => text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit()),
        "ssn" => ssn(text),
        "rgbcolor" => rgb(text),
        "k8s-short-name" => names::dns_label(text).is_empty(),
        "k8s-long-name" => names::dns_subdomain(text).is_empty(),
        "uri" => uri(text),
        "email" => email(text),
        "uuid" => uuid(text, None),
        "uuid3" => uuid(text, Some('3')),
        "uuid4" => uuid(text, Some('4')),
        "uuid5" => uuid(text, Some('5')),
        "hexcolor" => {
            let hex = text.strip_prefix('#').unwrap_or(text);
            matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit())
        }
        "mac" => mac(text),
        _ => true,
    }
}

fn cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    bits.parse::<u8>().is_ok_and(|bits| bits <= if address.is_ipv4() { 32 } else { 128 })
}

/// An absolute address, or a path from the root, as Go's `url.ParseRequestURI` takes them.
fn uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let begins = |scheme: &str| scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let known = scheme.is_some_and(|scheme| begins(scheme) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)));
    (known || text.starts_with('/')) && !text.chars().any(|c| c.is_control() || c == ' ')
}

/// An address, which may follow a name: `A <a@b.c>`.
fn email(text: &str) -> bool {
    let text = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    !user.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace) && !host.starts_with('.') && !host.ends_with('.')
}

/// Dashes may be left out.
fn uuid(text: &str, version: Option<char>) -> bool {
    let mut left = text;
    let mut digits = String::new();
    for (number, length) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        left = if number > 0 { left.strip_prefix('-').unwrap_or(left) } else { left };
        let Some((part, rest)) = left.split_at_checked(length) else { return false };
        digits.push_str(part);
        left = rest;
    }
    let variant = || digits.chars().nth(16).is_some_and(|c| "89abAB".contains(c));
    left.is_empty()
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && version.is_none_or(|version| digits.chars().nth(12) == Some(version) && (version == '3' || variant()))
}

fn mac(text: &str) -> bool {
    let hex = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_hexdigit());
    let pairs = |by: char| matches!(text.split(by).count(), 6 | 8) && text.split(by).all(|part| hex(part, 2));
    pairs(':') || pairs('-') || matches!(text.split('.').count(), 3 | 4) && text.split('.').all(|part| hex(part, 4))
}

/// Leading zeros are borne with.
fn ipv4(text: &str) -> bool {
    let part = |part: &str| (1..=10).contains(&part.len()) && part.parse::<u8>().is_ok();
    text.split('.').count() == 4 && text.split('.').all(part)
}

/// Words for lengths of time: `2 weeks`, `5min`.
fn spelt_duration(text: &str) -> bool {
    const UNITS: &[&str] =
        &["ns", "nano", "us", "µs", "micro", "ms", "milli", "s", "sec", "m", "min", "h", "hr", "hour", "d", "day", "w", "wk", "week"];
    const BEGIN: &[&str] = &["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];
    let after = text.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches(|c: char| c.is_ascii_digit());
    let unit: String = after.trim_start().chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    after.len() < text.len() && (UNITS.contains(&unit.as_str()) || BEGIN.iter().any(|begin| unit.starts_with(begin)))
}

/// A name without dots has at most one dash, after its first letter; of several the last has two letters or more.
fn hostname(text: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric();
    if text.len() > 255 || text.split('.').any(|part| part.len() > 63) {
        return false;
    }
    let Some((front, last)) = text.rsplit_once('.') else {
        let mut letters = text.chars();
        let rest = if letters.next().is_some_and(letter) { letters.as_str() } else { return false };
        return rest.strip_prefix('-').unwrap_or(rest).chars().all(letter);
    };
    let label = |part: &str| part.starts_with(letter) && part.ends_with(letter) && part.chars().all(|c| letter(c) || c == '-');
    front.split('.').all(label) && last.chars().count() > 1 && last.chars().all(char::is_alphabetic)
}

fn ssn(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    digits == 9 && matches!(shape.replace(' ', "-").as_str(), "000-00-0000" | "000000000" | "00000-0000" | "000-000000")
}

fn rgb(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) else { return false };
    inner.split(',').count() == 3 && inner.split(',').all(|part| part.trim().parse::<u8>().is_ok())
}
