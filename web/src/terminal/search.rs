//! Ctrl-R: looking for a line typed before, as one types. Pure.

use super::past::Past;

/// A search that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    query: String,
    at: Option<usize>,
    /// What stood in the line before.
    pub draft: String,
}

impl Search {
    /// Begins, over a line.
    pub fn new(draft: String) -> Search {
        Search { draft, ..Search::default() }
    }

    /// The query is another one; what fits already stays.
    pub fn query(&mut self, query: &str, past: &Past) {
        let before = self.at.map_or(past.len(), |at| at + 1);
        self.query = query.to_string();
        self.at = past.search(query, before).or_else(|| past.search(query, past.len()));
    }

    /// The one before.
    pub fn older(&mut self, past: &Past) {
        if let Some(at) = self.at.and_then(|at| past.search(&self.query, at)) {
            self.at = Some(at);
        }
    }

    /// What was found.
    pub fn found<'a>(&self, past: &'a Past) -> Option<&'a str> {
        past.line(self.at?)
    }

    /// What stands before the query.
    pub fn label(&self) -> &'static str {
        if self.at.is_none() && !self.query.is_empty() { "(failed reverse-i-search)`" } else { "(reverse-i-search)`" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_latest_and_then_older_ones() {
        let past = Past::read("get pods\nls\nget nodes\nget pods -w");
        let mut search = Search::new("draft".into());
        search.query("get", &past);
        assert_eq!(search.found(&past), Some("get pods -w"));
        search.query("get n", &past);
        assert_eq!(search.found(&past), Some("get nodes"));
        search.query("get", &past);
        search.older(&past);
        assert_eq!(search.found(&past), Some("get pods"));
        search.older(&past);
        assert_eq!(search.found(&past), Some("get pods"), "there is none before it");
        search.query("xyz", &past);
        assert_eq!((search.found(&past), search.label()), (None, "(failed reverse-i-search)`"));
    }
}
