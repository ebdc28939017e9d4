//! What is on the map now: where, and what of it is in sight. Never: elements of the page, or how it came there (actors.rs).

use std::rc::Rc;

use kubepie_core::session::view::{PodView, View};

use super::panel::Thing;
use super::pod::{Placed, bucket_of};
use super::scene::{Lens, Panel, Rect, SIZES, Scene, Size, What};
use super::traffic::card_width;

/// How many states a Pod can be in.
pub const STATES: usize = 10;
/// A crowd of more than this is heavy: when all of it goes elsewhere it jumps.
pub const HEAVY: usize = 400;

/// What the map is asked to show.
pub struct Wish<'a> {
    /// The lens.
    pub lens: Lens,
    /// Its size.
    pub size: (f64, f64),
    /// How high what is in sight is.
    pub height: f64,
    /// How much larger its size is than what is in sight, and the size of Pods from afar; see [`Ask::near`].
    pub near: Option<(f64, Size)>,
    /// Which Pods are shown.
    pub shown: &'a dyn Fn(&PodView) -> bool,
    /// Which are told in passing.
    pub quiet: &'a dyn Fn(&PodView) -> bool,
    /// Whether the search finds a Pod; `None` while nothing is sought.
    pub found: Option<&'a dyn Fn(&PodView) -> bool>,
    /// The UID of what is chosen.
    pub chosen: Option<Rc<str>>,
    /// The UID of what the tab key leads to.
    pub focus: Option<Rc<str>>,
    /// Wall-clock milliseconds of the cluster.
    pub wall_ms: i64,
}

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub struct Stage {
    /// Where everything lies.
    pub scene: Rc<Scene>,
    /// The lens.
    pub lens: Lens,
    /// Panels with what they show.
    pub panels: Rc<[(Panel, Thing)]>,
    /// Pods, spread over buckets.
    pub buckets: Vec<Rc<[Placed]>>,
    /// What is in sight, where not all is.
    pub sight: Option<Rect>,
    /// Those of the Pods that are drawn: who is in sight, is chosen, or has the tab key lead to it.
    pub seen: Vec<Rc<[Placed]>>,
    /// Where a fall ends, and what comes from without begins.
    pub floor: f64,
    /// How many Pods are in each state, in the order of states, and how many of the system are told in passing.
    pub counts: ([usize; STATES], usize),
    /// UID of what is chosen.
    pub chosen: Option<Rc<str>>,
    /// UID of what the tab key leads to.
    pub focus: Option<Rc<str>>,
    /// Whether so much moves that it jumps.
    pub still: bool,
}

/// How many Pods of a scene are in each state, those of the system apart.
pub(super) fn counts(scene: &Scene, view: &View, quiet: &dyn Fn(&PodView) -> bool) -> ([usize; STATES], usize) {
    let (mut own, mut system) = ([0; STATES], 0);
    for pod in scene.spots.iter().filter_map(|spot| view.pods.get(spot.pod)) {
        if quiet(pod) {
            system += 1;
        } else if let Some(count) = own.get_mut(pod.state as usize) {
            *count += 1;
        }
    }
    (own, system)
}

/// Whether the Pods of a scene are drawn as a crowd.
pub(super) fn is_crowd(scene: &Scene) -> bool {
    SIZES.get(scene.size).is_none_or(|size| *size >= Size::Small)
}

pub(super) fn thing(what: What, view: &View, wish: &Wish<'_>) -> Option<Thing> {
    Some(match what {
        What::Tray => {
            let waiting = || view.pods.iter().filter(|p| p.node.is_none());
            Thing::Tray(waiting().next().is_none(), waiting().find(|p| !p.waits.is_empty()).map(|p| (p.waits.clone(), 0.0)))
        }
        What::Room(i) => Thing::Room(view.nodes.get(i)?.clone()),
        What::Box(i) => {
            let w = view.workloads.get(i)?;
            Thing::Box(w.clone(), view.budgets.iter().find(|b| covers(view, b, &w.uid)).cloned())
        }
        What::Set(i) => {
            let set = view.workloads.get(i)?;
            let beside = || view.workloads.iter().filter(|s| s.owner == set.owner && s.desired + s.current > 0);
            let newest = beside().map(|s| s.revision).max().unwrap_or(0);
            let several = set.revision > 0 && beside().count() > 1;
            Thing::Set(set.clone(), several.then_some(set.revision == newest))
        }
        What::Front(i) => Thing::Front(view.services.get(i)?.clone(), card_width(wish.size.0)),
        What::Rest => Thing::Rest(wish.lens == Lens::Traffic),
    })
}

/// Whether a budget holds over a Pod of what manages them, or of one of its sets.
fn covers(view: &View, budget: &kubepie_core::session::view::BudgetView, uid: &str) -> bool {
    let Some(first) = budget.pods.first() else { return false };
    let Some((_, _, owner)) = view.pods.iter().find(|p| p.uid == *first).and_then(|p| p.owner.as_ref()) else { return false };
    **owner == *uid || view.workloads.iter().any(|s| s.uid == *owner && *s.owner == *uid)
}

impl Stage {
    /// Leaves out what is not in sight: `before` is what was drawn last.
    pub fn look(&mut self, sight: Option<Rect>, before: &[Rc<[Placed]>]) {
        self.sight = sight;
        let Some(sight) = sight else {
            self.seen.clone_from(&self.buckets);
            return;
        };
        let in_sight = |p: &&Placed| {
            let (w, h) = p.size.cell();
            p.tab || p.chosen || p.trip.is_some() || sight.meets(&Rect { x: p.x, y: p.y, w, h })
        };
        let bucket = |(n, all): (usize, &Rc<[Placed]>)| {
            let count = all.iter().filter(in_sight).count();
            let old = before.get(n).filter(|old| old.len() == count && old.iter().eq(all.iter().filter(in_sight)));
            match old {
                Some(old) => old.clone(),
                None if count == all.len() => all.clone(),
                None => all.iter().filter(in_sight).cloned().collect(),
            }
        };
        self.seen = self.buckets.iter().enumerate().map(bucket).collect();
    }

    /// Whether a panel is in sight.
    pub fn sees(&self, panel: &Panel, thing: &Thing) -> bool {
        let id = thing.id();
        self.sight.is_none_or(|sight| sight.meets(&panel.rect)) || self.chosen.as_ref() == Some(&id) || self.focus.as_ref() == Some(&id)
    }

    /// Whether there are so many Pods that they do not move by themselves and are drawn over several frames.
    pub fn is_crowd(&self) -> bool {
        is_crowd(&self.scene)
    }

    /// Whether there are so many that they do not fly to another lens.
    pub fn is_heavy(&self) -> bool {
        self.is_crowd() && self.scene.spots.len() > HEAVY
    }

    /// A Pod that is drawn.
    pub fn find(&self, uid: &str) -> Option<&Placed> {
        self.buckets.get(bucket_of(uid))?.iter().find(|p| *p.pod.uid == *uid)
    }

    /// The size of Pods.
    pub fn size(&self) -> Size {
        SIZES.get(self.scene.size).copied().unwrap_or(Size::Dot)
    }

    /// Whether it is drawn over several frames: a crowd, or one seen from near.
    pub fn is_gradual(&self) -> bool {
        self.is_crowd() || self.sight.is_some()
    }

    /// Everything that keys lead to, with the place where it is.
    pub fn places(&self) -> Vec<(Rc<str>, (f64, f64))> {
        let panels = self.panels.iter().filter(|(p, _)| !matches!(p.what, What::Tray | What::Rest));
        let panels = panels.map(|(p, thing)| (thing.id(), (p.rect.x + 60.0_f64.min(p.rect.w / 2.0), p.rect.y + 20.0)));
        let pods = self.buckets.iter().flat_map(|b| b.iter()).filter(|p| !p.gone);
        panels.chain(pods.map(|p| (p.pod.uid.clone(), heart(p)))).collect()
    }

    /// Where a Pod, a node, a Service is, by its UID.
    pub fn anchor(&self, uid: &str) -> Option<(f64, f64)> {
        if let Some(placed) = self.find(uid) {
            return Some(heart(placed));
        }
        let (panel, thing) = self.panels.iter().find(|(_, thing)| *thing.id() == *uid)?;
        Some(match thing {
            Thing::Front(_, card) => (panel.rect.x + card, panel.rect.y + 56.0),
            _ => (panel.rect.middle().0, panel.rect.y + 16.0),
        })
    }

    /// The panel around a Pod: what Escape leads back to.
    pub fn around(&self, uid: &str) -> Option<Rc<str>> {
        let (x, y) = heart(self.find(uid)?);
        let inside = |p: &Panel| x >= p.rect.x && x <= p.rect.x + p.rect.w && y >= p.rect.y && y <= p.rect.y + p.rect.h;
        let known = |what: What| !matches!(what, What::Tray | What::Rest);
        self.panels.iter().rev().find(|(p, _)| known(p.what) && inside(p)).map(|(_, thing)| thing.id())
    }
}

/// The middle of a Pod's pie.
fn heart(p: &Placed) -> (f64, f64) {
    let (x, y) = p.size.heart();
    (p.x + x, p.y + y)
}

#[cfg(test)]
mod tests {
    use super::super::actors::Actors;
    use super::super::fixture::{self, wish};
    use super::super::pod::BUCKETS;
    use super::*;

    #[test]
    fn only_what_is_in_sight_is_drawn_and_what_stays_in_sight_is_the_same() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=90"]);
        let near = Wish { size: (3600.0, 2000.0), near: Some((4.0, Size::Dot)), ..wish(Lens::Nodes) };
        let (mut stage, _) = Actors::default().stage(&Stage::default(), &view, &near, 0.0);
        let drawn = |stage: &Stage| stage.seen.iter().map(|b| b.len()).sum::<usize>();
        let all = drawn(&stage);
        let places = stage.places().len();
        let sight = Rect { x: 900.0, y: 0.0, w: 900.0, h: 500.0 };
        stage.look(Some(sight), &stage.seen.clone());
        assert!(drawn(&stage) > 0 && drawn(&stage) < all / 2, "{} of {all}", drawn(&stage));
        assert_eq!(stage.places().len(), places, "keys lead to all of them");
        let before = stage.seen.clone();
        stage.look(Some(Rect { x: sight.x + 30.0, ..sight }), &before);
        assert!(stage.seen.iter().zip(&before).filter(|(a, b)| Rc::ptr_eq(a, b)).count() > BUCKETS / 2);
        stage.look(None, &before);
        assert_eq!(drawn(&stage), all);
    }

    #[test]
    fn every_lens_shows_the_same_pods() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=3", "kubectl expose deployment web --port=80"]);
        let uids = |lens| {
            let (stage, _) = Actors::default().stage(&Stage::default(), &view, &wish(lens), 0.0);
            let pods = stage.buckets.iter().flat_map(|b| b.iter()).filter(|p| &*p.pod.namespace == "default");
            pods.map(|p| p.pod.uid.clone()).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(uids(Lens::Nodes).len(), 3);
        assert_eq!(uids(Lens::Nodes), uids(Lens::Owners));
        assert_eq!(uids(Lens::Nodes), uids(Lens::Traffic));
    }
}
