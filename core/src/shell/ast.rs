//! What a parsed line is: lists of pipelines of commands made of words. Shared and never changed after parsing.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::OnceCell;

/// A sequence of and-or lists, separated by `;`, `&` or newlines.
pub type List = Rc<[AndOr]>;

/// `a && b || c`, possibly in the background.
#[derive(Debug)]
pub struct AndOr {
    /// The pipelines, each with what joins it to the one before (the first has `And`).
    pub pipelines: Vec<(Join, Pipeline)>,
    /// Whether it ended with `&`.
    pub background: bool,
    /// The source, for the job table.
    pub source: Rc<str>,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// `! time a | b | c`
#[derive(Debug)]
pub struct Pipeline {
    /// An odd number of `!` stood before it.
    pub negate: bool,
    /// `time` stood before it.
    pub timed: bool,
    /// The commands, with whether `|&` follows.
    pub stages: Vec<(Rc<Command>, bool)>,
}

/// A command with its redirections.
#[derive(Debug)]
pub struct Command {
    /// What it does.
    pub body: Body,
    /// Applied from left to right.
    pub redirects: Vec<Redirect>,
    /// The line it begins on, from 1.
    pub line: usize,
}

/// The kinds of command.
#[derive(Debug)]
pub enum Body {
    /// `A=1 program argument`
    Simple {
        /// Assignments before the words.
        assigns: Vec<Assign>,
        /// The program and its arguments.
        words: Vec<Word>,
        /// Arrays among the words of `declare` and its kind, set when it has run.
        lists: Vec<Assign>,
    },
    /// `( list )`
    Subshell(List),
    /// `{ list; }`
    Group(List),
    /// `if … then … elif … else … fi`
    If {
        /// Condition and what to do, in order.
        arms: Vec<(List, List)>,
        /// What to do when no condition held.
        otherwise: Option<List>,
    },
    /// `while` and `until`
    While {
        /// `until`: go on while the condition fails.
        until: bool,
        /// The condition.
        condition: List,
        /// What is repeated.
        body: List,
    },
    /// `for name in words; do … done`, or `select`
    For {
        /// It is a `select`.
        select: bool,
        /// The variable.
        name: Rc<str>,
        /// The words; without `in`, the positional parameters.
        words: Option<Vec<Word>>,
        /// What is repeated.
        body: List,
    },
    /// `for ((a; b; c)); do … done`
    Count {
        /// The three expressions.
        parts: [Word; 3],
        /// What is repeated.
        body: List,
    },
    /// `case word in pattern) … ;; esac`
    Case {
        /// What is matched.
        word: Word,
        /// Patterns, what to do, and how it ends.
        arms: Vec<(Vec<Word>, List, CaseEnd)>,
    },
    /// `[[ … ]]`: the words in between; `&&`, `||`, `(`, `)`, `<`, `>` are operators.
    Test(Vec<TestToken>),
    /// `(( … ))`
    Arith(Word),
    /// `name() command`
    Function(Rc<str>, Rc<Command>),
}

/// How an arm of `case` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseEnd {
    /// `;;`
    Leave,
    /// `;&`: go on with the next arm's commands.
    Fall,
    /// `;;&`: go on matching.
    Next,
}

/// A piece of `[[ … ]]`.
#[derive(Debug)]
pub enum TestToken {
    /// An operand, or an operator spelt as a word.
    Word(Word),
    /// An operator that quoting would take its meaning from.
    Op(Rc<str>),
}

/// `name=value`, `name+=value`, `name[i]=value`, `name=(a b)`
#[derive(Debug)]
pub struct Assign {
    /// The variable.
    pub name: Rc<str>,
    /// The place in an array.
    pub index: Option<Word>,
    /// `+=`
    pub append: bool,
    /// What is assigned.
    pub value: AssignValue,
}

/// The right-hand side of an assignment.
#[derive(Debug)]
pub enum AssignValue {
    /// One string.
    Word(Word),
    /// A list in parentheses, where places may be said: `([a]=1 2)`.
    List(Vec<(Option<Word>, Word)>),
}

/// `2>file`, `<<EOF`, `2>&1` …
#[derive(Debug)]
pub struct Redirect {
    /// The descriptor, or the operator's usual one.
    pub fd: Option<u32>,
    /// What is done to it.
    pub kind: RedirectKind,
}

/// The kinds of redirection.
#[derive(Debug)]
pub enum RedirectKind {
    /// `<`
    Read(Word),
    /// `>` and `>|`
    Write(Word),
    /// `>>`
    Append(Word),
    /// `<>`
    ReadWrite(Word),
    /// `&>` and `&>>`: output and errors; whether to append
    Both(Word, bool),
    /// `>&` and `<&`: a number, `-`, or (for output) a file
    Duplicate(Word),
    /// `<<` and `<<-`: the body arrives when its lines have been read
    Here(Rc<OnceCell<Word>>),
    /// `<<<`
    HereString(Word),
}

/// A word before expansion.
#[derive(Clone, Debug)]
pub struct Word(pub Rc<[Part]>);

/// A piece of a word. The flag of an expansion says whether it stands in double quotes.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text outside quotes: patterns and braces mean something.
    Text(Rc<str>),
    /// Text inside quotes or after a backslash.
    Quoted(Rc<str>),
    /// `~` or `~name` at the beginning.
    Tilde(Rc<str>),
    /// `$name`, `${…}`
    Param(Rc<Param>, bool),
    /// `$(…)` and backticks
    Command(List, bool),
    /// `$((…))`
    Arith(Word, bool),
    /// `<(…)`, or `>(…)` if true
    Process(List, bool),
}

/// A parameter with what is done to its value.
#[derive(Debug)]
pub struct Param {
    /// A variable's name, digits, or one of `@*#?-$!`.
    pub name: Rc<str>,
    /// `[@]`, `[*]` or `[expression]`
    pub index: Option<Index>,
    /// The operation.
    pub op: ParamOp,
}

/// Which part of an array is meant.
#[derive(Debug)]
pub enum Index {
    /// `[@]`
    Each,
    /// `[*]`
    Joined,
    /// `[expression]`
    At(Word),
}

/// What is done to a parameter's value.
#[derive(Debug)]
pub enum ParamOp {
    /// Nothing.
    Plain,
    /// `${#x}`
    Length,
    /// `${!x}`
    Indirect,
    /// `${!x*}` and `${!x@}`: names of variables
    Names,
    /// `${x@Q}`
    Transform(char),
    /// No operation that there is; the name is the whole text.
    Bad,
    /// `${x:-word}`; the flag is whether the colon is there
    Default(bool, Word),
    /// `${x:=word}`
    Assign(bool, Word),
    /// `${x:+word}`
    Alternative(bool, Word),
    /// `${x:?word}`
    Error(bool, Word),
    /// `${x#word}`, `##`, `%`, `%%`
    Trim {
        /// Cut at the end instead of the beginning.
        suffix: bool,
        /// Cut as much as possible.
        longest: bool,
        /// What is cut.
        pattern: Word,
    },
    /// `${x/pattern/with}`
    Replace {
        /// Every match, not the first only.
        all: bool,
        /// `#` at the beginning only, `%` at the end only.
        anchor: Option<char>,
        /// What is replaced.
        pattern: Word,
        /// By what.
        with: Word,
    },
    /// `${x^}`, `^^`, `,`, `,,`
    Case {
        /// To upper case.
        upper: bool,
        /// Every character.
        all: bool,
        /// Only characters that match.
        of: Option<Word>,
    },
    /// `${x:offset:length}`
    Slice(Word, Option<Word>),
}

impl Word {
    /// The text of a word without quotes and expansions; `None` if it has any.
    pub fn plain(&self) -> Option<&str> {
        match &*self.0 {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// A word of nothing.
    pub fn empty() -> Word {
        Word(Rc::from([]))
    }
}
