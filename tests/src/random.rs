//! Random choices for tests: the same seed gives the same choices on every machine.

/// A source of random numbers (splitmix64).
pub struct Random {
    state: u64,
}

impl Random {
    /// A source that a seed determines.
    #[must_use]
    pub fn new(seed: u64) -> Random {
        Random { state: seed }
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).checked_rem(end).unwrap_or(0)
    }

    /// One of some words; empty where there are none.
    pub fn one<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let number = self.below(words.len() as u64) as usize;
        words.get(number).copied().unwrap_or_default()
    }

    /// One of some pairs of words; empty where there are none.
    pub fn pair<'a>(&mut self, pairs: &[(&'a str, &'a str)]) -> (&'a str, &'a str) {
        let number = self.below(pairs.len() as u64) as usize;
        pairs.get(number).copied().unwrap_or_default()
    }
}
