//! What is on the page, to download for a real cluster: three files. Never: what is in them (the core's session/takeaway.rs).

use kubepie_core::session::Takeaway;
use yew::prelude::*;

use super::made::data;
use crate::i18n::share::Words;

/// A row with a link for each file.
#[inline(never)]
pub fn along(files: &Takeaway, words: &Words) -> Html {
    let all = [("manifests.yaml", &files.manifests), ("kind.yaml", &files.kind), ("commands.sh", &files.commands)];
    html! {
        <div class="along">
            <p class="small">{ words.along }</p>
            <div class="row">{ for all.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| one(name, text)) }</div>
        </div>
    }
}

#[inline(never)]
fn one(name: &'static str, text: &str) -> Html {
    html! { <a class="chip" href={data(text)} download={name}>{ name }</a> }
}
