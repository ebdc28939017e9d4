//! The lessons as the page fetches them when they are asked for: a JSON file for each lesson and language, made of
//! `core/data/lessons`. What only the tests play is left out.

use crate::page::{dist, files};
use crate::run::root;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The languages of the lessons' texts.
const LANGUAGES: [&str; 2] = ["ko", "en"];

/// `cargo xtask lessons`.
///
/// # Errors
/// Where a lesson cannot be read or a file cannot be written.
pub fn main(_: &[String]) -> Result<(), String> {
    build()
}

/// Writes `dist/lessons`.
///
/// # Errors
/// Where a lesson cannot be read or a file cannot be written.
pub fn build() -> Result<(), String> {
    let target = dist().join("lessons");
    fs::create_dir_all(&target).map_err(|error| format!("{}: {error}", target.display()))?;
    let mut sources = files(&root().join("core/data/lessons"))?;
    sources.push(root().join("core/data/note.yaml"));
    for source in sources.iter().filter(|file| file.extension().is_some_and(|end| end == "yaml")) {
        let text = fs::read_to_string(source).map_err(|error| format!("{}: {error}", source.display()))?;
        let whole: Value = serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", source.display()))?;
        for language in LANGUAGES {
            write(&target, source, &whole, language)?;
        }
    }
    Ok(())
}

fn write(target: &Path, source: &Path, whole: &Value, language: &str) -> Result<(), String> {
    let mut one = whole.clone();
    pick(&mut one, language);
    for step in one.get_mut("steps").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(step) = step.as_object_mut() {
            step.remove("wrong");
            step.remove("other");
        }
    }
    let name = source.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let file = target.join(format!("{name}.{language}.json"));
    fs::write(&file, one.to_string()).map_err(|error| format!("{}: {error}", file.display()))
}

/// Puts the text of one language in the place of every `{ko, en}`.
fn pick(value: &mut Value, language: &str) {
    match value {
        Value::Object(map) if map.len() == LANGUAGES.len() && LANGUAGES.iter().all(|key| map.contains_key(*key)) => {
            let text = map.remove(language).unwrap_or_default();
            *value = text;
        }
        Value::Object(map) => map.values_mut().for_each(|inner| pick(inner, language)),
        Value::Array(items) => items.iter_mut().for_each(|inner| pick(inner, language)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_language_is_left() {
        let mut value = json!({"title": {"ko": "하나", "en": "one"}, "steps": [{"goal": {"ko": "둘", "en": "two"}}]});
        pick(&mut value, "en");
        assert_eq!(value, json!({"title": "one", "steps": [{"goal": "two"}]}));
    }
}
