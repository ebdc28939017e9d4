//! What the YAML scanner hands to the composer: positions, tokens and errors. No text is read here.

use alloc::string::String;

/// A place in a document. Lines and columns count from 0, `index` counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Characters from the beginning.
    pub index: usize,
    /// Line breaks from the beginning.
    pub line: usize,
    /// Characters from the beginning of the line.
    pub column: usize,
}

/// How a scalar was written; only a plain one may become something other than a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bare text.
    Plain,
    /// Quoted, or a block scalar.
    Quoted,
}

/// The kinds of token of YAML.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The end of the text.
    StreamEnd,
    /// `%YAML` or another directive that changes nothing here.
    Directive,
    /// `%TAG handle prefix`.
    TagDirective(String, String),
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    /// An indentation that begins a list.
    BlockSequenceStart,
    /// An indentation that begins a map.
    BlockMappingStart,
    /// The indentation goes back.
    BlockEnd,
    /// `[`
    FlowSequenceStart,
    /// `]`
    FlowSequenceEnd,
    /// `{`
    FlowMappingStart,
    /// `}`
    FlowMappingEnd,
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    /// The beginning of a key, written or not.
    Key,
    /// `:`
    Value,
    /// `*name`
    Alias(String),
    /// `&name`
    Anchor(String),
    /// A tag's handle and suffix.
    Tag(String, String),
    /// Text.
    Scalar(String, Style),
}

/// A token and where it begins.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it begins.
    pub start: Mark,
}

/// Why a document could not be read, with the marks from which Go's line numbers come.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The bare words, such as `did not find expected key`.
    pub problem: &'static str,
    /// Where the problem is.
    pub problem_mark: Mark,
    /// Where the construct around it began.
    pub context_mark: Mark,
    /// The scanner counts its lines from 1, the parser, as Go prints it, from 0.
    pub in_scanner: bool,
}
