//! The map as elements: its tools, and the window over the ground that scrolls. Never: where things lie.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::flights::Flight;
use super::ground::Ground;
use super::panel::counts;
use super::scene::Lens;
use super::sight::Shift;
use super::{Msg, legend, owners, table, toolbar};
use crate::app::{self, App};

/// The most chips of workloads.
const CHIPS: usize = 16;

/// The map of the page.
#[inline(never)]
pub fn map(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let link = ctx.link();
    let state = &app.map;
    let click = link.batch_callback(|e: MouseEvent| id_at(&e.target_unchecked_into()).map(|id| app::Msg::Map(Msg::Pick(id))));
    let focused = link.batch_callback(|e: FocusEvent| id_at(&e.target_unchecked_into()).map(|id| app::Msg::Map(Msg::Focused(id))));
    let key = link.batch_callback(|e: KeyboardEvent| {
        let ours = matches!(e.key().as_str(), "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "Escape");
        ours.then(|| {
            e.prevent_default();
            app::Msg::Map(Msg::Key(e))
        })
    });
    let wheel = link.batch_callback(|e: WheelEvent| {
        (e.ctrl_key() || e.meta_key()).then(|| {
            e.prevent_default();
            let about = viewport_of(&e).map(|v| v.get_bounding_client_rect());
            let about = about.map(|r| (f64::from(e.client_x()) - r.left(), f64::from(e.client_y()) - r.top()));
            app::Msg::Map(Msg::Zoom((-e.delta_y() / 300.0).exp(), about))
        })
    });
    let scroll = link.batch_callback(|e: Event| viewport_of(&e).map(|v| app::Msg::Map(Msg::Scrolled(Shift::of(&v)))));
    let (scene, scale) = (&state.stage.scene, state.scale());
    let (w, h) = (scene.w * scale, (scene.h * scale).max(state.stage.floor * scale.min(1.0)));
    html! {
        <section class="map" aria-label={words.map.title}>
            { toolbar::toolbar(app, ctx) }
            if state.lens == Lens::Nodes && !state.table {
                { chips(app, ctx) }
            }
            if state.table {
                { table::table(app, ctx) }
            } else {
                <div class="viewport" ref={&state.viewport} onclick={click} onfocusin={focused} onkeydown={key} onwheel={wheel} onscroll={scroll}
                    onpointerdown={Callback::from(drag)}>
                    <div class="sheet" style={format!("width:{w:.0}px;height:{h:.0}px")}>
                        <Ground stage={state.stage.clone()} brush={state.brush.clone()} zoom={scale} lang={app.look.lang} />
                        if scene.panels.is_empty() {
                            { legend::blank(app) }
                        }
                        { for state.flights.now.iter().map(|f| flight(f, scale)) }
                    </div>
                </div>
                { legend::legend(app) }
            }
            <p class="sr" role="status">{ &state.told }</p>
        </section>
    }
}

/// The window over the map that an event came from.
fn viewport_of(e: &Event) -> Option<Element> {
    e.target_unchecked_into::<Element>().closest(".viewport").ok()?
}

/// The id of the element of the map that an event came from.
fn id_at(target: &Element) -> Option<String> {
    target.closest("[data-id]").ok()??.get_attribute("data-id")
}

#[inline(never)]
fn flight(f: &Flight, zoom: f64) -> Html {
    let class = classes!("flight", (!f.answered).then_some("lost"));
    html! { <i key={f.number} {class} aria-hidden="true" style={format!("offset-path:path('{}');zoom:{zoom:.3}", f.path)}></i> }
}

/// What manages Pods, above the rooms: the boxes of the lens *owners* in short.
#[inline(never)]
fn chips(app: &App, ctx: &Context<App>) -> Html {
    let words = &app.words().map;
    let view = &app.view;
    let top: Vec<_> = view.workloads.iter().filter(|w| app.map.scope.holds(&w.namespace) && owners::is_top(view, w)).collect();
    let more = top.len().saturating_sub(CHIPS);
    let chip = |w: &Rc<kubepie_core::session::view::WorkloadView>| {
        let uid = w.uid.to_string();
        let chosen = app.map.stage.chosen.as_ref() == Some(&w.uid);
        let pick = ctx.link().callback(move |_| app::Msg::Map(Msg::Pick(uid.clone())));
        let mut sets: Vec<_> = view.workloads.iter().filter(|s| s.owner == w.uid && s.desired + s.current > 0 && s.revision > 0).collect();
        sets.sort_by_key(|s| s.revision);
        let rolling = sets.len() > 1;
        html! {
            <button key={w.uid.to_string()} class={classes!("crate", chosen.then_some("chosen"), (w.ready < w.desired).then_some("short"))}
                aria-label={[&w.kind, " ", &w.name, ": ", &counts(w)].concat()} onclick={pick}>
                <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6" /></svg>
                <b>{ &*w.name }</b>
                if rolling {
                    { for sets.iter().map(|s| html! { <span class="half"><small>{ "r" }{ s.revision }</small>{ counts(s) }</span> }) }
                } else {
                    <span>{ counts(w) }</span>
                }
            </button>
        }
    };
    html! {
        <div class="crates" role="group" aria-label={words.workloads}>
            if top.is_empty() {
                <span class="muted">{ words.no_workloads }</span>
            }
            { for top.iter().take(CHIPS).map(|w| chip(w)) }
            if more > 0 {
                <span class="muted">{ "+" }{ more }</span>
            }
        </div>
    }
}

/// Dragging the ground moves the window over the map.
fn drag(e: PointerEvent) {
    let target: Element = e.target_unchecked_into();
    let on_ground = e.pointer_type() == "mouse" && e.button() == 0 && id_at(&target).is_none();
    let Some(viewport) = target.closest(".viewport").ok().flatten().filter(|_| on_ground) else { return };
    let _ = viewport.set_pointer_capture(e.pointer_id());
    let start = (e.client_x(), e.client_y(), viewport.scroll_left(), viewport.scroll_top());
    let Ok(element) = viewport.dyn_into::<HtmlElement>() else { return };
    let moved = element.clone();
    let go = Closure::<dyn FnMut(web_sys::PointerEvent)>::new(move |e: web_sys::PointerEvent| {
        moved.set_scroll_left(start.2 - (e.client_x() - start.0));
        moved.set_scroll_top(start.3 - (e.client_y() - start.1));
    });
    element.set_onpointermove(Some(go.as_ref().unchecked_ref()));
    let done = element.clone();
    let stop = Closure::once_into_js(move || {
        done.set_onpointermove(None);
        drop(go);
    });
    element.set_onlostpointercapture(Some(stop.unchecked_ref()));
}

/// Does something once the page is drawn.
pub fn later(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = web_sys::window() {
        let _ = window.set_timeout_with_callback(act.unchecked_ref());
    }
}
