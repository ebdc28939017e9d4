//! Base64 as Go's `encoding/base64` StdEncoding has it, and the URL alphabet without padding for links.

use alloc::string::String;
use alloc::vec::Vec;

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn encode_with(alphabet: &[u8; 64], pad: bool, bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4usize {
            let sextet = (bits >> (18 - 6 * place)) as usize & 63;
            match alphabet.get(sextet) {
                Some(c) if place <= group.len() => out.push(char::from(*c)),
                _ if pad => out.push('='),
                _ => {}
            }
        }
    }
    out
}

fn decode_with(alphabet: &[u8; 64], text: &str) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits: u32 = 0;
    let mut held = 0;
    for (place, c) in text.bytes().enumerate() {
        let sextet = alphabet.iter().position(|a| *a == c).ok_or(place)?;
        bits = (bits << 6 | sextet as u32) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    if held == 6 { Err(text.len()) } else { Ok(out) }
}

/// Encodes with padding.
pub fn encode(bytes: &[u8]) -> String {
    encode_with(STANDARD, true, bytes)
}

/// Decodes padded text; line breaks are passed over. The error is Go's, such as `illegal base64 data at input byte 4`.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    let bad = |place: usize| alloc::format!("illegal base64 data at input byte {place}");
    let clean: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let body = clean.trim_end_matches('=');
    let pads = clean.len() - body.len();
    if body.bytes().any(|b| !STANDARD.contains(&b)) {
        return decode_with(STANDARD, &clean).map_err(bad);
    }
    if !clean.len().is_multiple_of(4) || pads > 2 {
        return Err(bad(if pads > 2 { body.len() + 2 } else { clean.len() / 4 * 4 + if pads > 0 { clean.len() % 4 } else { 0 } }));
    }
    decode_with(STANDARD, body).map_err(bad)
}

/// Encodes with the URL alphabet, without padding.
pub fn encode_url(bytes: &[u8]) -> String {
    encode_with(URL, false, bytes)
}

/// Decodes unpadded text of the URL alphabet; the error is the place of the first bad byte.
pub fn decode_url(text: &str) -> Result<Vec<u8>, usize> {
    decode_with(URL, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("hunter2", "aHVudGVyMg==")] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
            assert_eq!(decode_url(&encode_url(bytes.as_bytes())).unwrap(), bytes.as_bytes());
        }
        assert_eq!(decode("a!bc").unwrap_err(), "illegal base64 data at input byte 1");
        assert!(decode("abc").is_err() && decode("a").is_err() && decode("====").is_err());
    }
}
