//! What a shell has shown, as lines: text, looks, where the prompt ends. Knows carriage returns and erasing; never the DOM.

use std::collections::VecDeque;
use std::rc::Rc;

use kubepie_core::session::ShownKind;

use super::about::About;
use super::ansi::{self, Look, Part};

/// The most lines that are kept.
pub const MAX_LINES: usize = 100_000;

/// The longest line in bytes; what is longer goes on in the next.
const MAX_LINE_BYTES: usize = 8_000;

/// The longest open line that is taken for a question, in bytes.
const LONGEST_QUESTION: usize = 120;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The text, without control characters.
    pub text: String,
    /// From which byte on text looks how; before the first it looks as usual.
    pub looks: Vec<(u32, Look)>,
    /// What it is.
    pub kind: ShownKind,
    /// Bytes of the prompt at its beginning.
    pub prompt: u32,
    /// What the command before it asked for.
    pub about: Rc<About>,
}

impl Line {
    fn new(kind: ShownKind) -> Line {
        Line { text: String::new(), looks: Vec::new(), kind, prompt: 0, about: Rc::default() }
    }

    /// Whether the line is a row of a table, which is better scrolled than broken.
    pub fn is_row(&self) -> bool {
        self.kind == ShownKind::Out && self.text.trim_start().contains("   ")
    }
}

/// The lines of a shell.
#[derive(Debug)]
pub struct Screen {
    lines: VecDeque<Line>,
    /// The number of the first line that is kept.
    first: u64,
    /// Whether the last line may still grow.
    open: bool,
    /// A carriage return came: the next text begins the line anew.
    restart: bool,
    look: Look,
    about: Rc<About>,
    /// The first line that has changed since [`Screen::take_changed`].
    changed: u64,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            lines: VecDeque::new(),
            first: 0,
            open: false,
            restart: false,
            look: Look::default(),
            about: Rc::default(),
            changed: u64::MAX,
        }
    }
}

impl Screen {
    /// The number of the first line kept.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The number that the next line will have.
    pub fn end(&self) -> u64 {
        self.first + self.lines.len() as u64
    }

    /// A line by its number.
    pub fn line(&self, number: u64) -> Option<&Line> {
        self.lines.get(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// The number of the first line that is new or has changed since the last call; `u64::MAX` if none is.
    pub fn take_changed(&mut self) -> u64 {
        std::mem::replace(&mut self.changed, u64::MAX)
    }

    /// The last line if it may still grow, as a question does that waits for its answer.
    pub fn question(&self) -> Option<&str> {
        let last = self.lines.back().filter(|line| self.open && line.kind != ShownKind::Typed);
        last.map(|line| line.text.as_str()).filter(|text| !text.is_empty() && text.len() <= LONGEST_QUESTION)
    }

    /// Makes the last line count as changed.
    pub fn touch(&mut self) {
        self.changed = self.changed.min(self.end().saturating_sub(1)).max(self.first);
    }

    /// Forgets the lines after the last one that was typed: what a program shows that draws the screen anew.
    fn erase_seen(&mut self) {
        while self.lines.back().is_some_and(|line| line.kind != ShownKind::Typed) {
            self.lines.pop_back();
        }
        (self.open, self.restart) = (false, false);
        self.changed = self.changed.min(self.end());
    }

    /// Forgets all lines. Numbers go on.
    pub fn erase(&mut self) {
        self.first = self.end();
        self.lines.clear();
        (self.open, self.restart) = (false, false);
        self.changed = self.changed.min(self.first);
    }

    /// Takes in a piece of what was shown.
    pub fn push(&mut self, kind: ShownKind, text: &str) {
        if kind == ShownKind::Typed {
            return self.typed(text);
        }
        ansi::parts(text, self.look, |part| match part {
            Part::Text(text) => self.text(kind, text),
            Part::Newline => {
                if !self.open {
                    self.begin_line(kind);
                }
                (self.open, self.restart) = (false, false);
                self.touch();
            }
            Part::Return => self.restart = self.open,
            Part::Back => {
                if let Some(line) = self.lines.back_mut().filter(|_| self.open) {
                    line.text.pop();
                }
            }
            Part::Erase => self.erase_seen(),
            Part::EraseAll => self.erase(),
            Part::EraseLine => {
                if self.restart {
                    self.begin_anew();
                }
            }
            Part::Look(look) => {
                self.look = look;
                if let Some(line) = self.lines.back_mut().filter(|_| self.open) {
                    line.looks.push((line.text.len() as u32, look));
                }
            }
        });
    }

    /// A prompt and the line typed at it; without a prompt it was typed into what runs.
    fn typed(&mut self, text: &str) {
        let prompt = prompt_bytes(text);
        if prompt > 0 {
            self.about = Rc::new(About::of(text.get(prompt..).unwrap_or_default()));
            self.open = false;
            self.look = Look::default();
        }
        for (n, part) in text.trim_end_matches('\n').split('\n').enumerate() {
            self.begin_line(ShownKind::Typed);
            let Some(line) = self.lines.back_mut() else { return };
            // The lines that a command goes on with have a prompt of their own.
            let own = if n > 0 && prompt > 0 { GOES_ON } else { "" };
            if line.text.is_empty() {
                line.kind = ShownKind::Typed;
                line.prompt = if n > 0 { own.len() } else { prompt } as u32;
                line.text.push_str(own);
            }
            line.text.extend(part.chars().filter(|c| !c.is_control() || *c == '\t'));
            self.open = false;
        }
        self.restart = false;
    }

    fn text(&mut self, kind: ShownKind, text: &str) {
        if std::mem::take(&mut self.restart) {
            self.begin_anew();
        }
        let mut rest = text;
        while !rest.is_empty() {
            self.begin_line(kind);
            let Some(line) = self.lines.back_mut() else { return };
            let room = MAX_LINE_BYTES.saturating_sub(line.text.len());
            let mut cut = room.min(rest.len());
            while !rest.is_char_boundary(cut) {
                cut += 1;
            }
            let (now, later) = rest.split_at_checked(cut).unwrap_or((rest, ""));
            line.text.push_str(now);
            self.open = later.is_empty();
            rest = later;
        }
    }

    fn begin_anew(&mut self) {
        let look = self.look;
        if let Some(line) = self.lines.back_mut() {
            line.text.clear();
            line.looks.clear();
            if look != Look::default() {
                line.looks.push((0, look));
            }
        }
    }

    /// Makes sure that the last line is the one that text goes to: the one that is open, or a new one.
    fn begin_line(&mut self, kind: ShownKind) {
        if !self.open || self.lines.is_empty() {
            let mut line = Line { about: self.about.clone(), ..Line::new(kind) };
            if self.look != Look::default() && kind != ShownKind::Typed {
                line.looks.push((0, self.look));
            }
            self.lines.push_back(line);
            if self.lines.len() > MAX_LINES {
                self.lines.pop_front();
                self.first += 1;
            }
            self.open = true;
        }
        self.changed = self.changed.min(self.end() - 1);
    }
}

/// The prompt of the lines that a command goes on with.
const GOES_ON: &str = "> ";

/// How many bytes of a typed line are its prompt: `root@m-k8s:~# `, `/ # `, `> `.
fn prompt_bytes(text: &str) -> usize {
    if text.starts_with("> ") {
        return 2;
    }
    let Some((before, _)) = text.split_once("# ") else { return 0 };
    let login = before.contains('@') && !before.contains(' ');
    let inside = before.ends_with(' ') && before.starts_with('/') && !before.trim_end().contains(' ');
    if login || inside { before.len() + 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ShownKind::{Err, Out, Typed};

    fn texts(pieces: &[(ShownKind, &str)]) -> Vec<String> {
        let mut screen = Screen::default();
        pieces.iter().for_each(|(kind, text)| screen.push(*kind, text));
        (screen.first()..screen.end()).map(|n| screen.line(n).unwrap().text.clone()).collect()
    }

    #[test]
    fn pieces_become_lines() {
        assert_eq!(texts(&[(Typed, "root@m-k8s:~# ls\n"), (Out, "a\nb"), (Out, "c\n\nd\n")]), ["root@m-k8s:~# ls", "a", "bc", "", "d"]);
        assert_eq!(texts(&[(Out, "name: "), (Typed, "pie\n"), (Out, "hello pie\n")]), ["name: pie", "hello pie"]);
        assert_eq!(texts(&[(Out, "no end"), (Typed, "root@m-k8s:~# ls\n")]), ["no end", "root@m-k8s:~# ls"]);
        assert_eq!(texts(&[(Out, "10%\r50%\r100%\r\ndone\n")]), ["100%", "done"]);
        assert_eq!(texts(&[(Out, "old\n"), (Out, "\x1b[H\x1b[2J\x1b[3Jnew\n")]), ["new"]);
        let watch = [(Typed, "root@m-k8s:~# watch ls\n"), (Out, "\x1b[H\x1b[2Ja\nb\n"), (Out, "\x1b[H\x1b[2Jc\n")];
        assert_eq!(texts(&watch), ["root@m-k8s:~# watch ls", "c"]);
        assert_eq!(texts(&[(Typed, "root@m-k8s:~# \n")]), ["root@m-k8s:~# "]);
        assert_eq!(texts(&[(Typed, "root@m-k8s:~# cat <<EOF\na\n\nEOF\n")]), ["root@m-k8s:~# cat <<EOF", "> a", "> ", "> EOF"]);
        assert_eq!(texts(&[(Typed, "^C\n")]), ["^C"]);
        assert_eq!(texts(&[(Out, &"x".repeat(MAX_LINE_BYTES + 1))]).len(), 2);
    }

    #[test]
    fn prompts_are_told_from_what_was_typed() {
        let prompts = ["root@m-k8s:~# ls # x\n", "/ # ls\n", "/usr/share # x", "> y\n", "echo # z\n", "#\n"];
        assert_eq!(prompts.map(prompt_bytes), [14, 4, 13, 2, 0, 0]);
    }

    #[test]
    fn an_open_line_is_a_question_until_it_is_answered() {
        let mut screen = Screen::default();
        screen.push(Out, "hello\n");
        assert_eq!(screen.question(), None);
        screen.push(Out, "/ # ");
        assert_eq!(screen.question(), Some("/ # "));
        screen.push(Typed, "ls\n");
        assert_eq!((screen.question(), screen.line(1).map(|line| line.text.as_str())), (None, Some("/ # ls")));
    }

    #[test]
    fn looks_go_on_over_lines() {
        let mut screen = Screen::default();
        screen.push(Err, "a\x1b[31mb\nc\x1b[0m\nd\n");
        let looks = |n| screen.line(n).unwrap().looks.iter().map(|(at, look)| (*at, look.ink)).collect::<Vec<_>>();
        assert_eq!(looks(0), [(1, 2)]);
        assert_eq!(looks(1), [(0, 2), (1, 0)]);
        assert_eq!(looks(2), []);
    }

    #[test]
    fn tells_what_has_changed_and_keeps_a_bound() {
        let mut screen = Screen::default();
        screen.push(Out, "a\nb");
        assert_eq!(screen.take_changed(), 0);
        assert_eq!(screen.take_changed(), u64::MAX);
        screen.push(Out, "c\n");
        assert_eq!(screen.take_changed(), 1);
        screen.push(Out, &"line\n".repeat(MAX_LINES));
        assert_eq!(screen.take_changed(), 2);
        assert_eq!((screen.first(), screen.end()), (2, 2 + MAX_LINES as u64));
        assert!(screen.line(1).is_none());
        screen.erase();
        assert_eq!((screen.first(), screen.take_changed()), (screen.end(), screen.end()));
    }

    #[test]
    fn rows_are_told_from_sentences() {
        let row = |kind, text| {
            let mut screen = Screen::default();
            screen.push(kind, text);
            screen.line(0).unwrap().is_row()
        };
        assert!(row(Out, "web-1   1/1     Running\n"));
        assert!(!row(Out, "    indented: yaml\n"));
        assert!(!row(Err, "error: a   b\n"));
    }
}
