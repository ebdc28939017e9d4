//! Why a Pod is where it is, or nowhere: the scheduler's last decision in words of the language.

use kubepie_core::session::{Decision, Verdict};
use yew::prelude::*;

use crate::i18n::{Lang, Words, fill, rare};

/// The most nodes in the table.
const NODES: usize = 12;

/// The reasons of the scheduler in words of the language.
pub fn reason(text: &str, lang: Lang) -> String {
    let words = lang.words();
    let w = &words.inspector;
    let known = [
        ("node(s) were unschedulable", w.why_cordoned),
        ("node(s) had untolerated taint", w.why_taint),
        ("Too many pods", w.why_pods),
        ("node(s) didn't match Pod's node affinity/selector", w.why_selector),
        ("node(s) didn't match the requested node name", w.why_name),
        ("node(s) didn't have free ports", w.why_ports),
        ("node(s) didn't match pod topology spread", w.why_spread),
        ("node(s) didn't match pod affinity rules", w.why_affinity),
        ("node(s) didn't match pod anti-affinity rules", w.why_apart),
        ("node(s) didn't satisfy existing pods anti-affinity rules", w.why_apart),
        ("node(s) didn't match PersistentVolume's node affinity", w.why_volume),
        ("node(s) didn't find available persistent volumes", rare::WHY_NO_VOLUME.of(lang)),
        ("node(s) unavailable due to one or more pvc(s)", rare::WHY_LOST_VOLUME.of(lang)),
        ("node(s) didn't satisfy plugin(s) [NodeAffinity]", w.why_name),
        ("Insufficient cpu", w.why_cpu),
        ("Insufficient memory", w.why_memory),
    ];
    if let Some((_, said)) = known.iter().find(|(begin, _)| text.starts_with(begin)) {
        return (*said).into();
    }
    match text.strip_prefix("Insufficient ") {
        Some(what) => fill(w.why_resource, &[what]),
        None => text.into(),
    }
}

/// A plugin's points in words of the language.
fn points(plugin: &str, words: &Words) -> String {
    let w = &words.inspector;
    match plugin {
        "TaintToleration" => w.score_taints,
        "NodeAffinity" => w.score_affinity,
        "NodeResourcesFit" => w.score_fit,
        "NodeResourcesBalancedAllocation" => w.score_balance,
        "PodTopologySpread" => w.score_spread,
        "InterPodAffinity" => w.score_pods,
        "ImageLocality" => w.score_image,
        other => other,
    }
    .into()
}

/// The decision as a table, best node first.
#[inline(never)]
pub fn why(d: &Decision, lang: Lang) -> Html {
    let words = lang.words();
    let w = &words.inspector;
    let best = d.nodes.iter().filter_map(|(_, v)| if let Verdict::Scored { total, .. } = v { Some(*total) } else { None }).max();
    html! {
        <section class="why">
            <h3>{ if d.node.is_some() { w.why_here } else { w.why_nowhere } }</h3>
            <p>{ conclusion(d, lang) }</p>
            if d.nodes.is_empty() {
                <p class="no">{ "✕ " }{ missing(&d.message, lang) }</p>
            } else {
            <table>
                <thead><tr><th scope="col">{ words.map.node }</th><th scope="col">{ w.verdict }</th></tr></thead>
                <tbody>
                    { for d.nodes.iter().take(NODES).map(|(name, verdict)| row(name, verdict, d.node.as_deref() == Some(name), best, lang)) }
                </tbody>
            </table>
            }
        </section>
    }
}

fn conclusion(d: &Decision, lang: Lang) -> String {
    let w = &lang.words().inspector;
    let scored = d.nodes.iter().filter(|(_, v)| matches!(v, Verdict::Scored { .. })).count();
    match &d.node {
        Some(node) if scored <= 1 => fill(w.why_only, &[node]),
        Some(node) if d.ties > 0 => fill(w.why_tie, &[node, &d.ties.to_string()]),
        Some(node) => fill(w.why_best, &[node]),
        None if d.nodes.is_empty() => rare::WHY_EARLY.of(lang).into(),
        None => w.why_none.into(),
    }
}

/// What the Pod itself lacks, so that no node was looked at: a claim, by the message of the scheduler.
fn missing(message: &str, lang: Lang) -> String {
    let why = message.split_once("available: ").map_or(message, |(_, why)| why);
    let claim = why.strip_prefix("persistentvolumeclaim \"").and_then(|rest| rest.split_once("\" "));
    match claim {
        Some((claim, rest)) if rest.starts_with("not found") => fill(rare::WHY_NO_CLAIM.of(lang), &[claim]),
        Some((claim, rest)) if rest.starts_with("bound to") => fill(rare::WHY_CLAIM_LOST.of(lang), &[claim]),
        Some((claim, rest)) if rest.starts_with("is being") => fill(rare::WHY_CLAIM_GOING.of(lang), &[claim]),
        _ if why.starts_with("pod has unbound") => rare::WHY_CLAIM_WAITS.of(lang).into(),
        _ => why.into(),
    }
}

#[inline(never)]
fn row(name: &str, verdict: &Verdict, chosen: bool, best: Option<i64>, lang: Lang) -> Html {
    let words = lang.words();
    let w = &words.inspector;
    html! {
        <tr class={classes!(chosen.then_some("chosen"))}>
            <th scope="row">{ name }</th>
            { match verdict {
                Verdict::Refused { reasons, .. } => html! {
                    <td class="no">{ "✕ " }{ reasons.iter().map(|r| reason(r, lang)).collect::<Vec<_>>().join(", ") }</td>
                },
                Verdict::Scored { points: all, total } => html! {
                    <td class="yes">
                        <details>
                            <summary>{ if chosen { "● " } else { "○ " } }{ fill(w.score, &[&total.to_string()]) }
                                <span class="bar"><i style={format!("transform:scaleX({:.2})", share(*total, best))}></i></span>
                            </summary>
                            <ul>
                                { for all.iter().map(|p| html! { <li><span>{ points(p.plugin, words) }</span><b>{ p.score * p.weight }</b></li> }) }
                            </ul>
                        </details>
                    </td>
                },
            } }
        </tr>
    }
}

fn share(total: i64, best: Option<i64>) -> f64 {
    best.filter(|b| *b > 0).map_or(0.0, |b| total as f64 / b as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_in_the_language() {
        let ko = Lang::Ko;
        assert_eq!(reason("node(s) had untolerated taint(s)", ko), ko.words().inspector.why_taint);
        assert_eq!(reason("Insufficient nvidia.com/gpu", Lang::En), "not enough nvidia.com/gpu left");
        assert_eq!(reason("something new", ko), "something new");
        let none = "0/4 nodes are available: persistentvolumeclaim \"data\" not found. not found";
        assert_eq!(missing(none, ko), "'data' PersistentVolumeClaim이 없어요.");
        assert_eq!(missing("0/4 nodes are available: something new", ko), "something new");
    }
}
