//! The editor as a component: a file, what is wrong with it, and what can be done with it. Never: doing it (`super`).

use super::rich::{self, Page, Rich};
use super::{Ask, short};
use crate::i18n::Lang;

use js_sys::Function;
use kubepie_core::session::{Offers, Problem};
use wasm_bindgen::JsValue;
use web_sys::{HtmlAnchorElement, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// What the editor is given.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The file's absolute path.
    pub path: String,
    /// What it is headed with.
    pub title: String,
    /// What the file holds; nothing where there is no such file.
    pub text: Option<AttrValue>,
    /// The shell whose program edits; nothing where the file stands for itself.
    pub program: Option<u32>,
    /// The language.
    pub lang: Lang,
    /// What to do.
    pub ask: Callback<Ask>,
}

/// What happens in the editor.
pub enum Msg {
    /// The file of the editor proper is there, or will not be.
    Loaded(bool),
    /// The text is another.
    Changed(String),
    /// Save, or (`true`) apply.
    Keep(bool),
    /// What is wrong with the text.
    Problems(Vec<Problem>),
    /// Compare with the cluster, or no longer.
    Compare,
    /// What the cluster holds.
    Live(Option<String>),
    /// The program is done: with what was saved, or without.
    Done(bool),
    /// Save to the visitor's own machine.
    Download,
    /// Ask for a name, for an assurance, or no longer for either.
    Asking(Asking),
    /// Another name.
    Renamed(String),
    /// Away with the file.
    Delete,
}

/// What is being asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing.
    Nothing,
    /// Another name.
    Name,
    /// Whether to delete.
    Delete,
}

/// The editor.
pub struct Editor {
    body: NodeRef,
    pub(super) text: String,
    pub(super) saved: String,
    rich: Option<Rich>,
    /// The editor proper will not come.
    pub(super) plain: bool,
    loaded: bool,
    pub(super) comparing: bool,
    /// Comparing was asked for and there is nothing to compare with.
    pub(super) nothing_live: bool,
    pub(super) problems: Option<Vec<Problem>>,
    pub(super) asking: Asking,
    /// The file is gone on purpose: nothing is saved on leaving.
    gone: bool,
}

impl Component for Editor {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        rich::load(ctx.link().callback(Msg::Loaded));
        let text = ctx.props().text.as_ref().map(ToString::to_string).unwrap_or_default();
        Editor {
            body: NodeRef::default(),
            saved: text.clone(),
            text,
            rich: None,
            plain: false,
            loaded: false,
            comparing: false,
            nothing_live: false,
            problems: None,
            asking: Asking::Nothing,
            gone: false,
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let props = ctx.props();
        if props.text != old.text
            && let Some(text) = &props.text
        {
            // Changed by a command: what was being written stays, unless nothing was.
            if self.text == self.saved {
                self.text = text.to_string();
                self.rich.iter().for_each(|rich| rich.set(text));
            }
            self.saved = text.to_string();
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let props = ctx.props();
        match msg {
            Msg::Loaded(well) => {
                (self.loaded, self.plain) = (well, !well);
                if self.plain {
                    self.check(ctx);
                }
            }
            Msg::Changed(text) => {
                let was = self.text == self.saved;
                self.text = text;
                if self.plain {
                    self.check(ctx);
                }
                return self.comparing || was != (self.text == self.saved);
            }
            Msg::Keep(apply) => {
                let (path, text) = (props.path.clone(), self.text.clone());
                self.saved = text.clone();
                props.ask.emit(if apply && props.program.is_none() { Ask::Apply(path, text) } else { Ask::Save(path, text) });
            }
            Msg::Problems(problems) => self.problems = Some(problems),
            Msg::Compare => {
                if self.comparing || self.nothing_live {
                    (self.comparing, self.nothing_live) = (false, false);
                    self.rich.iter().for_each(|rich| rich.compare(None));
                } else {
                    props.ask.emit(Ask::Live(self.text.clone(), ctx.link().callback(Msg::Live)));
                }
            }
            Msg::Live(live) => {
                (self.comparing, self.nothing_live) = (live.is_some(), live.is_none());
                self.rich.iter().for_each(|rich| rich.compare(live.as_deref()));
            }
            Msg::Done(keep) => {
                if let Some(shell) = props.program {
                    if keep && self.text != self.saved {
                        props.ask.emit(Ask::Save(props.path.clone(), self.text.clone()));
                    }
                    self.gone = true;
                    props.ask.emit(Ask::Done(shell, keep));
                }
            }
            Msg::Download => download(&short(&props.path), &self.text),
            Msg::Asking(asking) => self.asking = asking,
            Msg::Renamed(name) => {
                self.asking = Asking::Nothing;
                let name = name.trim().to_string();
                if !name.is_empty() && name != props.title {
                    self.leave(ctx);
                    self.gone = true;
                    props.ask.emit(Ask::Rename(props.path.clone(), name));
                }
            }
            Msg::Delete => {
                self.gone = true;
                props.ask.emit(Ask::Delete(props.path.clone()));
            }
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if self.loaded && self.rich.is_none() {
            if let Some(body) = self.body.cast::<HtmlElement>() {
                self.rich = Rich::open(&body, self.page(ctx));
                self.rich.iter().for_each(Rich::focus);
            }
            if self.rich.is_none() {
                ctx.link().send_message(Msg::Loaded(false));
            }
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.leave(ctx);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        html! {
            <div class="editor">
                { self.bar(ctx) }
                if self.rich.is_some() || self.loaded {
                    <div class="code" ref={&self.body}></div>
                } else {
                    <textarea
                        class="code"
                        aria-label={ctx.props().title.clone()}
                        spellcheck="false"
                        autocapitalize="none"
                        value={self.text.clone()}
                        oninput={link.callback(|e: InputEvent| {
                            let area: Option<HtmlTextAreaElement> = e.target_dyn_into();
                            Msg::Changed(area.map(|area| area.value()).unwrap_or_default())
                        })}
                    />
                }
                { self.state(ctx) }
            </div>
        }
    }
}

impl Editor {
    /// What was written is never lost: it is saved where the editor is left.
    fn leave(&mut self, ctx: &Context<Self>) {
        if !self.gone && self.text != self.saved {
            self.saved = self.text.clone();
            ctx.props().ask.emit(Ask::Save(ctx.props().path.clone(), self.text.clone()));
        }
    }

    /// Whether the file is a manifest, which the cluster has something to say about.
    pub(super) fn is_manifest(&self, ctx: &Context<Self>) -> bool {
        let path = &ctx.props().path;
        [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
    }

    fn check(&self, ctx: &Context<Self>) {
        if self.is_manifest(ctx) {
            ctx.props().ask.emit(Ask::Check(self.text.clone(), ctx.link().callback(Msg::Problems)));
        }
    }

    /// What the editor proper is given.
    fn page(&self, ctx: &Context<Self>) -> Page {
        let link = ctx.link();
        let manifest = self.is_manifest(ctx);
        let (ask, told) = (ctx.props().ask.clone(), link.callback(Msg::Problems));
        let check = Callback::from(move |(text, resolve): (String, Function)| {
            if !manifest {
                answer(&resolve, &rich::pairs(std::iter::empty()));
                return;
            }
            let told = told.clone();
            let reply = Callback::from(move |problems: Vec<Problem>| {
                let pair = |p: &Problem| (JsValue::from(p.line as u32), JsValue::from_str(&p.message));
                answer(&resolve, &rich::pairs(problems.iter().map(pair)));
                told.emit(problems);
            });
            ask.emit(Ask::Check(text, reply));
        });
        let ask = ctx.props().ask.clone();
        let offer = Callback::from(move |(text, line, column, resolve): (String, u32, u32, Function)| {
            let written = text.lines().nth(line as usize).unwrap_or_default().to_string();
            let byte = crate::terminal::byte_at(&written, column);
            let reply = Callback::from(move |offers: Offers| {
                let from = written.get(..offers.from).unwrap_or_default().encode_utf16().count() as u32;
                let pair = |o: &kubepie_core::session::Offer| (JsValue::from_str(&o.text), JsValue::from_str(&o.about));
                answer(&resolve, &rich::offers(from, &rich::pairs(offers.all.iter().map(pair))));
            });
            ask.emit(Ask::Offer(text, line as usize, byte, reply));
        });
        Page {
            text: self.text.clone(),
            label: ctx.props().title.clone(),
            words: &ctx.props().lang.words().editor,
            changed: link.callback(Msg::Changed),
            keep: link.callback(Msg::Keep),
            done: link.callback(Msg::Done),
            offer,
            check,
        }
    }
}

fn answer(resolve: &Function, value: &JsValue) {
    let _ = resolve.call1(&JsValue::UNDEFINED, value);
}

/// Hands a text to the visitor as a file.
fn download(name: &str, text: &str) {
    let anchor = web_sys::window().and_then(|w| w.document()).and_then(|document| {
        let anchor: HtmlAnchorElement = wasm_bindgen::JsCast::dyn_into(document.create_element("a").ok()?).ok()?;
        Some(anchor)
    });
    if let Some(anchor) = anchor {
        let encoded = String::from(js_sys::encode_uri_component(text));
        anchor.set_href(&["data:text/yaml;charset=utf-8,", &encoded].concat());
        anchor.set_download(name.rsplit('/').next().unwrap_or(name));
        anchor.click();
    }
}
