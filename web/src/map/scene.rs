//! Where everything lies on the map: the vocabulary of scenes, and choosing the size at which one fits.
//! Pure arithmetic. Never: elements of the page.

use kubepie_core::session::view::{PodView, View};

use super::seats::Seats;
use super::{nodes, owners, traffic};

/// Space between panels.
pub const GAP: f64 = 12.0;
/// Space inside a panel's border.
pub const PAD: f64 = 12.0;
/// The most Pods drawn in one panel.
pub const MOST: usize = 1200;
/// A map narrower than this is that of a phone; map.css knows it too.
const NARROW: f64 = 480.0;
/// The side of the cell of a Pod of the system, which is drawn as a dot.
pub const DOT: f64 = 15.0;

/// A rectangle, in pixels.
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

impl Rect {
    /// Whether it has a part in common with another.
    pub fn meets(&self, o: &Rect) -> bool {
        self.x < o.x + o.w && o.x < self.x + self.w && self.y < o.y + o.h && o.y < self.y + self.h
    }

    /// Whether another lies in it.
    pub fn holds(&self, o: &Rect) -> bool {
        self.x <= o.x && self.y <= o.y && self.x + self.w >= o.x + o.w && self.y + self.h >= o.y + o.h
    }

    /// The same with so much more on each side.
    pub fn wider(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, w: self.w + by * 2.0, h: self.h + by * 2.0 }
    }

    /// Its middle.
    pub fn middle(&self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
}

/// By what Pods are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lens {
    /// By where they run.
    #[default]
    Nodes,
    /// By whose they are.
    Owners,
    /// By the Service that leads to them.
    Traffic,
}

/// How large Pods are drawn, and so how much of them is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// A pie with its name and what it waits for.
    Large,
    /// A pie with the end of its name.
    Named,
    /// A pie.
    Medium,
    /// A small pie without what is inside.
    Small,
    /// A dot.
    Dot,
    /// A speck, in a room that tells its name and how many there are; those of the system are not drawn.
    Speck,
}

/// All sizes, the largest first.
pub const SIZES: [Size; 6] = [Size::Large, Size::Named, Size::Medium, Size::Small, Size::Dot, Size::Speck];

impl Size {
    /// Width and height of a Pod with the space around it.
    pub fn cell(self) -> (f64, f64) {
        match self {
            Size::Large => (76.0, 82.0),
            Size::Named => (56.0, 60.0),
            Size::Medium => (46.0, 48.0),
            Size::Small => (27.0, 27.0),
            Size::Dot => (DOT, DOT),
            Size::Speck => (8.0, 8.0),
        }
    }

    /// The middle of its pie within the cell.
    pub fn heart(self) -> (f64, f64) {
        let (w, h) = self.cell();
        let down = match self {
            Size::Large => 25.0,
            Size::Named => 22.0,
            _ => h / 2.0,
        };
        (w / 2.0, down)
    }

    /// Its class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Size::Large => "l",
            Size::Named => "n",
            Size::Medium => "m",
            Size::Small => "s",
            Size::Dot => "d",
            Size::Speck => "e",
        }
    }
}

/// What a panel stands for; numbers are indices into the picture's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Pods that have no node.
    Tray,
    /// A node.
    Room(usize),
    /// What manages Pods, on its own behalf.
    Box(usize),
    /// What manages Pods for a box around it: the ReplicaSet of a Deployment, the Job of a CronJob.
    Set(usize),
    /// A Service.
    Front(usize),
    /// Pods that belong to none of those.
    Rest,
}

/// A part of the map that holds Pods or other panels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// What it is.
    pub what: What,
    /// Where it lies.
    pub rect: Rect,
    /// How many of its Pods are not drawn.
    pub hidden: usize,
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
    /// How large it is drawn.
    pub size: Size,
}

impl Spot {
    /// The middle of its pie.
    pub fn heart(&self) -> (f64, f64) {
        let (x, y) = self.size.heart();
        (self.x + x, self.y + y)
    }
}

/// A line from a Service to a Pod behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wire {
    /// Where it begins.
    pub from: (f64, f64),
    /// Where it rises, and at which height it then runs.
    pub via: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// Whether the Pod is ready, so that requests come through.
    pub open: bool,
}

/// Where everything lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Panels, an outer one before those inside of it.
    pub panels: Vec<Panel>,
    /// Pods.
    pub spots: Vec<Spot>,
    /// Lines.
    pub wires: Vec<Wire>,
    /// The whole width.
    pub w: f64,
    /// The whole height.
    pub h: f64,
    /// The height that would do, where what there is more is filled.
    pub least: f64,
    /// The size of Pods, as an index of [`SIZES`].
    pub size: usize,
}

/// What a scene is made for.
pub struct Ask<'a> {
    /// The picture.
    pub view: &'a View,
    /// By what Pods are put together.
    pub lens: Lens,
    /// The width there is.
    pub w: f64,
    /// The height there is.
    pub h: f64,
    /// Which Pods are shown.
    pub shown: &'a dyn Fn(&PodView) -> bool,
    /// Which of them are the system's own, told in passing.
    pub quiet: &'a dyn Fn(&PodView) -> bool,
    /// How much larger `w` and `h` are than what is in sight, where one has come nearer, and the size of Pods before.
    pub near: Option<(f64, Size)>,
}

impl Ask<'_> {
    /// The width and the size by which the rooms stand in rows: one who comes nearer finds them where they were.
    pub fn afar(&self) -> (f64, Option<Size>) {
        self.near.map_or((self.w, None), |(times, size)| (self.w / times, Some(size)))
    }

    /// Whether it is for the map of a phone.
    pub fn is_phone(&self) -> bool {
        self.afar().0 < NARROW
    }
}

/// A picture is only laid out larger than the one before if it leaves this part of the height free, so that a Pod more or
/// less does not change all of them.
const SPARE: f64 = 0.06;

/// Lays a picture out at the largest size at which it fits the height, or else the smallest. `near` is the size of the
/// picture before, from which one looks.
pub fn scene(ask: &Ask<'_>, seats: &mut Seats, near: usize) -> Scene {
    seats.begin();
    let lay: &dyn Fn(Size) -> Scene = match ask.lens {
        Lens::Nodes => &nodes::plan(ask, seats),
        Lens::Owners => &owners::plan(ask, seats),
        Lens::Traffic => &traffic::plan(ask, seats),
    };
    seats.end();
    // Of a narrow map boxes are rather scrolled than told with less detail; of rooms all are to be seen.
    let room = if ask.is_phone() && ask.lens != Lens::Nodes { ask.h * 1.8 } else { ask.h };
    let at = |size: usize| Scene { size, w: ask.w, ..SIZES.get(size).map_or_else(Scene::default, |s| lay(*s)) };
    let mut best = at(near.min(SIZES.len() - 1));
    while best.h > room + 1.0 && best.size + 1 < SIZES.len() {
        best = at(best.size + 1);
    }
    while best.size > 0 && best.size <= near {
        let larger = at(best.size - 1);
        if larger.least > room * (1.0 - SPARE) {
            break;
        }
        best = larger;
    }
    best
}

/// Pods with their seats, and how many seats there are with the empty ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Crowd {
    /// Indices of Pods, each with its seat.
    pub pods: Vec<(usize, usize)>,
    /// One more than the last seat.
    pub span: usize,
}

impl Crowd {
    /// The height of its rows in a width.
    pub fn height(&self, w: f64, size: Size) -> f64 {
        let (cell_w, cell_h) = size.cell();
        self.span.min(MOST).div_ceil(columns(w, cell_w)) as f64 * cell_h
    }

    /// Puts its Pods into rows inside a rectangle; gives the number of those that found no room.
    pub fn lay(&self, inside: Rect, size: Size, spots: &mut Vec<Spot>) -> usize {
        self.lay_some(inside, size, MOST, spots)
    }

    /// As [`lay`](Self::lay), at most so many.
    pub fn lay_some(&self, inside: Rect, size: Size, most: usize, spots: &mut Vec<Spot>) -> usize {
        let (w, h) = size.cell();
        let columns = columns(inside.w, w);
        for (pod, seat) in self.pods.iter().filter(|(_, seat)| *seat < most) {
            let (column, row) = ((seat % columns) as f64, (seat / columns) as f64);
            spots.push(Spot { pod: *pod, x: inside.x + column * w, y: inside.y + row * h, size });
        }
        self.pods.iter().filter(|(_, seat)| *seat >= most).count()
    }
}

/// How many cells fit beside each other; one at least.
pub fn columns(w: f64, cell: f64) -> usize {
    (w / cell).floor().max(1.0) as usize
}
