//! What of the map is in sight: coming nearer, scrolling, bringing something into sight. Who comes nearer to small Pods finds
//! them laid out larger, with what there is room to tell; large ones are magnified. Never: where things lie.

use std::rc::Rc;

use web_sys::Element;

use super::dom::{element, focus, tables};
use super::scene::{Rect, Size};
use super::stage::Stage;
use super::table::row_id;
use super::{State, world};

/// The least and the greatest zoom.
const ZOOM: (f64, f64) = (0.5, 8.0);
/// How much beyond what is in sight is drawn, as a part of it.
const MARGIN: f64 = 0.5;

/// How far something is scrolled, and how high it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shift {
    /// To the left.
    pub x: f64,
    /// To the top.
    pub y: f64,
    /// Its height.
    pub h: f64,
}

impl Shift {
    /// That of an element.
    pub fn of(e: &Element) -> Shift {
        Shift { x: e.scroll_left().into(), y: e.scroll_top().into(), h: e.client_height().into() }
    }
}

/// How near one is, and what is being brought into sight.
#[derive(Debug)]
pub struct Sight {
    /// How much larger than it fits the map is.
    pub zoom: f64,
    /// How much of that is more room for what is laid out, rather than a magnification.
    pub near: f64,
    /// The size of Pods from afar.
    pub afar: Size,
    /// How far the map is scrolled.
    pub shift: Shift,
    /// What is to stay where it is on the screen, and where that is.
    pin: Option<(Rc<str>, (f64, f64))>,
    /// What is to be brought into sight once it is drawn, and whether it takes the focus.
    pub reach: Option<(Rc<str>, bool)>,
}

impl Default for Sight {
    fn default() -> Sight {
        Sight { zoom: 1.0, near: 1.0, afar: Size::Large, shift: Shift::default(), pin: None, reach: None }
    }
}

impl Sight {
    /// Comes nearer or goes away by a factor, in sight of Pods of a size.
    fn come(&mut self, factor: f64, size: Size) {
        self.zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        if (self.zoom - 1.0).abs() < 0.06 {
            self.zoom = 1.0;
        }
        // There is no more to tell of large ones.
        self.near = if self.zoom < self.near || size != Size::Large { self.zoom.max(1.0) } else { self.near };
    }

    /// How much what is laid out is magnified.
    pub fn scale(&self) -> f64 {
        self.zoom / self.near
    }

    /// The part of a stage that is to be drawn on a map of a size: `old`, as long as it holds what is in sight.
    fn part(&self, stage: &Stage, size: (f64, f64), old: Option<Rect>) -> Option<Rect> {
        let scale = self.scale();
        let overflows = stage.scene.h * scale > size.1 * 1.5;
        if self.zoom <= 1.0 && !(overflows && stage.is_heavy()) {
            return None;
        }
        let seen = Rect { x: self.shift.x / scale, y: self.shift.y / scale, w: size.0 / scale, h: size.1 / scale };
        old.filter(|old| old.holds(&seen)).or_else(|| Some(seen.wider(size.0.max(size.1) / scale * MARGIN)))
    }
}

impl State {
    /// How much what is laid out is magnified.
    pub fn scale(&self) -> f64 {
        self.sight.scale()
    }

    /// Makes the map larger or smaller, so that what is at a place of its window stays there: in its middle, if none is given.
    pub(super) fn zoom(&mut self, factor: f64, about: Option<(f64, f64)>) {
        let scale = self.scale();
        if let Some(e) = self.viewport.cast::<Element>() {
            self.sight.shift = Shift::of(&e);
        }
        let Shift { x, y, .. } = self.sight.shift;
        let (ax, ay) = about.unwrap_or((self.size.0 / 2.0, self.size.1 / 2.0));
        let far = |(px, py): (f64, f64)| (px * scale - x - ax).abs() + (py * scale - y - ay).abs();
        let places = self.stage.places().into_iter();
        self.sight.pin = places.min_by(|a, b| far(a.1).total_cmp(&far(b.1))).map(|(id, (px, py))| (id, (px * scale - x, py * scale - y)));
        self.sight.come(factor, self.stage.size());
    }

    /// A stage was laid out: what was to stay where it is does, and what is not in sight is left out.
    pub(super) fn set_stage(&mut self, mut stage: Stage) {
        if self.sight.near <= 1.0 {
            self.sight.afar = stage.size();
        }
        if let Some((id, (x, y))) = self.sight.pin.take() {
            let scale = self.scale();
            let place = stage.places().into_iter().find(|(other, _)| *other == id).map_or((0.0, 0.0), |(_, place)| place);
            let to = |place: f64, at: f64, whole: f64, size: f64| (place * scale - at).clamp(0.0, (whole * scale - size).max(0.0));
            let shift = (to(place.0, x, stage.scene.w, self.size.0), to(place.1, y, stage.scene.h, self.size.1));
            (self.sight.shift.x, self.sight.shift.y) = shift;
            if let Some(e) = self.viewport.cast::<Element>() {
                world::later(move || {
                    e.set_scroll_left(shift.0 as i32);
                    e.set_scroll_top(shift.1 as i32);
                });
            }
        }
        let part = self.sight.part(&stage, self.size, self.stage.sight);
        stage.look(part, &self.stage.seen);
        self.stage = Rc::new(stage);
    }

    /// The map or the table is scrolled. Returns whether something else is in sight now.
    pub fn scrolled(&mut self, to: Shift) -> bool {
        if self.table {
            return self.sheets.scrolled(to);
        }
        self.sight.shift = to;
        let part = self.sight.part(&self.stage, self.size, self.stage.sight);
        if part == self.stage.sight {
            return false;
        }
        let mut stage = Stage::clone(&self.stage);
        stage.look(part, &self.stage.seen);
        self.stage = Rc::new(stage);
        true
    }

    /// Gives the focus to a row of a table, which may not be in the document yet.
    pub(super) fn go_to_row(&mut self, table: usize, row: usize, counts: &[usize]) {
        let tables = tables();
        if let Some(e) = &tables {
            self.sheets.shift = Shift::of(e);
        }
        self.sheets.reach(table, row, counts);
        if let Some(e) = &tables {
            e.set_scroll_top(self.sheets.shift.y as i32);
        }
        self.sight.reach = Some((row_id(table, row).into(), true));
    }

    /// Brings into sight what is to be, once it is drawn.
    pub(super) fn bring_into_sight(&mut self) {
        let Some((id, takes_focus)) = self.sight.reach.take() else { return };
        match element(&id) {
            Some(_) if takes_focus => focus(&id),
            Some(e) => super::dom::into_sight(&e),
            // It may be drawn in one of the next frames.
            None if self.table || self.stage.anchor(&id).is_some() => self.sight.reach = Some((id, takes_focus)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::actors::Actors;
    use super::super::fixture;
    use super::super::scene::Lens;
    use super::*;

    #[test]
    fn small_pods_are_given_room_and_large_ones_magnified() {
        let mut sight = Sight::default();
        sight.come(3.0, Size::Dot);
        assert_eq!((sight.near, sight.scale()), (3.0, 1.0));
        sight.come(2.0, Size::Large);
        assert_eq!((sight.zoom, sight.near, sight.scale()), (6.0, 3.0, 2.0));
        sight.come(0.25, Size::Large);
        assert_eq!((sight.near, sight.scale()), (1.5, 1.0));
        sight.come(0.5, Size::Named);
        assert_eq!((sight.near, sight.scale()), (1.0, 0.75));
        let mut few = Sight::default();
        few.come(2.0, Size::Large);
        assert_eq!((few.near, few.scale()), (1.0, 2.0));
    }

    #[test]
    fn what_is_drawn_stays_until_something_else_comes_into_sight() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=4"]);
        let (stage, _) = Actors::default().stage(&Stage::default(), &view, &fixture::wish(Lens::Nodes), 0.0);
        let mut sight = Sight::default();
        assert_eq!(sight.part(&stage, (900.0, 500.0), None), None, "from afar all is drawn");
        sight.come(4.0, stage.size());
        let first = sight.part(&stage, (900.0, 500.0), None);
        sight.shift.x = 300.0;
        assert_eq!(sight.part(&stage, (900.0, 500.0), first), first);
        sight.shift.x = 1_200.0;
        assert_ne!(sight.part(&stage, (900.0, 500.0), first), first);
    }
}
