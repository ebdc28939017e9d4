//! The tabs of the terminal: shells, each with its own number in the session, and the learner's files. Never: what runs
//! in them.

/// What a tab shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A shell of the session.
    Shell(u32),
    /// A file, by its absolute path.
    File(String),
}

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// What it shows.
    pub kind: Kind,
    /// The name that somebody gave it; empty where nobody did.
    pub name: String,
}

/// The highest number of a shell that a scenario may have.
const LAST_SHELL: u32 = 64;

/// The most files that are open at once.
const MAX_FILES: usize = 12;

/// The tabs in their order. There is always a shell among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tabs {
    list: Vec<Tab>,
    active: usize,
}

impl Default for Tabs {
    fn default() -> Tabs {
        Tabs { list: vec![Tab { kind: Kind::Shell(0), name: String::new() }], active: 0 }
    }
}

impl Tabs {
    /// All of them.
    pub fn list(&self) -> &[Tab] {
        &self.list
    }

    /// The place of the one that is shown.
    pub fn active(&self) -> usize {
        self.active
    }

    /// The one that is shown.
    pub fn shown(&self) -> Option<&Kind> {
        self.list.get(self.active).map(|tab| &tab.kind)
    }

    /// The shells, in their order.
    pub fn shells(&self) -> impl Iterator<Item = u32> {
        self.list.iter().filter_map(|tab| match tab.kind {
            Kind::Shell(shell) => Some(shell),
            Kind::File(_) => None,
        })
    }

    /// The files, in their order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|tab| match &tab.kind {
            Kind::Shell(_) => None,
            Kind::File(path) => Some(path.as_str()),
        })
    }

    /// Shows the tab at a place, if there is one.
    pub fn choose(&mut self, place: usize) {
        if place < self.list.len() {
            self.active = place;
        }
    }

    /// Shows the tab so many places on, round the ends.
    pub fn turn(&mut self, by: isize) {
        let count = self.list.len().max(1) as isize;
        self.active = usize::try_from((self.active as isize + by).rem_euclid(count)).unwrap_or(0);
    }

    /// Shows a shell or a file, in a new tab if it has none. The tab comes after the others of its kind.
    pub fn open(&mut self, kind: Kind) {
        if let Some(place) = self.list.iter().position(|tab| tab.kind == kind) {
            self.active = place;
            return;
        }
        let shells = self.shells().count();
        let place = if matches!(kind, Kind::Shell(_)) { shells } else { self.list.len() };
        self.list.insert(place, Tab { kind, name: String::new() });
        self.active = place;
        if self.files().count() > MAX_FILES {
            self.close(self.shells().count());
        }
    }

    /// A new shell; `used` are numbers that already mean something in the session. `None` if there are too many.
    pub fn new_shell(&mut self, used: &[u32]) -> Option<u32> {
        let shell = (0..=LAST_SHELL).find(|n| !used.contains(n) && !self.shells().any(|s| s == *n))?;
        self.open(Kind::Shell(shell));
        Some(shell)
    }

    /// Takes a tab away; the last shell stays. Returns what it showed.
    pub fn close(&mut self, place: usize) -> Option<Kind> {
        let shells = self.shells().count();
        let kind = &self.list.get(place)?.kind;
        if matches!(kind, Kind::Shell(_)) && shells < 2 {
            return None;
        }
        let tab = self.list.remove(place);
        if self.active > place || self.active >= self.list.len() {
            self.active = self.active.saturating_sub(1);
        }
        Some(tab.kind)
    }

    /// Gives a tab a name; an empty one takes it away.
    pub fn rename(&mut self, place: usize, name: &str) {
        if let Some(tab) = self.list.get_mut(place) {
            tab.name = name.trim().chars().filter(|c| !c.is_control()).take(40).collect();
        }
    }

    /// A file has another path.
    pub fn moved(&mut self, from: &str, to: &str) {
        for tab in &mut self.list {
            if tab.kind == Kind::File(from.to_string()) {
                tab.kind = Kind::File(to.to_string());
            }
        }
    }

    /// The tabs as a text.
    pub fn kept(&self) -> String {
        let line = |(place, tab): (usize, &Tab)| {
            let mark = if place == self.active { "*" } else { "" };
            match &tab.kind {
                Kind::Shell(shell) => format!("{mark}shell\t{shell}\t{}\n", tab.name),
                Kind::File(path) => format!("{mark}file\t{path}\t{}\n", tab.name),
            }
        };
        self.list.iter().enumerate().map(line).collect()
    }

    /// Reads what [`Tabs::kept`] gave, leaving out what it cannot read.
    pub fn read(kept: &str) -> Tabs {
        let mut tabs = Tabs { list: Vec::new(), active: 0 };
        let mut active = None;
        for line in kept.lines() {
            let mut fields = line.trim_start_matches('*').split('\t');
            let kind = match (fields.next(), fields.next()) {
                (Some("shell"), Some(shell)) => shell.parse().ok().filter(|n| *n <= LAST_SHELL).map(Kind::Shell),
                (Some("file"), Some(path)) if path.starts_with('/') => Some(Kind::File(path.to_string())),
                _ => None,
            };
            if let Some(kind) = kind {
                tabs.open(kind.clone());
                tabs.rename(tabs.active, fields.next().unwrap_or_default());
                active = if line.starts_with('*') { Some(kind) } else { active };
            }
        }
        if tabs.shells().next().is_none() {
            tabs.open(Kind::Shell(0));
        }
        if let Some(kind) = active {
            tabs.open(kind);
        }
        tabs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(tabs: &Tabs) -> String {
        tabs.kept().replace('\t', " ").replace(" \n", "\n")
    }

    #[test]
    fn shells_come_before_files_and_the_last_shell_stays() {
        let mut tabs = Tabs::default();
        tabs.open(Kind::File("/root/a.yaml".into()));
        assert_eq!(tabs.new_shell(&[1]), Some(2), "a number that the session used is left alone");
        assert_eq!(shown(&tabs), "shell 0\n*shell 2\nfile /root/a.yaml\n");
        assert_eq!(tabs.close(0), Some(Kind::Shell(0)));
        assert_eq!(shown(&tabs), "*shell 2\nfile /root/a.yaml\n");
        assert_eq!(tabs.close(0), None);
        tabs.turn(-1);
        assert_eq!(tabs.shown(), Some(&Kind::File("/root/a.yaml".into())));
        tabs.moved("/root/a.yaml", "/root/b.yaml");
        tabs.rename(0, " watch\n ");
        assert_eq!(shown(&tabs), "shell 2 watch\n*file /root/b.yaml\n");
        assert_eq!(tabs.close(1), Some(Kind::File("/root/b.yaml".into())));
        assert_eq!(tabs.active(), 0);
    }

    #[test]
    fn what_was_kept_comes_back() {
        let mut tabs = Tabs::default();
        tabs.new_shell(&[]);
        tabs.open(Kind::File("/root/a.yaml".into()));
        tabs.rename(1, "get pods -w");
        tabs.choose(1);
        assert_eq!(Tabs::read(&tabs.kept()), tabs);
        assert_eq!(Tabs::read("nonsense\nshell\t999\t\nfile\trelative\t\n"), Tabs::default());
        assert_eq!(Tabs::read(""), Tabs::default());
    }
}
