//! jq's own functions that need the evaluator, its operators, and which names there are at all.
//! Never: functions of plain values (`natives`), those written in jq itself (`prelude.jq`).

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::eval::{At, Done, Eval, Out, Scope, Stop, each, fail, place, plain, shown};
use super::parse::Expr;
use super::value::{V, put};
use super::{natives, texts};

pub use texts::formatted;

/// The most numbers of one `range`.
const MAX_RANGE: u32 = 500_000;

/// Functions here, with the count of their arguments.
const OWN: &[(&str, usize)] = &[
    ("_by", 2),
    ("debug", 0),
    ("empty", 0),
    ("error", 0),
    ("error", 1),
    ("first", 1),
    ("getpath", 1),
    ("halt", 0),
    ("halt_error", 1),
    ("input", 0),
    ("limit", 2),
    ("now", 0),
    ("path", 1),
    ("range", 3),
    ("recurse", 1),
    ("select", 1),
    ("stderr", 0),
    ("until", 2),
];

/// Whether there is a function of this name.
pub fn knows(name: &str, count: usize) -> bool {
    OWN.contains(&(name, count)) || natives::knows(name, count)
}

/// An operator on two values.
///
/// # Errors
/// jq's own sentence.
pub fn two(operator: &str, a: &V, b: &V) -> Result<V, String> {
    let order = a.order(b);
    let truth = match operator {
        "==" => Some(order == Ordering::Equal),
        "!=" => Some(order != Ordering::Equal),
        "<" => Some(order == Ordering::Less),
        "<=" => Some(order != Ordering::Greater),
        ">" => Some(order == Ordering::Greater),
        ">=" => Some(order != Ordering::Less),
        _ => None,
    };
    if let Some(truth) = truth {
        return Ok(V::Bool(truth));
    }
    match (operator, a, b) {
        ("+", V::Null, other) | ("+", other, V::Null) => Ok(other.clone()),
        ("+", V::Text(x), V::Text(y)) => Ok(V::text(&[&**x, &**y].concat())),
        ("+", V::List(x), V::List(y)) => Ok(V::list(x.iter().chain(y.iter()).cloned().collect())),
        ("+", V::Object(x), V::Object(y)) => {
            let mut all = x.to_vec();
            y.iter().for_each(|(key, value)| put(&mut all, Rc::clone(key), value.clone()));
            Ok(V::Object(Rc::new(all)))
        }
        ("*", V::Object(_), V::Object(_)) => Ok(merged(a, b)),
        ("*", V::Text(text), V::Number(n)) => {
            let n = n.as_f64().unwrap_or(0.0);
            let times = if n <= 0.0 { 0 } else { (n as usize + usize::from(n as usize as f64 != n)).min(100_000 / text.len().max(1)) };
            Ok(if times == 0 { V::Null } else { V::text(&text.repeat(times)) })
        }
        ("-", V::List(x), V::List(y)) => {
            let kept = x.iter().filter(|v| !y.iter().any(|w| v.order(w) == Ordering::Equal));
            Ok(V::list(kept.cloned().collect()))
        }
        ("/", V::Text(x), V::Text(y)) => Ok(texts::split(x, y)),
        ("/" | "%", V::Number(_), V::Number(y)) if y.as_f64() == Some(0.0) => {
            let how = if operator == "%" { " (remainder)" } else { "" };
            Err(format!("{} and {} cannot be divided{how} because the divisor is zero", shown(a), shown(b)))
        }
        (_, V::Number(x), V::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap_or(0.0), y.as_f64().unwrap_or(0.0));
            Ok(V::float(match operator {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "/" => x / y,
                _ => (x as i64).checked_rem((y as i64).saturating_abs()).unwrap_or(0) as f64,
            }))
        }
        _ => {
            let done = match operator {
                "+" => "added",
                "-" => "subtracted",
                "*" => "multiplied",
                _ => "divided",
            };
            Err(format!("{} and {} cannot be {done}", shown(a), shown(b)))
        }
    }
}

/// `a * b`: objects within objects are merged too.
fn merged(a: &V, b: &V) -> V {
    let (V::Object(x), V::Object(y)) = (a, b) else { return b.clone() };
    let mut all = x.to_vec();
    for (key, value) in y.iter() {
        let value = a.get(key).map_or_else(|| value.clone(), |old| merged(old, value));
        put(&mut all, Rc::clone(key), value);
    }
    V::Object(Rc::new(all))
}

/// A function that is not the program's own.
pub fn native(eval: &mut Eval, name: &str, args: &[Rc<Expr>], scope: &Scope, at: At, out: Out<'_>) -> Done {
    match (name, args) {
        ("empty", []) => Ok(()),
        ("error" | "halt" | "halt_error" | "debug" | "stderr" | "input", _) => aloud(eval, (name, args), scope, at, out),
        ("now", []) => {
            let now = V::float(eval.now);
            out(eval, At::plain(now))
        }
        ("select", [test]) => eval.run(test, scope, At::plain(at.value.clone()), &mut |e, truth| {
            if truth.value.holds() { out(e, at.clone()) } else { Ok(()) }
        }),
        ("path", [of]) => {
            for path in eval.paths(of, scope, &at.value)? {
                out(eval, At::plain(V::List(path)))?;
            }
            Ok(())
        }
        ("getpath", [path]) => eval.run(path, scope, At::plain(at.value.clone()), &mut |e, path| {
            let V::List(keys) = path.value else { return fail("Path must be specified as an array".to_string()) };
            let value = place::get(&at.value, &keys)?;
            let path = at.path.as_ref().map(|before| Rc::new(before.iter().chain(keys.iter()).cloned().collect::<Vec<V>>()));
            out(e, At { path, value })
        }),
        ("recurse", [step]) => recurse(eval, step, scope, at, out),
        ("first", [of]) => first(eval, 1, of, scope, at, out),
        ("limit", [count, of]) => eval.run(count, scope, At::plain(at.value.clone()), &mut |e, count| {
            let count = count.value.as_f64().unwrap_or(0.0);
            if count < 1.0 { Ok(()) } else { first(e, count as usize, of, scope, at.clone(), out) }
        }),
        ("until", [test, step]) => until(eval, (test, step), scope, at, out),
        ("range", [from, to, by]) => range(eval, [from, to, by], scope, at, out),
        ("_by", [how, keys]) => {
            let how = eval.first(how, scope, &at.value)?.unwrap_or(V::Null);
            if !matches!(at.value, V::List(_)) {
                return fail(match plain(&how).as_str() {
                    "sort" | "group" => format!(
                        "{} cannot be {}ed, as it is not an array",
                        shown(&at.value),
                        if plain(&how) == "sort" { "sort" } else { "group" }
                    ),
                    _ => format!("Cannot iterate over {}", shown(&at.value)),
                });
            }
            let keys = eval.first(keys, scope, &at.value)?.unwrap_or(V::Null);
            out(eval, At::plain(natives::arranged(&plain(&how), &at.value, &keys)))
        }
        _ => values(eval, (name, args), Vec::new(), scope, at, out),
    }
}

/// Functions that end the program, say something beside its output, or read on.
fn aloud(eval: &mut Eval, (name, args): (&str, &[Rc<Expr>]), scope: &Scope, at: At, out: Out<'_>) -> Done {
    match (name, args) {
        ("error", [why]) => {
            let why = eval.all(why, scope, &at.value)?;
            why.into_iter().next().map_or(Ok(()), |why| Err(Stop::Error(why)))
        }
        ("error", _) => Err(Stop::Error(at.value)),
        ("halt", _) => Err(Stop::Quit(0)),
        ("halt_error", _) => {
            let code = args.first().map_or(Ok(Vec::new()), |code| eval.all(code, scope, &at.value))?;
            eval.said.push_str(&plain(&at.value));
            if !matches!(at.value, V::Text(_)) {
                eval.said.push('\n');
            }
            Err(Stop::Quit(code.first().and_then(V::as_f64).unwrap_or(5.0) as i32))
        }
        ("debug", _) => {
            eval.said.push_str(&["[\"DEBUG:\",", &at.value.compact(), "]\n"].concat());
            out(eval, at)
        }
        ("stderr", _) => {
            eval.said.push_str(&plain(&at.value));
            out(eval, at)
        }
        _ => match eval.inputs.pop_front() {
            Some(value) => out(eval, At::plain(value)),
            None => fail("No more inputs".to_string()),
        },
    }
}

/// `until(test; step)`
fn until(eval: &mut Eval, (test, step): (&Expr, &Expr), scope: &Scope, at: At, out: Out<'_>) -> Done {
    let mut value = at.value;
    loop {
        match eval.first(test, scope, &value)? {
            None => return Ok(()),
            Some(truth) if truth.holds() => return out(eval, At::plain(value)),
            Some(_) => value = eval.first(step, scope, &value)?.unwrap_or(V::Null),
        }
    }
}

/// `range(from; to; by)`
fn range(eval: &mut Eval, [from, to, by]: [&Expr; 3], scope: &Scope, at: At, out: Out<'_>) -> Done {
    let input = At::plain(at.value);
    eval.run(from, scope, input.clone(), &mut |e, from| {
        e.run(to, scope, input.clone(), &mut |e, to| {
            e.run(by, scope, input.clone(), &mut |e, by| {
                let (Some(from), Some(to), Some(by)) = (from.value.as_f64(), to.value.as_f64(), by.value.as_f64()) else {
                    return fail("Range bounds must be numeric".to_string());
                };
                let (mut n, mut count) = (from, 0_u32);
                while by > 0.0 && n < to || by < 0.0 && n > to {
                    out(e, At::plain(V::float(n)))?;
                    n += by;
                    count += 1;
                    if count > MAX_RANGE {
                        return fail("kubepie: a range of so many numbers is not made".to_string());
                    }
                }
                Ok(())
            })
        })
    })
}

/// Functions of plain values: for every value of every argument.
fn values(eval: &mut Eval, (name, args): (&str, &[Rc<Expr>]), given: Vec<V>, scope: &Scope, at: At, out: Out<'_>) -> Done {
    let Some((arg, rest)) = args.split_first() else {
        let value = natives::value(name, &at.value, &given).or_else(fail)?;
        return out(eval, At::plain(value));
    };
    eval.run(arg, scope, At::plain(at.value.clone()), &mut |e, value| {
        let mut given = given.clone();
        given.push(value.value);
        values(e, (name, rest), given, scope, at.clone(), out)
    })
}

fn recurse(eval: &mut Eval, step: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
    out(eval, at.clone())?;
    // `..` itself needs no program.
    if matches!(step, Expr::Pipe(of, each) if matches!(**of, Expr::Same) && matches!(&**each, Expr::Try(inner, None) if matches!(**inner, Expr::Each(_))))
    {
        return match at.value {
            V::List(_) | V::Object(_) => each(eval, &at, &mut |e, at| recurse(e, step, scope, at, out)),
            _ => Ok(()),
        };
    }
    eval.run(step, scope, at, &mut |e, at| recurse(e, step, scope, at, out))
}

/// The first so many values.
fn first(eval: &mut Eval, count: usize, of: &Expr, scope: &Scope, at: At, out: Out<'_>) -> Done {
    let number = eval.label();
    let mut left = count;
    let done = eval.run(of, scope, at, &mut |e, at| {
        left = left.saturating_sub(1);
        out(e, at)?;
        if left == 0 { Err(Stop::Break(number)) } else { Ok(()) }
    });
    match done {
        Err(Stop::Break(to)) if to == number => Ok(()),
        done => done,
    }
}
