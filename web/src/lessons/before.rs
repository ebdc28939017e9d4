//! The session that was open before the present one: kept, so that a lesson, a link or a new cluster takes nothing away.

use kubepie_core::session::{Scenario, Session};

use super::Place;
use crate::app::App;
use crate::engine::Engine;
use crate::share::link::{pack_all, unpack_all};
use crate::store;

/// How many inputs the kept session has, if one is kept.
pub fn kept() -> Option<usize> {
    store::get(store::BEFORE)?.split(' ').next()?.parse().ok()
}

/// Keeps the present session, unless nothing was done in it; the draft of a lesson that is recorded in it notes where it was.
pub fn put_aside(app: &mut App) {
    let session = &app.engine.session;
    let inputs = session.cursor();
    if inputs == 0 && session.cluster().is_none() {
        return;
    }
    let log = session.export();
    let lesson = store::get(store::LESSON).filter(|lesson| !lesson.starts_with('@')).unwrap_or_default();
    let whole = [&inputs.to_string(), " ", &lesson, "\n", &pack_all(&log)].concat();
    if store::try_set(store::BEFORE, &whole) {
        app.lessons.before = Some(inputs);
    }
    let epoch_ms = session.epoch_ms();
    app.lessons.builder.left(epoch_ms, log);
}

/// Goes back to the kept session and the lesson that was in hand; the present one is kept instead.
pub fn back(app: &mut App) {
    let Some(whole) = store::get(store::BEFORE) else { return };
    let (head, log) = whole.split_once('\n').unwrap_or_default();
    let lesson = head.split_once(' ').map_or("", |(_, lesson)| lesson).to_string();
    let Some(Ok(scenario)) = unpack_all(log).map(|log| Scenario::parse_with(&log, None)) else { return };
    store::remove(store::BEFORE);
    app.lessons.before = None;
    open(app, scenario);
    app.lessons.leave();
    if !lesson.is_empty() {
        store::set(store::LESSON, &lesson);
        app.lessons.resume(app.look.lang);
    }
    app.lessons.place = Place::Lessons;
}

/// Opens a session of this browser's own at its end.
pub fn open(app: &mut App, scenario: Scenario) {
    let end = scenario.end_ms;
    app.replace(Engine::new(Session::new(scenario), end));
}
