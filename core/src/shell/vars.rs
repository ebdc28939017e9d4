//! The shell's variables and which of them are exported. Never: how they are written in a line (`expand`).

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::process::Env;

/// The most bytes one variable may hold.
pub const MAX_VALUE_BYTES: usize = 1024 * 1024;
/// The highest place of an array, and the most elements.
const MAX_PLACE: usize = 1_000_000_000;
const MAX_ELEMENTS: usize = 100_000;

/// The place of an element in an array.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Of an array by numbers.
    At(usize),
    /// Of one by names (`declare -A`).
    Name(Rc<str>),
}

/// The elements of an array; places may be empty.
pub type Elements = BTreeMap<Key, Rc<str>>;

/// The value of a variable.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    Text(Rc<str>),
    /// An array.
    List(Rc<Elements>),
}

#[derive(Clone, Debug)]
struct Var {
    value: Value,
    exported: bool,
    readonly: bool,
    /// An array by names.
    named: bool,
    /// What is assigned is arithmetic.
    integer: bool,
}

impl Var {
    fn new(value: Value) -> Var {
        Var { value, exported: false, readonly: false, named: false, integer: false }
    }
}

/// A variable that will be put back.
#[derive(Clone, Debug)]
pub struct Kept(Option<Var>);

/// All variables of a shell; a clone shares them until one side changes.
#[derive(Clone, Debug, Default)]
pub struct Vars {
    map: Rc<BTreeMap<Rc<str>, Var>>,
    env: Env,
    random: u32,
    exports: bool,
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
            Value::List(list) => list.get(&Key::At(0)).or_else(|| list.get(&Key::Name(Rc::from("0")))).map(Rc::clone),
        }
    }

    /// The elements of an array; a string is an array of one.
    pub fn list(&self, name: &str) -> Vec<Rc<str>> {
        match self.map.get(name).map(|var| &var.value) {
            Some(Value::Text(text)) => alloc::vec![Rc::clone(text)],
            Some(Value::List(list)) => list.values().cloned().collect(),
            None => Vec::new(),
        }
    }

    /// The places of an array's elements, as they are written in brackets.
    pub fn keys(&self, name: &str) -> Vec<Rc<str>> {
        match self.map.get(name).map(|var| &var.value) {
            Some(Value::Text(_)) => Vec::from([Rc::from("0")]),
            Some(Value::List(list)) => list
                .keys()
                .map(|key| match key {
                    Key::At(at) => Rc::from(alloc::format!("{at}")),
                    Key::Name(name) => Rc::clone(name),
                })
                .collect(),
            None => Vec::new(),
        }
    }

    /// Whether a variable is an array by names.
    pub fn is_named(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|var| var.named)
    }

    /// The place that a number means; a negative one counts from the end.
    pub fn place(&self, name: &str, at: i64) -> Option<Key> {
        let end = match self.map.get(name).map(|var| &var.value) {
            Some(Value::List(list)) => list.last_key_value().map_or(0, |(key, _)| if let Key::At(at) = key { at + 1 } else { 0 }),
            Some(Value::Text(_)) => 1,
            None => 0,
        };
        let at = if at < 0 { i64::try_from(end).ok()?.checked_add(at)? } else { at };
        usize::try_from(at).ok().filter(|at| *at <= MAX_PLACE).map(Key::At)
    }

    /// The place that the text in brackets means: a name, or arithmetic. `None`: there is no such place.
    pub fn key(&mut self, name: &str, index: &str) -> Option<Key> {
        if self.is_named(name) {
            return Some(Key::Name(Rc::from(index)));
        }
        let at = super::arith::evaluate(index, self).ok()?;
        self.place(name, at)
    }

    /// The place after the last.
    pub fn next_place(&self, name: &str) -> Option<Key> {
        match self.map.get(name).map(|var| &var.value) {
            Some(Value::List(list)) => match list.last_key_value() {
                Some((Key::At(at), _)) => Some(Key::At(at + 1)),
                Some(_) => None,
                None => Some(Key::At(0)),
            },
            _ => Some(Key::At(0)),
        }
    }

    /// Whether what is assigned is arithmetic.
    pub fn is_integer(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|var| var.integer)
    }

    /// One element of an array.
    pub fn element(&self, name: &str, key: &Key) -> Option<Rc<str>> {
        match &self.map.get(name)?.value {
            Value::Text(text) => (*key == Key::At(0)).then(|| Rc::clone(text)),
            Value::List(list) => list.get(key).cloned(),
        }
    }

    /// Makes a variable an array, by names or by numbers; what it held stays.
    pub fn make_array(&mut self, name: &str, named: bool) {
        let map = Rc::make_mut(&mut self.map);
        let var = map.entry(Rc::from(name)).or_insert_with(|| Var::new(Value::List(Rc::default())));
        var.named |= named;
        if let Value::Text(text) = &var.value {
            var.value = Value::List(Rc::new(Elements::from([(Key::At(0), Rc::clone(text))])));
        }
    }

    /// Lets assignments to a variable be arithmetic.
    pub fn make_integer(&mut self, name: &str) {
        Rc::make_mut(&mut self.map).entry(Rc::from(name)).or_insert_with(|| Var::new(Value::Text(Rc::from("")))).integer = true;
    }

    /// What `declare -p` writes before the name.
    pub fn flags(&self, name: &str) -> String {
        let mut flags = String::new();
        if let Some(var) = self.map.get(name) {
            let list = matches!(var.value, Value::List(_));
            for (letter, on) in [('a', list && !var.named), ('A', var.named), ('i', var.integer), ('r', var.readonly), ('x', var.exported)]
            {
                if on {
                    flags.push(letter);
                }
            }
        }
        if flags.is_empty() { String::from("-") } else { flags }
    }

    /// `set -a`: whether what is set is exported as well.
    pub fn export_all(&mut self, on: bool) {
        self.exports = on;
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
        let mut text: Rc<str> = Rc::from(cut);
        if self.map.get(name).is_some_and(|var| var.integer) {
            let number = super::arith::evaluate(&text, self).unwrap_or(0);
            text = Rc::from(alloc::format!("{number}"));
        }
        let exports = self.exports;
        let map = Rc::make_mut(&mut self.map);
        match map.get_mut(name) {
            Some(var) => {
                if var.exported {
                    self.env.set(name, &text);
                }
                match &mut var.value {
                    // An array without a place means its first element.
                    Value::List(list) => {
                        let key = if var.named { Key::Name(Rc::from("0")) } else { Key::At(0) };
                        Rc::make_mut(list).insert(key, text);
                    }
                    value => *value = Value::Text(text),
                }
            }
            None => {
                map.insert(Rc::from(name), Var::new(Value::Text(text)));
            }
        }
        if exports {
            self.export(name);
        }
    }

    /// Sets a variable to an array of these, from place 0.
    pub fn set_list(&mut self, name: &str, list: Vec<Rc<str>>) {
        let elements = list.into_iter().enumerate().map(|(at, one)| (Key::At(at), one)).collect();
        self.set_elements(name, elements);
    }

    /// Sets all elements of an array.
    pub fn set_elements(&mut self, name: &str, elements: Elements) {
        let map = Rc::make_mut(&mut self.map);
        let var = map.entry(Rc::from(name)).or_insert_with(|| Var::new(Value::List(Rc::default())));
        var.value = Value::List(Rc::new(elements));
    }

    /// Sets one element of an array.
    pub fn set_element(&mut self, name: &str, key: Key, value: &str) {
        self.make_array(name, false);
        if let Some(Var { value: Value::List(list), .. }) = Rc::make_mut(&mut self.map).get_mut(name)
            && list.len() < MAX_ELEMENTS
        {
            Rc::make_mut(list).insert(key, Rc::from(value));
        }
    }

    /// Takes one element of an array away.
    pub fn unset_element(&mut self, name: &str, key: &Key) {
        if let Some(Var { value: Value::List(list), .. }) = Rc::make_mut(&mut self.map).get_mut(name) {
            Rc::make_mut(list).remove(key);
        }
    }

    /// A variable as it is, to be put back later; `None`: there is none.
    pub fn keep(&self, name: &str) -> Kept {
        Kept(self.map.get(name).cloned())
    }

    /// Puts a variable back as it was.
    pub fn put_back(&mut self, name: &str, kept: Kept) {
        self.env.remove(name);
        match kept.0 {
            Some(var) => {
                if let (true, Value::Text(text)) = (var.exported, &var.value) {
                    self.env.set(name, text);
                }
                Rc::make_mut(&mut self.map).insert(Rc::from(name), var);
            }
            None => {
                Rc::make_mut(&mut self.map).remove(name);
            }
        }
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
