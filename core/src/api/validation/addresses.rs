//! Addresses and blocks of addresses in fields that are older than strict checking of them. Models apimachinery
//! `util/validation` parseIP and parseCIDR, and kubernetes `pkg/apis/core/validation` ValidateEndpointIP.

use core::net::{IpAddr, Ipv4Addr};

use super::field::Errors;

const ADDRESS: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const BLOCK: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/// An address, and whether one of its numbers begins with a zero that does not count.
fn loose(text: &str) -> Option<(IpAddr, bool)> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some((address, false));
    }
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))?;
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| (IpAddr::V4(Ipv4Addr::from(octets)), true))
}

fn is_mapped(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
}

/// What is wrong with an address.
pub fn address_error(text: &str) -> Option<&'static str> {
    match loose(text) {
        None => Some(ADDRESS),
        Some((_, true)) => Some("must not have leading 0s"),
        Some((address, _)) if is_mapped(address) => Some("must not be an IPv4-mapped IPv6 address"),
        Some(_) => None,
    }
}

/// Whether text is an address, however it is written.
pub fn is_address(text: &str) -> bool {
    loose(text).is_some()
}

/// Whether text is an address of the older family.
pub fn is_ipv4(text: &str) -> bool {
    matches!(loose(text), Some((IpAddr::V4(_), _)))
}

/// The address of a block as a number of 128 bits, how many bits that family has, and how many the block fixes.
fn block(text: &str) -> Option<(u128, u32, u32)> {
    let (address, bits) = text.split_once('/')?;
    let (number, width) = match loose(address)?.0 {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let bits = Some(bits).filter(|bits| !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    (bits <= width).then_some((number, width, bits))
}

/// The bits of an address of `width` bits that a block leaves open.
fn open(width: u32, bits: u32) -> u128 {
    1_u128.checked_shl(width.saturating_sub(bits)).unwrap_or(0).wrapping_sub(1)
}

/// What is wrong with a block of addresses.
pub fn block_error(text: &str) -> Option<&'static str> {
    let Some((number, width, bits)) = block(text) else { return Some(BLOCK) };
    let (address, digits) = text.split_once('/').unwrap_or_default();
    match loose(address) {
        Some((_, true)) => Some("must not have leading 0s in IP or prefix length"),
        _ if digits.len() > 1 && digits.starts_with('0') => Some("must not have leading 0s in IP or prefix length"),
        Some((address, _)) if is_mapped(address) => Some("must not have an IPv4-mapped IPv6 address"),
        _ if number & open(width, bits) != 0 => Some("must not have bits set beyond the prefix length"),
        _ => None,
    }
}

/// Whether text is a block of addresses, however it is written.
pub fn is_block(text: &str) -> bool {
    block(text).is_some()
}

/// Whether one block of addresses lies within another and is smaller.
pub fn is_within(part: &str, whole: &str) -> bool {
    match (block(part), block(whole)) {
        (Some((number, width, bits)), Some((base, other, size))) => {
            width == other && bits > size && number | open(width, size) == base | open(width, size)
        }
        _ => false,
    }
}

/// Checks an address.
pub fn address(text: &str, field: &str, errors: &mut Errors) {
    if let Some(wrong) = address_error(text) {
        errors.invalid(field, text, wrong);
    }
}

/// Checks that something can be reached at an address.
pub fn reachable(text: &str, field: &str, errors: &mut Errors) {
    let Some((address, _)) = loose(text) else { return errors.invalid(field, text, "must be a valid IP address") };
    if address.is_unspecified() {
        errors.invalid(field, text, ["may not be unspecified (", text, ")"].concat());
    }
    if address.is_loopback() {
        errors.invalid(field, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    let (link, multicast) = match address {
        IpAddr::V4(address) => (address.is_link_local(), address.octets().starts_with(&[224, 0, 0])),
        IpAddr::V6(address) => (address.is_unicast_link_local(), address.segments().first().is_some_and(|first| first & 0xff0f == 0xff02)),
    };
    if link {
        errors.invalid(field, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if multicast {
        errors.invalid(field, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_strictly() {
        assert_eq!(address_error("10.1.2.3").or(address_error("fe80::1")), None);
        assert_eq!(address_error("010.1.2.3"), Some("must not have leading 0s"));
        assert_eq!(address_error("::ffff:1.2.3.4"), Some("must not be an IPv4-mapped IPv6 address"));
        assert_eq!(address_error("1.2.3").or(None), Some(ADDRESS));
        for (text, wrong) in [
            ("10.0.0.0/8", None),
            ("::/0", None),
            ("0.0.0.0/0", None),
            ("10.0.0.1/8", Some("must not have bits set beyond the prefix length")),
            ("10.0.0.0/08", Some("must not have leading 0s in IP or prefix length")),
            ("10.0.0.0/33", Some(BLOCK)),
            ("10.0.0.0", Some(BLOCK)),
        ] {
            assert_eq!(block_error(text), wrong, "{text}");
        }
        assert!(is_within("10.1.0.0/16", "10.0.0.0/8") && is_within("fd00:1::/32", "fd00::/16"));
        assert!(!is_within("10.0.0.0/8", "10.0.0.0/8") && !is_within("11.0.0.0/16", "10.0.0.0/8") && !is_within("::/64", "0.0.0.0/0"));
    }
}
