//! A demonstration: a few inputs played on a cluster of its own, in place, as often as one likes. Never: the page's session.

use kubepie_core::lesson::Demo;
use kubepie_core::session::{Base, InputKind, Session, ShownKind, Timing, View};
use kubepie_core::time::Instant;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

use super::play::{Do, Play};
use crate::i18n::Lang;
use crate::map::pie;

/// The longest real time that one frame may stand for, in milliseconds.
const LONGEST_FRAME_MS: f64 = 100.0;

/// Steps of the cluster in one frame.
const SLICE: u32 = 20_000;

/// How long the cluster goes on after the last line, in simulated milliseconds.
const AFTER_MS: f64 = 9_000.0;

/// The lines of the terminal that are shown.
const LINES: usize = 9;

/// What a demonstration is given.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// What is played.
    pub demo: Demo,
    /// The language around it.
    pub lang: Lang,
}

/// A demonstration that runs.
struct Stage {
    session: Session,
    view: View,
    play: Play,
    now_ms: f64,
    left_ms: f64,
    last_frame: f64,
}

/// What can happen to it.
pub enum Msg {
    /// Play it.
    Start,
    /// The browser draws a frame, at this millisecond.
    Frame(f64),
}

/// A demonstration.
pub struct DemoView {
    stage: Option<Stage>,
    running: bool,
    frame: Option<Closure<dyn FnMut(f64)>>,
    asked: i32,
}

impl Component for DemoView {
    type Message = Msg;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        DemoView { stage: None, running: false, frame: None, asked: 0 }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Start => {
                let demo = &ctx.props().demo;
                let base = Base { files: demo.files.iter().cloned().collect(), lines: demo.setup.clone(), ..Base::default() };
                let mut session = Session::fresh(11, js_sys::Date::now() as i64, Timing::LIFE, base);
                let now_ms = session.now().as_ms() as f64;
                let view = session.view().clone();
                self.stage = Some(Stage { session, view, play: Play::new(&demo.lines), now_ms, left_ms: AFTER_MS, last_frame: 0.0 });
                if self.frame.is_none() {
                    let link = ctx.link().clone();
                    self.frame = Some(Closure::new(move |at| link.send_message(Msg::Frame(at))));
                }
                if !std::mem::replace(&mut self.running, true) {
                    self.ask();
                }
                true
            }
            Msg::Frame(at) => {
                let Some(stage) = &mut self.stage else {
                    self.running = false;
                    return false;
                };
                stage.pass(at);
                if stage.left_ms > 0.0 {
                    self.ask();
                } else {
                    self.running = false;
                }
                true
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        if old.demo.lines != ctx.props().demo.lines {
            self.stage = None;
        }
        true
    }

    fn destroy(&mut self, _: &Context<Self>) {
        if let Some(window) = web_sys::window() {
            let _ = window.cancel_animation_frame(self.asked);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let words = &ctx.props().lang.words().lessons;
        let name = if self.stage.is_some() { words.demo_again } else { words.demo };
        html! {
            <figure class="demo" aria-label={words.demo_title}>
                <figcaption>
                    <span>{ ctx.props().lang.pick(&ctx.props().demo.caption).replace('`', "") }</span>
                    if !self.running {
                        <button class="chip" onclick={ctx.link().callback(|_| Msg::Start)}>{ "▶ " }{ name }</button>
                    }
                </figcaption>
                { self.stage.as_ref().map(stage).unwrap_or_default() }
            </figure>
        }
    }
}

impl DemoView {
    fn ask(&mut self) {
        if let (Some(window), Some(frame)) = (web_sys::window(), &self.frame) {
            self.asked = window.request_animation_frame(frame.as_ref().unchecked_ref()).unwrap_or(0);
        }
    }
}

impl Stage {
    fn pass(&mut self, at: f64) {
        let dt = if self.last_frame > 0.0 { (at - self.last_frame).clamp(0.0, LONGEST_FRAME_MS) } else { 0.0 };
        self.last_frame = at;
        let idle = self.session.is_idle(0);
        match self.play.pass(dt, idle) {
            Do::Run(line) if line == "^C" => self.session.submit(0, InputKind::Interrupt),
            Do::Run(text) => self.session.submit(0, InputKind::Line { text }),
            Do::Nothing | Do::Draw => {}
        }
        if self.play.over() && idle {
            self.left_ms -= dt;
        }
        self.now_ms += dt;
        self.session.advance(Instant(self.now_ms as u64), SLICE);
        self.view = self.session.view().clone();
    }
}

/// The small map and the small terminal.
#[inline(never)]
fn stage(stage: &Stage) -> Html {
    let view = &stage.view;
    let mine = |namespace: &str| !matches!(namespace, "kube-system" | "metallb-system");
    let pods: Vec<_> = view.pods.iter().filter(|pod| mine(&pod.namespace)).collect();
    let nodes = view.nodes.iter().filter(|node| !node.control_plane);
    let boxes = view.workloads.iter().filter(|w| mine(&w.namespace) && w.owner.is_empty());
    let said: String = stage
        .session
        .shown_since(0)
        .map(|shown| if shown.what == ShownKind::Typed { shown.text.replace("root@m-k8s:~# ", "$ ") } else { shown.text.to_string() })
        .collect();
    let lines: Vec<&str> = said.lines().collect();
    let end = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n");
    html! {
        <>
            <div class="tiny" aria-hidden="true">
                <div class="tinyboxes">{ for boxes.map(|w| html! { <span key={w.uid.to_string()}>{ &*w.name }{ " " }{ w.ready }{ "/" }{ w.desired }</span> }) }</div>
                <div class="tinynodes">
                    { for nodes.map(|node| html! {
                        <div key={node.uid.to_string()} class={node.cordoned.then_some("closed")}>
                            <small>{ &*node.name }</small>
                            <p>{ for pods.iter().filter(|pod| pod.node.as_deref() == Some(&*node.name)).map(|pod| html! { <span key={pod.uid.to_string()} class="tinypie">{ pie(pod, 26) }</span> }) }</p>
                        </div>
                    }) }
                </div>
            </div>
            <pre class="tinyterm" tabindex="0">{ end }</pre>
        </>
    }
}
