//! Links: making one, and showing one that was opened before it is run. Never: what its bytes are (link.rs).

pub mod along;
mod differs;
pub mod link;
pub mod made;

use kubepie_core::session::{Scenario, Session, Takeaway};
use yew::prelude::*;

use crate::app::{self, App};
use crate::engine::Engine;
use crate::i18n::fill;
use differs::{Differs, Expected};

/// The most commands of a link that are listed.
const LISTED: usize = 20;

/// What can happen to links.
pub enum Msg {
    /// The address has another fragment.
    Fragment,
    /// Make one.
    Make,
    /// Copy the one that was made.
    Copy,
    /// Download the session as a file.
    File,
    /// Run the one that was opened.
    Run,
    /// Run it, one change after another.
    Step,
    /// Do not.
    Cancel,
    /// The difference was read.
    Noted,
}

/// What was made to share.
pub struct Made {
    /// The link; nothing where it would be too long.
    pub link: Option<String>,
    /// Whether it was copied.
    pub copied: bool,
    /// Whether the session began with a cluster that was brought, with all that its specs tell.
    pub brought: bool,
    /// The files for a real cluster.
    pub files: Takeaway,
}

/// The links' state.
#[derive(Default)]
pub struct State {
    /// A link that was opened and not yet run.
    pub pending: Option<Scenario>,
    /// What was made to share.
    pub made: Option<Made>,
    /// What the link which was run should come to, if one is waited for.
    expected: Option<Expected>,
    /// How what it came to differs.
    pub differs: Option<Differs>,
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Fragment => read(app),
        Msg::Make => make(app),
        Msg::Copy => {
            if let Some(Made { link: Some(link), copied, .. }) = &mut app.link.made {
                crate::lessons::copy(link);
                *copied = true;
            }
        }
        Msg::File => made::download("kubepie.json", &app.engine.session.export()),
        Msg::Run => run(app, false),
        Msg::Step => run(app, true),
        Msg::Noted => app.link.differs = None,
        Msg::Cancel => {
            app.link.pending = None;
            forget_fragment();
        }
    }
    true
}

/// Looks at the page's address for a link.
pub fn read(app: &mut App) {
    let fragment = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    match link::read(&fragment) {
        None => crate::lessons::read(app, &fragment),
        Some(Ok(scenario)) => app.link.pending = Some(scenario),
        Some(Err(bad)) => {
            let words = app.words();
            app.notice = Some(words.share.bad(&bad, &words.refused));
        }
    }
}

/// A scenario came from a file: it is shown before it is run.
pub fn offer(app: &mut App, scenario: Scenario) {
    app.link.pending = Some(scenario);
}

/// The log of a link has come to its end: says so if it came to another state than when the link was made.
pub fn arrived(app: &mut App) {
    let Some(expected) = app.link.expected.take() else { return };
    let session = &app.engine.session;
    app.link.differs = (format!("{:016x}", session.hash()) != expected.hash).then(|| expected.against(&session.reaches()));
}

/// Takes the fragment off the page's address.
pub fn forget_fragment() {
    let Some(window) = web_sys::window() else { return };
    if window.location().hash().is_ok_and(|h| h.trim_start_matches('#').is_empty()) {
        return;
    }
    let href = window.location().href().unwrap_or_default();
    let base = href.split('#').next().unwrap_or_default();
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(base));
    }
}

fn make(app: &mut App) {
    let words = &app.words().share;
    let link = link::fragment(&app.engine.session.export()).ok().map(|fragment| {
        let href = web_sys::window().and_then(|w| w.location().href().ok()).unwrap_or_default();
        [href.split('#').next().unwrap_or_default(), "#", &fragment].concat()
    });
    app.notice = Some(if link.is_some() { words.made } else { words.too_long_made }.to_string());
    let lang = app.look.lang;
    let files = app.engine.session.take_along(&|text| lang.pick(text).to_string());
    app.link.made = Some(Made { link, copied: false, brought: app.engine.session.cluster().is_some(), files });
}

/// Runs the link that was opened: to its end at once, or paused at its beginning, its inputs lying ahead.
fn run(app: &mut App, by_steps: bool) {
    let Some(scenario) = app.link.pending.take() else { return };
    let end = if by_steps { 0 } else { scenario.end_ms };
    app.link.differs = None;
    app.link.expected = if by_steps { None } else { Expected::of(&scenario, &app.words().share) };
    app.replace(Engine::new(Session::new(scenario), end));
    app.lessons.leave();
    app.engine.playing = !by_steps;
}

/// The dialog about a link that was opened, if one was.
#[inline(never)]
pub fn dialog(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    match (&app.link.pending, &app.link.differs) {
        (Some(scenario), _) => pending(app, ctx, scenario),
        (None, Some(differs)) => html! {
            <section class="notice" role="status" aria-label={words.share.differs_title}>
                <h2>{ words.share.differs_title }</h2>
                { differs::view(differs, &words.share) }
                <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::Noted))}>{ words.page.close }</button>
            </section>
        },
        (None, None) => Html::default(),
    }
}

#[inline(never)]
fn pending(app: &App, ctx: &Context<App>, scenario: &Scenario) -> Html {
    let words = app.words();
    let lines = differs::commands(scenario, &words.share);
    let more = lines.len().saturating_sub(LISTED);
    html! {
        <section class="notice" aria-label={words.share.opened}>
            <h2>{ words.share.opened }</h2>
            if let Some(cluster) = &scenario.base.cluster {
                <p>{ fill(words.share.of_cluster, &[&cluster.count("Node").to_string(), &cluster.count("Pod").to_string()]) }</p>
            }
            if lines.is_empty() {
                <p>{ words.share.empty }</p>
            } else {
                <p>{ fill(words.share.does, &[&lines.len().to_string()]) }</p>
                <pre tabindex="0">{ lines.iter().take(LISTED).map(String::as_str).collect::<Vec<_>>().join("\n") }</pre>
            }
            if more > 0 {
                <p>{ "+" }{ more }{ " " }{ words.share.more }</p>
            }
            <div class="row">
                <button class="chip accent" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::Run))}>{ words.share.run }</button>
                <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::Step))}>{ words.share.step }</button>
                <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::Cancel))}>{ words.share.cancel }</button>
            </div>
        </section>
    }
}
