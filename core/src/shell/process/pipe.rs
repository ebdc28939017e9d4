//! Text on its way between two ends.
//! Never: which descriptor leads to it (`fds`).

use alloc::string::String;

/// The most bytes a pipe holds before its writer has to wait.
pub const PIPE_BYTES: usize = 64 * 1024;

/// Text on its way from a writer to a reader. The terminal's input, a file being read and what stands between
/// two commands of a pipeline are all pipes.
#[derive(Clone, Debug, Default)]
pub struct Pipe {
    pub(super) text: String,
    /// Bytes at the front that have been read.
    pub(super) read: usize,
    closed: bool,
    /// The reader begins only when it has everything: the writer need not wait for it.
    whole: bool,
}

impl Pipe {
    /// A pipe whose writer may still write.
    pub fn open() -> Pipe {
        Pipe::default()
    }

    /// A pipe that holds `text` and then ends.
    pub fn holding(text: String) -> Pipe {
        Pipe { text, closed: true, ..Pipe::default() }
    }

    /// A pipe that has ended: reading `/dev/null`.
    pub fn empty() -> Pipe {
        Pipe::holding(String::new())
    }

    /// Adds text at the writer's end.
    pub fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Says that nothing more will be written.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Undoes `close`: the terminal's input after Ctrl-D.
    pub fn reopen(&mut self) {
        self.closed = false;
    }

    /// What there is to read, without taking it.
    pub fn peek(&self) -> &str {
        self.text.get(self.read..).unwrap_or_default()
    }

    /// Bytes that can be read now.
    pub fn len(&self) -> usize {
        self.text.len().saturating_sub(self.read)
    }

    /// Whether there is nothing to read now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether everything was read and nothing more will come.
    pub fn is_eof(&self) -> bool {
        self.closed && self.is_empty()
    }

    /// Whether the writer has ended; there may still be text to read.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Takes all there is now.
    pub fn take(&mut self) -> String {
        let text = String::from(self.peek());
        self.text.clear();
        self.read = 0;
        text
    }

    /// Takes everything once the writer has ended; until then nothing.
    pub fn take_all(&mut self) -> Option<String> {
        self.whole = !self.closed;
        self.closed.then(|| self.take())
    }

    /// Whether there is more in it than its writer may go on with.
    pub fn is_full(&self) -> bool {
        self.len() > PIPE_BYTES && !self.whole
    }

    /// Takes so many bytes, up to the end of a character.
    pub fn take_front(&mut self, bytes: usize) -> String {
        let text = String::from(self.peek().get(..bytes).unwrap_or_default());
        self.advance(text.len());
        text
    }

    /// Says that so many more bytes have been read.
    fn advance(&mut self, bytes: usize) {
        self.read += bytes;
        if self.read >= self.text.len() {
            self.text.clear();
            self.read = 0;
        } else if self.read > PIPE_BYTES {
            self.text.drain(..self.read);
            self.read = 0;
        }
    }

    /// Takes a line, with its newline unless it is the last and has none; `None` if no whole line is there yet.
    pub fn take_line(&mut self) -> Option<String> {
        let rest = self.peek();
        let end = match rest.find('\n') {
            Some(at) => at + 1,
            None if self.closed && !rest.is_empty() => rest.len(),
            None => return None,
        };
        let line = String::from(rest.get(..end)?);
        self.advance(end);
        Some(line)
    }
}
