//! The formats that a schema may ask of a text. Models kube-openapi `pkg/validation/strfmt`, the formats that
//! apiextensions supports; a format that is not known here holds for every text.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::object::names;
use crate::text::{base64, duration, timestamp};

/// Whether a text is of a format.
pub fn fits(format: &str, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => timestamp::parse_rfc3339_ms(text).is_some(),
        "date" => text.len() == 10 && timestamp::parse_rfc3339_ms(&[text, "T00:00:00Z"].concat()).is_some(),
        "duration" => duration::parse_go(text).is_ok(),
        "byte" => base64::decode(text).is_ok(),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => cidr(text),
        "hostname" => !text.is_empty() && text.len() <= 255 && names::dns_subdomain(&text.to_ascii_lowercase()).is_empty(),
        "uri" => uri(text),
        "email" => email(text),
        "uuid" => uuid(text, None),
        "uuid3" => uuid(text, Some('3')),
        "uuid4" => uuid(text, Some('4')),
        "uuid5" => uuid(text, Some('5')),
        "hexcolor" => text.strip_prefix('#').is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit())),
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

fn email(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    !user.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace) && !host.starts_with('.') && !host.ends_with('.')
}

fn uuid(text: &str, version: Option<char>) -> bool {
    let dashed = text.chars().enumerate().all(|(at, c)| if matches!(at, 8 | 13 | 18 | 23) { c == '-' } else { c.is_ascii_hexdigit() });
    text.len() == 36 && dashed && version.is_none_or(|version| text.chars().nth(14) == Some(version))
}

fn mac(text: &str) -> bool {
    let parts = text.split([':', '-']).count();
    parts == 6 && text.split([':', '-']).all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}
