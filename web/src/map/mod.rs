//! The map's part of the page: its state and what can happen to it. Never: where things lie (scene.rs) or how they look.

mod actors;
mod dom;
mod flights;
mod ground;
mod keys;
mod legend;
mod nodes;
mod owners;
mod panel;
mod pie;
mod pod;
mod refs;
mod scene;
mod seats;
mod sheets;
mod sight;
mod stage;
mod table;
mod tell;
mod toolbar;
mod traffic;
mod world;

#[cfg(test)]
pub mod fixture;

use std::rc::Rc;

use kubepie_core::session::Session;
use kubepie_core::session::view::{PodView, ServiceView, View, WorkloadView};
use web_sys::Element;
use yew::prelude::*;

use crate::app::App;
use crate::i18n::Words;
use actors::Actors;
use dom::{element, focus, focused_id};
use flights::Flights;
use ground::Brush;
use keys::Way;
use scene::Ask;
use sheets::Sheets;
use sight::{Shift, Sight};
use stage::{Stage, Wish};
use tell::Tale;

pub use panel::{cpu, memory};
pub use pie::{looks, pie, sign};
pub use refs::{Ref, Scope, is_system, ref_of, resource_of, uid_of};
pub use scene::Lens;
pub use world::map;

/// Whether what manages Pods has a box though it has no Pods.
fn is_shown_workload(ask: &Ask<'_>, w: &WorkloadView) -> bool {
    ask.view.pods.first().is_none_or(|p| shown_as(ask, p, &w.namespace))
}

/// Whether a Service is shown though no Pod is behind it.
fn is_shown_service(ask: &Ask<'_>, s: &ServiceView) -> bool {
    let api_server = &*s.name == "kubernetes" && &*s.namespace == "default";
    !api_server && ask.view.pods.first().is_none_or(|p| shown_as(ask, p, &s.namespace))
}

/// Whether a Pod of a namespace would be shown in full.
fn shown_as(ask: &Ask<'_>, like: &PodView, namespace: &str) -> bool {
    let pod = PodView { namespace: namespace.into(), ..like.clone() };
    (ask.shown)(&pod) && !(ask.quiet)(&pod)
}

/// What can happen to the map.
pub enum Msg {
    /// Its element may have another size.
    Resized,
    /// It was measured, and has another size.
    Measured,
    /// Another lens, and away from the table.
    Lens(Lens),
    /// The table instead of the map.
    Table,
    /// Other namespaces: empty for the learner's, `*` for all.
    Scope(String),
    /// Something is sought.
    Search(String),
    /// The first that was found is chosen.
    Found,
    /// Larger or smaller by a factor, about a place of its window.
    Zoom(f64, Option<(f64, f64)>),
    /// It, or the table, is scrolled.
    Scrolled(Shift),
    /// A row of a table is to have the focus: of which table, which row, and how many rows each has.
    Row(usize, usize, [usize; sheets::TABLES]),
    /// A table is put in the order of another of its columns: of which table, and which column.
    Sort(usize, usize),
    /// As large as there is room.
    Fit,
    /// An object is chosen.
    Select(Option<Ref>),
    /// An object on the map is chosen, by its UID.
    Pick(String),
    /// The tab key leads to another element from now on.
    Focused(String),
    /// A key on the map.
    Key(KeyboardEvent),
}

/// The map's state.
pub struct State {
    /// The lens.
    pub lens: Lens,
    /// Whether the table is shown.
    pub table: bool,
    /// Which namespaces are shown.
    pub scope: Scope,
    /// What is sought.
    pub search: String,
    /// How near one is.
    pub sight: Sight,
    /// The tables.
    pub sheets: Sheets,
    /// Its element.
    pub viewport: NodeRef,
    /// What was chosen.
    pub selected: Option<Ref>,
    /// What is drawn.
    pub stage: Rc<Stage>,
    /// What of it is still to be drawn.
    pub brush: Brush,
    /// Requests in the air.
    pub flights: Flights,
    /// The last sentence about what changed.
    pub told: String,
    size: (f64, f64),
    focus: Option<Rc<str>>,
    actors: Actors,
    tale: Tale,
    view: View,
    dirty: bool,
    /// Whether it may have another size.
    unsure: bool,
    measured_ms: f64,
}

/// How often the map is measured though nothing is known to have changed its size.
const MEASURE_EVERY_MS: f64 = 500.0;

impl State {
    /// Before anything could be measured.
    pub fn new() -> State {
        State {
            lens: Lens::Nodes,
            table: false,
            scope: Scope::Own,
            search: String::new(),
            sight: Sight::default(),
            sheets: Sheets::default(),
            viewport: NodeRef::default(),
            selected: None,
            stage: Rc::default(),
            brush: Brush::default(),
            flights: Flights::default(),
            told: String::new(),
            size: (800.0, 440.0),
            focus: None,
            actors: Actors::default(),
            tale: Tale::default(),
            view: View::default(),
            dirty: true,
            unsure: true,
            measured_ms: 0.0,
        }
    }

    /// Another session takes the place of this one.
    pub fn restart(&mut self) {
        self.selected = None;
        self.focus = None;
        self.view = View::default();
        self.actors = Actors::default();
        self.dirty = true;
    }

    /// A frame begins, at a real millisecond: nothing has changed yet, so that to look how large the map is costs nothing.
    pub fn begin_frame(&mut self, at: f64) {
        self.bring_into_sight();
        if at - self.measured_ms > MEASURE_EVERY_MS {
            self.measured_ms = at;
            self.measure();
        }
    }

    /// Looks how large the map is, if something was done that may have changed it. Returns whether it has.
    pub fn look_how_large(&mut self) -> bool {
        std::mem::take(&mut self.unsure) && self.measure()
    }

    /// Looks how large the map is. Returns whether that has changed.
    fn measure(&mut self) -> bool {
        let Some(element) = self.viewport.cast::<Element>() else { return false };
        // Without the padding that the stylesheet gives it.
        let size = (f64::from(element.client_width() - 12).max(200.0), f64::from(element.client_height() - 14).max(96.0));
        let changed = (size.0 - self.size.0).abs() > 0.5 || (size.1 - self.size.1).abs() > 0.5;
        self.size = size;
        self.dirty |= changed;
        changed
    }

    /// Takes in a picture of the cluster, at a real millisecond. Returns whether anything on the map has changed.
    pub fn refresh(&mut self, session: &Session, view: &View, words: &Words, at: f64) -> bool {
        let due = self.actors.next_ms.is_some_and(|next| at >= next);
        let same = self.view.version == view.version && Rc::ptr_eq(&self.view.pods, &view.pods);
        let counting = same && view.at.as_ms() / 1000 != self.view.at.as_ms() / 1000 && waits(view);
        let mut changed = self.dirty || due || !same || counting;
        if changed {
            self.dirty = false;
            let wall_ms = session.epoch_ms() + view.at.as_ms() as i64;
            let moves = self.lay(view, wall_ms, at);
            if !self.view.pods.is_empty() {
                self.tale.hear(&self.view, view, &moves, at);
            }
            self.view = view.clone();
        }
        if let Some(told) = self.tale.told(at, words) {
            self.told = told;
            changed = true;
        }
        let flown = self.flights.look(session, &self.stage, at);
        changed || flown
    }

    fn lay(&mut self, view: &View, wall_ms: i64, at: f64) -> Vec<kubepie_core::session::view::Move> {
        let scope = self.scope.clone();
        let shown = |p: &PodView| scope == Scope::Own || scope.holds(&p.namespace);
        let quiet = |p: &PodView| scope == Scope::Own && is_system(&p.namespace);
        let sought = self.search.trim().to_lowercase();
        let found = |p: &PodView| matches(p, &sought);
        let times = self.sight.near;
        let wish = Wish {
            lens: self.lens,
            size: (self.size.0 * times, self.size.1 * times),
            height: self.size.1 / self.scale(),
            near: (times > 1.0).then_some((times, self.sight.afar)),
            shown: &shown,
            quiet: &quiet,
            found: (!sought.is_empty()).then_some(&found as &dyn Fn(&PodView) -> bool),
            chosen: self.selected.as_ref().and_then(|r| uid_of(view, r)),
            focus: self.focus.clone(),
            wall_ms,
        };
        let (stage, moves) = self.actors.stage(&self.stage, view, &wish, at);
        self.set_stage(stage);
        moves
    }

    /// The first Pod that the search finds.
    fn first_found(&self, view: &View) -> Option<Ref> {
        let sought = self.search.trim().to_lowercase();
        let pod = view.pods.iter().find(|p| !sought.is_empty() && matches(p, &sought))?;
        Some(Ref::new("pods", &pod.namespace, &pod.name))
    }

    /// Brings what is chosen into sight.
    fn show(&mut self, view: &View) {
        self.sight.reach = self.selected.as_ref().and_then(|r| uid_of(view, r)).map(|uid| (uid, false));
    }

    fn go(&mut self, e: &KeyboardEvent) -> Option<Rc<str>> {
        let places = self.stage.places();
        let now = focused_id().or_else(|| self.stage.focus.as_ref().map(|f| f.to_string()));
        let from = places.iter().find(|(id, _)| Some(&**id) == now.as_deref()).map_or((0.0, 0.0), |(_, place)| *place);
        let at = match e.key().as_str() {
            "Home" => Some(0),
            "End" => places.len().checked_sub(1),
            "Escape" => return now.and_then(|id| self.stage.around(&id)),
            key => keys::nearest(from, Way::of(key)?, places.iter().map(|(_, place)| *place)),
        }?;
        places.get(at).map(|(id, _)| id.clone())
    }
}

/// Whether a Pod is what is sought: by name, namespace, status, node, address, label or image.
fn matches(pod: &PodView, sought: &str) -> bool {
    let plain = [&*pod.name, &*pod.namespace, &*pod.status, pod.node.as_deref().unwrap_or_default(), &*pod.ip];
    plain.iter().any(|t| t.to_lowercase().contains(sought))
        || pod.labels.iter().any(|(k, v)| [k.as_str(), "=", v].concat().to_lowercase().contains(sought))
        || pod.containers.iter().any(|c| c.image.to_lowercase().contains(sought))
}

/// Whether a container waits to be started again.
fn waits(view: &View) -> bool {
    view.pods.iter().any(|p| p.containers.iter().any(|c| c.retry_ms.is_some()))
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    let map = &mut app.map;
    match msg {
        Msg::Resized => {
            map.measure();
        }
        Msg::Measured => {
            app.map.dirty = true;
            return true;
        }
        Msg::Lens(lens) => (map.lens, map.table) = (lens, false),
        Msg::Table => (map.table, map.sheets.shift) = (true, Shift::default()),
        Msg::Sort(table, column) => map.sheets.sort(table, column),
        Msg::Scrolled(to) => return map.scrolled(to),
        Msg::Row(table, row, counts) => map.go_to_row(table, row, &counts),
        Msg::Scope(name) => {
            map.scope = match name.as_str() {
                "" => Scope::Own,
                "*" => Scope::All,
                one => Scope::One(one.into()),
            }
        }
        Msg::Search(text) => map.search = text,
        Msg::Found => {
            let found = map.first_found(&app.view);
            map.selected = found.or_else(|| map.selected.take());
            map.show(&app.view);
        }
        Msg::Zoom(factor, about) => map.zoom(factor, about),
        Msg::Fit => map.sight = Sight::default(),
        Msg::Select(what) => {
            let closed = what.is_none().then(|| map.selected.as_ref().and_then(|r| uid_of(&app.view, r))).flatten();
            map.selected = what;
            closed.inspect(|uid| focus(uid));
            map.show(&app.view);
        }
        Msg::Pick(uid) => {
            let picked = ref_of(&app.view, &uid);
            map.selected = if picked == map.selected { None } else { picked };
        }
        Msg::Focused(id) => {
            if map.stage.focus.as_deref() == Some(&id) {
                return false;
            }
            map.focus = Some(id.as_str().into());
        }
        Msg::Key(e) => {
            if e.key() == "Escape" && map.selected.is_some() {
                map.selected = None;
            } else if let Some(id) = map.go(&e) {
                match element(&id) {
                    Some(_) => focus(&id),
                    None => map.sight.reach = Some((id.clone(), true)),
                }
                map.focus = Some(id);
            } else {
                return false;
            }
        }
    }
    (app.map.dirty, app.map.unsure) = (true, true);
    true
}
