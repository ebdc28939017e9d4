//! What changed, in a sentence for those who do not see the map. Changes are gathered and told once they pause.

use std::rc::Rc;

use kubepie_core::session::view::{Move, NodeView, PodState, PodView, View};

use super::is_system;
use crate::i18n::{Words, fill};

/// How long it must be quiet before a sentence is said, in real milliseconds.
const PAUSE_MS: f64 = 900.0;
/// How long a sentence waits at most.
const PATIENCE_MS: f64 = 4_000.0;
/// The most names in a sentence.
const NAMES: usize = 4;

/// Changes that are not told yet.
#[derive(Debug, Default)]
pub struct Tale {
    entered: usize,
    ready: Vec<Rc<str>>,
    trouble: Vec<(Rc<str>, Rc<str>)>,
    left: usize,
    nodes: Vec<Rc<NodeView>>,
    first_ms: f64,
    last_ms: f64,
}

impl Tale {
    /// Takes in what changed between two pictures.
    pub fn hear(&mut self, before: &View, after: &View, moves: &[Move], at: f64) {
        let mut heard = false;
        let (mut old, mut new) = (0, 0);
        let mut own = |uid: &Rc<str>| next(&after.pods, &mut new, uid).filter(|p| !is_system(&p.namespace));
        for m in moves {
            heard |= match m {
                Move::Enter(uid) if own(uid).is_some() => {
                    self.entered += 1;
                    true
                }
                Move::Restate(uid, state) => own(uid).is_some_and(|pod| {
                    self.trouble.retain(|(name, _)| *name != pod.name);
                    self.ready.retain(|name| *name != pod.name);
                    match state {
                        PodState::Ready | PodState::Completed => self.ready.push(pod.name.clone()),
                        PodState::Failed | PodState::ImageError | PodState::CrashLoop | PodState::Evicted => {
                            self.trouble.push((pod.name.clone(), pod.status.clone()));
                        }
                        _ => return false,
                    }
                    true
                }),
                Move::Leave(uid) if next(&before.pods, &mut old, uid).is_some_and(|p| !is_system(&p.namespace)) => {
                    self.left += 1;
                    true
                }
                _ => false,
            };
        }
        for node in after.nodes.iter() {
            let was = before.nodes.iter().find(|n| n.uid == node.uid);
            if was.is_some_and(|was| (was.cordoned, was.ready) != (node.cordoned, node.ready)) {
                self.nodes.retain(|n| n.uid != node.uid);
                self.nodes.push(node.clone());
                heard = true;
            }
        }
        if heard {
            if self.first_ms == 0.0 {
                self.first_ms = at;
            }
            self.last_ms = at;
        }
    }

    /// The sentence, once it is time for it.
    pub fn told(&mut self, at: f64, words: &Words) -> Option<String> {
        if self.first_ms == 0.0 || (at - self.last_ms < PAUSE_MS && at - self.first_ms < PATIENCE_MS) {
            return None;
        }
        Some(std::mem::take(self).sentence(words))
    }

    fn sentence(&self, words: &Words) -> String {
        let m = &words.map;
        let mut parts = Vec::new();
        if self.entered > 0 {
            parts.push(fill(m.tell_entered, &[&self.entered.to_string()]));
        }
        if !self.ready.is_empty() {
            parts.push(fill(m.tell_ready, &[&names(self.ready.iter().map(|n| n.to_string()).collect())]));
        }
        if !self.trouble.is_empty() {
            parts.push(fill(m.tell_trouble, &[&names(self.trouble.iter().map(|(n, s)| format!("{n} {s}")).collect())]));
        }
        if self.left > 0 {
            parts.push(fill(m.tell_left, &[&self.left.to_string()]));
        }
        for node in &self.nodes {
            let state = match (node.ready, node.cordoned) {
                (false, _) => m.not_ready,
                (true, true) => m.cordoned,
                (true, false) => m.open,
            };
            parts.push(fill(m.tell_node, &[&node.name, state]));
        }
        parts.join(" ")
    }
}

/// The Pod of a UID, looked for from a place on, which moves there: moves come in the order of Pods.
fn next<'a>(pods: &'a [Rc<PodView>], from: &mut usize, uid: &Rc<str>) -> Option<&'a Rc<PodView>> {
    let is = |p: &Rc<PodView>| Rc::ptr_eq(&p.uid, uid) || p.uid == *uid;
    let (before, after) = pods.split_at_checked(*from)?;
    *from = match after.iter().position(is) {
        Some(at) => *from + at,
        None => before.iter().position(is)?,
    };
    pods.get(*from)
}

/// Some names, and how many more.
fn names(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(NAMES);
    all.truncate(NAMES);
    let text = all.join(", ");
    if more > 0 { format!("{text} +{more}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn changes_are_told_once_and_in_a_sentence() {
        let mut session = fixture::session(&[]);
        let before = session.view().clone();
        session.submit_line(0, "kubectl run web --image=nginx; kubectl cordon w1-k8s");
        session.settle(60_000);
        let after = session.view().clone();
        let mut tale = Tale::default();
        let mut moves = before.diff(&after);
        let uid = after.pods.iter().find(|p| &*p.name == "web").unwrap().uid.clone();
        moves.push(Move::Restate(uid, PodState::Ready));
        tale.hear(&before, &after, &moves, 100.0);
        assert_eq!(tale.told(500.0, Lang::En.words()), None, "more may come");
        assert_eq!(tale.told(1100.0, Lang::En.words()).unwrap(), "New Pods: 1. Ready: web. Node w1-k8s: closed to new Pods.");
        assert_eq!(tale.told(9000.0, Lang::En.words()), None);
    }
}
