//! What a pointer does in the terminal: words of the output that are pointed at and chosen.

use super::Ask;
use super::component::Terminal;
use super::names::Target;

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

impl Terminal {
    /// A click on a name chooses the object; elsewhere it leads to the line, unless something is being selected.
    pub(super) fn click(&mut self, ctx: &Context<Self>, e: &MouseEvent) {
        let selecting = web_sys::window().and_then(|w| w.get_selection().ok().flatten()).is_some_and(|s| !s.is_collapsed());
        if selecting {
            return;
        }
        match named(e) {
            Some(name) => {
                let data = |key: &str| name.get_attribute(&["data-", key].concat()).unwrap_or_default().into();
                let target = Target { kind: data("kind"), namespace: data("namespace"), name: data("name"), uid: data("uid") };
                ctx.props().ask.emit(Ask::Follow(target));
            }
            None => self.focus(),
        }
    }

    /// The object under the pointer is marked on the map.
    pub(super) fn point(&self, e: &MouseEvent) {
        let uid = named(e).and_then(|name| name.get_attribute("data-uid"));
        let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
        if let Ok(Some(marked)) = document.query_selector("[data-pointed]") {
            let _ = marked.remove_attribute("data-pointed");
        }
        // A UID has no quotes in it.
        let place = uid.filter(|uid| !uid.is_empty()).map(|uid| ["[data-id=\"", &uid, "\"]"].concat());
        if let Some(Ok(Some(place))) = place.map(|place| document.query_selector(&place)) {
            let _ = place.set_attribute("data-pointed", "");
        }
    }
}

/// The name of an object at which something happened.
fn named(e: &MouseEvent) -> Option<Element> {
    e.target()?.dyn_into::<Element>().ok()?.closest(".obj").ok()?
}
