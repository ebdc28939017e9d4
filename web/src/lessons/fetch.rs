//! Fetching the lessons' texts, which lie beside the page. Never: what is in them.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

/// Fetches a text file beside the page. `done` gets nothing where that fails.
pub fn text(path: String, done: impl FnOnce(Option<String>) + 'static) {
    spawn_local(async move { done(fetched(&path).await) });
}

async fn fetched(path: &str) -> Option<String> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(path)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// Reads a file that somebody chose.
pub fn file(file: &web_sys::File, done: impl FnOnce(Option<String>) + 'static) {
    let text = file.text();
    spawn_local(async move { done(JsFuture::from(text).await.ok().and_then(|text| text.as_string())) });
}
