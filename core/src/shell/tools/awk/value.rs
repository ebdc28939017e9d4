//! The values of `awk` and its arithmetic, the same on every machine.

use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Ordering;

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
            Value::Input(text) => !text.is_empty(),
            _ => false,
        }
    }
}

/// A whole number as a text.
pub(super) fn whole(number: f64) -> Option<String> {
    let whole = number as i64;
    (number == whole as f64 && number.abs() < 1e16).then(|| alloc::format!("{whole}"))
}

pub(super) fn arith(op: char, left: f64, right: f64) -> f64 {
    match op {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        '%' => left % right,
        _ => super::math::power(left, right),
    }
}

/// Whether an order is the one that a comparison asks for.
pub(super) fn compare(op: &str, order: Ordering) -> bool {
    match op {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }
}

pub(super) fn round(value: f64) -> f64 {
    let floor = super::math::trunc(value + 0.5);
    if value + 0.5 < floor { floor - 1.0 } else { floor }
}
