//! Pictures for tests: the base cluster's, and Pods by name alone.

use std::rc::Rc;

use kubepie_core::session::view::View;
use kubepie_core::session::{Base, Session, Timing};

use super::scene::Lens;
use super::stage::Wish;

/// A session at rest in which lines were typed.
pub fn session(lines: &[&str]) -> Session {
    let mut session = Session::fresh(3, 0, Timing::LIFE, Base::default());
    for line in lines {
        session.submit_line(0, line);
        session.settle(120_000);
    }
    session
}

/// All there is, in a map of a usual size.
pub fn wish(lens: Lens) -> Wish<'static> {
    Wish {
        lens,
        size: (900.0, 500.0),
        height: 500.0,
        near: None,
        shown: &|_| true,
        quiet: &|p| super::is_system(&p.namespace),
        found: None,
        chosen: None,
        focus: None,
        wall_ms: 0,
    }
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
