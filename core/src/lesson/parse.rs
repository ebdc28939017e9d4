//! Lessons from YAML or JSON. They may come from anywhere: bounded, and what is missing or misspelt is told.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::defect::{Defect, What};
use super::fields::{MAX_FILE, MAX_ITEMS, Part};
use super::parse_check;
use super::{Check, Demo, Idea, Lesson, Step};
use crate::text::yaml;

/// The longest lesson, in bytes.
pub const MAX_BYTES: usize = 100_000;

/// The most steps a lesson may have.
const MAX_STEPS: usize = 40;

/// The most checks of a step.
const MAX_CHECKS: usize = 20;

/// Reads a lesson.
///
/// # Errors
/// What is wrong, and where.
pub fn lesson(text: &str) -> Result<Lesson, Defect> {
    if text.len() > MAX_BYTES {
        return Err(Defect::whole(What::TooLong, &MAX_BYTES.to_string()));
    }
    let value = yaml::parse(text).map_err(|e| Defect::whole(What::NotYaml, &e.to_string()))?;
    let v = Part::whole(&value);
    v.only(&["id", "number", "title", "intro", "files", "objects", "setup", "steps", "ideas"])?;
    let id = v.line("id")?;
    if id.is_empty() || id.len() > 60 || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Err(Defect::whole(What::Id, ""));
    }
    let steps = v.items("steps", MAX_STEPS)?;
    if steps.is_empty() {
        return Err(Defect::whole(What::NoSteps, ""));
    }
    let objects = match v.get("objects") {
        Some(part) => match part.value.as_str().filter(|text| text.len() <= MAX_FILE) {
            Some(text) => text.to_string(),
            None => return Err(part.wrong(What::TooLong, &MAX_FILE.to_string())),
        },
        None => String::new(),
    };
    Ok(Lesson {
        id,
        number: v.number("number")?.and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        title: v.text("title")?,
        intro: v.text("intro")?,
        files: v.files("files")?,
        objects,
        setup: v.lines("setup")?,
        steps: steps.iter().map(step).collect::<Result<_, _>>()?,
        ideas: v.items("ideas", MAX_ITEMS)?.iter().map(idea).collect::<Result<_, _>>()?,
    })
}

fn step(v: &Part<'_>) -> Result<Step, Defect> {
    v.only(&["goal", "text", "demo", "hints", "solution", "wrong", "other", "check", "done"])?;
    let check: Vec<Check> = v.items("check", MAX_CHECKS)?.iter().map(parse_check::check).collect::<Result<_, _>>()?;
    let solution = v.lines("solution")?;
    if check.is_empty() {
        return Err(v.wrong(What::NoCheck, ""));
    }
    if solution.is_empty() {
        return Err(v.wrong(What::NoSolution, ""));
    }
    Ok(Step {
        goal: v.text("goal")?,
        text: v.text("text")?,
        demo: v.get("demo").map(|part| demo(&part)).transpose()?,
        hints: v.items("hints", MAX_ITEMS)?.iter().map(Part::as_text).collect::<Result<_, _>>()?,
        solution,
        wrong: v.ways("wrong")?,
        other: v.ways("other")?,
        check,
        done: v.text("done")?,
    })
}

fn demo(v: &Part<'_>) -> Result<Demo, Defect> {
    v.only(&["caption", "files", "setup", "lines"])?;
    let lines = v.lines("lines")?;
    if lines.is_empty() {
        return Err(v.wrong(What::NoLines, ""));
    }
    Ok(Demo { caption: v.text("caption")?, files: v.files("files")?, setup: v.lines("setup")?, lines })
}

fn idea(v: &Part<'_>) -> Result<Idea, Defect> {
    v.only(&["text", "line"])?;
    Ok(Idea { text: v.text("text")?, line: v.line("line")? })
}

#[cfg(test)]
mod tests {
    use super::super::defect::What;
    use super::lesson;
    use alloc::string::{String, ToString};

    const LESSON: &str = "id: a\ntitle: T\nintro: I\nsteps:\n- goal: G\n  text: T\n  done: D\n  solution: [kubectl get pods]\n  check:\n  - {resource: pods, name: a}\n";

    fn said(from: &str, to: &str) -> (What, String, String) {
        assert!(LESSON.contains(from));
        let defect = lesson(&LESSON.replacen(from, to, 1)).unwrap_err();
        (defect.what, defect.place, defect.with)
    }

    fn is(what: What, place: &str, with: &str) -> (What, String, String) {
        (what, place.to_string(), with.to_string())
    }

    #[test]
    fn a_lesson_in_one_language_reads() {
        let lesson = lesson(LESSON).unwrap();
        assert_eq!((lesson.title.ko.as_str(), lesson.title.en.as_str()), ("T", "T"));
    }

    #[test]
    fn every_defect_has_its_name_and_place() {
        assert_eq!(said("id: a", "id: A b"), is(What::Id, "", ""));
        assert_eq!(said("intro: I", "intro: {ko: 나}"), is(What::Languages, "intro", ""));
        assert_eq!(said("title: T\n", ""), is(What::Missing, "", "title"));
        assert_eq!(said("  done: D", "  dun: D"), is(What::UnknownKey, "steps[0]", "dun"));
        assert_eq!(said("[kubectl get pods]", "[[a]]"), is(What::NotText, "steps[0].solution[0]", ""));
        assert_eq!(said("[kubectl get pods]", "[]"), is(What::NoSolution, "steps[0]", ""));
        assert_eq!(said("name: a", "path: '{.a'"), is(What::Path, "steps[0].check[0].path", "unclosed action"));
        assert_eq!(said("name: a", "op: like"), is(What::Op, "steps[0].check[0]", "like"));
        assert_eq!(said("name: a", "selector: 'a=('"), is(What::Selector, "steps[0].check[0].selector", ""));
        assert_eq!(said("resource: pods, name: a", "name: a"), is(What::Subject, "steps[0].check[0]", ""));
        assert_eq!(said("name: a", "count: -1"), is(What::Number, "steps[0].check[0].count", ""));
        assert_eq!(said("name: a", "held: long"), is(What::Duration, "steps[0].check[0].held", ""));
    }

    #[test]
    fn nothing_that_comes_in_brings_it_down() {
        for end in 0..LESSON.len() {
            let _ = lesson(&LESSON[..end]);
        }
        let deep = ["id: ", &"[".repeat(5_000)].concat();
        assert!(lesson(&deep).is_err());
        assert!(lesson(&"a".repeat(super::MAX_BYTES + 1)).is_err());
        let bomb = "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n";
        assert!(lesson(bomb).is_err());
    }
}
