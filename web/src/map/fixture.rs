//! Pictures for tests: the base cluster's, and Pods by name alone.

use std::rc::Rc;

use kubepie_core::session::view::View;
use kubepie_core::session::{Base, Session, Timing};

/// A session at rest in which lines were typed.
pub fn session(lines: &[&str]) -> Session {
    let mut session = Session::fresh(3, 0, Timing::LIFE, Base::default());
    for line in lines {
        session.submit_line(0, line);
        session.settle(120_000);
    }
    session
}

/// A picture of it.
pub fn view(lines: &[&str]) -> View {
    session(lines).view().clone()
}

/// A picture of Pods with these names, which are their UIDs too.
pub fn pods(names: &[&str]) -> View {
    let some = view(&[]);
    let first = &some.pods[0];
    let pods = names.iter().map(|name| {
        let mut pod = (**first).clone();
        (pod.name, pod.uid) = ((*name).into(), (*name).into());
        Rc::new(pod)
    });
    let pods = pods.collect();
    let mut view = View::default();
    view.pods = pods;
    view
}
