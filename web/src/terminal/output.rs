//! What a shell has shown, as pieces to draw. Never: how they look.

use std::rc::Rc;

use kubepie_core::session::{Session, ShownKind};

/// The most lines that are shown.
const LINES: usize = 500;
/// The most pieces that are shown.
const PIECES: u64 = 600;

/// A piece of output.
#[derive(Clone, PartialEq)]
pub struct Piece {
    /// Its number among all that was shown.
    pub number: u64,
    /// Who wrote it.
    pub kind: ShownKind,
    /// Its text.
    pub text: String,
}

/// The last pieces that shell 0 of a session has shown, from a number on.
pub fn window(session: &Session, from: u64) -> Rc<[Piece]> {
    let shown = &session.world().shown;
    let start = shown.end().saturating_sub(PIECES).max(from).max(shown.start());
    let mut pieces: Vec<Piece> = (start..shown.end())
        .filter_map(|number| shown.get(number).map(|s| (number, s)))
        .filter(|(_, s)| s.shell == crate::engine::SHELL)
        .map(|(number, s)| Piece { number, kind: s.what, text: s.text.clone() })
        .collect();
    let mut lines = 0;
    let first = pieces.iter().rposition(|p| {
        lines += p.text.matches('\n').count();
        lines > LINES
    });
    if let Some(first) = first {
        pieces.drain(..first);
        if let Some(piece) = pieces.first_mut() {
            let keep: Vec<&str> = piece.text.split_inclusive('\n').collect();
            piece.text = keep.iter().skip(keep.len().saturating_sub(LINES)).copied().collect();
        }
    }
    pieces.into()
}
