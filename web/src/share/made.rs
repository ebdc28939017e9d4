//! A link that was made: the link to copy, its length, a code for the classroom's wall, and a frame for a page or a slide.

use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use super::{Made, Msg};
use crate::app::{self, App};
use crate::i18n::share::Words;

/// Beyond so many letters some programs cut a link off.
const LONG: usize = 2_000;

/// What is shown of what was made.
#[inline(never)]
pub fn made(made: &Made, ctx: &Context<App>, words: &Words) -> Html {
    html! {
        <>
            if let Some(link) = &made.link {
                { of_link(link, made.copied, ctx, words) }
            }
            if made.brought {
                <p class="small">{ words.brought }</p>
            }
            <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::File))}>{ words.file }</button>
        </>
    }
}

#[inline(never)]
fn of_link(link: &str, copied: bool, ctx: &Context<App>, words: &Words) -> Html {
    let embedded = embedded(link);
    let frame = format!("<iframe src=\"{embedded}\" width=\"960\" height=\"600\" title=\"Kubepie\"></iframe>");
    html! {
        <div class="made">
            { code(link, words) }
            <div>
                <input class="url" readonly=true aria-label={words.link} value={link.to_string()} />
                <button class="chip accent" onclick={ctx.link().callback(|_| app::Msg::Link(Msg::Copy))}>{ if copied { words.copied } else { words.copy } }</button>
                <p class="muted small">
                    { link.len() }{ " " }{ words.letters }
                    if link.len() > LONG {
                        { ". " }{ words.long }
                    }
                </p>
                <label class="small">{ words.frame }<input class="url" readonly=true value={frame} /></label>
            </div>
        </div>
    }
}

/// A link as a frame opens it.
fn embedded(link: &str) -> String {
    let (page, fragment) = link.split_once('#').unwrap_or((link, ""));
    [page, if page.contains('?') { "&" } else { "?" }, "embed=1#", fragment].concat()
}

/// Has the browser download a text as a file.
pub fn download(name: &str, text: &str) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let parts = js_sys::Array::of1(&text.into());
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let Ok(address) = Blob::new_with_str_sequence_and_options(&parts, &kind).and_then(|blob| Url::create_object_url_with_blob(&blob))
    else {
        return;
    };
    if let Some(anchor) = document.create_element("a").ok().and_then(|a| a.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = Url::revoke_object_url(&address);
}

/// A text as the address of a file.
pub fn data(text: &str) -> String {
    ["data:text/plain,", &String::from(js_sys::encode_uri_component(text))].concat()
}

/// The link as a picture that a phone reads; a sentence where it is too long for one.
#[inline(never)]
fn code(link: &str, words: &Words) -> Html {
    let Ok(code) = QrCode::encode_text(link, QrCodeEcc::Low) else { return html! { <p class="muted small">{ words.no_code }</p> } };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    html! {
        <svg class="qr" role="img" aria-label={words.code} viewBox={format!("-4 -4 {0} {0}", size + 8)}><path d={path} /></svg>
    }
}

#[cfg(test)]
mod tests {
    use super::embedded;

    #[test]
    fn a_frame_keeps_what_the_address_asks_for() {
        assert_eq!(embedded("https://a.example/#s=1.A"), "https://a.example/?embed=1#s=1.A");
        assert_eq!(embedded("https://a.example/?lang=ko&speed=2#s=1.A"), "https://a.example/?lang=ko&speed=2&embed=1#s=1.A");
    }
}
