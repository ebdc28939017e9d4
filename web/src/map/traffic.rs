//! The lens *traffic*: a Service, a line to each Pod behind it, and apart the Pods that no Service leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::scene::{Ask, Crowd, GAP, PAD, Panel, Rect, Scene, Size, What, Wire};
use super::seats::Seats;

/// The width of a Service's card on a wide map, and at most this part of a narrow one.
const CARD: (f64, f64) = (188.0, 0.42);
/// The least height of a Service's panel.
const LEAST: f64 = 112.0;
/// The height of the head of the panel of the others.
const HEAD: f64 = 40.0;
/// Beyond so many Pods behind a Service no lines are drawn.
const WIRES: usize = 24;
/// Space for the lines between the card and the Pods.
const WIRING: f64 = 40.0;
/// Space for a line above each row of Pods.
const LIFT: f64 = 13.0;

/// A Service with the Pods behind it.
struct Front {
    what: What,
    pods: Crowd,
    /// The Pods that are not ready.
    shut: BTreeSet<usize>,
}

/// The width of a Service's card on a map of a width.
pub fn card_width(w: f64) -> f64 {
    CARD.0.min(w * CARD.1)
}

/// Puts the Pods behind their Services; gives what lays them out at a size.
pub fn plan(ask: &Ask<'_>, seats: &mut Seats) -> impl Fn(Size) -> Scene + use<> {
    let view = ask.view;
    let shown = |i: &usize| view.pods.get(*i).is_some_and(|p| (ask.shown)(p) && !(ask.quiet)(p));
    let index: BTreeMap<&str, usize> = view.pods.iter().enumerate().map(|(i, p)| (&*p.uid, i)).collect();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut fronts = Vec::new();
    for (i, service) in view.services.iter().enumerate() {
        let find = |uids: &Rc<[Rc<str>]>| uids.iter().filter_map(|uid| index.get(&**uid).copied()).filter(shown).collect::<Vec<_>>();
        let (open, shut) = (find(&service.endpoints), find(&service.waiting));
        let pods: Vec<usize> = open.iter().chain(&shut).copied().filter(|p| !taken.contains(p)).collect();
        if pods.is_empty() && !super::is_shown_service(ask, service) {
            continue;
        }
        taken.extend(&pods);
        let shut = shut.into_iter().collect();
        fronts.push(Front { what: What::Front(i), pods: seats.seat(&service.uid, &pods, view), shut });
    }
    let rest: Vec<usize> = (0..view.pods.len()).filter(shown).filter(|i| !taken.contains(i)).collect();
    let rest = seats.seat(&Rc::from("apart"), &rest, view);
    let width = ask.w;
    move |size| lay(&fronts, &rest, size, width)
}

fn lay(fronts: &[Front], rest: &Crowd, size: Size, w: f64) -> Scene {
    let mut scene = Scene::default();
    let card = card_width(w);
    let (mut x, mut y, mut tallest) = (0.0, 0.0, 0.0_f64);
    let mut row: Vec<usize> = Vec::new();
    let cell = size.cell();
    for front in fronts {
        let span = front.pods.span.max(1) as f64;
        let columns = (span * 2.0 * cell.1 / cell.0).sqrt().ceil().min(span).max(2.0);
        let wanted = card + WIRING + columns * cell.0 + PAD;
        // Two beside each other where there is room for two.
        let half = (w - GAP) / 2.0;
        let panel_w = if wanted <= half { half } else { w };
        if x > 0.0 && x + panel_w > w + 0.5 {
            level(&mut scene, &mut row, tallest);
            (x, y, tallest) = (0.0, y + tallest + GAP, 0.0);
        }
        let inner = Rect { x: x + card + WIRING, y: y + PAD, w: panel_w - card - WIRING - PAD, h: 0.0 };
        let wired = front.pods.pods.len() <= WIRES;
        let lift = if wired { LIFT } else { 0.0 };
        let rows = front.pods.height(inner.w, size) / cell.1;
        let h = (rows * (cell.1 + lift) + PAD * 2.0).max(LEAST);
        let from = scene.spots.len();
        let hidden = front.pods.lay(inner, size, &mut scene.spots);
        scene.spots.iter_mut().skip(from).for_each(|s| s.y += (((s.y - inner.y) / cell.1).round() + 1.0) * lift);
        row.push(scene.panels.len());
        scene.panels.push(Panel { what: front.what, rect: Rect { x, y, w: panel_w, h }, hidden });
        if wired {
            let start = (x + card, y + LEAST / 2.0);
            let new = scene.spots.iter().skip(from);
            scene.wires.extend(new.map(|s| Wire {
                from: start,
                via: (x + card + WIRING / 2.0, s.y - LIFT / 2.0),
                to: (s.heart().0, s.heart().1 - radius(size)),
                open: !front.shut.contains(&s.pod),
            }));
        }
        x += panel_w + GAP;
        tallest = tallest.max(h);
    }
    level(&mut scene, &mut row, tallest);
    y += if fronts.is_empty() { 0.0 } else { tallest + GAP };
    if rest.span > 0 {
        let inner = Rect { x: PAD, y: y + HEAD, w: w - PAD * 2.0, h: 0.0 };
        let h = HEAD + rest.height(inner.w, size) + PAD;
        let hidden = rest.lay(inner, size, &mut scene.spots);
        scene.panels.push(Panel { what: What::Rest, rect: Rect { x: 0.0, y, w, h }, hidden });
        y += h + GAP;
    }
    scene.h = (y - GAP).max(0.0);
    scene.least = scene.h;
    scene
}

/// The radius of a pie with its rim.
fn radius(size: Size) -> f64 {
    match size {
        Size::Large => 23.0,
        Size::Named | Size::Medium => 20.0,
        Size::Small => 11.0,
        Size::Dot => 6.0,
        Size::Speck => 4.0,
    }
}

/// Makes the panels of a row equally high.
fn level(scene: &mut Scene, row: &mut Vec<usize>, h: f64) {
    for index in row.drain(..) {
        if let Some(panel) = scene.panels.get_mut(index) {
            panel.rect.h = h;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::super::scene::{Lens, scene};
    use super::*;

    #[test]
    fn pods_stand_behind_their_service() {
        let view = fixture::view(&[
            "kubectl create deployment web --image=nginx --replicas=3",
            "kubectl expose deployment web --port=80",
            "kubectl run lone --image=nginx",
        ]);
        let quiet = |p: &kubepie_core::session::view::PodView| super::super::is_system(&p.namespace);
        let ask = Ask { view: &view, lens: Lens::Traffic, w: 900.0, h: 500.0, shown: &|_| true, quiet: &quiet, near: None };
        let scene = scene(&ask, &mut Seats::default(), 0);
        let web = view.services.iter().position(|s| &*s.name == "web").unwrap();
        let panel = scene.panels.iter().find(|p| p.what == What::Front(web)).unwrap().rect;
        assert_eq!(scene.wires.len(), 3);
        assert!(scene.wires.iter().all(|w| w.open && w.to.0 > panel.x && w.to.0 < panel.x + panel.w));
        let rest = scene.panels.iter().find(|p| p.what == What::Rest).unwrap().rect;
        let lone = scene.spots.iter().find(|s| &*view.pods[s.pod].name == "lone").unwrap();
        assert!(lone.y > rest.y && rest.y >= panel.y + panel.h);
    }
}
