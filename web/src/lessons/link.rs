//! Links to lessons: `#/lesson/drain`, `#/lesson/drain/2`, and `#l=1.` with a lesson in it. Never: running one unasked.

use kubepie_core::lesson::{Lesson, json, parse};

use super::{Aim, Place};
use crate::app::App;
use crate::i18n::fill;
use crate::page::Sheet;
use crate::share::link::{pack, unpack};

/// What comes before a lesson in a link.
const PREFIX: &str = "l=1.";

/// How many characters of an unknown lesson's name are told.
const MAX_SHOWN: usize = 40;

/// Looks at the fragment of the page's address for a lesson.
pub fn read(app: &mut App, fragment: &str) {
    let fragment = fragment.trim_start_matches('#');
    if let Some(rest) = fragment.strip_prefix("/lesson/") {
        let (id, step) = rest.split_once('/').unwrap_or((rest, "1"));
        let from = step.parse::<usize>().unwrap_or(1).saturating_sub(1);
        if app.lessons.rows.iter().any(|row| row.id == id) {
            let lang = app.look.lang;
            app.lessons.fetch(id.to_string(), lang, Aim::Begin(from));
            app.sheet = Sheet::Lesson;
        } else {
            let id: String = id.chars().take(MAX_SHOWN).collect();
            let sentence = fill(app.words().lessons.no_such, &[&id]);
            if app.look.embedded {
                app.notice = Some(sentence);
            } else {
                app.lessons.failed = Some(sentence);
            }
            (app.lessons.place, app.sheet) = (Place::Lessons, Sheet::Lesson);
        }
    } else if fragment == "/note" {
        app.lessons.place = Place::Note;
        app.lessons.fetch_note(app.look.lang);
    } else if fragment.starts_with("l=") {
        let words = app.words();
        let read = unpack(PREFIX, fragment).map_err(|bad| words.share.bad(&bad, &words.refused));
        match read.and_then(|text| parse::lesson(&text).map_err(|why| [words.share.wrong, &words.refused.defect(&why)].concat())) {
            Ok(lesson) => offer(app, lesson),
            Err(why) => app.notice = Some(why),
        }
    }
}

/// Shows a lesson from outside before it is begun.
pub fn offer(app: &mut App, lesson: Lesson) {
    app.lessons.offered = Some(Box::new(lesson));
    app.lessons.place = Place::Lessons;
    app.sheet = Sheet::Lesson;
}

/// The fragment of a link that carries a lesson, without `#`; nothing where it would be too long.
pub fn fragment(lesson: &Lesson) -> Option<String> {
    pack(PREFIX, &json(lesson)).ok()
}

/// The whole address with another fragment.
pub fn address(fragment: &str) -> String {
    let href = web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    [href.split('#').next().unwrap_or_default(), "#", fragment].concat()
}

/// Puts an address on the clipboard, where the browser allows it.
pub fn copy(address: &str) {
    if let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) {
        let _ = window.navigator().clipboard().write_text(address);
    }
}
