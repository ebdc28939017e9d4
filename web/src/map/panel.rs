//! The parts of the map that hold Pods, as elements: tray, rooms, boxes, Services. Never: where they lie (scene.rs).

use std::rc::Rc;

use kubepie_core::session::view::{BudgetView, NodeView, ServiceView, WorkloadView};
use yew::prelude::*;

use super::scene::{Panel, Rect, Size};
use crate::i18n::{Lang, Words, fill};

/// What a panel shows.
#[derive(Clone, Debug)]
pub enum Thing {
    /// The tray; whether it is empty, and else why a Pod waits, in the scheduler's words, beside the Pods.
    Tray(bool, Option<(Rc<str>, f64)>),
    /// A node.
    Room(Rc<NodeView>),
    /// What manages Pods, with a budget that holds over them.
    Box(Rc<WorkloadView>, Option<Rc<BudgetView>>),
    /// What manages Pods for a box; whether it is the newest, where there are several.
    Set(Rc<WorkloadView>, Option<bool>),
    /// A Service; how wide its card is.
    Front(Rc<ServiceView>, f64),
    /// Pods that belong to none of those; whether to Services rather than owners.
    Rest(bool),
}

impl PartialEq for Thing {
    fn eq(&self, other: &Thing) -> bool {
        let same = |a: &Option<Rc<BudgetView>>, b: &Option<Rc<BudgetView>>| match (a, b) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        match (self, other) {
            (Thing::Tray(a, m), Thing::Tray(b, n)) => a == b && m == n,
            (Thing::Rest(a), Thing::Rest(b)) => a == b,
            (Thing::Room(a), Thing::Room(b)) => Rc::ptr_eq(a, b),
            (Thing::Box(a, m), Thing::Box(b, n)) => Rc::ptr_eq(a, b) && same(m, n),
            (Thing::Set(a, m), Thing::Set(b, n)) => Rc::ptr_eq(a, b) && m == n,
            (Thing::Front(a, m), Thing::Front(b, n)) => Rc::ptr_eq(a, b) && m == n,
            _ => false,
        }
    }
}

impl Thing {
    /// What tells it from the others: a UID where it stands for an object.
    pub fn id(&self) -> Rc<str> {
        match self {
            Thing::Tray(..) => "tray".into(),
            Thing::Rest(_) => "rest".into(),
            Thing::Room(n) => n.uid.clone(),
            Thing::Box(w, _) | Thing::Set(w, _) => w.uid.clone(),
            Thing::Front(s, _) => s.uid.clone(),
        }
    }
}

/// What a panel is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct Props {
    /// Where it lies.
    pub panel: Panel,
    /// What it shows.
    pub thing: Thing,
    /// The size of the Pods in it.
    pub size: Size,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Whether the tab key leads to it.
    pub tab: bool,
    /// The language.
    pub lang: Lang,
}

/// A panel.
#[component]
pub fn PanelView(p: &Props) -> Html {
    let words = p.lang.words();
    match &p.thing {
        Thing::Tray(empty, why) => html! {
            <div class="tray" style={at(p)}>
                <span>{ words.map.tray }</span>
                if *empty {
                    <small>{ words.map.tray_empty }</small>
                }
                if let Some((why, left)) = why {
                    <small class="why" title={why.to_string()} style={format!("left:{left:.0}px")}>{ brief(why) }</small>
                }
                { hidden(p) }
            </div>
        },
        Thing::Room(node) => room(p, node, words),
        Thing::Box(w, budget) => boxed(p, w, budget.as_deref(), words),
        Thing::Set(w, newest) => set(p, w, *newest, words),
        Thing::Front(s, card) => front(p, s, *card, words),
        Thing::Rest(services) => html! {
            <div class="rest" role="group" aria-label={if *services { words.map.no_service } else { words.map.no_owner }} style={at(p)}>
                <span class="eyebrow">{ if *services { words.map.no_service } else { words.map.no_owner } }</span>
                { hidden(p) }
            </div>
        },
    }
}

/// Where a panel is: in a crowd without a transform, as each costs the browser time.
fn at(p: &Props) -> String {
    let Rect { x, y, w, h } = p.panel.rect;
    let place =
        if p.size >= Size::Small { format!("left:{x:.1}px;top:{y:.1}px") } else { format!("transform:translate({x:.1}px,{y:.1}px)") };
    format!("{place};width:{w:.1}px;height:{h:.1}px")
}

#[inline(never)]
fn hidden(p: &Props) -> Html {
    if p.panel.hidden > 0 {
        html! { <span class="more">{ "+" }{ p.panel.hidden }</span> }
    } else {
        Html::default()
    }
}

/// The button that a panel is known by.
#[inline(never)]
fn title(p: &Props, text: &str, label: String) -> Html {
    html! {
        <button class="name" data-id={p.thing.id().to_string()} tabindex={if p.tab { "0" } else { "-1" }} aria-label={label}>{ text }</button>
    }
}

#[inline(never)]
fn meter(p: &Props, name: &str, used: f64, whole: f64, text: String) -> Html {
    let part = if whole > 0.0 { (used / whole).clamp(0.0, 1.0) } else { 0.0 };
    // What moves smoothly costs the browser time even while it stands: too much where there are many.
    let style = if p.size >= Size::Small { format!("width:{:.0}%", part * 100.0) } else { format!("transform:scaleX({part:.3})") };
    html! {
        <div class={classes!("meter", (part > 0.85).then_some("full"))}>
            <span>{ name }</span>
            <span class="bar"><i {style}></i></span>
            <span class="n">{ text }</span>
        </div>
    }
}

/// What the scheduler says of the nodes, without what it says of claims and of preemption.
fn brief(why: &str) -> &str {
    why.find(". ").and_then(|end| why.get(..=end)).unwrap_or(why)
}

/// CPU as a person says it: `250m`, `1.5`.
pub fn cpu(milli: u32) -> String {
    if milli.is_multiple_of(100) { format!("{}", f64::from(milli) / 1000.0) } else { format!("{milli}m") }
}

/// Memory as a person says it: `64Mi`, `1.9Gi`.
pub fn memory(bytes: u64) -> String {
    let mib = bytes >> 20;
    if mib == 0 {
        return "0".into();
    }
    if mib < 1024 { format!("{mib}Mi") } else { format!("{:.1}Gi", mib as f64 / 1024.0).replace(".0Gi", "Gi") }
}

/// A room of this width tells what there is beside what is used.
const WIDE: f64 = 150.0;

#[inline(never)]
fn room(p: &Props, node: &NodeView, words: &Words) -> Html {
    let class =
        classes!("room", p.size.class(), node.cordoned.then_some("closed"), (!node.ready).then_some("down"), p.chosen.then_some("chosen"));
    let m = &words.map;
    let role = if node.control_plane { m.control_plane } else { m.worker };
    let full = p.size <= Size::Medium;
    let mut label = [&node.name, ", ", role].concat();
    for (is, word) in [(node.cordoned, m.cordoned), (!node.ready, m.not_ready)] {
        if is {
            label = [&label, ": ", word].concat();
        }
    }
    let wide = full && p.panel.rect.w >= WIDE;
    let text = |used: String, whole: String| if wide { [used.as_str(), "/", &whole].concat() } else { used };
    html! {
        <div {class} role="group" aria-label={node.name.to_string()} style={at(p)}>
            <i class="shutter" aria-hidden="true"></i>
            <div class="top">
                { title(p, &node.name, label) }
                if !node.ready {
                    <span class="tag bad">{ m.not_ready }</span>
                } else if node.cordoned {
                    <span class="tag">
                        <svg width="11" height="11" viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 7V5a3.5 3.5 0 017 0v2M3 7h10v7H3z" /></svg>
                        <span>{ m.cordoned_short }</span>
                    </span>
                } else if p.size < Size::Dot {
                    <small>{ role }</small>
                } else {
                    <small title={m.pods}>{ node.pods_used }{ if p.size == Size::Dot { format!("/{}", node.pods) } else { String::new() } }</small>
                }
                { hidden(p) }
            </div>
            if p.size < Size::Speck {
                { meter(p, m.cpu, f64::from(node.cpu_used_m), f64::from(node.cpu_m), text(cpu(node.cpu_used_m), cpu(node.cpu_m))) }
            }
            if p.size < Size::Dot {
                { meter(p, m.memory, node.memory_used as f64, node.memory as f64, text(memory(node.memory_used), memory(node.memory))) }
            }
            if full {
                { meter(p, m.pods, f64::from(node.pods_used), f64::from(node.pods), text(node.pods_used.to_string(), node.pods.to_string())) }
            }
        </div>
    }
}

/// `2/3`.
pub fn counts(w: &WorkloadView) -> String {
    format!("{}/{}", w.ready, w.desired)
}

#[inline(never)]
fn boxed(p: &Props, w: &WorkloadView, budget: Option<&BudgetView>, words: &Words) -> Html {
    let label = [&w.kind, " ", &w.name, ": ", &counts(w)].concat();
    html! {
        <div class={classes!("box", p.chosen.then_some("chosen"))} role="group" aria-label={[&w.kind, " ", &*w.name].concat()} style={at(p)}>
            <span class="eyebrow">
                { &*w.kind }
                if w.paused { <b>{ words.map.paused }</b> }
                if let Some(b) = budget {
                    <b class={if b.allowed == 0 { "shield shut" } else { "shield" }} title={[&b.name, ": ", &*b.rule].concat()}>
                        { fill(words.map.may_go, &[&b.allowed.to_string()]) }
                    </b>
                }
            </span>
            <div class="top">{ title(p, &w.name, label) }<span class="count">{ counts(w) }</span></div>
            { hidden(p) }
        </div>
    }
}

#[inline(never)]
fn set(p: &Props, w: &WorkloadView, newest: Option<bool>, words: &Words) -> Html {
    let tail = w.name.rsplit('-').next().unwrap_or(&w.name);
    let image = w.image.rsplit('/').next().unwrap_or(&w.image);
    let label = [&w.kind, " ", &w.name, ": ", &counts(w)].concat();
    let class = classes!("set", newest.map(|n| if n { "new" } else { "old" }), p.chosen.then_some("chosen"));
    html! {
        <div {class} role="group" aria-label={[&w.kind, " ", &*w.name].concat()} style={at(p)}>
            <div class="top">
                { title(p, tail, label) }
                if w.revision > 0 { <span class="rev">{ "r" }{ w.revision }</span> }
                <span class="grow"></span>
                <span class="count">{ counts(w) }</span>
            </div>
            <small>
                if let Some(newest) = newest { <b>{ if newest { words.map.newest } else { words.map.older } }</b>{ " · " } }
                { image }
            </small>
            { hidden(p) }
        </div>
    }
}

#[inline(never)]
fn front(p: &Props, s: &ServiceView, card: f64, words: &Words) -> Html {
    let open = s.endpoints.len();
    let label = ["Service ", &s.name, ": ", &fill(words.map.behind, &[&open.to_string()])].concat();
    html! {
        <div class={classes!("front", p.chosen.then_some("chosen"))} role="group" aria-label={["Service ", &*s.name].concat()} style={at(p)}>
            <div class="card" style={format!("width:{card:.0}px")}>
                <span class="eyebrow">{ &*s.kind }</span>
                { title(p, &s.name, label) }
                <small>{ if s.external_ip.is_empty() { &*s.ip } else { &*s.external_ip } }</small>
                <small>{ &*s.ports }</small>
                <small class={if open == 0 { "none" } else { "" }}>{ fill(words.map.behind, &[&open.to_string()]) }</small>
            </div>
            { hidden(p) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_one_waits_is_told_in_brief() {
        let why = "0/4 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available.";
        assert_eq!((brief(why), brief("pending")), ("0/4 nodes are available: 3 Insufficient cpu.", "pending"));
    }

    #[test]
    fn quantities_as_a_person_says_them() {
        assert_eq!((cpu(250), cpu(1500), cpu(2000)), ("250m".into(), "1.5".into(), "2".into()));
        assert_eq!((memory(64 << 20), memory(2 << 30), memory(1900 << 20)), ("64Mi".into(), "2Gi".into(), "1.9Gi".into()));
    }
}
