//! `vi`, `vim`, `nano`, `code`: programs that show a file in the page's editor and run until it is closed there. What
//! the editor looks like is the page's affair; a file saved in it comes as an input of the session.

use alloc::boxed::Box;
use alloc::string::String;

use crate::shell::process::{Host, Io, OnInterrupt, Poll, Process, Started, Wake};

/// Lines that close `vi` when somebody types them at the terminal instead of in the editor.
const FAREWELLS: [&str; 7] = [":q", ":q!", ":wq", ":wq!", ":x", "ZZ", "ZQ"];

/// A program whose file is open in the page's editor.
#[derive(Clone)]
struct Editor {
    number: u32,
    /// Ctrl-C has come: it ends at the next poll, and with success, as its file is as it was last saved.
    left: bool,
}

/// Begins an editor; the file may be new.
pub(super) fn start(program: &'static str, args: &[String], io: &mut Io<'_>) -> Started {
    let Some(name) = args.iter().rev().find(|arg| !arg.starts_with(['-', '+'])) else {
        io.err(&[program, ": say which file: ", program, " FILE\n"].concat());
        return Started::Done(1);
    };
    let path = io.path(name);
    if io.fs.is_dir(&path) {
        io.err(&[program, ": ", name, " is a directory\n"].concat());
        return Started::Done(1);
    }
    if !(io.stdin_is_terminal && io.stdout_is_terminal) {
        io.err("Vim: Warning: Output is not to a terminal\nVim: Warning: Input is not from a terminal\nVim: Error reading input, exiting...\nVim: Finished.\n");
        return Started::Done(1);
    }
    let short = path.rsplit('/').next().unwrap_or(name);
    match io.host.open_editor(&[program, " ", short].concat(), &path) {
        Some(number) => Started::Run(Box::new(Editor { number, left: false })),
        None => {
            io.err(&["error: ", program, ": no editor can be opened here; try: cat > ", name, " <<'EOF'\n"].concat());
            Started::Done(1)
        }
    }
}

impl Process for Editor {
    fn poll(&mut self, io: &mut Io<'_>) -> Poll {
        while let Some(line) = io.stdin.take_line() {
            self.left |= FAREWELLS.contains(&line.trim());
        }
        let closed = io.stdin.is_closed();
        if closed {
            // The same terminal may be used again: `kubectl edit` reopens its file when something is wrong with it.
            io.stdin.reopen();
        }
        if !closed && !self.left {
            return Poll::Wait(Wake::Input);
        }
        io.host.close_editor(self.number);
        Poll::Done(0)
    }

    fn boxed_clone(&self) -> Box<dyn Process> {
        Box::new(self.clone())
    }

    fn interrupt(&mut self) -> OnInterrupt {
        self.left = true;
        OnInterrupt::Handled
    }

    fn abandon(&mut self, host: &mut dyn Host) {
        host.close_editor(self.number);
    }
}
