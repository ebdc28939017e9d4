//! What the expressions of `awk` come to, and the places that can be assigned to.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::parse::Expr;
use super::value::{Value, arith};
use super::{Awk, MAX_TEXT};
use crate::text::regex::{Regex, Syntax};

impl Awk {
    pub(super) fn key(&mut self, keys: &[Expr]) -> Rc<str> {
        let separator = self.var("SUBSEP").text();
        let parts: Vec<Rc<str>> = keys.iter().map(|key| self.eval(key).text()).collect();
        Rc::from(parts.join(&*separator))
    }

    pub(super) fn assign(&mut self, place: &Expr, value: Value) {
        match place {
            Expr::Var(name) if name == "NF" => {
                let count = (value.num().max(0.0) as usize).min(10_000);
                self.fields.resize(count, Rc::from(""));
                self.join_fields();
            }
            Expr::Var(name) => {
                self.vars.insert(name.clone(), value);
            }
            Expr::Index(name, keys) => {
                let key = self.key(keys);
                self.arrays.entry(name.clone()).or_default().insert(key, value);
            }
            Expr::Field(number) => {
                let at = self.eval(number).num().max(0.0) as usize;
                let text = value.text();
                if at == 0 {
                    self.set_line(&text);
                } else if at <= 10_000 {
                    if self.fields.len() < at {
                        self.fields.resize(at, Rc::from(""));
                    }
                    if let Some(field) = self.fields.get_mut(at - 1) {
                        *field = text;
                    }
                    self.join_fields();
                }
            }
            Expr::Group(inner) => self.assign(inner, value),
            _ => {}
        }
    }

    fn concat(&mut self, left: &Expr, right: &Expr) -> Value {
        let mut text = String::from(&*self.eval(left).text());
        text.push_str(&self.eval(right).text());
        text.truncate(if text.len() > MAX_TEXT { 0 } else { text.len() });
        Value::Text(Rc::from(text))
    }

    pub(super) fn eval(&mut self, expr: &Expr) -> Value {
        if !self.spend() {
            return Value::Unset;
        }
        let truth = |value: bool| Value::Num(f64::from(u8::from(value)));
        match expr {
            Expr::Num(number) => Value::Num(*number),
            Expr::Str(text) => Value::Text(Rc::from(text.as_str())),
            Expr::Regex(regex) => truth(regex.is_match(&self.line)),
            Expr::Field(number) => match (self.eval(number).num().max(0.0) as usize).checked_sub(1) {
                None => Value::Input(Rc::clone(&self.line)),
                Some(at) => self.fields.get(at).map_or(Value::Unset, |field| Value::Input(Rc::clone(field))),
            },
            Expr::Var(name) => self.var(name),
            Expr::Index(name, keys) => {
                let key = self.key(keys);
                self.arrays.entry(name.clone()).or_default().entry(key).or_insert(Value::Unset).clone()
            }
            Expr::Assign(place, op, right) => {
                let right = self.eval(right);
                let value = match op {
                    None => right,
                    Some(op) => {
                        let left = self.eval(place).num();
                        Value::Num(arith(*op, left, right.num()))
                    }
                };
                self.assign(place, value.clone());
                value
            }
            Expr::Cond(test, yes, no) => {
                if self.eval(test).truth() {
                    self.eval(yes)
                } else {
                    self.eval(no)
                }
            }
            Expr::Or(left, right) => truth(self.eval(left).truth() || self.eval(right).truth()),
            Expr::And(left, right) => truth(self.eval(left).truth() && self.eval(right).truth()),
            Expr::In(keys, array) => {
                let key = self.key(keys);
                truth(self.arrays.get(array).is_some_and(|array| array.contains_key(&key)))
            }
            Expr::Match(negated, left, right) => {
                let text = self.eval(left).text();
                let found = self.pattern(right).is_some_and(|regex| regex.is_match(&text));
                truth(found != *negated)
            }
            Expr::Compare(op, left, right) => truth(compare(op, &self.eval(left), &self.eval(right))),
            Expr::Concat(left, right) => self.concat(left, right),
            Expr::Arith(op, left, right) => {
                let (left, right) = (self.eval(left).num(), self.eval(right).num());
                Value::Num(arith(*op, left, right))
            }
            Expr::Not(inner) => truth(!self.eval(inner).truth()),
            Expr::Minus(inner) => Value::Num(-self.eval(inner).num()),
            Expr::Plus(inner) => Value::Num(self.eval(inner).num()),
            Expr::Step(place, before, by) => {
                let old = self.eval(place).num();
                self.assign(place, Value::Num(old + by));
                Value::Num(if *before { old + by } else { old })
            }
            Expr::Group(inner) => self.eval(inner),
            Expr::Call(name, args) => self.call(name, args),
        }
    }

    pub(super) fn regex(&mut self, text: &str) -> Option<Regex> {
        if let Some((old, regex)) = &self.cache
            && &**old == text
        {
            return Some(regex.clone());
        }
        let regex = Regex::new(text, Syntax::Extended, false).ok()?;
        self.cache = Some((Rc::from(text), regex.clone()));
        Some(regex)
    }

    pub(super) fn pattern(&mut self, expr: &Expr) -> Option<Regex> {
        match expr {
            Expr::Regex(regex) => Some(regex.clone()),
            other => {
                let text = self.eval(other).text();
                self.regex(&text)
            }
        }
    }
}

/// Numbers by size, all else as texts.
fn compare(op: &str, left: &Value, right: &Value) -> bool {
    let order = if left.is_number() && right.is_number() {
        left.num().partial_cmp(&right.num()).unwrap_or(Ordering::Equal)
    } else {
        left.text().cmp(&right.text())
    };
    match op {
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    }
}
