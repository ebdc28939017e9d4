//! What the marks on the map mean, and how many there are of each. Never: where they are.

use yew::prelude::*;

use super::scene::{Lens, Size};
use super::{Scope, sign};
use crate::app::App;

/// Lines for one who has no Pods yet, and no Services.
const FIRST: [&str; 2] = ["kubectl create deployment pie --image=nginx --replicas=3", "kubectl expose deployment pie --port=80"];

/// What a map says on which there is nothing: what to type.
#[inline(never)]
pub fn blank(app: &App) -> Html {
    let lines = if app.map.lens == Lens::Traffic { 2 } else { 1 };
    html! {
        <div class="blank">
            <p>{ app.words().map.no_pods }</p>
            { for FIRST.iter().take(lines).map(|line| html! { <p><code>{ *line }</code></p> }) }
        </div>
    }
}

/// The states there are, with their marks as they are drawn now.
#[inline(never)]
pub fn legend(app: &App) -> Html {
    let (words, stage) = (app.words(), &app.map.stage);
    let (own, system) = stage.counts;
    let small = stage.size() >= Size::Small;
    let mark = |class: &'static str, path: &'static str| {
        if small {
            // A speck is a dot here: as large as its name.
            html! { <i class={classes!("pod", stage.size().min(Size::Dot).class(), class)} aria-hidden="true"></i> }
        } else {
            sign(class, path, "18")
        }
    };
    let states = words.inspector.legend().into_iter().zip(own).filter(|(_, count)| *count > 0);
    let none = own.iter().sum::<usize>() == 0 && app.map.scope == Scope::Own && !stage.panels.is_empty();
    let held = stage.buckets.iter().flat_map(|b| b.iter()).filter(|p| p.held).count();
    html! {
        <ul class="key" aria-label={words.map.key}>
            if none {
                <li class="first">{ words.map.no_pods }{ " " }{ for FIRST.iter().take(1).map(|line| html! { <code>{ *line }</code> }) }</li>
            }
            { for states.map(|((class, path, name), count)| html! { <li key={name}>{ mark(class, path) }{ name }<b>{ count }</b></li> }) }
            if held > 0 {
                <li key="held"><i class="guard" aria-hidden="true"></i>{ words.map.held }<b>{ held }</b></li>
            }
            if system > 0 {
                <li key="system"><i class="pod d run sys" aria-hidden="true"></i>{ words.map.system }<b>{ system }</b></li>
            }
        </ul>
    }
}
