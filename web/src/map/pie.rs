//! The pie that stands for a Pod: a rim and a mark for each state, so that colour never says it alone.

use kubepie_core::session::view::PodState;
use yew::prelude::*;

/// The rim's class and the mark inside, as a path.
fn looks(state: PodState) -> (&'static str, &'static str) {
    match state {
        PodState::Pending => ("wait", ""),
        PodState::Creating => ("make", "M20 13v7l5 3"),
        PodState::Running => ("make", "M14 20h12"),
        PodState::Ready => ("run", ""),
        PodState::Terminating => ("end", "M14 26l12-12"),
        PodState::Completed => ("done", "M14 20l4 5 8-9"),
        PodState::Failed | PodState::Evicted => ("bad", "M15 15l10 10m0-10l-10 10"),
        PodState::ImageError => ("bad", "M20 12v9m0 4v2"),
        PodState::CrashLoop => ("bad", "M26 16a7 7 0 1 0 1 6m0-8v4h-4"),
    }
}

/// A pie of a size in pixels.
pub fn pie(state: PodState, size: u32) -> Html {
    let (class, mark) = looks(state);
    let size = size.to_string();
    html! {
        <svg class={classes!("pie", class)} width={size.clone()} height={size} viewBox="0 0 40 40" aria-hidden="true">
            <circle class="rim" cx="20" cy="20" r="18" />
            <circle class="crust" cx="20" cy="20" r="13" />
            if class != "wait" && mark.is_empty() {
                <path class="cream" d="M7.4 21.6h25.2" />
            }
            if !mark.is_empty() {
                <path class="mark" d={mark} />
            }
        </svg>
    }
}
