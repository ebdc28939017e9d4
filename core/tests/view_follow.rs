//! A picture made from the one before and the changes since is the one that would be made from scratch.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, Session, View};
use kubepie_core::time::Instant;

#[test]
fn following_comes_to_the_same_picture() {
    let mut s = Session::fresh(7, 1_795_428_000_000, Timing::LIFE, Base::default());
    let lines = [
        "kubectl create deployment web --image=nginx --replicas=9; kubectl expose deployment web --port=80",
        "kubectl set image deployment web nginx=nginx:1.27; kubectl create namespace shop",
        "kubectl drain w2-k8s --ignore-daemonsets; fault node stop w3-k8s",
        "kubectl delete deployment web; kubectl run one --image=nosuch",
    ];
    for (i, line) in lines.iter().enumerate() {
        s.submit_line(0, line);
        for step in 0..120 {
            s.advance_to(Instant(i as u64 * 90_000 + step * 700));
            let followed = s.view().clone();
            let scratch = View::of(&s.world().machine.cluster, None);
            assert_eq!(followed, scratch, "after {line} at {:?}", s.now());
        }
    }
    s.seek(Instant(100_000));
    assert_eq!(s.view().clone(), View::of(&s.world().machine.cluster, None));
    s.submit_line(0, "kubectl scale deployment web --replicas=1");
    s.advance_to(Instant(130_000));
    assert_eq!(s.view().clone(), View::of(&s.world().machine.cluster, None));
}
