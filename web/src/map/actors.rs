//! What is still on its way on the map: from one picture to the next, Pods that come fly, Pods that are gone fade. Never:
//! elements of the page.

use std::collections::BTreeMap;
use std::rc::Rc;

use kubepie_core::session::view::{Move, PodView, View};

use super::panel::Thing;
use super::pod::{BUCKETS, Placed, bucket_of};
use super::scene::{Ask, Lens, Panel, Scene, scene};
use super::seats::Seats;
use super::stage::{HEAVY, Stage, Wish, counts, is_crowd, thing};

/// How long a Pod flies, in real milliseconds.
const FLIGHT_MS: f64 = 950.0;
/// How long a Pod that is gone fades.
const FADE_MS: f64 = 420.0;
/// With more Pods than this coming or going at once none flies and none fades: usually, in a crowd, and in a heavy one.
const CALM: (usize, usize, usize) = (80, 24, 6);
/// With more Pods than this moving at once they jump: when seats change, and when all change, as with another lens.
const STILL: (usize, usize) = (120, HEAVY);
/// The least width for why a Pod waits.
const WHY: f64 = 120.0;
/// Where Pods come from on the lens *nodes*: the tray.
const TRAY: (f64, f64) = (150.0, 6.0);

/// How a Pod comes to where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trip {
    /// From where.
    pub from: (f64, f64),
    /// Whether it is new.
    pub enters: bool,
}

/// What is on its way, and the picture that was shown last.
#[derive(Default)]
pub struct Actors {
    seats: Seats,
    view: View,
    coming: BTreeMap<Rc<str>, (Trip, f64)>,
    going: Vec<(Placed, f64)>,
    /// When the next of them arrives, in real milliseconds.
    pub next_ms: Option<f64>,
}

impl Actors {
    /// The next stage, at a real millisecond. Returns what became of the Pods since the one before too.
    pub fn stage(&mut self, before: &Stage, view: &View, wish: &Wish<'_>, at: f64) -> (Stage, Vec<Move>) {
        let ask = Ask { view, lens: wish.lens, w: wish.size.0, h: wish.size.1, shown: wish.shown, quiet: wish.quiet, near: wish.near };
        let scene = scene(&ask, &mut self.seats, if before.lens == wish.lens { before.scene.size } else { 0 });
        let moves = if self.view.pods.is_empty() { Vec::new() } else { self.view.diff(view) };
        self.coming.retain(|_, (_, until)| *until > at);
        self.going.retain(|(_, until)| *until > at);
        let crowded = is_crowd(&scene);
        let turned = before.lens != wish.lens;
        if turned || crowded != before.is_crowd() {
            self.coming.clear();
            self.going.clear();
            self.turn(before, view, &scene, if turned { STILL.1 } else { STILL.0 }, at);
        } else {
            self.cast(before, view, &moves, at);
        }
        self.view = view.clone();
        let ends = self.coming.values().map(|(_, until)| *until).chain(self.going.iter().map(|(_, until)| *until));
        self.next_ms = ends.min_by(f64::total_cmp);
        let focus = wish.focus.clone().or_else(|| view.nodes.first().map(|n| n.uid.clone()).filter(|_| wish.lens == Lens::Nodes));
        let focus = focus.or_else(|| scene.spots.first().and_then(|s| view.pods.get(s.pod)).map(|p| p.uid.clone()));
        let (buckets, moved) = self.place(before, view, &scene, wish, focus.as_deref());
        // Where Pods of a crowd become fewer they are placed by other means, which must not look like a move.
        let still = crowded != before.is_crowd() || !crowded && moved > STILL.1;
        let mut panels: Vec<_> = scene.panels.iter().filter_map(|p| Some((*p, thing(p.what, view, wish)?))).collect();
        panels.iter_mut().for_each(|(panel, thing)| say_why(panel, thing, &scene, view));
        let panels = panels.into();
        let scene = Rc::new(scene);
        let counts = counts(&scene, view, wish.quiet);
        let floor = scene.h.max(wish.height);
        let (sight, seen) = (None, buckets.clone());
        let chosen = wish.chosen.clone();
        (Stage { scene, lens: wish.lens, panels, buckets, sight, seen, floor, counts, chosen, focus, still }, moves)
    }

    /// Everything goes to another place: in a crowd every Pod flies there, unless they are too many. Fewer move by themselves.
    fn turn(&mut self, before: &Stage, view: &View, scene: &Scene, most: usize, at: f64) {
        if scene.spots.len() > most || !(before.is_crowd() || is_crowd(scene)) {
            return;
        }
        for pod in scene.spots.iter().filter_map(|spot| view.pods.get(spot.pod)) {
            if let Some(was) = before.find(&pod.uid).filter(|was| !was.gone) {
                self.coming.insert(pod.uid.clone(), (Trip { from: (was.x, was.y), enters: false }, at + FLIGHT_MS));
            }
        }
    }

    /// Who comes flying and who fades.
    fn cast(&mut self, before: &Stage, view: &View, moves: &[Move], at: f64) {
        let count = |f: &dyn Fn(&Move) -> bool| moves.iter().filter(|m| f(m)).count();
        let (entered, left) = (count(&|m| matches!(m, Move::Enter(_))), count(&|m| matches!(m, Move::Leave(_))));
        let calm = match (before.is_crowd(), before.is_heavy()) {
            (_, true) => CALM.2,
            (true, false) => CALM.1,
            (false, _) => CALM.0,
        };
        // A crowd does not move by itself: that would cost too much.
        let glide = before.is_crowd() && count(&|m| matches!(m, Move::Bind(..))) <= calm;
        for m in moves {
            match m {
                Move::Enter(uid) if entered <= calm && before.lens == Lens::Nodes => {
                    self.coming.insert(uid.clone(), (Trip { from: TRAY, enters: true }, at + FLIGHT_MS));
                }
                Move::Bind(uid, _) if glide && !self.coming.contains_key(uid) => {
                    if let Some(placed) = before.find(uid) {
                        self.coming.insert(uid.clone(), (Trip { from: (placed.x, placed.y), enters: false }, at + FLIGHT_MS));
                    }
                }
                Move::Leave(uid) if left <= calm => {
                    if let Some(placed) = before.find(uid).filter(|p| !p.gone) {
                        let gone = Placed { gone: true, trip: None, tab: false, ..placed.clone() };
                        self.going.push((gone, at + FADE_MS));
                    }
                }
                _ => {}
            }
        }
        // One that never waited for a node did not fly.
        self.coming.retain(|uid, _| view.pods.iter().any(|p| p.uid == *uid && p.node.is_some()) || !moves.is_empty());
    }

    fn place(&self, before: &Stage, view: &View, scene: &Scene, wish: &Wish<'_>, focus: Option<&str>) -> (Vec<Rc<[Placed]>>, usize) {
        let held = held(view);
        // Who has no node waits where it came from; on another lens all have a place.
        let flies = |pod: &PodView| pod.node.is_some() || wish.lens != Lens::Nodes;
        let mut buckets: Vec<Vec<Placed>> = (0..BUCKETS).map(|_| Vec::new()).collect();
        let mut put = |placed: Placed| {
            if let Some(bucket) = buckets.get_mut(bucket_of(&placed.pod.uid)) {
                bucket.push(placed);
            }
        };
        for spot in &scene.spots {
            let Some(pod) = view.pods.get(spot.pod) else { continue };
            let retry = pod.containers.iter().filter_map(|c| c.retry_ms).min();
            put(Placed {
                x: spot.x,
                y: spot.y,
                size: spot.size,
                chosen: wish.chosen.as_ref() == Some(&pod.uid),
                tab: focus == Some(&*pod.uid),
                dim: wish.found.is_some_and(|found| !found(pod)),
                held: held.contains(&&*pod.uid),
                place: wish.lens != Lens::Nodes,
                left_s: retry.map(|at| (at - wish.wall_ms).max(0).unsigned_abs().div_ceil(1000) as u32),
                trip: self.coming.get(&pod.uid).filter(|(trip, _)| flies(pod) || !trip.enters).map(|(trip, _)| *trip),
                gone: false,
                pod: pod.clone(),
            });
        }
        for (gone, _) in &self.going {
            put(gone.clone());
        }
        let mut moved = 0;
        let mut list: Vec<Rc<[Placed]>> = Vec::with_capacity(BUCKETS);
        for (n, mut bucket) in buckets.into_iter().enumerate() {
            bucket.sort_by(|a, b| a.pod.uid.cmp(&b.pod.uid));
            bucket.dedup_by(|a, b| a.pod.uid == b.pod.uid);
            match before.buckets.get(n).filter(|old| ***old == *bucket) {
                Some(old) => list.push(old.clone()),
                None => {
                    let old = before.buckets.get(n).map(|b| &**b).unwrap_or_default();
                    let same = |a: &Placed| old.iter().any(|b| a.pod.uid == b.pod.uid && (a.x, a.y) == (b.x, b.y));
                    moved += bucket.iter().filter(|a| !same(a)).count();
                    list.push(bucket.into());
                }
            }
        }
        (list, moved)
    }
}

/// Says why a Pod waits where there is room for it beside those in the tray.
fn say_why(panel: &Panel, thing: &mut Thing, scene: &Scene, view: &View) {
    let Thing::Tray(_, why) = thing else { return };
    let waiting = scene.spots.iter().filter(|s| view.pods.get(s.pod).is_some_and(|p| p.node.is_none()));
    let end = waiting.map(|s| s.x + s.size.cell().0).fold(0.0, f64::max) + 16.0;
    *why = why.take().filter(|_| panel.rect.w - end >= WHY).map(|(why, _)| (why, end));
}

/// UIDs of the Pods that cannot leave a cordoned node, because a budget allows no eviction now.
fn held(view: &View) -> Vec<&str> {
    let shut: Vec<&str> = view.nodes.iter().filter(|n| n.cordoned).map(|n| &*n.name).collect();
    if shut.is_empty() {
        return Vec::new();
    }
    let held = view.budgets.iter().filter(|b| b.allowed == 0).flat_map(|b| b.pods.iter()).map(|uid| &**uid);
    let on_shut = |uid: &&str| {
        let pod = view.pods.iter().find(|p| *p.uid == **uid);
        pod.and_then(|p| p.node.as_deref()).is_some_and(|n| shut.contains(&n))
    };
    held.filter(on_shut).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, wish};
    use super::*;

    #[test]
    fn pods_come_from_the_tray_and_fade_where_they_were() {
        let mut session = fixture::session(&["kubectl create deployment web --image=nginx --replicas=2"]);
        let mut actors = Actors::default();
        let (first, moves) = actors.stage(&Stage::default(), &session.view().clone(), &wish(Lens::Nodes), 0.0);
        assert!(moves.is_empty(), "the first picture is not told as news");
        session.submit_line(0, "kubectl scale deployment web --replicas=3");
        session.settle(60_000);
        let (second, _) = actors.stage(&first, &session.view().clone(), &wish(Lens::Nodes), 10.0);
        let flying: Vec<&Placed> = second.buckets.iter().flat_map(|b| b.iter()).filter(|p| p.trip.is_some()).collect();
        assert_eq!(flying.len(), 1);
        let uid = flying[0].pod.uid.clone();
        let kept = first.buckets.iter().zip(&second.buckets).filter(|(a, b)| Rc::ptr_eq(a, b)).count();
        assert!(kept >= BUCKETS - 4, "{kept} buckets are as before");
        assert!(session.undo());
        let (third, moves) = actors.stage(&second, &session.view().clone(), &wish(Lens::Nodes), 20.0);
        assert!(moves.contains(&Move::Leave(uid.clone())), "going back in time moves by the same code");
        assert!(third.find(&uid).is_some_and(|p| p.gone && p.trip.is_none()));
        let (fourth, _) = actors.stage(&third, &session.view().clone(), &wish(Lens::Nodes), 20.0 + FADE_MS);
        assert!(fourth.find(&uid).is_none());
    }

    #[test]
    fn what_a_budget_holds_on_a_closed_node_is_marked() {
        let view = fixture::view(&[
            "kubectl create deployment web --image=nginx --replicas=3",
            "kubectl create pdb web --selector=app=web --min-available=3",
            "kubectl cordon w1-k8s",
        ]);
        let (stage, _) = Actors::default().stage(&Stage::default(), &view, &wish(Lens::Nodes), 0.0);
        let held = stage.buckets.iter().flat_map(|b| b.iter()).filter(|p| p.held).count();
        assert_eq!(held, view.pods.iter().filter(|p| p.node.as_deref() == Some("w1-k8s") && &*p.namespace == "default").count());
        assert!(held > 0);
    }

    #[test]
    fn a_crowd_flies_to_another_lens_unless_it_is_too_large() {
        let flying = |line: &str| {
            let view = fixture::view(&[line]);
            let mut actors = Actors::default();
            let (first, _) = actors.stage(&Stage::default(), &view, &wish(Lens::Nodes), 0.0);
            assert!(first.is_crowd());
            let (second, _) = actors.stage(&first, &view, &wish(Lens::Owners), 10.0);
            let trips = second.buckets.iter().flat_map(|b| b.iter()).filter_map(|p| Some((p.trip?, first.find(&p.pod.uid)?)));
            trips.filter(|(trip, was)| !trip.enters && trip.from == (was.x, was.y)).count()
        };
        assert_eq!(flying("kubectl create deployment web --image=nginx --replicas=200"), 200);
        assert_eq!(flying("kubectl create deployment web --image=nginx --replicas=430"), 0);
    }
}
