//! Programs of jq, run: every value an expression makes is handed on at once, together with where it was found, so that
//! what comes after can stop it (`first`, `limit`) and so that places can be assigned to.

mod fold;
pub mod place;
mod scope;

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::call;
use super::parse::Expr;
use super::value::V;

pub use scope::{Bound, Scope, base};

/// The most steps of one run, and how deep they may nest.
const MAX_STEPS: usize = 3_000_000;
const MAX_DEPTH: usize = 700;

/// Why a run ends before its end.
#[derive(Debug)]
pub enum Stop {
    /// An error, which `try` may catch.
    Error(V),
    /// `break` to a label.
    Break(u32),
    /// `halt`, with an exit code.
    Quit(i32),
}

/// How a run went.
pub type Done = Result<(), Stop>;

/// An error with a sentence.
pub fn fail<T>(text: String) -> Result<T, Stop> {
    Err(Stop::Error(V::text(&text)))
}

/// A value, and the path by which it was reached where that is asked for.
#[derive(Clone, Debug)]
pub struct At {
    /// The path; `None`: not asked for, or no place of the input.
    pub path: Option<Rc<Vec<V>>>,
    /// The value.
    pub value: V,
}

impl At {
    /// A value that is no place.
    pub fn plain(value: V) -> At {
        At { path: None, value }
    }

    /// A step further.
    pub fn step(&self, key: V, value: V) -> At {
        let path = self.path.as_ref().map(|path| {
            let mut path = path.to_vec();
            path.push(key);
            Rc::new(path)
        });
        At { path, value }
    }
}

/// Takes what an expression makes.
pub type Out<'o> = &'o mut dyn FnMut(&mut Eval, At) -> Done;

/// A run of a program.
pub struct Eval {
    /// Values still to be read by `input`.
    pub inputs: VecDeque<V>,
    /// `$ENV`
    pub environment: V,
    /// Seconds since 1970.
    pub now: f64,
    /// What `debug` and `stderr` say.
    pub said: String,
    base: Scope,
    steps: usize,
    depth: usize,
    labels: u32,
}

impl Eval {
    /// A run that has not begun.
    pub fn new(base: Scope, environment: V, now: f64) -> Eval {
        Eval { inputs: VecDeque::new(), environment, now, said: String::new(), base, steps: 0, depth: 0, labels: 0 }
    }

    /// A label that nothing else has.
    pub fn label(&mut self) -> u32 {
        self.labels += 1;
        self.labels
    }

    /// Everything an expression makes of a value.
    pub fn all(&mut self, expr: &Expr, scope: &Scope, input: &V) -> Result<Vec<V>, Stop> {
        let mut all = Vec::new();
        self.run(expr, scope, At::plain(input.clone()), &mut |_, at| {
            all.push(at.value);
            Ok(())
        })?;
        Ok(all)
    }

    /// The places an expression leads to from a value.
    pub fn paths(&mut self, expr: &Expr, scope: &Scope, input: &V) -> Result<Vec<Rc<Vec<V>>>, Stop> {
        let mut all = Vec::new();
        self.run(expr, scope, At { path: Some(Rc::default()), value: input.clone() }, &mut |_, at| match at.path {
            Some(path) => {
                all.push(path);
                Ok(())
            }
            None => fail(["Invalid path expression with result ", &cut(&at.value)].concat()),
        })?;
        Ok(all)
    }

    /// Runs an expression.
    pub fn run(&mut self, expr: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
        self.steps += 1;
        self.depth += 1;
        if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            return fail("kubepie: the program takes too many steps or nests too deeply".to_string());
        }
        let done = self.step(expr, scope, at, out);
        self.depth -= 1;
        done
    }

    fn step(&mut self, expr: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
        match expr {
            Expr::Same => out(self, at),
            Expr::Just(value) => out(self, At::plain(value.clone())),
            Expr::Variable(name) => {
                let value = if &**name == "ENV" { Some(self.environment.clone()) } else { scope::value(scope, name) };
                out(self, At::plain(value.unwrap_or(V::Null)))
            }
            Expr::At(of, key) => self.run(key, scope, At::plain(at.value.clone()), &mut |e, key| {
                e.run(of, scope, at.clone(), &mut |e, of| {
                    let value = place::index(&of.value, &key.value)?;
                    out(e, of.step(key.value.clone(), value))
                })
            }),
            Expr::Slice(of, from, to) => self.slice(of, (from.as_deref(), to.as_deref()), scope, at, out),
            Expr::Each(of) => self.run(of, scope, at, &mut |e, of| each(e, &of, out)),
            Expr::Try(body, handler) => self.attempt(body, handler.as_deref(), scope, at, out),
            Expr::Pipe(a, b) => self.run(a, scope, at, &mut |e, at| e.run(b, scope, at, out)),
            Expr::Both(a, b) => {
                self.run(a, scope, at.clone(), out)?;
                self.run(b, scope, at, out)
            }
            Expr::Two("//", a, b) => self.otherwise(a, b, scope, at, out),
            Expr::Two(operator @ ("and" | "or"), a, b) => {
                let or = *operator == "or";
                self.run(a, scope, At::plain(at.value.clone()), &mut |e, left| {
                    if left.value.holds() == or {
                        return out(e, At::plain(V::Bool(or)));
                    }
                    e.run(b, scope, At::plain(at.value.clone()), &mut |e, right| out(e, At::plain(V::Bool(right.value.holds()))))
                })
            }
            Expr::Two(operator, a, b) => self.run(b, scope, At::plain(at.value.clone()), &mut |e, right| {
                e.run(a, scope, At::plain(at.value.clone()), &mut |e, left| {
                    let made = call::two(operator, &left.value, &right.value).or_else(fail)?;
                    out(e, At::plain(made))
                })
            }),
            Expr::Assign(operator, place, value) => self.assign(operator, place, value, scope, &at.value, out),
            Expr::List(None) => out(self, At::plain(V::list(Vec::new()))),
            Expr::List(Some(of)) => {
                let all = self.all(of, scope, &at.value)?;
                out(self, At::plain(V::list(all)))
            }
            Expr::Object(members) => self.object(members, Vec::new(), scope, &at.value, out),
            Expr::Text(parts, format) => self.text(parts, format.as_deref(), String::new(), scope, &at.value, out),
            Expr::If(test, then, other) => self.run(test, scope, At::plain(at.value.clone()), &mut |e, truth| {
                e.run(if truth.value.holds() { then } else { other }, scope, at.clone(), out)
            }),
            Expr::Call(name, args) => self.call(name, args, scope, at, out),
            Expr::Define(function, rest) => {
                let scope = scope::with(scope, Bound::Function(Rc::clone(function)));
                self.run(rest, &scope, at, out)
            }
            Expr::Bind(..) | Expr::Reduce(..) | Expr::Foreach(..) | Expr::Label(..) | Expr::Break(..) => self.fold(expr, scope, at, out),
        }
    }

    fn call(&mut self, name: &str, args: &[Rc<Expr>], scope: &Scope, at: At, out: Out<'_>) -> Done {
        let Some((found, home)) = scope::function(scope, &self.base, name, args.len()) else {
            return call::native(self, name, args, scope, at, out);
        };
        match found {
            Bound::Closure(_, body, of) => self.run(&body, &of, at, out),
            Bound::Function(function) => {
                let mut inner = home;
                let mut values = Vec::new();
                for (param, arg) in function.params.iter().zip(args) {
                    match param.strip_prefix('$') {
                        Some(name) => values.push((Rc::<str>::from(name), Rc::clone(arg))),
                        None => inner = scope::with(&inner, Bound::Closure(Rc::clone(param), Rc::clone(arg), scope.clone())),
                    }
                }
                self.with_values(&values, scope, inner, at, &function.body, out)
            }
            _ => Ok(()),
        }
    }

    /// Runs a function's body for all values of its parameters that are taken as values.
    fn with_values(&mut self, values: &[(Rc<str>, Rc<Expr>)], scope: &Scope, inner: Scope, at: At, body: &Expr, out: Out<'_>) -> Done {
        let Some(((name, arg), rest)) = values.split_first() else { return self.run(body, &inner, at, out) };
        self.run(arg, scope, At::plain(at.value.clone()), &mut |e, value| {
            let inner = scope::with(&inner, Bound::Value(Rc::clone(name), value.value));
            e.with_values(rest, scope, inner, at.clone(), body, out)
        })
    }

    fn slice(&mut self, of: &Expr, ends: (Option<&Expr>, Option<&Expr>), scope: &Scope, at: At, out: Out<'_>) -> Done {
        let bound = |e: &mut Eval, expr: Option<&Expr>| match expr {
            Some(expr) => Ok(e.all(expr, scope, &at.value)?.into_iter().next().unwrap_or(V::Null)),
            None => Ok(V::Null),
        };
        let (from, to) = (bound(self, ends.0)?, bound(self, ends.1)?);
        let key = V::Object(Rc::new(Vec::from([(Rc::from("start"), from), (Rc::from("end"), to)])));
        self.run(of, scope, at, &mut |e, of| {
            let value = place::index(&of.value, &key)?;
            out(e, of.step(key.clone(), value))
        })
    }

    /// `try a catch b`: errors of what comes after it are not its own.
    fn attempt(&mut self, body: &Expr, handler: Option<&Expr>, scope: &Scope, at: At, out: Out<'_>) -> Done {
        let (mut outside, depth) = (false, self.depth);
        let done = self.run(body, scope, at, &mut |e, at| {
            let done = out(e, at);
            outside = done.is_err();
            done
        });
        match done {
            Err(Stop::Error(why)) if !outside => {
                self.depth = depth;
                match handler {
                    Some(handler) => self.run(handler, scope, At::plain(why), out),
                    None => Ok(()),
                }
            }
            done => done,
        }
    }

    /// `a // b`
    fn otherwise(&mut self, a: &Expr, b: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
        let (mut any, mut outside, depth) = (false, false, self.depth);
        let done = self.run(a, scope, at.clone(), &mut |e, at| {
            if !at.value.holds() {
                return Ok(());
            }
            any = true;
            let done = out(e, at);
            outside = done.is_err();
            done
        });
        match done {
            Err(Stop::Error(_)) if !outside => self.depth = depth,
            done => done?,
        }
        if any { Ok(()) } else { self.run(b, scope, at, out) }
    }

    fn object(&mut self, members: &[(Expr, Expr)], made: Vec<(Rc<str>, V)>, scope: &Scope, input: &V, out: Out<'_>) -> Done {
        let Some(((key, value), rest)) = members.split_first() else { return out(self, At::plain(V::Object(Rc::new(made)))) };
        self.run(key, scope, At::plain(input.clone()), &mut |e, key| {
            let V::Text(name) = key.value else {
                return fail(alloc::format!("Object keys must be strings, not {}", shown(&key.value)));
            };
            e.run(value, scope, At::plain(input.clone()), &mut |e, value| {
                let mut made = made.clone();
                super::value::put(&mut made, Rc::clone(&name), value.value);
                e.object(rest, made, scope, input, out)
            })
        })
    }

    fn text(&mut self, parts: &[Expr], format: Option<&str>, made: String, scope: &Scope, input: &V, out: Out<'_>) -> Done {
        // From the last part to the first, as the real one goes through values.
        let Some((part, rest)) = parts.split_last() else { return out(self, At::plain(V::text(&made))) };
        self.run(part, scope, At::plain(input.clone()), &mut |e, at| {
            // Plain text and values take turns, text first and last.
            let value = match format.filter(|_| rest.len() % 2 == 1) {
                Some(format) => call::formatted(format, &at.value).or_else(fail)?,
                None => plain(&at.value),
            };
            e.text(rest, format, [value.as_str(), &made].concat(), scope, input, out)
        })
    }
}

/// Hands on the elements of a list or the members of an object.
pub fn each(eval: &mut Eval, of: &At, out: Out<'_>) -> Done {
    match &of.value {
        V::List(all) => {
            for (at, value) in all.iter().enumerate() {
                out(eval, of.step(V::count(at), value.clone()))?;
            }
        }
        V::Object(all) => {
            for (key, value) in all.iter() {
                out(eval, of.step(V::Text(Rc::clone(key)), value.clone()))?;
            }
        }
        other => return fail(alloc::format!("Cannot iterate over {}", shown(other))),
    }
    Ok(())
}

/// Text as it is, everything else as JSON.
pub fn plain(value: &V) -> String {
    match value {
        V::Text(text) => text.to_string(),
        other => other.compact(),
    }
}

fn cut(value: &V) -> String {
    let text = value.compact();
    if text.len() > 11 { text.chars().take(8).chain("...".chars()).collect() } else { text }
}

/// A value as errors name it: `string ("abc")`.
pub fn shown(value: &V) -> String {
    [value.kind(), " (", &cut(value), ")"].concat()
}
