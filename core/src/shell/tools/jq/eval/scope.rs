//! What names stand for at a place of a program: values, functions, arguments, labels.

use alloc::rc::Rc;

use crate::shell::tools::jq::parse::{Expr, Function};
use crate::shell::tools::jq::value::V;

/// The names known at a place, the nearest first.
pub type Scope = Option<Rc<Node>>;

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Bound {
    /// `$name`
    Value(Rc<str>, V),
    /// A definition.
    Function(Rc<Function>),
    /// A parameter: an expression, and where it was written.
    Closure(Rc<str>, Rc<Expr>, Scope),
    /// A label.
    Label(Rc<str>, u32),
}

/// A name before others.
#[derive(Debug)]
pub struct Node {
    bound: Bound,
    next: Scope,
    /// One of the definitions beforehand, which see one another in any order.
    base: bool,
}

/// The scope of a whole program: what is defined beforehand, and variables from outside.
pub fn base(functions: &[Rc<Function>], variables: &[(Rc<str>, V)]) -> Scope {
    let mut scope = None;
    for function in functions {
        scope = Some(Rc::new(Node { bound: Bound::Function(Rc::clone(function)), next: scope, base: true }));
    }
    for (name, value) in variables {
        scope = with(&scope, Bound::Value(Rc::clone(name), value.clone()));
    }
    scope
}

/// A scope with one name more.
pub(super) fn with(scope: &Scope, bound: Bound) -> Scope {
    Some(Rc::new(Node { bound, next: scope.clone(), base: false }))
}

fn walk(scope: &Scope) -> impl Iterator<Item = &Rc<Node>> {
    core::iter::successors(scope.as_ref(), |node| node.next.as_ref())
}

/// The value of a variable.
pub(super) fn value(scope: &Scope, name: &str) -> Option<V> {
    walk(scope).find_map(|node| match &node.bound {
        Bound::Value(one, value) if **one == *name => Some(value.clone()),
        _ => None,
    })
}

/// The number of a label.
pub(super) fn label(scope: &Scope, name: &str) -> Option<u32> {
    walk(scope).find_map(|node| match &node.bound {
        Bound::Label(one, number) if **one == *name => Some(*number),
        _ => None,
    })
}

/// A function by its name and the count of its arguments, with the scope its body sees: itself and all before it.
pub(super) fn function(scope: &Scope, base: &Scope, name: &str, count: usize) -> Option<(Bound, Scope)> {
    let node = walk(scope).find(|node| match &node.bound {
        Bound::Function(one) => *one.name == *name && one.params.len() == count,
        Bound::Closure(one, ..) => **one == *name && count == 0,
        Bound::Value(..) | Bound::Label(..) => false,
    })?;
    Some((node.bound.clone(), if node.base { base.clone() } else { Some(Rc::clone(node)) }))
}
