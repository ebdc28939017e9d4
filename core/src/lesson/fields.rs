//! Reading the parts of a lesson with their bounds: every defect says where and what.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::Text;
use super::defect::{Defect, What};
use crate::object::value::{at, items_at, map_at};

/// The longest text for people, in bytes.
const MAX_TEXT: usize = 4_000;

/// The longest line, path or value, in bytes.
pub(super) const MAX_LINE: usize = 2_000;

/// The most lines, hints or files in one place.
pub(super) const MAX_ITEMS: usize = 50;

/// The longest file, in bytes.
pub(super) const MAX_FILE: usize = 20_000;

/// A part of a lesson and where it is: `steps[2].check[0]`.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// The part.
    pub value: &'a Value,
    place: String,
}

impl<'a> Part<'a> {
    /// The whole lesson.
    pub fn whole(value: &'a Value) -> Part<'a> {
        Part { value, place: String::new() }
    }

    /// A defect of this part.
    pub fn wrong(&self, what: What, with: &str) -> Defect {
        Defect { place: self.place.clone(), ..Defect::whole(what, with) }
    }

    /// The same, with the limit.
    fn limit(&self, what: What, most: usize) -> Defect {
        self.wrong(what, &most.to_string())
    }

    fn place_of(&self, key: &str) -> String {
        match self.place.is_empty() {
            true => key.to_string(),
            false => [&self.place, ".", key].concat(),
        }
    }

    /// What stands under a key, if anything does.
    pub fn get(&self, key: &str) -> Option<Part<'a>> {
        at(self.value, key).filter(|v| !v.is_null()).map(|value| Part { value, place: self.place_of(key) })
    }

    /// The elements under a key, at most so many.
    ///
    /// # Errors
    /// Where it is no list or too long.
    pub fn items(&self, key: &str, most: usize) -> Result<Vec<Part<'a>>, Defect> {
        let Some(list) = self.get(key) else { return Ok(Vec::new()) };
        let items = items_at(self.value, key);
        match list.value.as_array().is_some_and(|a| a.len() <= most) {
            true => Ok(items.iter().enumerate().map(|(n, value)| Part { value, place: format!("{}[{n}]", list.place) }).collect()),
            false => Err(list.limit(What::List, most)),
        }
    }

    /// That it has no keys but these: what is misspelt is said, not passed over.
    ///
    /// # Errors
    /// The key that is not known.
    pub fn only(&self, keys: &[&str]) -> Result<(), Defect> {
        let Some(map) = map_at(self.value, "") else { return Err(self.wrong(What::Map, "")) };
        match map.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(key) => Err(Defect { known: keys.join(", "), ..self.wrong(What::UnknownKey, short(key)) }),
            None => Ok(()),
        }
    }

    /// The part itself as one line of text; numbers and booleans count as their text.
    ///
    /// # Errors
    /// Where it is something else or too long.
    pub fn as_line(&self) -> Result<String, Defect> {
        let text = match self.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            _ => return Err(self.wrong(What::NotText, "")),
        };
        match text.len() > MAX_LINE {
            true => Err(self.limit(What::TooLong, MAX_LINE)),
            false => Ok(text),
        }
    }

    /// The text under a key; empty when there is none.
    ///
    /// # Errors
    /// Where it is not text or too long.
    pub fn line(&self, key: &str) -> Result<String, Defect> {
        self.get(key).map_or(Ok(String::new()), |part| part.as_line())
    }

    /// The whole number under a key.
    ///
    /// # Errors
    /// Where it is not one between zero and a million.
    pub fn number(&self, key: &str) -> Result<Option<usize>, Defect> {
        let Some(part) = self.get(key) else { return Ok(None) };
        match part.value.as_u64().filter(|n| *n <= 1_000_000) {
            Some(n) => Ok(usize::try_from(n).ok()),
            None => Err(part.wrong(What::Number, "")),
        }
    }

    /// The boolean under a key; false when there is none.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn truth(&self, key: &str) -> Result<bool, Defect> {
        let Some(part) = self.get(key) else { return Ok(false) };
        part.value.as_bool().ok_or_else(|| part.wrong(What::Truth, ""))
    }

    /// The lines under a key.
    ///
    /// # Errors
    /// Where one is not text or too long, or there are too many.
    pub fn lines(&self, key: &str) -> Result<Vec<String>, Defect> {
        self.items(key, MAX_ITEMS)?.iter().map(Part::as_line).collect()
    }

    /// The lists of lines under a key; a single line counts as a list of one.
    ///
    /// # Errors
    /// As for [`Part::lines`].
    pub fn ways(&self, key: &str) -> Result<Vec<Vec<String>>, Defect> {
        let way = |part: Part<'_>| match part.value {
            Value::Array(lines) if lines.len() <= MAX_ITEMS => {
                lines.iter().map(|value| Part { value, place: part.place.clone() }.as_line()).collect()
            }
            _ => part.as_line().map(|line| alloc::vec![line]),
        };
        self.items(key, MAX_ITEMS)?.into_iter().map(way).collect()
    }

    /// The files under a key, by name.
    ///
    /// # Errors
    /// Where one is not text or too long, or there are too many.
    pub fn files(&self, key: &str) -> Result<Vec<(String, String)>, Defect> {
        let Some(part) = self.get(key) else { return Ok(Vec::new()) };
        let Some(map) = part.value.as_object().filter(|map| map.len() <= MAX_ITEMS) else {
            return Err(part.limit(What::Files, MAX_ITEMS));
        };
        let file = |(name, text): (&String, &Value)| match text.as_str() {
            Some(text) if text.len() <= MAX_FILE && name.len() <= 200 => Ok((name.clone(), text.to_string())),
            _ => Err(Defect { known: MAX_FILE.to_string(), ..part.wrong(What::File, short(name)) }),
        };
        map.iter().map(file).collect()
    }

    /// The part itself as a text for people: one for every language, or `{ko, en}`.
    ///
    /// # Errors
    /// Where a language is empty or the text is too long.
    pub fn as_text(&self) -> Result<Text, Defect> {
        let text = match self.value {
            Value::String(text) => Text { ko: text.trim().to_string(), en: text.trim().to_string() },
            Value::Object(_) => {
                self.only(&["ko", "en"])?;
                let of = |key: &str| at(self.value, key).and_then(Value::as_str).unwrap_or_default().trim().to_string();
                Text { ko: of("ko"), en: of("en") }
            }
            _ => return Err(self.wrong(What::Neither, "")),
        };
        if text.ko.is_empty() || text.en.is_empty() {
            return Err(self.wrong(What::Languages, ""));
        }
        if text.ko.len() > MAX_TEXT || text.en.len() > MAX_TEXT {
            return Err(self.limit(What::TooLong, MAX_TEXT));
        }
        Ok(text)
    }

    /// The text for people under a key.
    ///
    /// # Errors
    /// Where it is missing, or as for [`Part::as_text`].
    pub fn text(&self, key: &str) -> Result<Text, Defect> {
        match self.get(key) {
            Some(part) => part.as_text(),
            None => Err(self.wrong(What::Missing, key)),
        }
    }
}

/// The beginning of something untrusted, for a sentence.
fn short(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| text.get(..end).unwrap_or_default())
}
