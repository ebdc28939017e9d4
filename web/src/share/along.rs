//! What is on the page, to download for a real cluster: three files. Never: what is in them (the core's session/takeaway.rs).

use kubepie_core::session::Takeaway;
use yew::prelude::*;

use super::made::data;
use crate::app::{self, App};
use crate::bring;
use crate::i18n::Words;

/// A row with a link for each file.
#[inline(never)]
pub fn along(files: &Takeaway, ctx: &Context<App>, words: &Words) -> Html {
    let all = [("manifests.yaml", &files.manifests), ("kind.yaml", &files.kind), ("commands.sh", &files.commands)];
    html! {
        <div class="along">
            <p class="small">{ words.share.along }</p>
            <div class="row">{ for all.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| one(name, text)) }</div>
            <p class="small">{ words.share.bring }</p>
            <button class="chip" onclick={ctx.link().callback(|_| app::Msg::Bring(bring::Msg::Open))}>{ words.bring.open }</button>
        </div>
    }
}

#[inline(never)]
fn one(name: &'static str, text: &str) -> Html {
    html! { <a class="chip" href={data(text)} download={name}>{ name }</a> }
}
