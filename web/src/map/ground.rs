//! The ground of the map as elements: panels, lines and Pods. A crowd is drawn a part in each frame. Never: where things lie.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use super::panel::PanelView;
use super::pod::{BUCKETS, Bucket, Placed};
use super::scene::{Lens, Wire};
use super::stage::Stage;
use crate::i18n::Lang;

/// In a crowd, how many Pods that have changed are drawn in a frame, and in one that is slower than this by so much more:
/// how long a picture takes must not depend on how slow frames are.
const PODS_A_FRAME: (f64, f64) = (48.0, 100.0);
/// What drawing a bucket costs besides, in Pods.
const BUCKET_COST: usize = 2;

/// What the ground has still to draw, and how it is told to: between the map's state, which knows of frames, and the ground.
#[derive(Clone, Default)]
pub struct Brush(Rc<Inner>);

#[derive(Default)]
struct Inner {
    lags: Cell<bool>,
    share: Cell<usize>,
    more: RefCell<Option<Callback<()>>>,
}

impl PartialEq for Brush {
    fn eq(&self, other: &Brush) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Brush {
    /// Whether not everything is drawn yet.
    pub fn lags(&self) -> bool {
        self.0.lags.get()
    }

    /// Draws some more, if there is more to draw, in a frame that came `dt` milliseconds after the one before. Returns whether
    /// there was.
    pub fn go_on(&self, dt: f64) -> bool {
        self.0.share.set(share(dt));
        let more = self.0.more.borrow().clone().filter(|_| self.lags());
        more.inspect(|more| more.emit(())).is_some()
    }
}

/// What the ground is given.
#[derive(Properties)]
pub struct Props {
    /// What is to be drawn.
    pub stage: Rc<Stage>,
    /// Where it is told that it lags.
    pub brush: Brush,
    /// How much larger than it fits.
    pub zoom: f64,
    /// The language.
    pub lang: Lang,
}

impl PartialEq for Props {
    fn eq(&self, o: &Props) -> bool {
        Rc::ptr_eq(&self.stage, &o.stage) && (self.zoom, self.lang) == (o.zoom, o.lang)
    }
}

/// Panels, lines and Pods.
pub struct Ground {
    /// The Pods as they are drawn.
    drawn: Vec<Rc<[Placed]>>,
    /// Another lens is being drawn, too much for anything to fly: it comes out of a haze.
    hazy: bool,
}

impl Component for Ground {
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let mut ground = Ground { drawn: vec![Rc::default(); BUCKETS], hazy: false };
        ground.aim(props);
        *props.brush.0.more.borrow_mut() = Some(ctx.link().callback(|()| ()));
        ground
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        self.hazy |= props.stage.is_heavy() && props.stage.lens != old.stage.lens;
        self.aim(props);
        // A crowd's panels are drawn in the next frame, when the picture is taken in.
        !props.brush.lags() || (props.zoom, props.lang) != (old.zoom, old.lang)
    }

    fn update(&mut self, ctx: &Context<Self>, (): ()) -> bool {
        let props = ctx.props();
        let lags = draw_more(&mut self.drawn, &props.stage.seen, props.brush.0.share.get());
        props.brush.0.lags.set(lags);
        self.hazy &= lags;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { stage, zoom, lang, .. } = ctx.props();
        let (size, lang) = (stage.size(), *lang);
        let lens = match stage.lens {
            Lens::Nodes => "nodes",
            Lens::Owners => "owners",
            Lens::Traffic => "traffic",
        };
        let class =
            classes!("world", lens, stage.still.then_some("still"), stage.is_crowd().then_some("crowd"), self.hazy.then_some("hazy"));
        html! {
            <div {class} style={format!("width:{:.0}px;height:{:.0}px;transform:scale({zoom:.3})", stage.scene.w, stage.scene.h)}>
                { for stage.panels.iter().filter(|(panel, thing)| stage.sees(panel, thing)).map(|(panel, thing)| {
                    let id = thing.id();
                    let (chosen, tab) = (stage.chosen.as_ref() == Some(&id), stage.focus.as_ref() == Some(&id));
                    html! { <PanelView key={id.to_string()} panel={*panel} thing={thing.clone()} {size} {chosen} {tab} {lang} /> }
                }) }
                if !stage.scene.wires.is_empty() {
                    <svg class="wires" aria-hidden="true" width={stage.scene.w.to_string()} height={stage.scene.h.to_string()}>
                        { for stage.scene.wires.iter().map(|w| html! {
                            <path class={if w.open { "open" } else { "shut" }} d={wire(w)} />
                        }) }
                    </svg>
                }
                { for self.drawn.iter().enumerate().map(|(n, pods)| html! { <Bucket key={n} pods={pods.clone()} {lang} /> }) }
            </div>
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        let brush = &ctx.props().brush.0;
        brush.lags.set(false);
        brush.more.replace(None);
    }
}

impl Ground {
    /// Takes in what is to be drawn: at once where it is little, else from the next frame on.
    fn aim(&mut self, props: &Props) {
        let lags = props.stage.is_gradual() && differs(&self.drawn, &props.stage.seen);
        if !lags {
            self.drawn.clone_from(&props.stage.seen);
            self.drawn.resize(BUCKETS, Rc::default());
        }
        props.brush.0.lags.set(lags);
    }
}

/// How many Pods are drawn in a frame that came `dt` milliseconds after the one before.
fn share(dt: f64) -> usize {
    (PODS_A_FRAME.0 * (dt / PODS_A_FRAME.1).max(1.0)) as usize
}

/// Whether what is drawn is not what is wanted.
fn differs(drawn: &[Rc<[Placed]>], wanted: &[Rc<[Placed]>]) -> bool {
    !drawn.iter().zip(wanted).all(|(a, b)| Rc::ptr_eq(a, b))
}

/// Takes some buckets over, for one frame's work. Returns whether there are more.
fn draw_more(drawn: &mut [Rc<[Placed]>], wanted: &[Rc<[Placed]>], share: usize) -> bool {
    let mut left = share;
    for (drawn, wanted) in drawn.iter_mut().zip(wanted) {
        if Rc::ptr_eq(drawn, wanted) {
            continue;
        }
        if left == 0 {
            return true;
        }
        left = left.saturating_sub(changes(drawn, wanted) + BUCKET_COST);
        *drawn = wanted.clone();
    }
    false
}

/// How many Pods are to be drawn anew or taken away.
fn changes(drawn: &[Placed], wanted: &[Placed]) -> usize {
    // Both are in the order of their UIDs.
    let kept =
        |p: &&Placed| drawn.binary_search_by(|d| d.pod.uid.cmp(&p.pod.uid)).ok().and_then(|at| drawn.get(at)).is_some_and(|d| d == *p);
    let same = wanted.iter().filter(kept).count();
    wanted.len().max(drawn.len()) - same
}

/// A line that rises beside the card, runs above a row and drops to a Pod, with round corners.
fn wire(w: &Wire) -> String {
    let ((sx, sy), (vx, vy), (tx, ty)) = (w.from, w.via, w.to);
    let turn = 6.0_f64.min((sy - vy).abs() / 2.0);
    let up = if vy < sy { -turn } else { turn };
    format!(
        "M{sx:.0} {sy:.0}H{:.0}Q{vx:.0} {sy:.0} {vx:.0} {:.0}V{:.0}Q{vx:.0} {vy:.0} {:.0} {vy:.0}H{:.0}Q{tx:.0} {vy:.0} {tx:.0} {:.0}V{ty:.0}",
        vx - turn,
        sy + up,
        vy - up,
        vx + turn,
        tx - 5.0,
        (vy + 5.0).min(ty),
    )
}

#[cfg(test)]
mod tests {
    use super::super::actors::Actors;
    use super::super::fixture;
    use super::*;
    use crate::pace::Pace;

    #[test]
    fn a_crowd_is_drawn_over_several_frames() {
        let wish = fixture::wish(Lens::Nodes);
        let mut session = fixture::session(&["kubectl create deployment web --image=nginx --replicas=200"]);
        let mut actors = Actors::default();
        let (first, _) = actors.stage(&Stage::default(), &session.view().clone(), &wish, 0.0);
        let mut drawn = vec![Rc::default(); BUCKETS];
        let frames = |drawn: &mut Vec<Rc<[Placed]>>, stage: &Stage| {
            let mut frames = 1;
            while draw_more(drawn, &stage.seen, share(16.0)) {
                frames += 1;
            }
            frames
        };
        let whole = frames(&mut drawn, &first);
        assert!((5..=12).contains(&whole), "{whole} frames");
        session.submit_line(0, "kubectl label pods --all seen=yes");
        session.settle(60_000);
        let (second, _) = actors.stage(&first, &session.view().clone(), &wish, 10.0);
        assert!(frames(&mut drawn, &second) > 2);
        let labelled = drawn.iter().flat_map(|b| b.iter()).filter(|p| p.pod.labels.contains_key("seen")).count();
        assert_eq!(labelled, 200);
        assert_eq!(frames(&mut drawn, &second), 1);
    }

    /// Frames of a page, each so many milliseconds after the one before: what it looks at and what it draws. Gives the longest
    /// time between two looks, and the longest for which what is drawn was not what was seen last.
    fn frames(session: &mut kubepie_core::session::Session, frame_ms: f64, end_ms: f64) -> (f64, f64) {
        let (wish, mut pace, mut actors) = (fixture::wish(Lens::Nodes), Pace::new(), Actors::default());
        let mut view = session.view().clone();
        let mut stage = Stage::default();
        let mut drawn: Vec<Rc<[Placed]>> = vec![Rc::default(); BUCKETS];
        let (mut last, mut whole, mut longest, mut behind) = (0.0, 0.0, 0.0_f64, 0.0_f64);
        for n in 0..(end_ms / frame_ms) as usize {
            let at = n as f64 * frame_ms;
            let lags = differs(&drawn, &stage.seen);
            let looks = pace.is_due(at, !lags, view.pods.len());
            pace.pass(frame_ms, looks, !lags);
            session.advance_to(session.now() + frame_ms as u64);
            if lags {
                draw_more(&mut drawn, &stage.seen, share(frame_ms));
            }
            if looks || actors.next_ms.is_some_and(|next| at >= next) {
                if looks {
                    view = session.view().clone();
                    pace.looked(at);
                    longest = longest.max(at - last);
                    last = at;
                }
                stage = actors.stage(&stage, &view, &wish, at).0;
                assert!(stage.is_crowd());
            }
            if !differs(&drawn, &stage.seen) {
                whole = at;
            }
            behind = behind.max(at - whole);
        }
        (longest, behind)
    }

    #[test]
    fn a_map_does_not_stand_still_where_frames_are_slow() {
        for frame_ms in [17.0, 100.0, 700.0, 2_000.0] {
            let most = (frame_ms * 6.0_f64).max(1_500.0);
            let mut session = fixture::session(&["kubectl create deployment web --image=nginx --replicas=250"]);
            session.submit_line(0, "kubectl set image deployment web nginx=nginx:1.28");
            let (longest, behind) = frames(&mut session, frame_ms, 30_000.0);
            assert!(longest <= most && behind <= most, "frames of {frame_ms} ms: looked after {longest}, drawn after {behind}");
        }
    }
}
