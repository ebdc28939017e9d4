//! The editor's part of the page: what it asks for and what becomes of it. Never: how it looks (`component`).

mod component;
mod rich;
mod upload;
mod view;

use kubepie_core::session::{InputKind, Offers, Problem};
use yew::prelude::*;

use crate::app::App;
use crate::terminal::{self, Kind};

pub use component::Editor;
pub use upload::{listen, upload};

/// The learner's home directory.
pub const HOME: &str = "/root";

/// The largest file that is taken in, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// What a new file holds.
const SKELETON: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: \n";

/// What the editor asks for.
pub enum Ask {
    /// A new file.
    New,
    /// Keep a text in a file.
    Save(String, String),
    /// The same, and apply it.
    Apply(String, String),
    /// Another name.
    Rename(String, String),
    /// Away with it.
    Delete(String),
    /// A file from outside: its name and text, if it could be read and is not too large.
    Upload(String, Option<String>),
    /// The program of a shell that edits is done: with what was saved, or as if nothing had been.
    Done(u32, bool),
    /// What is wrong with a text.
    Check(String, Callback<Vec<Problem>>),
    /// What may stand at a line and byte of a text.
    Offer(String, usize, usize, Callback<Offers>),
    /// What the cluster holds in the place of a text.
    Live(String, Callback<Option<String>>),
}

/// Does what the editor asks for.
#[inline(never)]
pub fn update(app: &mut App, ask: Ask) -> bool {
    let session = &app.engine.session;
    match ask {
        Ask::Check(text, reply) => {
            reply.emit(session.check_manifest(&text));
            return false;
        }
        Ask::Offer(text, line, column, reply) => {
            reply.emit(kubepie_core::session::fields::at(&text, line, column));
            return false;
        }
        Ask::Live(text, reply) => {
            reply.emit(session.live_text(&text));
            return false;
        }
        Ask::Save(path, text) => save(app, path, text),
        Ask::Apply(path, text) => {
            save(app, path.clone(), text);
            terminal::type_line(app, ["kubectl apply -f ", &quoted(&short(&path))].concat());
        }
        Ask::New => {
            let path = free(app, "new.yaml");
            save(app, path.clone(), SKELETON.to_string());
            open(app, path);
        }
        Ask::Upload(name, text) => upload::take(app, &name, text),
        Ask::Rename(path, name) => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let to = if name.starts_with('/') { name } else { [folder, "/", &name].concat() };
            app.terminal.tabs.moved(&path, &to);
            terminal::type_line(app, ["mv ", &quoted(&short(&path)), " ", &quoted(&short(&to))].concat());
        }
        Ask::Delete(path) => {
            let tabs = &mut app.terminal.tabs;
            let place = tabs.list().iter().position(|tab| tab.kind == Kind::File(path.clone()));
            place.map(|place| tabs.close(place));
            terminal::type_line(app, ["rm ", &quoted(&short(&path))].concat());
        }
        Ask::Done(shell, keep) => app.engine.submit(shell, if keep { InputKind::Eof } else { InputKind::Interrupt }),
    }
    true
}

/// Keeps a text in a file, unless it is there already.
fn save(app: &mut App, path: String, text: String) {
    let same = app.engine.session.world().files.read(&path).is_ok_and(|old| *old == *text);
    if !same && text.len() <= MAX_BYTES {
        app.engine.submit(crate::engine::SHELL, InputKind::File { path, text });
        app.look_anew();
    }
}

fn open(app: &mut App, path: String) {
    app.terminal.tabs.open(Kind::File(path));
    app.look_anew();
}

/// A path at home that no file has: `new.yaml`, `new-2.yaml`.
fn free(app: &App, name: &str) -> String {
    let name = if name.is_empty() { "new.yaml" } else { name };
    let (stem, end) = name.rsplit_once('.').map_or((name, String::new()), |(stem, end)| (stem, [".", end].concat()));
    let files = &app.engine.session.world().files;
    let paths = (1..1_000).map(|n| match n {
        1 => [HOME, "/", name].concat(),
        n => format!("{HOME}/{stem}-{n}{end}"),
    });
    paths.into_iter().find(|path| files.read(path).is_err()).unwrap_or_else(|| [HOME, "/", name].concat())
}

/// A path as it is typed at home.
pub fn short(path: &str) -> String {
    path.strip_prefix(HOME).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path).to_string()
}

/// A word as the shell must be given it.
fn quoted(word: &str) -> String {
    let plain = word.chars().all(|c| c.is_alphanumeric() || "-_./:@%+=".contains(c));
    if plain && !word.starts_with('-') { word.to_string() } else { ["'./", &word.replace('\'', "'\\''"), "'"].concat() }
}

/// Keeps a text in a new file at home, without opening it. Returns the file as it is typed; nothing where it is too large.
pub fn keep(app: &mut App, name: &str, text: String) -> Option<String> {
    let path = free(app, name);
    (text.len() <= MAX_BYTES).then(|| {
        save(app, path.clone(), text);
        short(&path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_typed_as_a_person_would() {
        assert_eq!(short("/root/a.yaml"), "a.yaml");
        assert_eq!(short("/tmp/a.yaml"), "/tmp/a.yaml");
        assert_eq!(quoted("파드.yaml"), "파드.yaml");
        assert_eq!(quoted("my pod.yaml"), "'./my pod.yaml'");
        assert_eq!(quoted("-x"), "'./-x'");
    }
}
