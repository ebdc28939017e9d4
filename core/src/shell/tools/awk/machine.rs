//! The machine that runs the steps of `awk`. It can stop at any of them: where a command or a line is waited for, and
//! after a while, that others have their turn.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::code::{Array, Code, FNR, NR, Op, Place};
use super::record::Line;
use super::streams::{Input, Streams};
use super::value::Value;
use super::{MAX_ELEMENTS, MAX_FRAMES};
use crate::arrange::Arrange;
use crate::shell::decimal;
use crate::shell::process::{Io, Process, Wake};
use crate::text::regex::{Regex, Syntax};

/// A list by keys.
pub(super) type Table = BTreeMap<Rc<str>, Value>;

/// What became of a run.
pub(super) enum Ran {
    /// The steps are done.
    Halt,
    /// `next`, or `nextfile` if true
    Next(bool),
    /// `exit`
    Exit,
    /// What must be waited for.
    Wait(Wake),
    /// Something that cannot be: what to say.
    Failed(String),
}

/// What a step came to.
pub(super) enum After {
    On,
    Go(usize),
    Leave(Ran),
}

/// A call that is running.
#[derive(Clone)]
pub(super) struct Frame {
    back: usize,
    base: usize,
    arrays: Vec<usize>,
    /// How many of them, from behind, are its own.
    own: usize,
    keys: usize,
}

#[derive(Clone)]
pub(super) struct Machine {
    pub code: Rc<Code>,
    pub at: usize,
    pub stack: Vec<Value>,
    frames: Vec<Frame>,
    pub globals: Vec<Value>,
    pub arrays: BTreeMap<usize, Table>,
    next_array: usize,
    pub elements: usize,
    keys: Vec<VecDeque<Rc<str>>>,
    open: BTreeSet<usize>,
    pub line: Line,
    pub streams: Streams,
    pub input: Input,
    pub child: Option<alloc::boxed::Box<dyn Process>>,
    pub seed: u64,
    pub last_seed: f64,
    pub status: i32,
    cache: Vec<(Rc<str>, Regex)>,
}

pub(super) fn truth(value: bool) -> Value {
    Value::Num(f64::from(u8::from(value)))
}

impl Machine {
    pub(super) fn new(code: Code) -> Machine {
        Machine {
            globals: code.globals.iter().map(|_| Value::Unset).collect(),
            next_array: code.arrays.len(),
            code: Rc::new(code),
            at: 0,
            stack: Vec::new(),
            frames: Vec::new(),
            arrays: BTreeMap::new(),
            elements: 0,
            keys: Vec::new(),
            open: BTreeSet::new(),
            line: Line::default(),
            streams: Streams::default(),
            input: Input::default(),
            child: None,
            seed: 1,
            last_seed: 0.0,
            status: 0,
            cache: Vec::new(),
        }
    }

    /// Begins anew at a step.
    pub(super) fn begin(&mut self, at: usize) {
        self.at = at;
        self.stack.clear();
        self.keys.clear();
        while let Some(frame) = self.frames.pop() {
            self.free(&frame);
        }
    }

    /// Goes on until something stops it, for so many steps at most.
    pub(super) fn run(&mut self, steps: &mut usize, io: &mut Io<'_>) -> Ran {
        let code = Rc::clone(&self.code);
        while *steps > 0 {
            *steps -= 1;
            let Some(op) = code.ops.get(self.at) else { return Ran::Halt };
            match self.step(op, io) {
                Ok(After::On) => self.at += 1,
                Ok(After::Go(to)) => self.at = to,
                Ok(After::Leave(wait @ Ran::Wait(_))) => return wait,
                Ok(After::Leave(ran)) => {
                    self.at += 1;
                    return ran;
                }
                Err(message) => return Ran::Failed(message),
            }
        }
        Ran::Wait(Wake::At(io.now))
    }

    pub(super) fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::Unset)
    }

    pub(super) fn pop_text(&mut self) -> Rc<str> {
        let value = self.pop();
        self.text(&value)
    }

    pub(super) fn push(&mut self, value: Value) {
        self.stack.push(value);
    }

    pub(super) fn peek(&self, below: usize) -> Value {
        self.stack.len().checked_sub(below + 1).and_then(|at| self.stack.get(at)).cloned().unwrap_or(Value::Unset)
    }

    fn step(&mut self, op: &Op, io: &mut Io<'_>) -> Result<After, String> {
        match op {
            Op::Push(value) => self.push(value.clone()),
            Op::Pop => {
                self.pop();
            }
            Op::Copy => self.push(self.peek(0)),
            Op::Load(place) => {
                let key = self.key_of(*place);
                let value = self.load(*place, &key)?;
                self.push(value);
            }
            Op::Store(place) => {
                let value = self.pop();
                let key = self.key_of(*place);
                self.store(*place, &key, value.clone())?;
                self.push(value);
            }
            Op::Step(place, before, by) => {
                let key = self.key_of(*place);
                let old = self.load(*place, &key)?.num();
                self.store(*place, &key, Value::Num(old + by))?;
                self.push(Value::Num(if *before { old + by } else { old }));
            }
            Op::Jump(to) => return Ok(After::Go(*to)),
            Op::JumpIf(wanted, to) => {
                if self.pop().truth() == *wanted {
                    return Ok(After::Go(*to));
                }
            }
            Op::Call(function, arrays) => return self.call(*function, arrays),
            Op::Return => return Ok(After::Go(self.leave())),
            Op::Keys(array) => self.begin_keys(*array),
            Op::NextKey(place, end) => match self.keys.last_mut().and_then(VecDeque::pop_front) {
                Some(key) => self.store(*place, &Value::Unset, Value::Input(key))?,
                None => return Ok(After::Go(*end)),
            },
            Op::EndKeys => {
                self.keys.pop();
            }
            Op::Open(rule) => self.push(truth(self.open.contains(rule))),
            Op::SetOpen(rule, true) => {
                self.open.insert(*rule);
            }
            Op::SetOpen(rule, false) => {
                self.open.remove(rule);
            }
            Op::Next(file) => return Ok(After::Leave(Ran::Next(*file))),
            Op::Exit(told) => {
                if *told {
                    self.status = (self.pop().num() as i32) & 0xff;
                }
                return Ok(After::Leave(Ran::Exit));
            }
            Op::Halt => return Ok(After::Leave(Ran::Halt)),
            Op::Print(count, printf, target) => return self.print(*count, *printf, *target, io),
            Op::Getline(source, place) => return self.getline(*source, *place, io),
            Op::Close => return self.close(io),
            Op::System => return self.system(io),
            Op::Builtin(name, count) => self.builtin(name, *count, io)?,
            other => self.compute(other)?,
        }
        Ok(After::On)
    }

    /// So many values off the stack, in order.
    pub(super) fn take(&mut self, count: usize) -> Vec<Value> {
        self.stack.split_off(self.stack.len().saturating_sub(count))
    }

    pub(super) fn key_of(&mut self, place: Place) -> Value {
        if place.has_key() { self.pop() } else { Value::Unset }
    }

    pub(super) fn number_of(&self, array: Array) -> usize {
        match array {
            Array::Global(number) => number,
            Array::Local(at) => self.frames.last().and_then(|frame| frame.arrays.get(at)).copied().unwrap_or(usize::MAX),
        }
    }

    pub(super) fn table(&self, array: Array) -> Option<&Table> {
        self.arrays.get(&self.number_of(array))
    }

    pub(super) fn forget(&mut self, number: usize) {
        if let Some(table) = self.arrays.remove(&number) {
            self.elements = self.elements.saturating_sub(table.len());
        }
    }

    /// Puts a list in the place of an array.
    pub(super) fn fill(&mut self, array: Array, table: Table) -> Result<(), String> {
        let number = self.number_of(array);
        self.forget(number);
        self.elements += table.len();
        self.arrays.insert(number, table);
        if self.elements > MAX_ELEMENTS { Err(String::from("arrays are too long")) } else { Ok(()) }
    }

    pub(super) fn load(&mut self, place: Place, key: &Value) -> Result<Value, String> {
        Ok(match place {
            Place::Global(super::code::NF) => Value::Num(self.fields().len() as f64),
            Place::Global(at) => self.globals.get(at).cloned().unwrap_or(Value::Unset),
            Place::Local(at) => {
                let base = self.frames.last().map_or(0, |frame| frame.base);
                self.stack.get(base + at).cloned().unwrap_or(Value::Unset)
            }
            Place::Field => self.field(key.num())?,
            Place::Element(array) => {
                let key = self.text(key);
                match self.table(array).and_then(|table| table.get(&key)) {
                    Some(value) => value.clone(),
                    None => {
                        self.store_element(array, key, Value::Unset)?;
                        Value::Unset
                    }
                }
            }
        })
    }

    pub(super) fn store(&mut self, place: Place, key: &Value, value: Value) -> Result<(), String> {
        match place {
            Place::Global(super::code::NF) => self.set_count(value.num()),
            Place::Global(at) => {
                if let Some(slot) = self.globals.get_mut(at) {
                    *slot = value;
                }
            }
            Place::Local(at) => {
                let base = self.frames.last().map_or(0, |frame| frame.base);
                if let Some(slot) = self.stack.get_mut(base + at) {
                    *slot = value;
                }
            }
            Place::Field => {
                let text = self.text(&value);
                self.set_field(key.num(), &text)?;
            }
            Place::Element(array) => {
                let key = self.text(key);
                self.store_element(array, key, value)?;
            }
        }
        Ok(())
    }

    fn store_element(&mut self, array: Array, key: Rc<str>, value: Value) -> Result<(), String> {
        let number = self.number_of(array);
        if self.arrays.entry(number).or_default().insert(key, value).is_none() {
            self.elements += 1;
        }
        if self.elements > MAX_ELEMENTS { Err(String::from("arrays are too long")) } else { Ok(()) }
    }

    fn call(&mut self, function: usize, arrays: &[Array]) -> Result<After, String> {
        let Some(entry) = self.code.functions.get(function).cloned() else { return Ok(After::On) };
        if self.frames.len() >= MAX_FRAMES {
            return Err(String::from("function calls are nested too deeply"));
        }
        let mut arrays: Vec<usize> = arrays.iter().map(|array| self.number_of(*array)).collect();
        let own = entry.arrays.saturating_sub(arrays.len());
        for _ in 0..own {
            arrays.push(self.next_array);
            self.next_array += 1;
        }
        let base = self.stack.len().saturating_sub(entry.plain);
        self.frames.push(Frame { back: self.at + 1, base, arrays, own, keys: self.keys.len() });
        Ok(After::Go(entry.at))
    }

    fn leave(&mut self) -> usize {
        let value = self.pop();
        let Some(frame) = self.frames.pop() else { return self.at + 1 };
        self.free(&frame);
        self.stack.truncate(frame.base);
        self.keys.truncate(frame.keys);
        self.push(value);
        frame.back
    }

    fn free(&mut self, frame: &Frame) {
        for number in frame.arrays.iter().rev().take(frame.own) {
            self.forget(*number);
        }
    }

    /// `for (key in array)`: numbers in their order, other keys as texts.
    fn begin_keys(&mut self, array: Array) {
        let mut keys: Vec<Rc<str>> = self.table(array).map(|table| table.keys().cloned().collect()).unwrap_or_default();
        if keys.iter().all(|key| decimal::is_number(key)) {
            keys.arrange_by(|a, b| decimal::leading(a).partial_cmp(&decimal::leading(b)).unwrap_or(Ordering::Equal));
        }
        self.keys.push(keys.into());
    }

    /// A pattern that is made as the program runs.
    pub(super) fn regex(&mut self, text: &str) -> Result<Regex, String> {
        if let Some((_, regex)) = self.cache.iter().find(|(old, _)| &**old == text) {
            return Ok(regex.clone());
        }
        let regex =
            Regex::new(text, Syntax::Extended, false).map_err(|why| alloc::format!("regular expression compile failed ({why})\n{text}"))?;
        if self.cache.len() >= 8 {
            self.cache.remove(0);
        }
        self.cache.push((Rc::from(text), regex.clone()));
        Ok(regex)
    }

    /// A variable of `awk` itself as a text.
    pub(super) fn global(&self, at: usize) -> Rc<str> {
        self.globals.get(at).map(|value| self.text(value)).unwrap_or_default()
    }

    pub(super) fn set_global(&mut self, at: usize, value: Value) {
        if let Some(slot) = self.globals.get_mut(at) {
            *slot = value;
        }
    }

    /// One more record was read: from the main input if `own`.
    pub(super) fn count_record(&mut self, own: bool) {
        for at in [NR, FNR].into_iter().take(if own { 2 } else { 1 }) {
            let next = self.globals.get(at).map_or(0.0, Value::num) + 1.0;
            self.set_global(at, Value::Num(next));
        }
    }
}
