//! The steps of `awk` that only work on values and lists.
//! Never: those that go elsewhere, or read and write (`machine`).

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::MAX_TEXT;
use super::code::{Op, SUBSEP};
use super::machine::{Machine, truth};
use super::value::{Value, arith, compare};

impl Machine {
    /// Steps that only work on values.
    pub(super) fn compute(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Line(regex) => self.push(truth(regex.is_match(&self.line.text()))),
            Op::Match(negated, regex) => {
                let found = match regex {
                    Some(regex) => regex.is_match(&self.pop_text()),
                    None => {
                        let pattern = self.pop_text();
                        let text = self.pop_text();
                        self.regex(&pattern)?.is_match(&text)
                    }
                };
                self.push(truth(found != *negated));
            }
            Op::Arith(op) => {
                let (right, left) = (self.pop().num(), self.pop().num());
                self.push(Value::Num(arith(*op, left, right)));
            }
            Op::Compare(op) => {
                let (right, left) = (self.pop(), self.pop());
                let order = if left.is_number() && right.is_number() {
                    left.num().partial_cmp(&right.num()).unwrap_or(Ordering::Equal)
                } else {
                    self.text(&left).cmp(&self.text(&right))
                };
                self.push(truth(compare(op, order)));
            }
            Op::Concat => {
                let (right, left) = (self.pop_text(), self.pop_text());
                let whole = [&*left, &*right].concat();
                if whole.len() > MAX_TEXT {
                    return Err(String::from("a text is too long"));
                }
                self.push(Value::Text(Rc::from(whole)));
            }
            Op::Not => {
                let value = truth(!self.pop().truth());
                self.push(value);
            }
            Op::Truth => {
                let value = truth(self.pop().truth());
                self.push(value);
            }
            Op::Minus => {
                let value = Value::Num(-self.pop().num());
                self.push(value);
            }
            Op::Plus => {
                let value = Value::Num(self.pop().num());
                self.push(value);
            }
            other => self.lists(other)?,
        }
        Ok(())
    }

    /// Steps that work on lists and on what patterns find.
    fn lists(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::In(array) => {
                let key = self.pop_text();
                let found = self.table(*array).is_some_and(|table| table.contains_key(&key));
                self.push(truth(found));
            }
            Op::Join(count) => {
                let parts = self.take(*count);
                let separator = self.global(SUBSEP);
                let parts: Vec<Rc<str>> = parts.iter().map(|part| self.text(part)).collect();
                self.push(Value::Text(Rc::from(parts.join(&*separator))));
            }
            Op::Delete(array) => {
                let key = self.pop_text();
                let number = self.number_of(*array);
                if self.arrays.get_mut(&number).is_some_and(|table| table.remove(&key).is_some()) {
                    self.elements = self.elements.saturating_sub(1);
                }
            }
            Op::Clear(array) => {
                let number = self.number_of(*array);
                self.forget(number);
            }
            Op::Length(array) => {
                let count = self.table(*array).map_or(0, BTreeMap::len);
                self.push(Value::Num(count as f64));
            }
            Op::Split(array, given, regex) => self.split(*array, *given, regex.as_ref())?,
            Op::Substitute(all, regex, place) => self.substitute(*all, regex.as_ref(), *place)?,
            Op::Find(regex) => self.find(regex.as_ref())?,
            _ => {}
        }
        Ok(())
    }
}
