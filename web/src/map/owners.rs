//! The lens *owners*: a box for what manages Pods, with the sets that do it for a box side by side inside of it.

use std::collections::BTreeMap;
use std::rc::Rc;

use kubepie_core::session::view::{View, WorkloadView};

use super::scene::{Ask, Crowd, GAP, PAD, Panel, Rect, Scene, Size, Spot, What};
use super::seats::Seats;

/// The height of a box's head.
const HEAD: f64 = 52.0;
/// The height of a set's head.
const SET_HEAD: f64 = 42.0;
/// Space inside a set.
const SET_PAD: f64 = 8.0;
/// The least width of a box, and of a set.
const LEAST: (f64, f64) = (190.0, 128.0);

/// The Pods of one set, or those directly in a box.
struct Set {
    what: What,
    pods: Crowd,
}

/// A box.
struct Group {
    what: What,
    sets: Vec<Set>,
}

/// Whether this is managed by nothing that the map shows: it has a box of its own.
pub fn is_top(view: &View, w: &WorkloadView) -> bool {
    w.owner.is_empty() || !view.workloads.iter().any(|o| o.uid == w.owner)
}

/// Puts the Pods into boxes; gives what lays them out at a size.
pub fn plan(ask: &Ask<'_>, seats: &mut Seats) -> impl Fn(Size) -> Scene + use<> {
    let view = ask.view;
    let mut by_owner: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, pod) in view.pods.iter().enumerate().filter(|(_, p)| (ask.shown)(p) && !(ask.quiet)(p)) {
        by_owner.entry(pod.owner.as_ref().map_or("", |(_, _, uid)| uid)).or_default().push(i);
    }
    let mut groups = Vec::new();
    for (i, w) in view.workloads.iter().enumerate().filter(|(_, w)| is_top(view, w)) {
        let mut sets: Vec<(u32, Set)> = Vec::new();
        for (n, s) in view.workloads.iter().enumerate().filter(|(_, s)| s.owner == w.uid) {
            let pods = by_owner.remove(&*s.uid).unwrap_or_default();
            if !pods.is_empty() || s.desired + s.current > 0 {
                sets.push((s.revision, Set { what: What::Set(n), pods: seats.seat(&s.uid, &pods, view) }));
            }
        }
        sets.sort_by_key(|(revision, _)| *revision);
        let own = by_owner.remove(&*w.uid).unwrap_or_default();
        let mut sets: Vec<Set> = sets.into_iter().map(|(_, s)| s).collect();
        if !own.is_empty() || sets.is_empty() {
            sets.insert(0, Set { what: What::Box(i), pods: seats.seat(&w.uid, &own, view) });
        }
        let some = sets.iter().any(|s| s.pods.span > 0);
        if some || super::is_shown_workload(ask, w) {
            groups.push(Group { what: What::Box(i), sets });
        }
    }
    let mut rest: Vec<usize> = by_owner.into_values().flatten().collect();
    rest.sort_unstable();
    if !rest.is_empty() {
        let pods = seats.seat(&Rc::from("rest"), &rest, view);
        groups.push(Group { what: What::Rest, sets: vec![Set { what: What::Rest, pods }] });
    }
    let width = ask.w;
    move |size| lay(&groups, size, width)
}

/// How wide a set wants to be: about as wide as high.
fn set_width(set: &Set, size: Size, most: f64) -> f64 {
    let (w, h) = size.cell();
    let span = set.pods.span.max(1) as f64;
    let columns = (span * 1.7 * h / w).sqrt().ceil().min(span).max(1.0);
    (columns * w + SET_PAD * 2.0).max(LEAST.1).min(most)
}

fn lay(groups: &[Group], size: Size, w: f64) -> Scene {
    let mut scene = Scene::default();
    let (mut x, mut y, mut tallest) = (0.0, 0.0, 0.0_f64);
    let mut row = Vec::new();
    for group in groups {
        let most = w - PAD * 2.0;
        let widths: Vec<f64> = group.sets.iter().map(|s| set_width(s, size, most)).collect();
        let wanted = widths.iter().sum::<f64>() + GAP * (widths.len().max(1) - 1) as f64 + PAD * 2.0;
        let box_w = wanted.max(LEAST.0).min(w);
        if x > 0.0 && x + box_w > w + 0.5 {
            level(&mut scene, &mut row, tallest);
            (x, y, tallest) = (0.0, y + tallest + GAP, 0.0);
        }
        row.push(scene.panels.len());
        let rect = one(group, &widths, Rect { x, y, w: box_w, h: 0.0 }, size, &mut scene);
        x += box_w + GAP;
        tallest = tallest.max(rect.h);
    }
    level(&mut scene, &mut row, tallest);
    scene.h = y + tallest;
    scene.least = scene.h;
    scene
}

/// Makes the boxes of a row equally high.
fn level(scene: &mut Scene, row: &mut Vec<usize>, h: f64) {
    for index in row.drain(..) {
        if let Some(panel) = scene.panels.get_mut(index) {
            panel.rect.h = h;
        }
    }
}

/// Lays one box out; its sets stand beside each other as long as there is room.
fn one(group: &Group, widths: &[f64], at: Rect, size: Size, scene: &mut Scene) -> Rect {
    let index = scene.panels.len();
    scene.panels.push(Panel { what: group.what, rect: at, hidden: 0 });
    let (left, right) = (at.x + PAD, at.x + at.w - PAD);
    let (mut x, mut y, mut tallest) = (left, at.y + HEAD, 0.0_f64);
    let alone = group.sets.len() == 1;
    for (set, w) in group.sets.iter().zip(widths) {
        let w = if alone { right - left } else { *w };
        if x > left && x + w > right + 0.5 {
            (x, y, tallest) = (left, y + tallest + GAP, 0.0);
        }
        let framed = matches!(set.what, What::Set(_));
        let (pad, head) = if framed { (SET_PAD, SET_HEAD) } else { (0.0, 0.0) };
        let inner = Rect { x: x + pad, y: y + head, w: w - pad * 2.0, h: 0.0 };
        let h = head + set.pods.height(inner.w, size).max(size.cell().1 * 0.5) + pad;
        let mut spots: Vec<Spot> = Vec::new();
        let hidden = set.pods.lay(inner, size, &mut spots);
        scene.spots.append(&mut spots);
        if framed {
            scene.panels.push(Panel { what: set.what, rect: Rect { x, y, w, h }, hidden });
        } else if let Some(panel) = scene.panels.get_mut(index) {
            panel.hidden += hidden;
        }
        x += w + GAP;
        tallest = tallest.max(h);
    }
    let rect = Rect { h: y + tallest + PAD - at.y, ..at };
    if let Some(panel) = scene.panels.get_mut(index) {
        panel.rect = rect;
    }
    rect
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::super::scene::{Lens, scene};
    use super::*;

    #[test]
    fn a_rollout_stands_side_by_side() {
        let mut session = fixture::session(&["kubectl create deployment web --image=nginx:1.14 --replicas=3"]);
        session.submit_line(0, "kubectl set image deployment web nginx=nginx:1.99.99 && kubectl run lone --image=nginx");
        session.advance_to(session.now() + 9_000);
        let view = session.view().clone();
        let quiet = |p: &kubepie_core::session::view::PodView| super::super::is_system(&p.namespace);
        let ask = Ask { view: &view, lens: Lens::Owners, w: 900.0, h: 500.0, shown: &|_| true, quiet: &quiet, near: None };
        let scene = scene(&ask, &mut Seats::default(), 0);
        let sets: Vec<&Panel> = scene.panels.iter().filter(|p| matches!(p.what, What::Set(_))).collect();
        assert_eq!(sets.len(), 2);
        assert_eq!(sets[0].rect.y, sets[1].rect.y);
        assert!(sets[0].rect.x + sets[0].rect.w <= sets[1].rect.x);
        assert!(scene.panels.iter().any(|p| p.what == What::Rest));
        let boxed = scene.panels.iter().find(|p| matches!(p.what, What::Box(_))).unwrap().rect;
        assert!(sets.iter().all(|s| s.rect.x > boxed.x && s.rect.y + s.rect.h < boxed.y + boxed.h));
        assert_eq!(scene.spots.len(), view.pods.iter().filter(|p| !quiet(p)).count());
    }
}
