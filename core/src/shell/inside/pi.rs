//! What `perl` computes here: the digits of pi, as the Job of Kubernetes' documentation has it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A limb holds nine digits.
const BASE: u64 = 1_000_000_000;
/// The most digits that are computed.
const MOST: usize = 5000;

fn divide(number: &mut [u32], by: u64) {
    let mut rest = 0;
    for limb in number {
        let whole = rest * BASE + u64::from(*limb);
        *limb = u32::try_from(whole / by).unwrap_or(0);
        rest = whole % by;
    }
}

fn add(sum: &mut [u32], other: &[u32], less: bool) {
    let mut carry = 0i64;
    for (limb, more) in sum.iter_mut().rev().zip(other.iter().rev()) {
        let more = i64::from(*more);
        let whole = i64::from(*limb) + carry + if less { -more } else { more };
        carry = whole.div_euclid(1_000_000_000);
        *limb = u32::try_from(whole.rem_euclid(1_000_000_000)).unwrap_or(0);
    }
}

/// `factor` times the arc tangent of one over `x`.
fn arc_tangent(factor: u32, x: u64, limbs: usize) -> Vec<u32> {
    let mut power = alloc::vec![0; limbs];
    if let Some(first) = power.first_mut() {
        *first = factor;
    }
    divide(&mut power, x);
    let mut sum = power.clone();
    let mut odd = 3;
    while power.iter().any(|limb| *limb != 0) {
        divide(&mut power, x * x);
        let mut term = power.clone();
        divide(&mut term, odd);
        add(&mut sum, &term, odd % 4 == 3);
        odd += 2;
    }
    sum
}

/// Pi with so many digits in all, the last of them rounded.
fn pi(digits: usize) -> String {
    let digits = digits.clamp(1, MOST);
    let limbs = digits / 9 + 4;
    let mut number = arc_tangent(16, 5, limbs);
    add(&mut number, &arc_tangent(4, 239, limbs), true);
    let mut text = String::new();
    for (place, limb) in number.iter().enumerate() {
        text.push_str(&if place == 0 { limb.to_string() } else { alloc::format!("{limb:09}") });
    }
    let mut kept: Vec<u8> = text.bytes().take(digits).collect();
    if text.as_bytes().get(digits).is_some_and(|next| *next >= b'5') {
        for digit in kept.iter_mut().rev() {
            *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
            if *digit != b'0' {
                break;
            }
        }
    }
    let text: String = kept.into_iter().map(char::from).collect();
    match text.split_at_checked(1) {
        Some((whole, rest)) if !rest.is_empty() => [whole, ".", rest].concat(),
        _ => text,
    }
}

/// What `perl -Mbignum=bpi -wle 'print bpi(2000)'` prints, or a program that prints a text.
pub(super) fn perl(args: &[String]) -> String {
    let program = args.last().map_or("", String::as_str);
    if let Some((_, rest)) = program.split_once("bpi(") {
        return [&pi(rest.split(')').next().and_then(|n| n.parse().ok()).unwrap_or(40)), "\n"].concat();
    }
    if args.first().is_some_and(|flag| flag == "-v") {
        return "\nThis is perl 5, version 34, subversion 0 (v5.34.0) built for x86_64-linux-gnu\n".to_string();
    }
    let printed =
        program.split_once("print ").map(|(_, rest)| rest.trim().trim_end_matches(';').trim_matches(['"', '\'']).replace("\\n", "\n"));
    let line = args.iter().any(|arg| arg.starts_with('-') && arg.contains('l'));
    printed.map_or_else(String::new, |text| [text.as_str(), if line { "\n" } else { "" }].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_pi() {
        assert_eq!(pi(1), "3");
        assert_eq!(pi(5), "3.1416");
        assert_eq!(pi(40), "3.141592653589793238462643383279502884197");
        let long = pi(2000);
        assert_eq!(long.len(), 2001);
        assert!(long.starts_with("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899"));
        // Digits 762 to 767 after the point are six nines.
        assert_eq!(long.get(763..769), Some("999999"));
    }
}
