//! Keeping the end of the output in sight when its window becomes lower or higher: another sheet of a phone, a keyboard on its
//! screen. Never: what is written (`dom`).

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};

/// How near to its end, in pixels, the output is taken to be at its end.
pub(super) const NEAR: i32 = 24;

/// Watches an element until it is dropped.
pub struct Follow {
    observer: ResizeObserver,
    _act: Closure<dyn FnMut()>,
}

impl Follow {
    /// Begins to watch. An element that stood at its end will stand there again.
    pub fn new(out: &HtmlElement) -> Option<Follow> {
        let (watched, height) = (out.clone(), Cell::new(out.client_height()));
        let act = Closure::<dyn FnMut()>::new(move || {
            let (before, end) = (height.replace(watched.client_height()), watched.scroll_height());
            if watched.scroll_top() + before + NEAR >= end {
                watched.set_scroll_top(end);
            }
        });
        let observer = ResizeObserver::new(act.as_ref().unchecked_ref()).ok()?;
        observer.observe(out);
        Some(Follow { observer, _act: act })
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
