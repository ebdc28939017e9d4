//! The front door, driven as the page drives it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, InputKind, Session, ShownKind};
use kubepie_core::time::Instant;

const EPOCH_MS: i64 = 1_795_428_000_000;

fn session() -> Session {
    Session::fresh(7, EPOCH_MS, Timing::LIFE, Base::default())
}

fn out(session: &Session) -> String {
    session.shown_since(0).filter(|s| s.what != ShownKind::Typed).map(|s| s.text.as_str()).collect()
}

#[test]
fn a_line_is_answered_and_undone() {
    let mut s = session();
    s.advance_to(Instant(1000));
    let before = s.hash();
    s.submit_line(0, "kubectl cordon w3-k8s; kubectl cordon w3-k8s");
    assert!(s.run_until_idle(0, 5000));
    assert_eq!(out(&s), "node/w3-k8s cordoned\nnode/w3-k8s already cordoned\n");
    assert!(s.view().nodes.iter().any(|n| &*n.name == "w3-k8s" && n.cordoned));
    let after = s.hash();
    assert_ne!(before, after);
    assert!(s.undo());
    assert_eq!((s.hash(), out(&s).as_str(), s.now()), (before, "", Instant(1000)));
    assert!(s.redo());
    s.run_until_idle(0, 5000);
    assert_eq!(s.hash(), after);
}

#[test]
fn a_replay_reaches_the_same_state_however_it_is_cut() {
    let mut s = session();
    for (i, line) in
        ["kubectl cordon w1-k8s", "echo hello > f; cat f", "for i in 1 2; do sleep 1; echo $i; done", "kubectl uncordon w1-k8s"]
            .iter()
            .enumerate()
    {
        s.advance_to(Instant(3000 * i as u64));
        s.submit_line(0, line);
    }
    s.advance_to(Instant(20_000));
    let json = s.export();
    for step in [20_000, 777, 13] {
        let mut again = Session::import(&json).unwrap();
        while again.now() < Instant(20_000) {
            again.advance_to((again.now() + step).min(Instant(20_000)));
        }
        assert_eq!((again.hash(), out(&again)), (s.hash(), out(&s)), "in steps of {step} ms");
    }
}

#[test]
fn typing_in_the_past_puts_the_future_aside() {
    let mut s = session();
    s.submit_line(0, "kubectl cordon w1-k8s");
    s.advance_to(Instant(5000));
    s.submit_line(0, "kubectl cordon w2-k8s");
    s.advance_to(Instant(9000));
    let first = s.hash();
    s.seek(Instant(3000));
    assert_eq!(s.cursor(), 1);
    s.submit_line(0, "kubectl cordon w3-k8s");
    s.advance_to(Instant(9000));
    assert_ne!(s.hash(), first);
    assert_eq!(s.branches().len(), 1);
    assert!(s.choose_branch(0));
    s.advance_to(Instant(9000));
    assert_eq!(s.hash(), first);
    // The one that was left now is told by what is only in it, though one was at its end.
    let left = &s.branches()[0];
    assert!(matches!(&left.inputs[left.from].kind, InputKind::Line { text } if text.contains("w3-k8s")), "{left:?}");
    assert!(s.choose_branch(0));
    s.advance_to(Instant(9000));
    assert!(s.view().nodes.iter().any(|n| &*n.name == "w3-k8s" && n.cordoned));
}

#[test]
fn requests_are_told_with_the_way_they_went() {
    let mut s = session();
    s.submit_line(0, "kubectl create deployment web --image=nginx; kubectl expose deployment web --port=80");
    s.settle(60_000);
    let before = s.requests_end();
    s.submit_line(0, "curl -s $(kubectl get svc web -o jsonpath='{.spec.clusterIP}') >/dev/null; curl -s 192.168.1.10:81");
    s.settle(60_000);
    let sent: Vec<_> = s.requests_since(before).cloned().collect();
    let view = s.view();
    let (service, pod) = (
        &view.services.iter().find(|v| &*v.name == "web").unwrap().uid,
        &view.pods.iter().find(|p| p.name.starts_with("web")).unwrap().uid,
    );
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].through, [service.clone(), pod.clone()]);
    assert_eq!((&sent[0].pod, sent[0].outcome.as_str(), sent[1].outcome.as_str()), (pod, "200", "refused"));
    s.undo();
    assert_eq!(s.requests_end(), before);
}

#[test]
fn what_is_saved_in_the_editor_is_what_kubectl_edit_sends() {
    let mut s = session();
    s.submit_line(0, "kubectl create configmap a --from-literal=x=1");
    s.run_until_idle(0, 5000);
    s.submit_line(0, "kubectl edit configmap a");
    s.run_until_idle(0, 2000);
    assert!(!s.is_idle(0), "{}", out(&s));
    let open = s.editing(0).unwrap();
    assert!(open.title.starts_with("vi kubectl-edit-"), "{}", open.title);
    assert!(open.text.contains("\n  x: \"1\"\n"), "{}", open.text);
    // A mistake is told in the file, which opens again; the terminal goes on.
    s.submit(0, InputKind::File { path: open.path, text: open.text.replace("  x: \"1\"", "  x: [1") });
    s.submit(0, InputKind::Eof);
    s.run_until_idle(0, 2000);
    let again = s.editing(0).unwrap();
    assert!(again.text.contains("# configmaps \"a\" was not valid:\n"), "{}", again.text);
    s.submit(0, InputKind::File { path: again.path, text: again.text.replace("  x: [1", "  x: two") });
    s.submit(0, InputKind::Eof);
    assert!(s.run_until_idle(0, 5000));
    assert_eq!(s.editing(0), None);
    s.submit_line(0, "kubectl get configmap a -o jsonpath={.data.x}");
    assert!(s.run_until_idle(0, 5000));
    assert!(out(&s).ends_with("configmap/a edited\ntwo"), "{}", out(&s));
}

#[test]
fn ctrl_c_leaves_the_editor() {
    let mut s = session();
    s.submit_line(0, "kubectl edit node w1-k8s");
    s.run_until_idle(0, 2000);
    assert!(s.editing(0).is_some() && s.editing(1).is_none());
    s.submit(0, InputKind::Interrupt);
    assert!(s.run_until_idle(0, 5000));
    assert!(out(&s).ends_with("Edit cancelled, no changes made.\n"), "{}", out(&s));
    s.submit_line(0, "vi new.yaml");
    s.run_until_idle(0, 2000);
    let open = s.editing(0).unwrap();
    assert_eq!((open.path.as_str(), open.text.as_str(), open.title.as_str()), ("/root/new.yaml", "", "vi new.yaml"));
    s.submit(0, InputKind::File { path: open.path, text: "a: 1\n".to_string() });
    s.submit(0, InputKind::Eof);
    assert!(s.run_until_idle(0, 5000));
    s.submit_line(0, "cat new.yaml");
    assert!(s.run_until_idle(0, 5000));
    assert!(out(&s).ends_with("a: 1\n") && s.editing(0).is_none());
}

#[test]
fn a_journal_goes_on_where_the_log_ends() {
    let mut session = Session::fresh(7, 0, Timing::LIFE, Base::default());
    session.submit_line(0, "echo one");
    session.advance_to(Instant(5_000));
    let saved = session.scenario();
    session.submit_line(0, "echo two");
    session.advance_to(Instant(6_000));
    session.submit_line(1, "echo three");
    let journal: String = session.inputs().iter().skip(1).map(|input| input.to_json() + "\n").collect();
    let mut restored = saved.clone();
    restored.extend(&(journal.clone() + "not json\n"));
    assert_eq!(restored.inputs, session.inputs());
    assert_eq!(restored.end_ms, 6_000);
    // What was typed in the past puts the future aside.
    let mut early = restored.clone();
    early.extend("{\"at_ms\":5000,\"kind\":\"eof\"}\n");
    assert_eq!(early.inputs.len(), 3);
    early.extend("{\"at_ms\":99999999999999,\"kind\":\"eof\"}\n");
    assert_eq!(early.inputs.len(), 3, "beyond the bounds");
}

#[test]
fn a_budget_of_steps_changes_when_but_not_what() {
    let mut whole = session();
    let mut cut = session();
    for s in [&mut whole, &mut cut] {
        s.submit_line(0, "kubectl create deployment web --image=nginx --replicas=40");
    }
    let end = Instant(20_000);
    whole.advance_to(end);
    for budget in (1..8).cycle() {
        if cut.advance(end, budget) > 0 {
            break;
        }
    }
    assert_eq!(cut.hash(), whole.hash());
}

#[test]
fn deletion_waits_for_a_yes() {
    let mut s = session();
    s.submit_line(0, "kubectl create configmap a; kubectl delete configmap a -i");
    s.run_until_idle(0, 5000);
    assert!(!s.is_idle(0) && out(&s).ends_with("Do you want to continue? (y/N): "), "{}", out(&s));
    s.submit_line(0, "y");
    assert!(s.run_until_idle(0, 5000));
    assert!(out(&s).ends_with("configmap \"a\" deleted from default namespace\n"), "{}", out(&s));
}
