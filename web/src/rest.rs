//! The half of the engine that the first visit does not run: `cargo xtask build` splits it off, `web/rest.js` fetches it
//! and holds back what is done on the page until it is there. Never: what is in which half (`web/first-visit.txt`).

use wasm_bindgen::prelude::*;

#[wasm_bindgen(js_namespace = kubepie)]
extern "C" {
    /// Gives the page what this half exports, which the other half imports; the page calls `start`: at once on a first
    /// visit, and when the other half is there where somebody comes back.
    #[wasm_bindgen(js_name = begin)]
    fn begin_with(exports: &JsValue, start: &JsValue);

    /// Whether the other half is there; where the wasm is not split it always is.
    #[wasm_bindgen(js_name = hasRest)]
    pub fn ready() -> bool;

    #[wasm_bindgen(js_name = loadRest)]
    fn load_rest();
}

/// To be called before anything else; `start` draws the page.
pub fn begin(start: impl FnOnce() + 'static) {
    begin_with(&wasm_bindgen::exports(), &Closure::once_into_js(start));
}

/// Brings the other half in now. Nothing should need it: it is what happens when a function of that half is called early.
#[wasm_bindgen(js_name = loadRest)]
pub fn load_now() {
    load_rest();
}
