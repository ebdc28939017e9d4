//! Links that carry a scenario: `#s=1.` and the log as compressed JSON. Never: running it.

use kubepie_core::session::{Refusal, Scenario, base64};
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What comes before a scenario in a link.
const PREFIX: &str = "s=1.";

/// The longest link, in bytes.
const MAX_LINK: usize = 64 * 1024;

/// The longest log in a link, inflated, in bytes.
const MAX_JSON: usize = 1 << 20;

/// How hard to compress: the most that miniz_oxide does without trying for long.
const LEVEL: u8 = 8;

/// The same for what is large and kept: quick.
const QUICK: u8 = 3;

/// The most that is kept, inflated, in bytes.
const MAX_KEPT: usize = 256 << 20;

/// Why a link cannot be made or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bad {
    /// It is longer than a link may be.
    TooLong,
    /// It has characters that no link has, or does not inflate.
    Damaged,
    /// It inflates to more than a log may have.
    TooLarge,
    /// It is of a form that only a later page makes.
    Newer,
    /// It is a log, and wrong.
    Scenario(Refusal),
}

/// The fragment of a link to a scenario, without `#`.
///
/// # Errors
/// Where it would be too long.
pub fn fragment(json: &str) -> Result<String, Bad> {
    pack(PREFIX, json)
}

/// A text as a fragment that begins with `prefix`.
///
/// # Errors
/// Where it would be too long.
pub fn pack(prefix: &str, json: &str) -> Result<String, Bad> {
    let text = [prefix, &base64::encode_url(&compress_to_vec(json.as_bytes(), LEVEL))].concat();
    if text.len() > MAX_LINK || json.len() > MAX_JSON { Err(Bad::TooLong) } else { Ok(text) }
}

/// Reads a page's fragment, with or without `#`. `None` if it carries no scenario.
pub fn read(fragment: &str) -> Option<Result<Scenario, Bad>> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    fragment.strip_prefix("s=").map(|_| scenario(fragment))
}

/// The text of a fragment that should begin with `prefix`; bounded before and after it is inflated.
///
/// # Errors
/// Where it is damaged or too long.
pub fn unpack(prefix: &str, fragment: &str) -> Result<String, Bad> {
    if fragment.len() > MAX_LINK {
        return Err(Bad::TooLong);
    }
    let body = fragment.strip_prefix(prefix).ok_or_else(|| other(prefix, fragment))?;
    let packed = base64::decode_url(body).map_err(|_| Bad::Damaged)?;
    let json = decompress_to_vec_with_limit(&packed, MAX_JSON).map_err(|e| match e.status {
        miniz_oxide::inflate::TINFLStatus::HasMoreOutput => Bad::TooLarge,
        _ => Bad::Damaged,
    })?;
    String::from_utf8(json).map_err(|_| Bad::Damaged)
}

/// What is wrong with a fragment that does not begin with `prefix`: its form has a later number, or it is damaged.
fn other(prefix: &str, fragment: &str) -> Bad {
    let number = |text: &str| text.split_once('=')?.1.split_once('.')?.0.parse::<u32>().ok();
    if number(fragment) > number(prefix) { Bad::Newer } else { Bad::Damaged }
}

/// A text packed without a bound: what the browser keeps for the page itself.
pub fn pack_all(json: &str) -> String {
    base64::encode_url(&compress_to_vec(json.as_bytes(), QUICK))
}

/// The text that [`pack_all`] packed.
pub fn unpack_all(packed: &str) -> Option<String> {
    let packed = base64::decode_url(packed).ok()?;
    String::from_utf8(decompress_to_vec_with_limit(&packed, MAX_KEPT).ok()?).ok()
}

fn scenario(fragment: &str) -> Result<Scenario, Bad> {
    let json = unpack(PREFIX, fragment)?;
    Scenario::parse(&json).map_err(Bad::Scenario)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"version":1,"epoch_ms":0,"seed":7,"inputs":[{"at_ms":5,"kind":"line","text":"kubectl get nodes"}],"end_ms":9}"#;

    #[test]
    fn a_link_comes_back() {
        let link = fragment(JSON).unwrap();
        let scenario = read(&["#", &link].concat()).unwrap().unwrap();
        assert_eq!((scenario.seed, scenario.inputs.len(), scenario.end_ms), (7, 1, 9));
    }

    #[test]
    fn bad_links_are_told_apart() {
        assert!(read("#lesson").is_none());
        assert_eq!(read("#s=1.%%%").unwrap(), Err(Bad::Damaged));
        assert_eq!(read("#s=2.AAAA").unwrap(), Err(Bad::Newer));
        assert_eq!(read("#s=0.AAAA").unwrap(), Err(Bad::Damaged));
        assert_eq!(read(&["s=1.", &"A".repeat(MAX_LINK)].concat()).unwrap(), Err(Bad::TooLong));
        let bomb = base64::encode_url(&compress_to_vec(&vec![b' '; MAX_JSON + 1], LEVEL));
        assert_eq!(read(&["s=1.", &bomb].concat()).unwrap(), Err(Bad::TooLarge));
        assert!(matches!(read(&fragment("{}").unwrap()).unwrap(), Err(Bad::Scenario(_))));
    }
}
