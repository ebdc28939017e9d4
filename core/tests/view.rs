//! Pictures of the cluster: what they tell, and that what has not changed is shared with the picture before.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::rc::Rc;

use kubepie_core::session::view::{Move, PodState};
use kubepie_core::session::{Base, Session, Timing};
use kubepie_core::time::Instant;

fn session(lines: &[&str]) -> Session {
    let mut session = Session::fresh(7, 0, Timing::LIFE, Base::default());
    for line in lines {
        session.submit_line(0, line);
        session.settle(120_000);
    }
    session
}

#[test]
fn only_what_changed_is_made_anew() {
    let mut session = session(&["kubectl create deployment web --image=nginx --replicas=4", "kubectl expose deployment web --port=80"]);
    let before = session.view().clone();
    session.submit_line(0, "kubectl label pod -l app=web tier=front && kubectl create deployment also --image=nginx");
    session.settle(120_000);
    let after = session.view().clone();
    let kept = after.pods.iter().filter(|p| before.pods.iter().any(|b| Rc::ptr_eq(b, p))).count();
    assert_eq!(kept, before.pods.len() - 4);
    assert!(after.pods.iter().filter(|p| &*p.namespace == "default").all(|p| p.state == PodState::Ready));
    let web = after.services.iter().find(|s| &*s.name == "web").unwrap();
    assert_eq!((web.endpoints.len(), &*web.ports), (4, "80/TCP"));
    let fresh = kubepie_core::session::View::of(&session.world().machine.cluster, None);
    assert_eq!(fresh, after, "a picture made from nothing is the same");
    let again = session.view().clone();
    assert!(Rc::ptr_eq(&again.pods, &after.pods) && Rc::ptr_eq(&again.nodes, &after.nodes));
}

#[test]
fn a_crash_tells_when_it_is_tried_again_and_a_budget_what_it_holds() {
    let mut session = session(&["kubectl create deployment web --image=nginx --replicas=2"]);
    session.submit_line(0, "kubectl create pdb web --selector=app=web --min-available=2");
    session.submit_line(0, "kubectl run bad --image=busybox -- false");
    session.advance_to(session.now() + 12_000);
    let view = session.view().clone();
    let budget = &view.budgets[0];
    assert_eq!((&*budget.rule, budget.allowed, budget.pods.len()), ("minAvailable 2", 0, 2));
    let bad = view.pods.iter().find(|p| &*p.name == "bad").unwrap();
    assert_eq!(bad.state, PodState::CrashLoop);
    let now = session.epoch_ms() + session.now().as_ms() as i64;
    let wait = bad.containers[0].retry_ms.unwrap() - now;
    assert!((0..=10_000).contains(&wait), "{wait}");
    assert!(session.now() > Instant(0));
}

#[test]
fn a_look_leaves_no_trace() {
    let session = session(&["kubectl run web --image=nginx"]);
    let hash = session.hash();
    assert!(session.peek("kubectl get pod web -o yaml", 1 << 16).starts_with("apiVersion: v1\nkind: Pod\n"));
    assert!(session.peek("kubectl delete pod web", 1 << 16).contains("deleted"));
    assert_eq!(session.peek("kubectl get pod web -o yaml", 10), "apiVersion");
    assert_eq!(session.hash(), hash);
}

#[test]
fn a_diff_tells_who_came_went_and_changed() {
    let mut session = session(&["kubectl run a --image=nginx; kubectl run b --image=nginx; kubectl run d --image=nginx"]);
    let before = session.view().clone();
    for line in ["kubectl delete pod a --now; kubectl run c --image=nginx", "kubectl delete pod b --now; kubectl run b --image=nginx:9.9.9"]
    {
        session.submit_line(0, line);
        session.settle(20_000);
    }
    let after = session.view().clone();
    let uid = |view: &kubepie_core::session::View, name: &str| view.pods.iter().find(|p| &*p.name == name).map(|p| p.uid.clone()).unwrap();
    let moves = before.diff(&after);
    for gone in ["a", "b"] {
        assert!(moves.contains(&Move::Leave(uid(&before, gone))), "{gone}");
    }
    for new in ["b", "c"] {
        assert!(moves.contains(&Move::Enter(uid(&after, new))), "{new}");
    }
    let kept = uid(&before, "d");
    assert!(!moves.iter().any(|m| matches!(m, Move::Leave(u) | Move::Enter(u) if *u == kept)));
    assert_eq!(moves.iter().filter(|m| matches!(m, Move::Leave(_))).count(), 2);
    assert!(before.diff(&before).is_empty());
}
