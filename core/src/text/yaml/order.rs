//! The order of keys in printed YAML.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Models keyList.Less of go-yaml: numbers inside keys compare as numbers, letters come after other signs.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    if natural_less(a, b) {
        Ordering::Less
    } else if natural_less(b, a) {
        Ordering::Greater
    } else {
        a.cmp(b)
    }
}

fn natural_less(a: &str, b: &str) -> bool {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut digits = false;
    for (i, (&x, &y)) in a.iter().zip(&b).enumerate() {
        if x == y {
            digits = x.is_numeric();
            continue;
        }
        match (x.is_alphabetic(), y.is_alphabetic()) {
            (true, true) => return x < y,
            (true, false) => return digits,
            (false, true) => return !digits,
            (false, false) => {}
        }
        let run = |s: &[char], seed: u64| {
            let digits = s.iter().skip(i).map_while(|c| c.to_digit(10));
            digits.fold((seed, 0usize), |(n, len), d| (n.wrapping_mul(10).wrapping_add(d.into()), len + 1))
        };
        let before = a.iter().take(i).rev().take_while(|c| c.is_ascii_digit());
        let seed = u64::from((x == '0' || y == '0') && before.clone().any(|c| *c != '0'));
        let (an, al) = run(&a, seed);
        let (bn, bl) = run(&b, seed);
        if an != bn {
            return an < bn;
        }
        if al != bl {
            return al < bl;
        }
        return x < y;
    }
    a.len() < b.len()
}
