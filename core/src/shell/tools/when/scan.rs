//! Goes through a text word by word and number by number.

use alloc::string::String;

/// What is left of a text.
pub(super) struct Scan<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Scan<'a> {
    pub(super) fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', ',']);
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A number, and how many digits it has.
    pub(super) fn number(&mut self) -> Option<(i64, usize)> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        Some((number.parse().ok()?, digits))
    }

    /// Digits behind a point as billionths.
    pub(super) fn fraction(&mut self) -> Option<u32> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        let mut nine = String::from(digits);
        nine.push_str("000000000");
        nine.get(..9)?.parse().ok()
    }

    pub(super) fn word(&mut self) -> &'a str {
        let letters = self.rest.bytes().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at_checked(letters).unwrap_or((self.rest, ""));
        self.rest = rest.strip_prefix('.').unwrap_or(rest);
        word
    }

    /// The word that comes next, without taking it.
    pub(super) fn ahead(&self) -> &'a str {
        let mut copy = Scan { rest: self.rest };
        copy.blanks();
        copy.word()
    }

    pub(super) fn day(&mut self) -> Option<u32> {
        u32::try_from(self.number()?.0).ok()
    }
}
