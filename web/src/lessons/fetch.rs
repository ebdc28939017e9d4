//! Fetching the lessons' texts, which lie beside the page. Never: what is in them.

use js_sys::Uint8Array;
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

/// Reads a file that somebody chose: as bytes, for to take a long text over letter by letter takes long.
pub fn file(file: &web_sys::Blob, done: impl FnOnce(Option<String>) + 'static) {
    let bytes = file.array_buffer();
    spawn_local(async move {
        let bytes = JsFuture::from(bytes).await.ok().map(|bytes| Uint8Array::new(&bytes).to_vec());
        done(bytes.map(|bytes| String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())));
    });
}
