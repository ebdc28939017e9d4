//! The map's tools: lenses, namespaces, search, zoom. Never: what they do (mod.rs).

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::scene::Lens;
use super::{Msg, Scope, is_system};
use crate::app::{self, App};

/// One step of zooming.
const STEP: f64 = 1.3;

/// The tools.
#[inline(never)]
pub fn toolbar(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().map;
    let state = &app.map;
    let link = ctx.link();
    let lens = |lens: Lens, name: &'static str| {
        let on = state.lens == lens && !state.table;
        html! {
            <button class={classes!("seg", on.then_some("on"))} aria-pressed={on.to_string()} onclick={link.callback(move |_| app::Msg::Map(Msg::Lens(lens)))}>{ name }</button>
        }
    };
    let scope = link.callback(|e: Event| app::Msg::Map(Msg::Scope(e.target_unchecked_into::<HtmlSelectElement>().value())));
    let search = link.callback(|e: InputEvent| app::Msg::Map(Msg::Search(e.target_unchecked_into::<HtmlInputElement>().value())));
    let enter = link.batch_callback(|e: KeyboardEvent| match e.key().as_str() {
        "Enter" if !e.is_composing() => Some(app::Msg::Map(Msg::Found)),
        "Escape" => Some(app::Msg::Map(Msg::Search(String::new()))),
        _ => None,
    });
    let own = app.view.namespaces.iter().filter(|n| !is_system(n));
    let system = app.view.namespaces.iter().filter(|n| is_system(n));
    let one = |name: &std::rc::Rc<str>| {
        let selected = matches!(&state.scope, Scope::One(one) if one == name);
        html! { <option value={name.to_string()} {selected}>{ &**name }</option> }
    };
    html! {
        <div class="tools">
            <div class="segs" role="group" aria-label={words.lens}>
                { lens(Lens::Nodes, words.lens_nodes) }
                { lens(Lens::Owners, words.lens_owners) }
                { lens(Lens::Traffic, words.lens_traffic) }
                <button class={classes!("seg", state.table.then_some("on"))} aria-pressed={state.table.to_string()}
                    onclick={link.callback(|_| app::Msg::Map(Msg::Table))}>{ words.table }</button>
            </div>
            <span class="grow"></span>
            <select class="chip" aria-label={words.scope} onchange={scope}>
                <option value="" selected={state.scope == Scope::Own}>{ words.scope_own }</option>
                <option value="*" selected={state.scope == Scope::All}>{ words.scope_all }</option>
                { for own.chain(system).map(one) }
            </select>
            <input class="chip find" type="search" placeholder={words.search} aria-label={words.search} value={state.search.clone()}
                oninput={search} onkeydown={enter} autocomplete="off" spellcheck="false" />
            if !state.table {
                <div class="segs" role="group" aria-label={words.zoom}>
                    <button class="seg icon" aria-label={words.smaller} title={words.smaller} onclick={link.callback(|_| app::Msg::Map(Msg::Zoom(1.0 / STEP, None)))}>{ "−" }</button>
                    <button class="seg icon" aria-label={words.fit} title={words.fit} onclick={link.callback(|_| app::Msg::Map(Msg::Fit))}>
                        <svg class="ic" width="13" height="13" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" /></svg>
                    </button>
                    <button class="seg icon" aria-label={words.larger} title={words.larger} onclick={link.callback(|_| app::Msg::Map(Msg::Zoom(STEP, None)))}>{ "+" }</button>
                </div>
            }
        </div>
    }
}
