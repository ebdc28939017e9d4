//! A link that was made: the link to copy, its length, a code for the classroom's wall, and a frame for a page or a slide.

use qrcodegen::{QrCode, QrCodeEcc};
use yew::prelude::*;

use crate::i18n::share::Words;

/// Beyond so many letters some programs cut a link off.
const LONG: usize = 2_000;

/// What is shown of a link.
#[inline(never)]
pub fn made(link: &str, words: &Words) -> Html {
    let embedded = link.replacen('#', "?embed=1#", 1);
    let frame = format!("<iframe src=\"{embedded}\" width=\"960\" height=\"600\" title=\"Kubepie\"></iframe>");
    html! {
        <div class="made">
            { code(link, words) }
            <div>
                <input class="url" readonly=true aria-label={words.link} value={link.to_string()} />
                <p class="muted small">
                    { link.len() }{ " " }{ words.letters }
                    if link.len() > LONG {
                        { ". " }{ words.long }
                    }
                </p>
                <label class="small">{ words.frame }<input class="url" readonly=true value={frame} /></label>
                <a class="chip" href={data(link)} download="kubepie-link.txt">{ words.file }</a>
            </div>
        </div>
    }
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
        <svg class="code" role="img" aria-label={words.code} viewBox={format!("-4 -4 {0} {0}", size + 8)}><path d={path} /></svg>
    }
}
