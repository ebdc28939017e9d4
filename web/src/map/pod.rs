//! Pods as elements. They are drawn bucket by bucket, so that a change of one does not draw a thousand anew.

use std::rc::Rc;

use kubepie_core::session::view::{PodState, PodView};
use yew::prelude::*;

use super::actors::Trip;
use super::pie::{looks, pie};
use super::scene::Size;
use crate::i18n::{Lang, Words, fill};

/// Over how many buckets Pods are spread.
pub const BUCKETS: usize = 64;

/// A Pod as it is drawn.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The Pod.
    pub pod: Rc<PodView>,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// How large.
    pub size: Size,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Whether the tab key leads to it.
    pub tab: bool,
    /// Whether the search does not find it.
    pub dim: bool,
    /// Whether a budget keeps it from being evicted now.
    pub held: bool,
    /// Whether its node is told below it.
    pub place: bool,
    /// Seconds until it is started again.
    pub left_s: Option<u32>,
    /// How it comes to where it is, as long as it is on its way.
    pub trip: Option<Trip>,
    /// Whether it is gone and only fades.
    pub gone: bool,
}

impl PartialEq for Placed {
    fn eq(&self, o: &Placed) -> bool {
        let plain = |p: &Placed| (p.x, p.y, p.size, p.chosen, p.tab, p.dim, p.held, p.place, p.left_s, p.trip, p.gone);
        Rc::ptr_eq(&self.pod, &o.pod) && plain(self) == plain(o)
    }
}

/// The bucket of a UID.
pub fn bucket_of(uid: &str) -> usize {
    uid.bytes().fold(7_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into())) % BUCKETS
}

/// What a bucket is given.
#[derive(Properties)]
pub struct Props {
    /// Its Pods, in the order of their UIDs.
    pub pods: Rc<[Placed]>,
    /// The language.
    pub lang: Lang,
}

impl PartialEq for Props {
    fn eq(&self, other: &Props) -> bool {
        Rc::ptr_eq(&self.pods, &other.pods) && self.lang == other.lang
    }
}

/// Some of the Pods: an element that is laid out by itself, so that in a crowd a change does not touch those of the others.
#[component]
pub fn Bucket(props: &Props) -> Html {
    let words = props.lang.words();
    html! { <div class="bucket">{ for props.pods.iter().map(|p| pod(p, words)) }</div> }
}

#[inline(never)]
fn pod(p: &Placed, words: &Words) -> Html {
    let pod = &p.pod;
    let (look, _) = looks(pod.state);
    let on = |yes: bool, class: &'static str| yes.then_some(class);
    let class = classes!(
        "pod",
        p.size.class(),
        look,
        on(p.chosen, "chosen"),
        on(p.dim, "dim"),
        on(p.gone, "gone"),
        p.trip.map(|trip| if trip.enters { "fly" } else { "glide" }),
        on(p.held, "held"),
        on(matches!(p.size, Size::Small | Size::Dot) && super::is_system(&pod.namespace), "sys")
    );
    let large = p.size == Size::Large;
    let drawn = p.size <= Size::Medium;
    let label = AttrValue::from(name(p, words));
    let title = if pod.waits.is_empty() { label.clone() } else { [&*label, "\n", &pod.waits].concat().into() };
    html! {
        <button key={pod.uid.to_string()} {class} data-id={pod.uid.to_string()} tabindex={if p.tab { "0" } else { "-1" }}
            aria-label={label} {title} aria-hidden={p.gone.then_some("true")}
            style={place(p)}>
            if drawn {
                { pie(pod, if large { 44 } else { 38 }) }
            }
            if large {
                <span class="nm">{ short(&pod.name) }</span>
                if pod.state != PodState::Ready {
                    <span class="st">{ said(p) }</span>
                } else if p.place {
                    <span class="st">{ pod.node.as_deref().unwrap_or_default() }</span>
                }
            }
            if p.size == Size::Named {
                <span class="nm">{ tail(&pod.name) }</span>
            }
            if drawn {
                { restarts(pod) }
            }
        </button>
    }
}

/// Where a Pod is. One of a few has a transform, which can be moved smoothly; a crowd has none, as each costs the browser time.
fn place(p: &Placed) -> String {
    let trip = p.trip.map_or(String::new(), |Trip { from: (x, y), .. }| format!(";--fx:{:.0}px;--fy:{:.0}px", x - p.x, y - p.y));
    match p.size {
        Size::Small | Size::Dot | Size::Speck => format!("left:{:.1}px;top:{:.1}px{trip}", p.x, p.y),
        _ => format!("transform:translate({:.1}px,{:.1}px){trip}", p.x, p.y),
    }
}

#[inline(never)]
fn restarts(pod: &PodView) -> Html {
    match pod.containers.iter().map(|c| c.restarts).sum::<u32>() {
        0 => Html::default(),
        n => html! { <span class="again" aria-hidden="true">{ "↻" }{ n }</span> },
    }
}

/// What is written below a Pod that is not ready.
fn said(p: &Placed) -> String {
    let word = match &*p.pod.status {
        "ContainerCreating" => "Creating",
        "CrashLoopBackOff" => "CrashLoop",
        "ImagePullBackOff" => "ImagePull",
        word => word,
    };
    match p.left_s {
        Some(s) => format!("{word} {}:{:02}", s / 60, s % 60),
        None => word.to_string(),
    }
}

/// The name that a screen reader tells: name, state, node, and what else is to say.
fn name(p: &Placed, words: &Words) -> String {
    let pod = &p.pod;
    let node = pod.node.as_deref().unwrap_or(words.map.no_node);
    let mut name = [&pod.name, ", ", &pod.status, ", ", node].concat();
    let restarts: u32 = pod.containers.iter().map(|c| c.restarts).sum();
    if restarts > 0 {
        name.push_str(", ");
        name.push_str(&fill(words.map.restarted, &[&restarts.to_string()]));
    }
    if p.held {
        name.push_str(", ");
        name.push_str(words.map.held);
    }
    name
}

/// A name that fits below a pie: its beginning and its end.
pub fn short(name: &str) -> String {
    let count = name.chars().count();
    if count <= 11 {
        return name.to_string();
    }
    let start: String = name.chars().take(5).collect();
    let end: String = name.chars().skip(count.saturating_sub(5)).collect();
    [start.trim_end_matches('-'), "…", &end].concat()
}

/// What tells a Pod from those beside it: a short name, or the end of a long one.
fn tail(name: &str) -> &str {
    if name.len() <= 9 {
        return name;
    }
    let end = name.rsplit('-').next().unwrap_or(name);
    let from = end.char_indices().rev().nth(7).map_or(0, |(i, _)| i);
    end.get(from..).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_in_the_middle() {
        assert_eq!(short("web-0"), "web-0");
        assert_eq!((tail("web-7957885594-hxgnz"), tail("nginx-pod"), tail("nginxpodlong")), ("hxgnz", "nginx-pod", "xpodlong"));
        assert_eq!(short("echo-hname-7894b67f-m8txs"), "echo…m8txs");
    }
}
