//! Who sits where within a panel: a Pod keeps its seat while others come and go, so that nobody shifts in the middle of a
//! rollout; when nobody does any more, all move up and the gaps close.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kubepie_core::session::view::{PodState, View};

use super::scene::Crowd;

/// Seats by panel (its UID), each with the Pod on it.
#[derive(Debug, Default)]
pub struct Seats {
    places: BTreeMap<Rc<str>, Vec<Option<Rc<str>>>>,
    used: BTreeSet<Rc<str>>,
}

impl Seats {
    /// A new picture is laid out.
    pub fn begin(&mut self) {
        self.used.clear();
    }

    /// It is laid out: panels that are gone are forgotten.
    pub fn end(&mut self) {
        let used = &self.used;
        self.places.retain(|place, _| used.contains(place));
    }

    /// Seats Pods (indices into the picture) in a panel: those known stay, new ones take the first empty seat. Gaps close
    /// where none is new and none is going.
    pub fn seat(&mut self, place: &Rc<str>, pods: &[usize], view: &View) -> Crowd {
        self.used.insert(place.clone());
        let seats = self.places.entry(place.clone()).or_default();
        let mut coming: BTreeMap<&str, usize> = pods.iter().filter_map(|i| view.pods.get(*i).map(|p| (&*p.uid, *i))).collect();
        // With more empty seats than taken ones all move up, and so they do when it is quiet.
        let known: BTreeSet<&str> = seats.iter().flatten().map(|uid| &**uid).collect();
        let settles = |pod: &usize| view.pods.get(*pod).is_some_and(|p| p.state != PodState::Terminating && known.contains(&*p.uid));
        if seats.len() > coming.len() * 2 + 4 || pods.iter().all(settles) {
            seats.retain(|s| s.as_ref().is_some_and(|uid| coming.contains_key(&**uid)));
        }
        let mut crowd = Crowd::default();
        for (n, seat) in seats.iter_mut().enumerate() {
            match seat.as_ref().and_then(|uid| coming.remove(&**uid)) {
                Some(pod) => crowd.pods.push((pod, n)),
                None => *seat = None,
            }
        }
        let mut free = 0;
        for pod in pods {
            let Some(uid) = view.pods.get(*pod).map(|p| &p.uid).filter(|uid| coming.contains_key(&***uid)) else { continue };
            while seats.get(free).is_some_and(Option::is_some) {
                free += 1;
            }
            match seats.get_mut(free) {
                Some(seat) => *seat = Some(uid.clone()),
                None => seats.push(Some(uid.clone())),
            }
            crowd.pods.push((*pod, free));
        }
        while seats.last().is_some_and(Option::is_none) {
            seats.pop();
        }
        crowd.span = seats.len();
        crowd
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use kubepie_core::session::view::PodView;

    fn names(crowd: &Crowd, view: &View) -> Vec<(String, usize)> {
        let mut all: Vec<(String, usize)> = crowd.pods.iter().map(|(p, n)| (view.pods[*p].name.to_string(), *n)).collect();
        all.sort();
        all
    }

    #[test]
    fn who_stays_keeps_the_seat() {
        let mut seats = Seats::default();
        let place: Rc<str> = "n1".into();
        let three = fixture::pods(&["a", "b", "c"]);
        assert_eq!(seats.seat(&place, &[0, 1, 2], &three).span, 3);
        let after = fixture::pods(&["a", "c", "d", "e"]);
        let crowd = seats.seat(&place, &[0, 1, 2, 3], &after);
        assert_eq!(names(&crowd, &after), [("a".into(), 0), ("c".into(), 2), ("d".into(), 1), ("e".into(), 3)]);
    }

    #[test]
    fn gaps_close_when_nobody_comes_or_goes() {
        let mut seats = Seats::default();
        let place: Rc<str> = "n1".into();
        let three = fixture::pods(&["a", "b", "c"]);
        seats.seat(&place, &[0, 1, 2], &three);
        let mut leaving = fixture::pods(&["b", "c"]);
        let last = PodView { state: PodState::Terminating, ..(*leaving.pods[1]).clone() };
        leaving.pods = [leaving.pods[0].clone(), Rc::new(last)].into();
        assert_eq!(names(&seats.seat(&place, &[0, 1], &leaving), &leaving), [("b".into(), 1), ("c".into(), 2)]);
        let left = fixture::pods(&["b"]);
        let crowd = seats.seat(&place, &[0], &left);
        assert_eq!((names(&crowd, &left), crowd.span), (vec![("b".into(), 0)], 1));
    }

    #[test]
    fn a_mostly_empty_panel_moves_up() {
        let mut seats = Seats::default();
        let place: Rc<str> = "n1".into();
        let many = fixture::pods(&["a", "b", "c", "d", "e", "f", "g", "h"]);
        seats.seat(&place, &[0, 1, 2, 3, 4, 5, 6, 7], &many);
        let one = fixture::pods(&["h"]);
        assert_eq!(names(&seats.seat(&place, &[0], &one), &one), [("h".into(), 0)]);
    }
}
