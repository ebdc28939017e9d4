//! The lens *nodes*: a tray for the Pods that wait, and a room for each node.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::scene::{Ask, Crowd, DOT, GAP, MOST, PAD, Panel, Rect, Scene, Size, Spot, What};
use super::seats::Seats;

/// The width that the tray's name takes.
const TRAY_NAME: f64 = 140.0;
/// The least height of the tray, and on a phone.
const TRAY: (f64, f64) = (46.0, 36.0);
/// The side of the cell of a Pod of the system on a phone.
const PHONE_DOT: f64 = 13.0;
/// The same where there is room to spare: as large as a finger needs it.
const ROOMY: f64 = 25.0;
/// A phone's map that is lower than this has small Pods in its tray.
const LOW: f64 = 240.0;
/// The most that a row of rooms is stretched to.
const TALLEST: f64 = 520.0;
/// How much narrower a control-plane node's room is, where all rooms stand in one row.
const NARROW: f64 = 0.84;

/// The height of a room's head: its name, what is asked of it. A phone has less of the latter; its stylesheet says what.
fn head(size: Size, phone: bool) -> f64 {
    match (size, phone) {
        (Size::Speck, _) => 20.0,
        (Size::Large | Size::Named | Size::Medium, true) => 46.0,
        (Size::Small, true) => 26.0,
        (Size::Dot, true) => 22.0,
        (Size::Dot, false) => 44.0,
        (Size::Small, false) => 66.0,
        (Size::Large | Size::Named | Size::Medium, false) => 90.0,
    }
}

/// The height of a tray in which there are Pods.
fn tray_height(tray: &Crowd, w: f64, size: Size, phone: bool) -> f64 {
    match phone {
        // As high as a row of them though there are none: what is below it does not move.
        true => (tray.height(w, size).max(size.cell().1) + 6.0).max(TRAY.1),
        false => (tray.height(w, size) + 12.0).max(TRAY.0),
    }
}

/// The least width of a room.
fn least(size: Size, phone: bool) -> f64 {
    match size {
        _ if phone && size < Size::Speck => 112.0,
        Size::Large => 172.0,
        Size::Named | Size::Medium => 160.0,
        Size::Small => 136.0,
        Size::Dot => 112.0,
        Size::Speck => 70.0,
    }
}

/// Who is in a room: the Pods that are told, and those of the system in passing.
struct Room {
    pods: Crowd,
    quiet: Vec<usize>,
    narrow: bool,
}

/// Puts the Pods into rooms; gives what lays them out at a size.
pub fn plan(ask: &Ask<'_>, seats: &mut Seats) -> impl Fn(Size) -> Scene + use<> {
    let view = ask.view;
    let mut places: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (i, pod) in view.pods.iter().enumerate().filter(|(_, p)| (ask.shown)(p)) {
        let place = places.entry(pod.node.as_deref().unwrap_or_default()).or_default();
        if (ask.quiet)(pod) { place.1.push(i) } else { place.0.push(i) }
    }
    let waiting: Vec<usize> = places.remove("").map(|(a, b)| a.into_iter().chain(b).collect()).unwrap_or_default();
    let tray = seats.seat(&Rc::from("tray"), &waiting, view);
    let mut rooms = Vec::new();
    for node in view.nodes.iter() {
        let (pods, quiet) = places.remove(&*node.name).unwrap_or_default();
        rooms.push(Room { pods: seats.seat(&node.uid, &pods, view), quiet, narrow: node.control_plane });
    }
    let (w, h) = (ask.w, ask.h);
    let (afar, before) = ask.afar();
    let count = rooms.len();
    let phone = ask.is_phone();
    move |size| lay(&tray, &rooms, size, (w, h), (columns(count, afar, before.unwrap_or(size), phone), phone))
}

fn lay(tray: &Crowd, rooms: &[Room], size: Size, (w, h): (f64, f64), (per_row, phone): (usize, bool)) -> Scene {
    let mut scene = Scene::default();
    let name = TRAY_NAME.min(w * 0.34);
    let tray_size = match size {
        Size::Large | Size::Named | Size::Medium if phone => {
            if h < LOW {
                Size::Small
            } else {
                Size::Medium
            }
        }
        Size::Large | Size::Named if tray.span > 12 => Size::Medium,
        _ => size,
    };
    let inside = Rect { x: name, y: if phone { 4.0 } else { 7.0 }, w: (w - name - PAD).max(DOT), h: 0.0 };
    // A crowd's tray is always as high, so that not everything below it moves with each Pod that comes or goes.
    let crowd = size >= Size::Small;
    let tray_h = if phone && crowd {
        TRAY.1
    } else if size == Size::Speck {
        TRAY.0
    } else if crowd {
        TRAY.0 + 12.0
    } else {
        tray_height(tray, inside.w, tray_size, phone)
    };
    let (gap, _) = spaces(size, phone);
    let most =
        if crowd { super::scene::columns(inside.w, tray_size.cell().0) * ((tray_h - 8.0) / tray_size.cell().1) as usize } else { MOST };
    let hidden = tray.lay_some(inside, tray_size, most, &mut scene.spots);
    scene.panels.push(Panel { what: What::Tray, rect: Rect { x: 0.0, y: 0.0, w, h: tray_h }, hidden });
    let rows: Vec<&[Room]> = rooms.chunks(per_row).collect();
    let widths: Vec<Vec<f64>> = rows.iter().map(|row| widths(row, per_row, rows.len() == 1, w, gap)).collect();
    let needed: Vec<f64> = rows.iter().zip(&widths).map(|(row, widths)| height(row, widths, size, phone)).collect();
    // In a crowd all rows are as high as the highest, so that one that grows does not move those below it.
    let highest = needed.iter().copied().fold(0.0, f64::max);
    let needed: Vec<f64> = needed.iter().map(|h| if size >= Size::Small { highest } else { *h }).collect();
    let gaps = gap * needed.len() as f64;
    scene.least = tray_h + gaps + needed.iter().sum::<f64>();
    let spare = ((h - tray_h - gaps - needed.iter().sum::<f64>()) / needed.len().max(1) as f64).max(0.0);
    let mut y = tray_h + gap;
    let mut index = 0;
    for ((row, widths), needed) in rows.iter().zip(&widths).zip(&needed) {
        let quiet = if size < Size::Small && spare >= more_for_quiet(row, widths, size, phone) { Size::Small } else { Size::Dot };
        let tall = (needed + spare).min(needed.max(TALLEST));
        let mut x = 0.0;
        for (room, w) in row.iter().zip(widths) {
            let rect = Rect { x, y, w: *w, h: tall };
            let hidden = fill(room, rect, (size, phone, quiet), &mut scene.spots);
            scene.panels.push(Panel { what: What::Room(index), rect, hidden });
            index += 1;
            x += w + gap;
        }
        y += tall + gap;
    }
    scene.h = y - gap;
    scene
}

/// How many rooms stand in a row: as many as have the least width, spread evenly over the rows.
fn columns(rooms: usize, w: f64, size: Size, phone: bool) -> usize {
    let gap = spaces(size, phone).0;
    let fit = ((w + gap) / (least(size, phone) + gap)).floor().max(1.0) as usize;
    let rows = rooms.max(1).div_ceil(fit);
    rooms.max(1).div_ceil(rows)
}

/// Space between rooms, and inside of them.
fn spaces(size: Size, phone: bool) -> (f64, f64) {
    match (size, phone) {
        (Size::Speck, _) => (6.0, 5.0),
        (_, true) => (8.0, 9.0),
        _ => (GAP, PAD),
    }
}

fn widths(row: &[Room], per_row: usize, alone: bool, w: f64, gap: f64) -> Vec<f64> {
    let weight = |room: &Room| if alone && room.narrow { NARROW } else { 1.0 };
    let missing = per_row.saturating_sub(row.len()) as f64;
    let whole: f64 = row.iter().map(weight).sum::<f64>() + missing;
    let room = w - gap * per_row.saturating_sub(1) as f64;
    row.iter().map(|r| room * weight(r) / whole.max(0.1)).collect()
}

/// The height of a row: of the room that needs most.
fn height(row: &[Room], widths: &[f64], size: Size, phone: bool) -> f64 {
    let one = |(room, w): (&Room, &f64)| {
        let pad = spaces(size, phone).1;
        let inner = w - pad * 2.0;
        let rows = room.pods.height(inner, size).max(size.cell().1);
        // Dots come in twos of rows, so that rooms do not grow and shrink with each of them.
        let rows = if size == Size::Dot && !phone { (rows / (DOT * 2.0)).ceil() * DOT * 2.0 } else { rows };
        head(size, phone) + rows + quiet_height(room, inner, (size, phone, Size::Dot)) + pad
    };
    row.iter().zip(widths).map(one).fold(0.0, f64::max)
}

/// How much higher a row would have to be for its Pods of the system to be large enough for a finger.
#[inline(always)]
fn more_for_quiet(row: &[Room], widths: &[f64], size: Size, phone: bool) -> f64 {
    let one = |(room, w): (&Room, &f64)| {
        let at = |quiet| quiet_height(room, w - spaces(size, phone).1 * 2.0, (size, phone, quiet));
        at(Size::Small) - at(Size::Dot)
    };
    row.iter().zip(widths).map(one).fold(0.0, f64::max)
}

/// The side of the cell of a Pod of the system, and the space above them.
fn quiet_cell(phone: bool, quiet: Size) -> (f64, f64) {
    let space = if phone { 4.0 } else { 12.0 };
    match quiet {
        Size::Small => (ROOMY, space),
        _ => (if phone { PHONE_DOT } else { DOT }, space),
    }
}

fn quiet_height(room: &Room, w: f64, (size, phone, quiet): (Size, bool, Size)) -> f64 {
    let (cell, space) = quiet_cell(phone, quiet);
    let rows = if size == Size::Speck { 0 } else { room.quiet.len() };
    let rows = rows.min(MOST).div_ceil(super::scene::columns(w, cell));
    if rows == 0 { 0.0 } else { rows as f64 * cell + space }
}

/// Puts the Pods of a room into it, those of the system at its foot; gives how many found no room.
fn fill(room: &Room, rect: Rect, (size, phone, quiet): (Size, bool, Size), spots: &mut Vec<Spot>) -> usize {
    let pad = spaces(size, phone).1;
    let inner = Rect { x: rect.x + pad, y: rect.y + head(size, phone), w: rect.w - pad * 2.0, h: 0.0 };
    let hidden = room.pods.lay(inner, size, spots);
    if size == Size::Speck {
        return hidden;
    }
    let (cell, space) = quiet_cell(phone, quiet);
    let foot = rect.y + rect.h - quiet_height(room, inner.w, (size, phone, quiet)) - pad + space;
    let columns = super::scene::columns(inner.w, cell);
    for (i, pod) in room.quiet.iter().take(MOST).enumerate() {
        let (column, row) = ((i % columns) as f64, (i / columns) as f64);
        spots.push(Spot { pod: *pod, x: inner.x + column * cell, y: foot + row * cell, size: quiet });
    }
    hidden + room.quiet.len().saturating_sub(MOST)
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::super::scene::{Lens, SIZES, scene};
    use super::*;

    fn ask(view: &kubepie_core::session::View, w: f64, h: f64) -> Scene {
        let quiet = |p: &kubepie_core::session::view::PodView| super::super::is_system(&p.namespace);
        scene(&Ask { view, lens: Lens::Nodes, w, h, shown: &|_| true, quiet: &quiet, near: None }, &mut Seats::default(), 0)
    }

    #[test]
    fn a_thousand_pods_in_fifty_rooms_fit_and_grow_again_when_they_are_few() {
        let few = fixture::view(&["kubectl create deployment web --image=nginx --replicas=3"]);
        let mut many = few.clone();
        let room = |n: usize| {
            let mut node = (*few.nodes[1]).clone();
            (node.name, node.uid) = (format!("w{n}-k8s").into(), format!("node-{n}").into());
            std::rc::Rc::new(node)
        };
        many.nodes = (0..50).map(room).collect();
        let pod = |n: usize| {
            let mut pod = few.pods.iter().find(|p| &*p.namespace == "default").map(|p| (**p).clone()).unwrap();
            (pod.name, pod.uid, pod.node) = (format!("web-{n}").into(), format!("pod-{n}").into(), Some(format!("w{}-k8s", n % 50).into()));
            std::rc::Rc::new(pod)
        };
        many.pods = (0..1000).map(pod).collect();
        let crowd = ask(&many, 788.0, 396.0);
        assert_eq!((SIZES[crowd.size], crowd.spots.len()), (Size::Speck, 1000));
        assert!(crowd.h <= 397.0, "{}", crowd.h);
        let quiet = |p: &kubepie_core::session::view::PodView| super::super::is_system(&p.namespace);
        let ask = Ask { view: &few, lens: Lens::Nodes, w: 788.0, h: 396.0, shown: &|_| true, quiet: &quiet, near: None };
        assert_eq!(SIZES[scene(&ask, &mut Seats::default(), crowd.size).size], Size::Large);
    }

    #[test]
    fn a_phone_sees_all_rooms_at_once() {
        let few = fixture::view(&["kubectl create deployment web --image=nginx --replicas=3"]);
        let many = fixture::view(&["kubectl create deployment web --image=nginx --replicas=60"]);
        for (view, h, size) in
            [(&few, 340.0, Size::Medium), (&few, 210.0, Size::Small), (&many, 340.0, Size::Dot), (&many, 150.0, Size::Speck)]
        {
            let scene = ask(view, 366.0, h);
            assert!(SIZES[scene.size] <= size && scene.h <= h + 1.0, "{h}: {:?}, {}", SIZES[scene.size], scene.h);
            assert_eq!(scene.spots.len(), if SIZES[scene.size] == Size::Speck { 60 } else { view.pods.len() });
        }
    }

    #[test]
    fn who_comes_nearer_finds_more_detail_where_it_was() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=150"]);
        let quiet = |p: &kubepie_core::session::view::PodView| super::super::is_system(&p.namespace);
        let at = |w, h, near| {
            scene(&Ask { view: &view, lens: Lens::Nodes, w, h, shown: &|_| true, quiet: &quiet, near }, &mut Seats::default(), 0)
        };
        let afar = at(360.0, 300.0, None);
        let nearer = at(360.0 * 4.0, 300.0 * 4.0, Some((4.0, SIZES[afar.size])));
        assert!(SIZES[afar.size] >= Size::Small && SIZES[nearer.size] <= Size::Named);
        let rows = |scene: &Scene| {
            let mut all: Vec<f64> = scene.panels.iter().map(|p| p.rect.y).collect();
            all.dedup();
            all.len()
        };
        assert_eq!(rows(&afar), rows(&nearer));
    }

    #[test]
    fn every_pod_lies_in_the_room_of_its_node() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=9"]);
        for (w, h) in [(340.0, 480.0), (700.0, 300.0), (1200.0, 500.0)] {
            let scene = ask(&view, w, h);
            assert_eq!(scene.spots.len(), view.pods.len());
            for spot in &scene.spots {
                let pod = &view.pods[spot.pod];
                let at = view.nodes.iter().position(|n| Some(&n.name) == pod.node.as_ref());
                let what = at.map_or(What::Tray, What::Room);
                let room = scene.panels.iter().find(|p| p.what == what).unwrap().rect;
                let (x, y) = spot.heart();
                assert!(x > room.x && x < room.x + room.w && y > room.y && y < room.y + room.h, "{w} {}", pod.name);
            }
            assert!(scene.panels.iter().all(|p| p.rect.x + p.rect.w <= w + 0.5));
        }
    }

    #[test]
    fn no_two_pods_share_a_place() {
        let view = fixture::view(&["kubectl create deployment web --image=nginx --replicas=12"]);
        let scene = ask(&view, 900.0, 460.0);
        for (i, a) in scene.spots.iter().enumerate() {
            for b in &scene.spots[i + 1..] {
                assert!((a.x - b.x).abs() > 10.0 || (a.y - b.y).abs() > 10.0);
            }
        }
    }

    #[test]
    fn detail_thins_as_numbers_grow() {
        let few = fixture::view(&["kubectl create deployment web --image=nginx --replicas=6"]);
        let many = fixture::view(&["kubectl create deployment web --image=nginx --replicas=150"]);
        let (few, many) = (ask(&few, 900.0, 460.0), ask(&many, 900.0, 460.0));
        assert_eq!(SIZES[few.size], Size::Large);
        assert!(SIZES[many.size] >= Size::Medium && many.h <= 461.0);
    }
}
