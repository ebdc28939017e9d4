//! The map: rooms for nodes, a tray for Pods that wait, boxes for what manages Pods. Never: where things lie (layout.rs).

use kubepie_core::session::view::{NodeView, PodState, PodView, WorkloadView};
use web_sys::Element;
use yew::prelude::*;

use crate::app::{self, App};
use crate::i18n::Words;

mod layout;
mod pie;

use layout::{Plan, Rect, is_system, plan};
pub use pie::pie;

/// What was chosen on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// A Pod, by its UID.
    Pod(String),
    /// A node, by its name.
    Node(String),
}

/// What can happen to the map.
pub enum Msg {
    /// Its element may have another size.
    Resized,
    /// It was measured, and has another size.
    Measured,
    /// Something is chosen.
    Select(Option<Selected>),
}

/// The map's state.
pub struct State {
    /// Its width in pixels.
    pub width: f64,
    /// Its element.
    pub canvas: NodeRef,
    /// What was chosen.
    pub selected: Option<Selected>,
}

impl State {
    /// Before anything could be measured.
    pub fn new() -> State {
        State { width: first_width(), canvas: NodeRef::default(), selected: None }
    }

    /// Looks how wide the map is. Returns whether that has changed.
    pub fn measure(&mut self) -> bool {
        let Some(canvas) = self.canvas.cast::<Element>() else { return false };
        let width = f64::from(canvas.client_width()).max(200.0);
        let changed = (width - self.width).abs() > 0.5;
        self.width = width;
        changed
    }
}

/// Takes in what happened.
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Resized => app.map.measure(),
        Msg::Measured => true,
        Msg::Select(what) => {
            app.map.selected = what;
            true
        }
    }
}

/// The map's width before it could be measured: what the style gives it on a phone, and about half of a wide screen.
fn first_width() -> f64 {
    let window = web_sys::window().and_then(|w| w.inner_width().ok()?.as_f64()).unwrap_or(1200.0);
    if window <= 760.0 { (window - 24.0).max(200.0) } else { window * 0.55 }
}

/// The map of the page.
pub fn map(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let plan = plan(&app.view, app.map.width, |_| true);
    html! {
        <section class="map" aria-label={words.map.title}>
            <div class="boxes" role="group" aria-label={words.map.workloads}>{ boxes(app, words) }</div>
            <div class="canvas" ref={&app.map.canvas} style={format!("height:{:.0}px", plan.height)}>
                <div class="tray" style={at(&plan.tray)}>
                    <span>{ words.map.tray }</span>
                    if app.view.pods.iter().all(|p| p.node.is_some()) {
                        <small>{ words.map.tray_empty }</small>
                    }
                </div>
                { for app.view.nodes.iter().zip(&plan.rooms).map(|(node, (rect, hidden))| room(app, ctx, node, rect, *hidden)) }
                { pods(app, ctx, &plan) }
            </div>
        </section>
    }
}

fn at(rect: &Rect) -> String {
    format!("left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px", rect.x, rect.y, rect.w, rect.h)
}

fn percent(part: f64, whole: f64) -> u32 {
    if whole > 0.0 { (part / whole * 100.0).clamp(0.0, 100.0) as u32 } else { 0 }
}

fn bar(name: &str, percent: u32) -> Html {
    html! {
        <div class="meter"><span>{ name }</span><span class="bar"><i style={format!("width:{percent}%")}></i></span><span>{ percent }{ "%" }</span></div>
    }
}

fn room(app: &App, ctx: &Context<App>, node: &NodeView, rect: &Rect, hidden: usize) -> Html {
    let words = app.words();
    let name = node.name.to_string();
    let choose = ctx.link().callback(move |_| app::Msg::Map(Msg::Select(Some(Selected::Node(name.clone())))));
    let chosen = matches!(&app.map.selected, Some(Selected::Node(n)) if **n == *node.name);
    let class = classes!("room", node.cordoned.then_some("closed"), (!node.ready).then_some("down"), chosen.then_some("chosen"));
    html! {
        <div key={node.uid.to_string()} {class} role="group" aria-label={node.name.to_string()} style={at(rect)}>
            <button class="name" onclick={choose}>{ &*node.name }</button>
            <small>
                { if node.control_plane { words.map.control_plane } else { words.map.worker } }{ " · " }{ words.map.pods }{ " " }{ node.pods_used }
                if hidden > 0 { { " (+" }{ hidden }{ ")" } }
            </small>
            if node.cordoned {
                <span class="lock">
                    <svg width="11" height="11" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 7V5a4 4 0 018 0v2M3 7h10v7H3z" /></svg>
                    { words.map.cordoned }
                </span>
            } else if !node.ready {
                <span class="lock">{ words.map.not_ready }</span>
            }
            { bar(words.map.cpu, percent(f64::from(node.cpu_used_m), f64::from(node.cpu_m))) }
            { bar(words.map.memory, percent(node.memory_used as f64, node.memory as f64)) }
        </div>
    }
}

fn pods(app: &App, ctx: &Context<App>, plan: &Plan) -> Html {
    plan.pods
        .iter()
        .filter_map(|spot| app.view.pods.get(spot.pod).map(|pod| (spot, pod)))
        .map(|(spot, pod)| {
            let words = app.words();
            let node = pod.node.as_deref().unwrap_or(words.map.no_node);
            let uid = pod.uid.to_string();
            let chosen = matches!(&app.map.selected, Some(Selected::Pod(u)) if **u == *pod.uid);
            let choose = {
                let uid = uid.clone();
                ctx.link().callback(move |_| app::Msg::Map(Msg::Select(Some(Selected::Pod(uid.clone())))))
            };
            let class = classes!("pod", spot.small.then_some("small"), chosen.then_some("chosen"));
            html! {
                <button key={uid} {class} onclick={choose} title={pod.name.to_string()}
                    aria-label={format!("{}, {}, {node}", pod.name, pod.status)}
                    style={format!("transform:translate({:.1}px,{:.1}px)", spot.x, spot.y)}>
                    { pie(pod.state, if spot.small { 22 } else { 42 }) }
                    if !spot.small {
                        <span>{ short(&pod.name) }</span>
                        if pod.state != PodState::Ready {
                            <span class="state">{ &*pod.status }</span>
                        }
                    }
                </button>
            }
        })
        .collect()
}

/// A name that fits below a pie: its beginning and its end.
fn short(name: &str) -> String {
    let count = name.chars().count();
    if count <= 10 {
        return name.to_string();
    }
    let start: String = name.chars().take(5).collect();
    let end: String = name.chars().skip(count.saturating_sub(5)).collect();
    [&start, "…", &end].concat()
}

fn boxes(app: &App, words: &Words) -> Html {
    let all = &app.view.workloads;
    let top: Vec<_> = all.iter().filter(|w| w.owner.is_empty() && !is_system(&w.namespace)).collect();
    if top.is_empty() {
        return html! { <span class="muted">{ words.map.no_workloads }</span> };
    }
    top.into_iter()
        .take(24)
        .map(|w| {
            let sets = all.iter().filter(|s| s.owner == w.uid && s.desired + s.current > 0);
            html! {
                <span class="box" key={w.uid.to_string()}>
                    <b>{ &*w.name }</b>
                    <small>{ &*w.kind }{ " " }{ counts(w) }</small>
                    { for sets.map(|s| html! { <span class="rs">{ tail(&s.name) }{ " " }{ counts(s) }{ " r" }{ s.revision }</span> }) }
                </span>
            }
        })
        .collect()
}

fn counts(w: &WorkloadView) -> String {
    format!("{}/{}", w.ready, w.desired)
}

fn tail(name: &str) -> &str {
    name.rsplit('-').next().unwrap_or(name)
}

/// The word for what owns a Pod: `ReplicaSet/web-5d9`.
pub fn owner(pod: &PodView) -> Option<String> {
    pod.owner.as_ref().map(|(kind, name, _)| [kind, "/", name].concat())
}
