//! The pie that stands for a Pod: a rim and a mark for each state, so that colour never says it alone, and a slice for
//! each container. Never: where it lies.

use std::f64::consts::{FRAC_PI_2, TAU};

use kubepie_core::session::view::{PodState, PodView};
use yew::prelude::*;

/// The class of a state in the stylesheet, and its mark as a path.
pub fn looks(state: PodState) -> (&'static str, &'static str) {
    match state {
        PodState::Pending => ("wait", ""),
        PodState::Creating => ("make", "M20 13v7l5 3"),
        PodState::Running => ("warm", "M14.5 20h11"),
        PodState::Ready => ("run", ""),
        PodState::Terminating => ("end", "M14 26l12-12"),
        PodState::Completed => ("done", "M14 20.5l4 4.5 8-9"),
        PodState::Failed => ("bad", "M15.5 15.5l9 9m0-9l-9 9"),
        PodState::Evicted => ("bad put-off", "M15 25l10-10m-7 0h7v7"),
        PodState::ImageError => ("bad no-image", "M20 12.5v9m0 4.5v.6"),
        PodState::CrashLoop => ("bad again-bad", "M25.6 17a6.6 6.6 0 1 0 .8 4.6m-.2-8.2v4h-4"),
    }
}

/// What stands for a state without a Pod: its class and mark, at a size in pixels.
#[inline(never)]
pub fn sign(class: &'static str, mark: &'static str, size: &'static str) -> Html {
    html! {
        <svg class={classes!("pie", class)} width={size} height={size} viewBox="0 0 40 40" aria-hidden="true">
            <circle class="rim" cx="20" cy="20" r="18" />
            <circle class="crust" cx="20" cy="20" r="13" />
            if class == "run" {
                <path class="cream" d="M7.3 21.6h25.4" />
            }
            if !mark.is_empty() {
                <path class="mark" d={mark} />
            }
        </svg>
    }
}

/// A slice of a pie of radius 13 about 20, 20: the `n`th of `of`.
fn slice(n: usize, of: usize) -> String {
    let point = |n: usize| {
        let angle = TAU * n as f64 / of as f64 - FRAC_PI_2;
        (20.0 + 13.0 * angle.cos(), 20.0 + 13.0 * angle.sin())
    };
    let ((ax, ay), (bx, by)) = (point(n), point(n + 1));
    format!("M20 20L{ax:.1} {ay:.1}A13 13 0 0 1 {bx:.1} {by:.1}z")
}

/// The most slices that are told apart.
const SLICES: usize = 6;

/// A pie of a size in pixels, with what is inside the Pod and, where it waits to be started again, how much of the wait
/// is left of 300 seconds at most.
#[inline(never)]
pub fn pie(pod: &PodView, size: u32) -> Html {
    let (class, mark) = looks(pod.state);
    let size = size.to_string();
    let inside: Vec<bool> = pod.containers.iter().filter(|c| !c.init).map(|c| c.ready).take(SLICES).collect();
    let many = inside.len() > 1;
    html! {
        <svg class={classes!("pie", class)} width={size.clone()} height={size} viewBox="0 0 40 40" aria-hidden="true">
            <circle class="rim" cx="20" cy="20" r="18" />
            <circle class="crust" cx="20" cy="20" r="13" />
            if many {
                { for inside.iter().enumerate().map(|(n, ready)| html! { <path class={if *ready { "slice" } else { "slice raw" }} d={slice(n, inside.len())} /> }) }
            } else if matches!(pod.state, PodState::Ready | PodState::Terminating) {
                <path class="cream" d="M7.3 21.6h25.4" />
            }
            if !mark.is_empty() {
                <path class="mark" d={mark} />
            }
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_meet_at_the_middle_and_go_round() {
        assert_eq!(slice(0, 2), "M20 20L20.0 7.0A13 13 0 0 1 20.0 33.0z");
        assert_eq!(slice(3, 4), "M20 20L7.0 20.0A13 13 0 0 1 20.0 7.0z");
    }

    #[test]
    fn no_two_states_look_the_same() {
        use PodState::*;
        let all = [Pending, Creating, Running, Ready, Terminating, Completed, Failed, Evicted, ImageError, CrashLoop].map(looks);
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }
}
