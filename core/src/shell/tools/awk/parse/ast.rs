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

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `print a, b`; whether to standard error
    Print(Vec<Expr>, bool),
    /// `printf format, a`; whether to standard error
    Printf(Vec<Expr>, bool),
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
    /// `next`
    Next,
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
    /// A builtin function.
    Call(String, Vec<Expr>),
    /// In parentheses.
    Group(Box<Expr>),
}
