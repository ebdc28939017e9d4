//! The numbers of `bc` and what is computed with them.
//! Never: how lines are read (`bc`).

use alloc::string::String;

/// A number: its digits, and how many of them are behind the point.
#[derive(Clone, Copy, Default)]
pub(super) struct Num {
    pub value: i128,
    pub scale: u32,
}

/// Why a line was left.
pub(super) enum Stop {
    Syntax,
    /// What is said as it is.
    Said(&'static str),
    Quit,
}

pub(super) type Sum<T> = Result<T, Stop>;

pub(super) const LONG: Stop = Stop::Said("kubepie: bc has no room for numbers of more than 38 digits");

fn power_of_ten(count: u32) -> Sum<i128> {
    10i128.checked_pow(count).ok_or(LONG)
}

impl Num {
    /// The same with so many places; what is behind them is cut off.
    pub(super) fn at(self, scale: u32) -> Sum<Num> {
        let value = if scale >= self.scale {
            self.value.checked_mul(power_of_ten(scale - self.scale)?).ok_or(LONG)?
        } else {
            self.value / power_of_ten(self.scale - scale)?
        };
        Ok(Num { value, scale })
    }

    pub(super) fn whole(value: i128) -> Num {
        Num { value, scale: 0 }
    }

    pub(super) fn of(truth: bool) -> Num {
        Num::whole(i128::from(truth))
    }

    pub(super) fn text(self, base: i128) -> Sum<String> {
        if base != 10 {
            let (mut left, mut out) = (self.at(0)?.value.unsigned_abs(), String::new());
            let base = base.unsigned_abs();
            while left > 0 || out.is_empty() {
                let digit = u32::try_from(left % base).unwrap_or(0);
                out.insert(0, char::from_digit(digit, 36).unwrap_or('?').to_ascii_uppercase());
                left /= base;
            }
            return Ok(if self.value < 0 { ["-", &out].concat() } else { out });
        }
        let unit = power_of_ten(self.scale)?.unsigned_abs();
        let (whole, rest) = (self.value.unsigned_abs() / unit, self.value.unsigned_abs() % unit);
        let sign = if self.value < 0 { "-" } else { "" };
        let width = usize::try_from(self.scale).unwrap_or(0);
        Ok(match (whole, width) {
            _ if self.value == 0 => String::from("0"),
            (whole, 0) => alloc::format!("{sign}{whole}"),
            (0, width) => alloc::format!("{sign}.{rest:0width$}"),
            (whole, width) => alloc::format!("{sign}{whole}.{rest:0width$}"),
        })
    }
}

/// Two numbers, with so many places where they do not come out.
pub(super) fn combine(op: &str, left: Num, right: Num, scale: u32) -> Sum<Num> {
    let both = left.scale.max(right.scale);
    match op {
        "+" => Ok(Num { value: left.at(both)?.value.checked_add(right.at(both)?.value).ok_or(LONG)?, scale: both }),
        "-" => Ok(Num { value: left.at(both)?.value.checked_sub(right.at(both)?.value).ok_or(LONG)?, scale: both }),
        "*" => {
            let value = left.value.checked_mul(right.value).ok_or(LONG)?;
            let full = left.scale + right.scale;
            Num { value, scale: full }.at(full.min(scale.max(both)))
        }
        "/" | "%" if right.value == 0 => Err(Stop::Said(if op == "/" {
            "Runtime error (func=(main), adr=3): Divide by zero"
        } else {
            "Runtime error (func=(main), adr=3): Modulo by zero"
        })),
        "/" => {
            let value = left.at(scale + right.scale)?.value / right.value;
            Ok(Num { value, scale })
        }
        "%" => {
            let part = combine("/", left, right, scale)?;
            let product = Num { value: part.value.checked_mul(right.value).ok_or(LONG)?, scale: part.scale + right.scale };
            combine("-", left, product, scale)?.at(left.scale.max(scale + right.scale))
        }
        _ => {
            let times = right.at(0)?.value;
            let mut result = Num::whole(1);
            for _ in 0..times.unsigned_abs().min(200) {
                result = Num { value: result.value.checked_mul(left.value).ok_or(LONG)?, scale: result.scale + left.scale };
            }
            if times.unsigned_abs() > 200 && left.value.unsigned_abs() > 1 {
                return Err(LONG);
            }
            if times < 0 { combine("/", Num::whole(1), result, scale) } else { result.at(result.scale.min(scale.max(left.scale))) }
        }
    }
}

pub(super) fn function(name: &str, value: Num, scale: u32) -> Sum<Num> {
    match name {
        "sqrt" if value.value < 0 => Err(Stop::Said("Runtime error (func=(main), adr=3): Square root of a negative number")),
        "sqrt" => {
            let scale = scale.max(value.scale);
            let wanted = value.at(2 * scale)?.value;
            let mut guess = wanted.max(1);
            loop {
                let next = (guess + wanted / guess) / 2;
                if next >= guess {
                    break;
                }
                guess = next;
            }
            Ok(Num { value: if wanted == 0 { 0 } else { guess }, scale })
        }
        "length" => {
            let digits = alloc::format!("{}", value.value.unsigned_abs()).len();
            Ok(Num::whole(i128::try_from(digits).unwrap_or(0).max(i128::from(value.scale))))
        }
        "scale" => Ok(Num::whole(i128::from(value.scale))),
        _ => Err(Stop::Said("kubepie: bc here has sqrt, length and scale, and no other function")),
    }
}
