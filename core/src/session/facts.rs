//! What the checks of lessons look at, read from a session.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::Session;
use super::world::HOME;
use crate::api::Api;
use crate::lesson::{Asked, Facts};
use crate::object::resources::SERVICES;
use crate::text::fs;
use crate::time::Instant;

impl Facts for Session {
    fn api(&self) -> &Api {
        Session::api(self)
    }

    fn now(&self) -> Instant {
        Session::now(self)
    }

    fn began(&self) -> u64 {
        self.began
    }

    fn leap(&self) -> u64 {
        Session::leap(self)
    }

    fn file(&self, path: &str) -> Option<Rc<String>> {
        self.world.files.read(&fs::resolve(HOME, path)).ok()
    }

    fn requests(&self, to: &str, since: Instant) -> Vec<Asked> {
        let service = self.api().find(SERVICES, "default", to).map(|service| service.meta.uid.clone());
        self.requests_since(0)
            .filter(|sent| sent.at >= since && sent.request.from_node.is_empty())
            .filter(|sent| to.is_empty() || sent.request.host == to || service.as_ref().is_some_and(|uid| *uid == sent.service))
            .map(|sent| Asked {
                at: sent.at,
                good: sent.outcome == "open" || sent.outcome.starts_with('2') || sent.outcome.starts_with('3'),
                pod: sent.pod.clone(),
            })
            .collect()
    }

    fn requests_end(&self) -> u64 {
        Session::requests_end(self)
    }
}
