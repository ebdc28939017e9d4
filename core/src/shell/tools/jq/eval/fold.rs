//! What binds names and changes places: `as`, `reduce`, `foreach`, labels, assignments.

use alloc::rc::Rc;
use alloc::vec::Vec;

use super::scope::{self, Bound, Scope};
use super::{At, Done, Eval, Out, Stop, call, fail, place};
use crate::shell::tools::jq::parse::{Expr, Pattern};
use crate::shell::tools::jq::value::V;

impl Eval {
    pub(super) fn fold(&mut self, expr: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
        match expr {
            Expr::Bind(source, pattern, body) => self.run(source, scope, At::plain(at.value.clone()), &mut |e, value| {
                let inner = e.bind(pattern, &value.value, scope, scope.clone())?;
                e.run(body, &inner, at.clone(), out)
            }),
            Expr::Reduce(source, pattern, init, update) => self.run(init, scope, at.clone(), &mut |e, first| {
                let mut sum = first;
                e.run(source, scope, At::plain(at.value.clone()), &mut |e, value| {
                    let inner = e.bind(pattern, &value.value, scope, scope.clone())?;
                    let mut last = None;
                    e.run(update, &inner, sum.clone(), &mut |_, at| {
                        last = Some(at);
                        Ok(())
                    })?;
                    sum = last.unwrap_or(At::plain(V::Null));
                    Ok(())
                })?;
                out(e, sum)
            }),
            Expr::Foreach(source, pattern, [init, update, extract]) => self.run(init, scope, at.clone(), &mut |e, first| {
                let mut state = first;
                e.run(source, scope, At::plain(at.value.clone()), &mut |e, value| {
                    let inner = e.bind(pattern, &value.value, scope, scope.clone())?;
                    let before = state.clone();
                    e.run(update, &inner, before, &mut |e, now| {
                        state = now.clone();
                        e.run(extract, &inner, now, out)
                    })
                })
            }),
            Expr::Label(name, body) => {
                let number = self.label();
                let depth = self.depth;
                let inner = scope::with(scope, Bound::Label(Rc::clone(name), number));
                match self.run(body, &inner, at, out) {
                    Err(Stop::Break(to)) if to == number => {
                        self.depth = depth;
                        Ok(())
                    }
                    done => done,
                }
            }
            Expr::Break(name) => match scope::label(scope, name) {
                Some(number) => Err(Stop::Break(number)),
                None => fail(["$*label-", name, " is not defined"].concat()),
            },
            _ => Ok(()),
        }
    }

    /// The scope with a pattern's names bound to what a value has in their places.
    fn bind(&mut self, pattern: &Pattern, value: &V, outer: &Scope, scope: Scope) -> Result<Scope, Stop> {
        match pattern {
            Pattern::Name(name) => Ok(scope::with(&scope, Bound::Value(Rc::clone(name), value.clone()))),
            Pattern::List(all) => {
                let mut inner = scope;
                for (at, one) in all.iter().enumerate() {
                    let part = place::index(value, &V::count(at))?;
                    inner = self.bind(one, &part, outer, inner)?;
                }
                Ok(inner)
            }
            Pattern::Object(all) => {
                let mut inner = scope;
                for (key, name, pattern) in all {
                    let key = self.all(key, outer, value)?.into_iter().next().unwrap_or(V::Null);
                    if !matches!(key, V::Text(_)) {
                        return fail(alloc::format!("Cannot index {} with {}", value.kind(), key.kind()));
                    }
                    let part = place::index(value, &key)?;
                    if let Some(name) = name {
                        inner = scope::with(&inner, Bound::Value(Rc::clone(name), part.clone()));
                    }
                    if let Some(pattern) = pattern {
                        inner = self.bind(pattern, &part, outer, inner)?;
                    }
                }
                Ok(inner)
            }
        }
    }

    /// `p = v` for each `v`; `p |= f`; `p += v` and its kind for each `v`.
    pub(super) fn assign(&mut self, operator: &str, at: &Expr, value: &Expr, scope: &Scope, input: &V, out: Out<'_>) -> Done {
        let paths = self.paths(at, scope, input)?;
        if operator == "|=" {
            let mut root = input.clone();
            let mut gone = Vec::new();
            for path in paths {
                let old = place::get(&root, &path)?;
                match self.first(value, scope, &old)? {
                    Some(new) => root = place::set(&root, &path, new)?,
                    None => gone.push(V::List(path)),
                }
            }
            let root = place::delete(&root, gone)?;
            return out(self, At::plain(root));
        }
        for value in self.all(value, scope, input)? {
            let mut root = input.clone();
            for path in &paths {
                let new = match operator {
                    "=" => value.clone(),
                    "//=" => {
                        let old = place::get(&root, path)?;
                        if old.holds() { old } else { value.clone() }
                    }
                    other => call::two(other.trim_end_matches('='), &place::get(&root, path)?, &value).or_else(fail)?,
                };
                root = place::set(&root, path, new)?;
            }
            out(self, At::plain(root))?;
        }
        Ok(())
    }

    /// The first value of an expression.
    pub fn first(&mut self, expr: &Expr, scope: &Scope, input: &V) -> Result<Option<V>, Stop> {
        let (number, depth) = (self.label(), self.depth);
        let mut found = None;
        let done = self.run(expr, scope, At::plain(input.clone()), &mut |_, at| {
            found = Some(at.value);
            Err(Stop::Break(number))
        });
        match done {
            Err(Stop::Break(to)) if to == number => self.depth = depth,
            done => done?,
        }
        Ok(found)
    }
}
