//! The values of `awk` and its arithmetic, the same on every machine.

use alloc::rc::Rc;
use alloc::string::String;

use crate::shell::decimal;

#[derive(Clone, Debug)]
pub(super) enum Value {
    Unset,
    Num(f64),
    Text(Rc<str>),
    /// Input: a number if it looks like one.
    Input(Rc<str>),
}

impl Value {
    pub(super) fn num(&self) -> f64 {
        match self {
            Value::Unset => 0.0,
            Value::Num(number) => *number,
            Value::Text(text) | Value::Input(text) => decimal::leading(text),
        }
    }

    pub(super) fn text(&self) -> Rc<str> {
        match self {
            Value::Unset => Rc::from(""),
            Value::Num(number) => Rc::from(show(*number)),
            Value::Text(text) | Value::Input(text) => Rc::clone(text),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        match self {
            Value::Unset | Value::Num(_) => true,
            Value::Text(_) => false,
            Value::Input(text) => decimal::is_number(text),
        }
    }

    pub(super) fn truth(&self) -> bool {
        match self {
            Value::Text(text) => !text.is_empty(),
            value if value.is_number() => value.num() != 0.0,
            value => !value.text().is_empty(),
        }
    }
}

fn show(number: f64) -> String {
    let whole = number as i64;
    if number == whole as f64 && number.abs() < 1e16 {
        alloc::format!("{whole}")
    } else if number < 0.0 {
        alloc::format!("-{}", decimal::general(-number, 6))
    } else {
        decimal::general(number, 6)
    }
}

pub(super) fn arith(op: char, left: f64, right: f64) -> f64 {
    match op {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        _ => power(left, right),
    }
}

/// Whole powers exactly; others are not offered by `core`.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.5 {
        return root(base);
    }
    let count = exponent.abs().min(4_096.0) as u32;
    let result = (0..count).fold(1.0, |product, _| product * base);
    if exponent < 0.0 { 1.0 / result } else { result }
}

/// The square root by Newton's method, the same everywhere.
pub(super) fn root(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return if value == 0.0 { 0.0 } else { f64::NAN };
    }
    let mut guess = if value > 1.0 { value } else { 1.0 };
    for _ in 0..1_100 {
        let next = (guess + value / guess) / 2.0;
        if next >= guess {
            break;
        }
        guess = next;
    }
    guess
}

pub(super) fn round(value: f64) -> f64 {
    let floor = (value + 0.5) as i64 as f64;
    if value + 0.5 < floor { floor - 1.0 } else { floor }
}
