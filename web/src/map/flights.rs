//! Requests on their way over the map: from who asks, through Services and nodes, to the Pod that answers; what is
//! refused falls. Pure arithmetic over the session's list of requests.

use kubepie_core::session::Session;

use super::stage::Stage;

/// How long a request is on its way, in real milliseconds.
const FLIGHT_MS: f64 = 1_300.0;
/// The most requests in the air.
const MOST: usize = 40;
/// How far what is refused falls.
const FALL: f64 = 70.0;
/// How far from the floor all of them stay.
const EDGE: f64 = 8.0;

/// A request in the air.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// Its number.
    pub number: u64,
    /// Its way, as a path.
    pub path: String,
    /// Whether it is answered.
    pub answered: bool,
    /// When it is over, in real milliseconds.
    pub until: f64,
}

/// The requests in the air, and how many were seen.
#[derive(Debug, Default)]
pub struct Flights {
    /// Those in the air.
    pub now: Vec<Flight>,
    seen: u64,
    leap: u64,
}

impl Flights {
    /// Looks for new requests. Returns whether anything in the air has changed.
    pub fn look(&mut self, session: &Session, stage: &Stage, at: f64) -> bool {
        let before = self.now.len();
        self.now.retain(|f| f.until > at);
        let mut changed = self.now.len() != before;
        let end = session.requests_end();
        if session.leap() != self.leap || end < self.seen {
            self.leap = session.leap();
            self.seen = end;
            return changed;
        }
        if end > self.seen {
            for sent in session.requests_since(self.seen) {
                if self.now.len() >= MOST {
                    break;
                }
                let from = [&sent.request.from_pod, &sent.request.from_node].into_iter().find_map(|uid| stage.anchor(uid));
                // What comes from outside the cluster comes from below, where the terminal is.
                let from = from.unwrap_or((stage.scene.w / 2.0, stage.floor - EDGE));
                let mut stops: Vec<(f64, f64)> = sent.through.iter().filter_map(|uid| stage.anchor(uid)).collect();
                if stops.last().copied() != stage.anchor(&sent.pod) {
                    stops.extend(stage.anchor(&sent.pod));
                }
                let answered = sent.outcome == "open" || sent.outcome.parse::<u16>().is_ok();
                self.now.push(Flight {
                    number: sent.number,
                    path: path(from, &stops, answered, stage.floor - EDGE),
                    answered,
                    until: at + FLIGHT_MS,
                });
                changed = true;
            }
            self.seen = end;
        }
        changed
    }
}

/// A way in arcs; one that leads to no answer ends in a fall, above the floor.
fn path(from: (f64, f64), stops: &[(f64, f64)], answered: bool, floor: f64) -> String {
    let mut text = format!("M{:.0} {:.0}", from.0, from.1);
    let mut at = from;
    for to in stops {
        let lift = ((to.0 - at.0).abs() * 0.18).min(60.0);
        text.push_str(&format!("Q{:.0} {:.0} {:.0} {:.0}", (at.0 + to.0) / 2.0, at.1.min(to.1) - lift, to.0, to.1));
        at = *to;
    }
    if !answered {
        if stops.is_empty() {
            at.1 -= FALL;
            text.push_str(&format!("L{:.0} {:.0}", at.0, at.1));
        }
        text.push_str(&format!("q18 -24 30 {:.0}", FALL.min(floor - at.1)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::actors::Actors;
    use super::super::fixture;
    use super::super::scene::Lens;
    use super::*;

    #[test]
    fn nothing_falls_below_the_floor() {
        assert_eq!(path((100.0, 400.0), &[], false, 492.0), "M100 400L100 330q18 -24 30 70");
        assert_eq!(path((100.0, 400.0), &[(300.0, 450.0)], false, 492.0), "M100 400Q200 364 300 450q18 -24 30 42");
    }

    #[test]
    fn requests_fly_to_who_answers_and_those_before_do_not_come_again() {
        let mut session = fixture::session(&["kubectl create deployment web --image=nginx", "kubectl expose deployment web --port=80"]);
        let view = session.view().clone();
        let wish = fixture::wish(Lens::Traffic);
        let (stage, _) = Actors::default().stage(&Stage::default(), &view, &wish, 0.0);
        let mut flights = Flights::default();
        flights.look(&session, &stage, 0.0);
        flights.now.clear();
        let ip = view.services.iter().find(|s| &*s.name == "web").unwrap().ip.to_string();
        session.submit_line(0, &format!("curl -s {ip}; curl -s {ip}:81"));
        session.settle(60_000);
        assert!(flights.look(&session, &stage, 1.0));
        assert_eq!(flights.now.iter().map(|f| f.answered).collect::<Vec<_>>(), [true, false]);
        let pod = view.pods.iter().find(|p| p.name.starts_with("web")).unwrap();
        let (x, y) = stage.anchor(&pod.uid).unwrap();
        assert!(flights.now[0].path.ends_with(&format!(" {x:.0} {y:.0}")));
        assert!(!flights.look(&session, &stage, 2.0));
        assert!(flights.look(&session, &stage, 2.0 + FLIGHT_MS) && flights.now.is_empty());
    }
}
