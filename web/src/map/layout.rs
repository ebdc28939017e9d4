//! Where rooms and Pods lie on the map, in pixels: pure arithmetic. Never: elements of the page.

use std::collections::BTreeMap;

use kubepie_core::session::view::{PodView, View};

/// Space between rooms.
const GAP: f64 = 12.0;
/// Space inside a room's border.
const PAD: f64 = 12.0;
/// Height of a room's head: its name, its address and two bars.
const HEAD: f64 = 92.0;
/// The narrowest room.
const NARROWEST: f64 = 156.0;
/// Side of a small pie, with the space around it.
const SMALL: f64 = 28.0;
/// Width and height of a large pie with its name.
const LARGE: (f64, f64) = (72.0, 78.0);
/// Beyond so many Pods outside of the system, all are small.
const MANY: usize = 120;
/// The most Pods drawn in one place.
const MOST: usize = 400;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// Where a Pod lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Its index among the picture's Pods.
    pub pod: usize,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Whether it is drawn small.
    pub small: bool,
}

/// Where everything lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The tray of the Pods that have no node.
    pub tray: Rect,
    /// The rooms, in the order of the nodes, each with the number of its Pods that are not drawn.
    pub rooms: Vec<(Rect, usize)>,
    /// The Pods, in the order of their UIDs: an order that never changes while they live.
    pub pods: Vec<Spot>,
    /// The whole height.
    pub height: f64,
}

/// Whether a namespace belongs to the system.
pub fn is_system(namespace: &str) -> bool {
    namespace.ends_with("-system") || namespace.starts_with("kube-")
}

/// Lays a picture out in a width.
pub fn plan(view: &View, width: f64, shown: impl Fn(&PodView) -> bool) -> Plan {
    let mut places: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let mut own = 0;
    for (i, pod) in view.pods.iter().enumerate().filter(|(_, p)| shown(p)) {
        let place = places.entry(pod.node.as_deref().unwrap_or_default()).or_default();
        if is_system(&pod.namespace) {
            place.1.push(i);
        } else {
            own += 1;
            place.0.push(i);
        }
    }
    let small = own > MANY;
    let mut plan = Plan::default();
    let waiting: Vec<usize> = places.get("").map(|(a, b)| a.iter().chain(b).copied().collect()).unwrap_or_default();
    let inner = Rect { x: 132.0_f64.min(width * 0.3), y: 8.0, w: 0.0, h: 0.0 };
    let inner = Rect { w: (width - inner.x - PAD).max(SMALL), ..inner };
    let used = flow(&waiting, inner, small, &mut plan.pods);
    plan.tray = Rect { x: 0.0, y: 0.0, w: width, h: used.max(48.0) + 16.0 };
    let columns = ((width + GAP) / (NARROWEST + GAP)).floor().clamp(1.0, view.nodes.len().clamp(1, 6) as f64);
    let w = (width - GAP * (columns - 1.0)) / columns;
    let mut y = plan.tray.h + GAP;
    for row in view.nodes.chunks((columns as usize).max(1)) {
        let mut x = 0.0;
        let mut tallest: f64 = 210.0;
        let first = plan.rooms.len();
        for node in row {
            let empty = (Vec::new(), Vec::new());
            let (pods, system) = places.get(&*node.name).unwrap_or(&empty);
            let inner = Rect { x: x + PAD, y: y + HEAD, w: w - PAD * 2.0, h: 0.0 };
            let used = flow(pods, inner, small, &mut plan.pods);
            let strip = Rect { y: inner.y + used.max(LARGE.1) + 10.0, ..inner };
            let below = flow(system, strip, true, &mut plan.pods);
            tallest = tallest.max(strip.y + below + PAD - y);
            plan.rooms.push((Rect { x, y, w, h: 0.0 }, pods.len().saturating_sub(MOST) + system.len().saturating_sub(MOST)));
            x += w + GAP;
        }
        plan.rooms.iter_mut().skip(first).for_each(|(room, _)| room.h = tallest);
        y += tallest + GAP;
    }
    plan.height = y;
    plan.pods.sort_by(|a, b| view.pods.get(a.pod).map(|p| &p.uid).cmp(&view.pods.get(b.pod).map(|p| &p.uid)));
    plan
}

/// Puts Pods into rows inside a rectangle; gives the height they take.
fn flow(pods: &[usize], inside: Rect, small: bool, spots: &mut Vec<Spot>) -> f64 {
    let (w, h) = if small { (SMALL, SMALL) } else { LARGE };
    let columns = (inside.w / w).floor().max(1.0) as usize;
    for (i, pod) in pods.iter().take(MOST).enumerate() {
        let (column, row) = ((i % columns) as f64, (i / columns) as f64);
        spots.push(Spot { pod: *pod, x: inside.x + column * w, y: inside.y + row * h, small });
    }
    pods.len().min(MOST).div_ceil(columns) as f64 * h
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubepie_core::session::{Base, Session, Timing};

    #[test]
    fn every_pod_lies_inside_its_room() {
        let mut session = Session::fresh(1, 0, Timing::LIFE, Base::default());
        let view = session.view().clone();
        for width in [340.0, 700.0, 1200.0] {
            let plan = plan(&view, width, |_| true);
            assert_eq!(plan.rooms.len(), view.nodes.len());
            assert_eq!(plan.pods.len(), view.pods.len());
            for spot in &plan.pods {
                let pod = &view.pods[spot.pod];
                let node = view.nodes.iter().position(|n| Some(&n.name) == pod.node.as_ref());
                let room = node.map_or(plan.tray, |n| plan.rooms[n].0);
                assert!(spot.x >= room.x && spot.x + 20.0 <= room.x + room.w, "{width} {}", pod.name);
                assert!(spot.y >= room.y && spot.y + 20.0 <= room.y + room.h, "{width} {}", pod.name);
            }
            assert!(plan.rooms.iter().all(|(r, _)| r.x + r.w <= width + 0.5));
        }
    }
}
