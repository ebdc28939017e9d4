//! The map's elements as the browser has them: found, focused, brought into sight.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Scrolls an element into sight.
pub(super) fn into_sight(e: &HtmlElement) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    e.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The `data-id` of the element that has the focus.
pub(super) fn focused_id() -> Option<String> {
    web_sys::window()?.document()?.active_element()?.get_attribute("data-id")
}

/// The element of the map that has an id.
pub(super) fn element(id: &str) -> Option<HtmlElement> {
    let quoted = id.replace(['"', '\\'], "");
    let found = web_sys::window()?.document()?.query_selector(&["[data-id=\"", &quoted, "\"]"].concat()).ok()??;
    found.dyn_into().ok()
}

/// Gives the focus to an element of the map.
pub(super) fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

/// The tables, which scroll.
pub(super) fn tables() -> Option<HtmlElement> {
    web_sys::window()?.document()?.query_selector(".tables").ok()??.dyn_into().ok()
}
