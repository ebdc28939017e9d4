//! What programs have said, in order: chunks of the two streams.

use alloc::string::String;
use alloc::vec::Vec;

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Standard output or error.
    pub stream: Stream,
    /// What was written.
    pub text: String,
}

/// What has been written, in order over both streams.
#[derive(Clone, Debug, Default)]
pub struct Output {
    chunks: Vec<Chunk>,
}

impl Output {
    /// Adds text to a stream.
    pub fn write(&mut self, stream: Stream, text: &str) {
        if text.is_empty() {
            return;
        }
        match self.chunks.last_mut() {
            Some(last) if last.stream == stream => last.text.push_str(text),
            _ => self.chunks.push(Chunk { stream, text: String::from(text) }),
        }
    }

    /// Takes all that was written so far.
    pub fn take(&mut self) -> Vec<Chunk> {
        core::mem::take(&mut self.chunks)
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Everything written to one stream, for tests and for callers that need it whole.
    pub fn text(&self, stream: Stream) -> String {
        self.chunks.iter().filter(|chunk| chunk.stream == stream).map(|chunk| chunk.text.as_str()).collect()
    }
}
