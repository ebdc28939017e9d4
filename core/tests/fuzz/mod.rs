//! What the fuzz tests share: how many cases there are, from which seed, and which one failed.
//!
//! `KUBEPIE_FUZZ` is how many, `KUBEPIE_FUZZ_FROM` the first seed, so that a long run can be gone on with.

// Each test uses its own part.
#![allow(dead_code)]

pub mod objects;

use kubepie_core::time::Rng;
use std::ops::Range;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The seeds to try: as many as asked for, of which each stands for `each` cases, or `usual` of them.
pub fn seeds(usual: u64, each: u64) -> Range<u64> {
    let from = number("KUBEPIE_FUZZ_FROM").unwrap_or(0);
    from..from + number("KUBEPIE_FUZZ").map_or(usual, |cases| cases.div_ceil(each))
}

/// Runs a check on each seed, and tells that of a failure. A long run says how far it is.
pub fn each(purpose: &str, usual: u64, mut check: impl FnMut(&mut Rng)) {
    let seeds = seeds(usual, 1);
    for seed in seeds.clone() {
        let run = std::panic::AssertUnwindSafe(|| check(&mut Rng::new(seed, purpose)));
        if let Err(panic) = std::panic::catch_unwind(run) {
            eprintln!("{purpose}: failed with seed {seed}");
            std::panic::resume_unwind(panic);
        }
        if seed % 1_000_000 == 999_999 {
            eprintln!("{purpose}: up to seed {seed}");
        }
    }
    if seeds.end - seeds.start > usual {
        eprintln!("{purpose}: seeds {} to {} are well", seeds.start, seeds.end);
    }
}

/// Any of a list.
pub fn pick<'a>(rng: &mut Rng, all: &[&'a str]) -> &'a str {
    all.get(rng.below(all.len() as u64) as usize).copied().unwrap_or_default()
}
