//! The lines typed but not yet run: gathered until they are whole commands, remembered, and complained about.
//! Never: how a command runs (`task`).

use alloc::rc::Rc;
use alloc::string::String;

use super::fds::TERMINAL;
use super::lex::SyntaxError;
use super::process::{Output, Stream};
use super::shell::{MAX_PENDING_BYTES, Shell, ShellState};

const MAX_HISTORY: usize = 1_000;

impl Shell {
    /// Reads the next command and puts it on the stack; what the shell waits for if there is none.
    pub(super) fn next_command(&mut self, output: &mut Output) -> Option<ShellState> {
        if core::mem::take(&mut self.lent_end)
            && let Some(end) = self.pipes.get(TERMINAL)
        {
            end.pipe.reopen();
        }
        if self.pending.trim().is_empty() || self.wants_more {
            if !self.wants_more {
                self.pending.clear();
            }
            if !self.take_text(output) {
                let closed = self.reads_input && self.pipes.get(TERMINAL).is_some_and(|end| end.pipe.is_eof());
                if !closed && !self.reads_input && !self.root.state.options.interactive && self.root.trapped("EXIT") {
                    Rc::make_mut(&mut self.root.state.traps).remove("EXIT");
                    return None;
                }
                if !closed {
                    self.report_jobs(output);
                    return Some(if self.wants_more { ShellState::More } else { ShellState::Ready });
                }
                if !self.wants_more {
                    if self.root.state.options.interactive {
                        output.write(Stream::Err, "exit\n");
                    }
                    self.root.exited = Some(self.root.state.status);
                    return None;
                }
                return self.parse_pending(true, output);
            }
            // A long here-document is not read anew for each of its lines.
            if self.wants_more && self.awaits.as_ref().is_some_and(|(end, tabs)| !ends_with_line(&self.pending, end, *tabs)) {
                return None;
            }
        }
        let last = !self.root.state.options.interactive && !self.has_text();
        self.parse_pending(last, output)
    }

    fn has_text(&mut self) -> bool {
        if !self.reads_input {
            return false;
        }
        self.pipes.get(TERMINAL).is_some_and(|end| !end.pipe.is_eof())
    }

    /// Moves the next text into `pending`. False if there is none.
    fn take_text(&mut self, output: &mut Output) -> bool {
        let next = match self.queue.pop_front() {
            Some(text) => Some(text),
            None if self.reads_input => self.pipes.get(TERMINAL).and_then(|end| end.pipe.take_line()),
            None => None,
        };
        let Some(text) = next else { return false };
        self.prompt_due = true;
        if !self.wants_more {
            self.line = 1;
        }
        if self.pending.len().saturating_add(text.len()) <= MAX_PENDING_BYTES {
            self.pending.push_str(&text);
        } else {
            output.write(Stream::Err, &alloc::format!("bash: a command of more than {MAX_PENDING_BYTES} bytes is not taken\n"));
        }
        true
    }

    fn parse_pending(&mut self, last: bool, output: &mut Output) -> Option<ShellState> {
        if self.root.state.options.interactive && !self.wants_more {
            match super::history::expand(&self.pending, &self.root.state.history) {
                super::history::Expanded::Same => {}
                super::history::Expanded::Changed(text) => {
                    output.write(Stream::Out, &text);
                    self.pending = text;
                }
                super::history::Expanded::NotFound(event) => {
                    self.pending.clear();
                    output.write(Stream::Err, &alloc::format!("bash: {event}: event not found\n"));
                    self.root.state.status = 1;
                    return None;
                }
            }
        }
        let aliases = Rc::clone(&self.root.state.aliases);
        let uses_aliases = self.root.state.options.interactive;
        let next = super::parse::next_line(&self.pending, self.line, uses_aliases.then_some(&*aliases));
        match next.result {
            Err(error) if error.wants_more() && !last => {
                self.wants_more = true;
                self.awaits = next.awaits;
                return None;
            }
            Ok(_) if next.goes_on && !last => {
                self.wants_more = true;
                self.awaits = None;
                return None;
            }
            Err(SyntaxError::HereDoc) if !self.pending.is_empty() => return self.unended_here(output),
            Err(error) => {
                let text = core::mem::take(&mut self.pending);
                self.remember(&text);
                let first = text.lines().nth(next.line.saturating_sub(self.line)).unwrap_or_default();
                // A line that ends too early is the wrong one, not the next.
                let early = matches!(&error, SyntaxError::Unexpected(token) if token == "newline") && next.line > self.line;
                let first = if early { text.lines().nth(next.line - self.line - 1).unwrap_or_default() } else { first };
                let line = if early { next.line - 1 } else { next.line };
                let line = if self.wants_more && matches!(error, SyntaxError::Incomplete) { text.lines().count() + 1 } else { line };
                self.wants_more = false;
                self.complain_syntax(&error, first, line, output);
                self.root.state.status = 2;
                if !self.root.state.options.interactive {
                    self.root.exited = self.reads_input.then_some(2);
                }
            }
            Ok(None) => {
                self.pending.clear();
                self.wants_more = false;
            }
            Ok(Some(list)) => {
                let used = self.pending.len().saturating_sub(next.rest.len());
                let text = String::from(self.pending.get(..used).unwrap_or(&self.pending));
                self.remember(&text);
                self.wants_more = false;
                self.line = next.line;
                self.pending = next.rest;
                self.root.push_list(list);
            }
        }
        None
    }

    /// A here-document without its end: bash warns and takes what there is.
    fn unended_here(&mut self, output: &mut Output) -> Option<ShellState> {
        let delimiter = super::history::here_delimiter(&self.pending);
        let name = Rc::clone(&self.root.state.name);
        let lines = self.pending.lines().count();
        output.write(
            Stream::Err,
            &alloc::format!("{name}: line {lines}: warning: here-document at line 1 delimited by end-of-file (wanted `{delimiter}')\n"),
        );
        let mut text = core::mem::take(&mut self.pending);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&delimiter);
        text.push('\n');
        self.wants_more = false;
        let next = super::parse::next_line(&text, self.line, None);
        if let Ok(Some(list)) = next.result {
            self.root.push_list(list);
        } else {
            self.root.state.status = 2;
        }
        None
    }

    fn remember(&mut self, text: &str) {
        let text = text.trim();
        if !self.root.state.options.interactive || text.is_empty() || self.root.state.history.last().is_some_and(|last| &**last == text) {
            return;
        }
        let history = Rc::make_mut(&mut self.root.state.history);
        if history.len() >= MAX_HISTORY {
            history.remove(0);
        }
        history.push(Rc::from(text));
    }

    fn complain_syntax(&mut self, error: &SyntaxError, source: &str, line: usize, output: &mut Output) {
        let name = Rc::clone(&self.root.state.name);
        let message = syntax_message(error);
        if let Some(busybox) = self.root.sh() {
            output.write(Stream::Err, &alloc::format!("{name}: {}\n", super::posix::words(&message, busybox)));
            return;
        }
        let mut text = if self.root.state.options.interactive {
            alloc::format!("{name}: {message}\n")
        } else {
            alloc::format!("{name}: -c: line {line}: {message}\n")
        };
        if !self.root.state.options.interactive && matches!(error, SyntaxError::Unexpected(_)) {
            text.push_str(&alloc::format!("{name}: -c: line {line}: `{source}'\n"));
        }
        output.write(Stream::Err, &text);
    }
}

/// Whether the last line of a text is this one, tabs before it aside if they do not count.
fn ends_with_line(text: &str, line: &str, tabs: bool) -> bool {
    let last = text.strip_suffix('\n').unwrap_or(text).rsplit('\n').next().unwrap_or_default();
    line == if tabs { last.trim_start_matches('\t') } else { last }
}

/// What bash says about a text that is not a command.
pub(super) fn syntax_message(error: &SyntaxError) -> String {
    match error {
        SyntaxError::Unclosed(c) => alloc::format!("unexpected EOF while looking for matching `{c}'"),
        SyntaxError::Incomplete | SyntaxError::HereDoc => String::from("syntax error: unexpected end of file"),
        SyntaxError::Unexpected(token) if token == "coproc" => {
            String::from("coproc: kubepie has no coprocesses; a pipe, a file or <(…) may do instead")
        }
        SyntaxError::Unexpected(token) => alloc::format!("syntax error near unexpected token `{token}'"),
        SyntaxError::BadSubstitution(text) => alloc::format!("{text}: bad substitution"),
        SyntaxError::TooDeep => String::from("syntax error: commands are nested too deeply"),
    }
}
