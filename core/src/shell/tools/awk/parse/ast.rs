//! What a program of `awk` is: rules, statements, expressions.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::regex::Regex;

/// When a rule applies.
#[derive(Clone, Debug)]
pub enum When {
    /// `BEGIN`
    Begin,
    /// `END`
    End,
    /// Every line.
    Always,
    /// Lines for which it is true.
    Test(Expr),
    /// From a line to a line.
    Range(Expr, Expr),
}

/// A rule; without a block it prints the line.
#[derive(Clone, Debug)]
pub struct Rule {
    /// When it applies.
    pub when: When,
    /// What it does.
    pub block: Option<Vec<Stmt>>,
}

/// A function of the program's own.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its parameters; those that a call leaves out are its own variables.
    pub params: Vec<String>,
    /// What it does.
    pub body: Vec<Stmt>,
}

/// What a program consists of.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its rules, in order.
    pub rules: Vec<Rule>,
    /// Its functions.
    pub functions: Vec<Function>,
}

/// Where `print` writes.
#[derive(Clone, Debug)]
pub enum Dest {
    /// Standard output.
    Out,
    /// `> file`, or `>> file` if true
    File(Expr, bool),
    /// `| command`
    Command(Expr),
}

/// Where `getline` reads.
#[derive(Clone, Debug)]
pub enum From {
    /// What the rules read.
    Main,
    /// `< file`
    File(Box<Expr>),
    /// `command |`
    Command(Box<Expr>),
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `print a, b` or, if true, `printf format, a`
    Print(Vec<Expr>, bool, Dest),
    /// An expression for its effect.
    Expr(Expr),
    /// `if … else …`
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `while`; whether the body comes first (`do`)
    While(Expr, Vec<Stmt>, bool),
    /// `for (a; b; c)`
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Vec<Stmt>),
    /// `for (k in array)`
    Each(String, String, Vec<Stmt>),
    /// `delete a[i]`, or all of it
    Delete(String, Option<Vec<Expr>>),
    /// `next`, or `nextfile` if true
    Next(bool),
    /// `return`
    Return(Option<Expr>),
    /// Statements in braces.
    Block(Vec<Stmt>),
    /// `exit`
    Exit(Option<Expr>),
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A number.
    Num(f64),
    /// A string.
    Str(String),
    /// A pattern; alone it is matched against the line.
    Regex(Regex),
    /// `$n`
    Field(Box<Expr>),
    /// A variable.
    Var(String),
    /// `a[i]`
    Index(String, Vec<Expr>),
    /// `x = y`, `x += y`
    Assign(Box<Expr>, Option<char>, Box<Expr>),
    /// `c ? a : b`
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `||`
    Or(Box<Expr>, Box<Expr>),
    /// `&&`
    And(Box<Expr>, Box<Expr>),
    /// `k in a`
    In(Vec<Expr>, String),
    /// `~` and `!~`
    Match(bool, Box<Expr>, Box<Expr>),
    /// A comparison.
    Compare(&'static str, Box<Expr>, Box<Expr>),
    /// Two texts side by side.
    Concat(Box<Expr>, Box<Expr>),
    /// `+ - * / % ^`
    Arith(char, Box<Expr>, Box<Expr>),
    /// `!x`
    Not(Box<Expr>),
    /// `-x`
    Minus(Box<Expr>),
    /// `+x`
    Plus(Box<Expr>),
    /// `++x`, `x--`: whether before, and by how much
    Step(Box<Expr>, bool, f64),
    /// A function; without a name, a list in parentheses.
    Call(String, Vec<Expr>),
    /// `getline`, and where it puts the record
    Getline(From, Option<Box<Expr>>),
    /// In parentheses.
    Group(Box<Expr>),
}
