//! The shell's variables and which of them are exported. Never: how they are written in a line (`expand`).

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::process::Env;

/// The most bytes one variable may hold.
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;

/// The value of a variable.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    Text(Rc<str>),
    /// An array.
    List(Rc<Vec<Rc<str>>>),
}

#[derive(Clone, Debug)]
struct Var {
    value: Value,
    exported: bool,
    readonly: bool,
}

/// All variables of a shell; a clone shares them until one side changes.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    map: Rc<BTreeMap<Rc<str>, Var>>,
    env: Env,
    random: u32,
}

impl Vars {
    /// The exported ones, as programs get them.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The value as text: the first element of an array.
    pub fn get(&self, name: &str) -> Option<Rc<str>> {
        match &self.map.get(name)?.value {
            Value::Text(text) => Some(Rc::clone(text)),
            Value::List(list) => list.first().map(Rc::clone),
        }
    }

    /// The elements of an array; a string is an array of one.
    pub fn list(&self, name: &str) -> Vec<Rc<str>> {
        match self.map.get(name).map(|var| &var.value) {
            Some(Value::Text(text)) => alloc::vec![Rc::clone(text)],
            Some(Value::List(list)) => list.to_vec(),
            None => Vec::new(),
        }
    }

    /// Whether there is such a variable.
    pub fn is_set(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Whether it may not change.
    pub fn is_readonly(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|var| var.readonly)
    }

    /// Sets a variable; it stays exported if it was.
    pub fn set(&mut self, name: &str, value: &str) {
        let cut = if value.len() > MAX_VALUE_BYTES { value.get(..floor(value, MAX_VALUE_BYTES)).unwrap_or("") } else { value };
        let text: Rc<str> = Rc::from(cut);
        let map = Rc::make_mut(&mut self.map);
        match map.get_mut(name) {
            Some(var) => {
                if var.exported {
                    self.env.set(name, &text);
                }
                var.value = Value::Text(text);
            }
            None => {
                map.insert(Rc::from(name), Var { value: Value::Text(text), exported: false, readonly: false });
            }
        }
    }

    /// Sets a variable to an array.
    pub fn set_list(&mut self, name: &str, list: Vec<Rc<str>>) {
        Rc::make_mut(&mut self.map).insert(Rc::from(name), Var { value: Value::List(Rc::new(list)), exported: false, readonly: false });
    }

    /// Sets one element of an array.
    pub fn set_element(&mut self, name: &str, at: usize, value: &str) {
        let mut list = self.list(name);
        if at > 100_000 {
            return;
        }
        while list.len() <= at {
            list.push(Rc::from(""));
        }
        if let Some(element) = list.get_mut(at) {
            *element = Rc::from(value);
        }
        self.set_list(name, list);
    }

    /// Gives a variable to programs from now on.
    pub fn export(&mut self, name: &str) {
        let map = Rc::make_mut(&mut self.map);
        if let Some(var) = map.get_mut(name) {
            var.exported = true;
            if let Value::Text(text) = &var.value {
                self.env.set(name, text);
            }
        }
    }

    /// Keeps it from programs again.
    pub fn unexport(&mut self, name: &str) {
        if let Some(var) = Rc::make_mut(&mut self.map).get_mut(name) {
            var.exported = false;
        }
        self.env.remove(name);
    }

    /// Forbids changes.
    pub fn make_readonly(&mut self, name: &str) {
        if let Some(var) = Rc::make_mut(&mut self.map).get_mut(name) {
            var.readonly = true;
        }
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        Rc::make_mut(&mut self.map).remove(name);
        self.env.remove(name);
    }

    /// Names and values in order of name, with whether each is exported.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value, bool)> {
        self.map.iter().map(|(name, var)| (&**name, &var.value, var.exported))
    }

    /// Names that begin like this, for completion.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        self.map.keys().filter(|name| name.starts_with(prefix)).map(|name| String::from(&**name)).collect()
    }

    /// The next value of `$RANDOM`, 0 to 32767.
    pub fn next_random(&mut self) -> u32 {
        self.random = self.random.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (self.random >> 16) & 0x7fff
    }

    /// Where `$RANDOM` begins.
    pub fn seed_random(&mut self, seed: u32) {
        self.random = seed;
    }
}

/// The largest boundary between characters that is not above `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
