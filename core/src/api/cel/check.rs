//! Whether an expression can be right: names that are known, members that are there, functions that take what they are
//! given. Models cel-go `checker`, and the texts of its errors.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::parse::{Expr, placed};
use super::types::{ROOT, Ty, resolve, same};
use crate::text::regex::{Regex, Syntax};

/// Libraries whose functions have names with dots.
const LIBRARIES: &[&str] = &["optional", "sets", "format", "ip"];
/// Macros that bind two names.
const PAIRS: &[&str] = &["all", "exists", "existsOne", "exists_one", "transformList", "transformMap", "transformMapEntry"];
const MACROS: &[&str] = &["all", "exists", "exists_one", "filter", "map"];

/// What is wrong with a rule about what a schema describes; nothing when it can be evaluated.
pub fn rule(text: &str, schema: &Value, root: bool, optional_old: bool) -> Option<String> {
    wrong(text, schema, root, optional_old, "bool")
}

/// The same for the words of a rule, which are text.
pub fn message(text: &str, schema: &Value, root: bool, optional_old: bool) -> Option<String> {
    wrong(text, schema, root, optional_old, "string")
}

fn wrong(text: &str, schema: &Value, root: bool, optional_old: bool, wanted: &str) -> Option<String> {
    let (expr, places) = match placed(text) {
        Ok(read) => read,
        Err(errors) => return Some(said(text, errors)),
    };
    let own = match Ty::of(schema, ROOT, 0)? {
        Ty::Object(schema, _) if !root => Ty::Object(schema, "selfType.self".to_string()),
        own => own,
    };
    let old = if optional_old { Ty::Optional(Box::new(own.clone())) } else { own.clone() };
    let scope = alloc::vec![("self".to_string(), own), ("oldSelf".to_string(), old)];
    let mut checker = Checker { places: places.into_iter(), scope, errors: Vec::new() };
    let found = checker.ty(&expr).0;
    if !checker.errors.is_empty() {
        return Some(said(text, checker.errors));
    }
    match found {
        Ty::Plain(name) if name == wanted => None,
        _ if wanted == "bool" => Some("cel expression must evaluate to a bool".to_string()),
        _ => Some("messageExpression must evaluate to a string".to_string()),
    }
}

/// Errors as cel-go prints them: each with its line and a mark below it.
fn said(text: &str, mut errors: Vec<(usize, String)>) -> String {
    errors.sort_by_key(|(at, _)| *at);
    let one = |(at, what): &(usize, String)| {
        let before: Vec<char> = text.chars().take(*at).collect();
        let row = before.iter().filter(|c| **c == '\n').count();
        let column = before.iter().rev().take_while(|c| **c != '\n').count();
        let line = text.split('\n').nth(row).unwrap_or_default();
        alloc::format!("ERROR: <input>:{}:{}: {what}\n | {line}\n | {}^", row + 1, column + 1, ".".repeat(column))
    };
    let all: Vec<String> = errors.iter().map(one).collect();
    ["compilation failed: ", &all.join("\n")].concat()
}

struct Checker<'a> {
    places: alloc::vec::IntoIter<usize>,
    scope: Vec<(String, Ty<'a>)>,
    errors: Vec<(usize, String)>,
}

impl<'a> Checker<'a> {
    fn place(&mut self) -> usize {
        self.places.next().unwrap_or_default()
    }

    fn say(&mut self, place: usize, what: String) -> Ty<'a> {
        self.errors.push((place, what));
        Ty::Wrong
    }

    /// The type of an expression and where it stands. Parts are looked at in the order in which they were read.
    fn ty(&mut self, expr: &Expr) -> (Ty<'a>, usize) {
        match expr {
            Expr::Value(value) => (constant(value), self.place()),
            Expr::Name(name) => {
                let place = self.place();
                (self.named(name, place), place)
            }
            Expr::Field(of, name) => {
                let of = self.ty(of).0;
                let place = self.place();
                (self.field(of, name, place), place)
            }
            Expr::Maybe(of, name) => {
                let of = self.ty(of).0;
                let key = self.ty(name).0;
                let place = self.place();
                let found = match (&**name, &of) {
                    (Expr::Value(Value::String(name)), Ty::Object(..)) => match self.field(of.clone(), name, place) {
                        Ty::Wrong => Ty::Wrong,
                        found => Ty::Optional(Box::new(found)),
                    },
                    (_, Ty::Optional(_)) => Ty::Optional(Box::new(Ty::Dyn)),
                    _ => self.called("_[_]", None, &[of, key], place).optional(),
                };
                (found, place)
            }
            Expr::Index(of, index) => {
                let (of, index) = (self.ty(of).0, self.ty(index).0);
                let place = self.place();
                let found = match of {
                    Ty::Optional(_) => Ty::Optional(Box::new(Ty::Dyn)),
                    of => self.called("_[_]", None, &[of, index], place),
                };
                (found, place)
            }
            Expr::Not(of) => self.operator("!_", &[of]),
            Expr::Negative(of) => self.operator("-_", &[of]),
            Expr::Between(word, a, b) => {
                let name = if *word == "in" { "@in".to_string() } else { ["_", word, "_"].concat() };
                self.operator(&name, &[a, b])
            }
            Expr::Choice(condition, yes, no) => self.operator("_?_:_", &[condition, yes, no]),
            Expr::List(items) => {
                let types = items.iter().map(|item| self.ty(item)).collect();
                (Ty::List(Box::new(self.joined(types))), self.place())
            }
            Expr::Map(pairs) => {
                let (keys, values) = pairs.iter().map(|(key, value)| (self.ty(key), self.ty(value))).unzip();
                let (keys, values) = (self.joined(keys), self.joined(values));
                (Ty::Map(Box::new(keys), Box::new(values)), self.place())
            }
            Expr::Call(of, name, arguments) => self.call(of.as_deref(), name, arguments),
        }
    }

    /// What all of a list's elements are.
    fn joined(&mut self, types: Vec<(Ty<'a>, usize)>) -> Ty<'a> {
        let mut types = types.into_iter();
        let Some((first, _)) = types.next() else { return Ty::Dyn };
        for (other, place) in types {
            if !same(&first, &other) {
                return self.say(place, ["expected type '", &first.text(), "' but found '", &other.text(), "'"].concat());
            }
        }
        first
    }

    fn named(&mut self, name: &str, place: usize) -> Ty<'a> {
        if let Some((_, found)) = self.scope.iter().rev().find(|(own, _)| own == name) {
            return found.clone();
        }
        const TYPES: &[&str] = &["int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type"];
        match TYPES.contains(&name) {
            true => Ty::Plain("type"),
            false => self.say(place, ["undeclared reference to '", name, "' (in container '')"].concat()),
        }
    }

    fn field(&mut self, of: Ty<'a>, name: &str, place: usize) -> Ty<'a> {
        match of {
            Ty::Dyn => Ty::Dyn,
            Ty::Wrong => Ty::Wrong,
            Ty::Map(_, value) => *value,
            Ty::Optional(inner) => self.field(*inner, name, place).optional(),
            Ty::Object(..) => match of.member(name) {
                Some(found) => found,
                None => self.say(place, ["undefined field '", name, "'"].concat()),
            },
            other => self.say(place, ["type '", &other.text(), "' does not support field selection"].concat()),
        }
    }

    fn operator(&mut self, name: &str, parts: &[&Expr]) -> (Ty<'a>, usize) {
        let types: Vec<Ty<'a>> = parts.iter().map(|part| self.ty(part).0).collect();
        let place = self.place();
        (self.called(name, None, &types, place), place)
    }

    fn called(&mut self, name: &str, of: Option<&Ty<'a>>, arguments: &[Ty<'a>], place: usize) -> Ty<'a> {
        match resolve(name, of, arguments) {
            Ok(found) => found,
            Err(false) => {
                let name = name.rsplit('.').next().unwrap_or(name);
                self.say(place, ["undeclared reference to '", name, "' (in container '')"].concat())
            }
            Err(true) => {
                let given: Vec<String> = arguments.iter().map(Ty::text).collect();
                let target = of.map(|of| [&of.text(), "."].concat()).unwrap_or_default();
                let text = ["found no matching overload for '", name, "' applied to '", &target, "(", &given.join(", "), ")'"].concat();
                self.say(place, text)
            }
        }
    }

    fn call(&mut self, of: Option<&Expr>, name: &str, arguments: &[Expr]) -> (Ty<'a>, usize) {
        if let (None, "has", [argument]) = (of, name, arguments) {
            return self.has(argument);
        }
        if let Some(Expr::Name(library)) = of
            && LIBRARIES.contains(&library.as_str())
        {
            self.place();
            let types: Vec<Ty<'a>> = arguments.iter().map(|argument| self.ty(argument).0).collect();
            let place = self.place();
            let whole = [library, ".", name].concat();
            let found = match resolve(&whole, None, &types) {
                // Formats have many names.
                Err(false) if library == "format" => Ty::Plain("kubernetes.NamedFormat"),
                _ => self.called(&whole, None, &types, place),
            };
            return (found, place);
        }
        let own = of.map(|of| self.ty(of));
        match (&own, arguments) {
            (Some((range, _)), [Expr::Name(first), Expr::Name(second), rest @ ..]) if PAIRS.contains(&name) && !rest.is_empty() => {
                return self.each_pair(name, range.clone(), [first, second], rest);
            }
            (Some((range, at)), [Expr::Name(bound), rest @ ..]) if MACROS.contains(&name) && matches!(rest.len(), 1 | 2) => {
                return self.each(name, range.clone(), *at, bound, rest);
            }
            (Some((range, _)), [Expr::Name(bound), result]) if matches!(name, "optMap" | "optFlatMap") => {
                let inner = if let Ty::Optional(inner) = range { (**inner).clone() } else { Ty::Dyn };
                self.place();
                self.scope.push((bound.to_string(), inner));
                let made = self.ty(result).0;
                self.scope.pop();
                let place = self.place();
                return (if name == "optMap" { made.optional() } else { made }, place);
            }
            _ => {}
        }
        let mut types = Vec::new();
        let mut places = Vec::new();
        for argument in arguments {
            let (found, place) = self.ty(argument);
            types.push(found);
            places.push(place);
        }
        let place = self.place();
        let found = self.called(name, own.as_ref().map(|(own, _)| own), &types, place);
        if let (Some(Expr::Value(Value::String(text))), Some(at)) = (arguments.last(), places.last())
            && found != Ty::Wrong
        {
            self.constant_argument(name, text, *at);
        }
        (found, place)
    }

    /// Arguments that stand as they are must be right.
    fn constant_argument(&mut self, name: &str, text: &str, place: usize) {
        let good = match name {
            "matches" => crate::api::custom::regexp::error(text).is_none() && Regex::new(text, Syntax::Go, false).is_ok(),
            "duration" => crate::text::duration::parse_go(text).is_ok(),
            "timestamp" => crate::text::timestamp::parse_rfc3339_ms(text).is_some(),
            _ => true,
        };
        if !good {
            self.say(place, ["invalid ", name, " argument"].concat());
        }
    }

    fn has(&mut self, argument: &Expr) -> (Ty<'a>, usize) {
        if let Expr::Field(of, name) = argument {
            let of = self.ty(of).0;
            self.place();
            let place = self.place();
            self.field(of, name, place);
            return (Ty::Plain("bool"), place);
        }
        let before = self.errors.len();
        let place = self.ty(argument).1;
        self.errors.truncate(before);
        self.place();
        self.say(place, "invalid argument to has() macro".to_string());
        (Ty::Plain("bool"), place)
    }

    /// A macro over a list with its places, or a map with its names. What comes of it is not followed.
    fn each_pair(&mut self, name: &str, range: Ty<'a>, bound: [&String; 2], rest: &[Expr]) -> (Ty<'a>, usize) {
        self.place();
        self.place();
        let pair = match range {
            Ty::List(inner) => [Ty::Plain("int"), *inner],
            Ty::Map(key, value) => [*key, *value],
            _ => [Ty::Dyn, Ty::Dyn],
        };
        self.scope.extend(bound.into_iter().cloned().zip(pair));
        for part in rest {
            self.ty(part);
        }
        self.scope.truncate(self.scope.len().saturating_sub(2));
        let result = match name {
            "transformList" => Ty::List(Box::new(Ty::Dyn)),
            "transformMap" | "transformMapEntry" => Ty::Map(Box::new(Ty::Dyn), Box::new(Ty::Dyn)),
            _ => Ty::Plain("bool"),
        };
        (result, self.place())
    }

    /// A macro over a list or the names of a map.
    fn each(&mut self, name: &str, range: Ty<'a>, at: usize, bound: &str, rest: &[Expr]) -> (Ty<'a>, usize) {
        self.place();
        let element = match &range {
            Ty::List(inner) => (**inner).clone(),
            Ty::Map(key, _) => (**key).clone(),
            Ty::Dyn | Ty::Wrong => Ty::Dyn,
            other => {
                let text = ["expression of type '", &other.text(), "' cannot be range of a comprehension (must be list, map, or dynamic)"];
                self.say(at, text.concat())
            }
        };
        self.scope.push((bound.to_string(), element.clone()));
        let types: Vec<(Ty<'a>, usize)> = rest.iter().map(|part| self.ty(part)).collect();
        self.scope.pop();
        let place = self.place();
        let condition = if name == "map" && rest.len() == 1 { None } else { types.first() };
        if let Some((found, at)) = condition
            && !same(found, &Ty::Plain("bool"))
        {
            let (operator, shown) = match name {
                "all" => ("_&&_", ["bool, ", &found.text()].concat()),
                "exists" => ("_||_", ["bool, ", &found.text()].concat()),
                "exists_one" => ("_?_:_", [&found.text(), ", int, int"].concat()),
                _ => ("_?_:_", [found.text().as_str(), ", list(", &element.text(), "), list(", &element.text(), ")"].concat()),
            };
            let at = if operator == "_?_:_" { place } else { *at };
            let at = if matches!(name, "all" | "exists") { place.min(at).max(place) } else { at };
            self.say(at, ["found no matching overload for '", operator, "' applied to '(", &shown, ")'"].concat());
        }
        let result = match name {
            "all" | "exists" | "exists_one" => Ty::Plain("bool"),
            "map" => Ty::List(Box::new(types.last().map_or(Ty::Dyn, |(found, _)| found.clone()))),
            _ => Ty::List(Box::new(element)),
        };
        (result, place)
    }
}

impl<'a> Ty<'a> {
    fn optional(self) -> Ty<'a> {
        match self {
            Ty::Wrong | Ty::Optional(_) => self,
            inner => Ty::Optional(Box::new(inner)),
        }
    }
}

fn constant(value: &Value) -> Ty<'static> {
    match value {
        Value::Null => Ty::Plain("null"),
        Value::Bool(_) => Ty::Plain("bool"),
        Value::Number(number) if number.is_f64() => Ty::Plain("double"),
        Value::Number(_) => Ty::Plain("int"),
        Value::String(_) => Ty::Plain("string"),
        _ => Ty::Dyn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_that_cannot_be_read() {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let fields = json!({"n": {"type": "integer"}, "s": {"type": "string"}, "l": list, "m": {"type": "object", "additionalProperties": {"type": "integer"}}});
        let schema = json!({"type": "object", "properties": fields});
        for (text, place, what) in [
            ("self.foo == 1", 5, "undefined field 'foo'"),
            ("foo(self.s)", 4, "undeclared reference to 'foo' (in container '')"),
            ("self.n == 'a'", 8, "found no matching overload for '_==_' applied to '(int, string)'"),
            ("self.s.startsWith(1)", 18, "found no matching overload for 'startsWith' applied to 'string.(int)'"),
            ("self.l.all(x, x > 1)", 17, "found no matching overload for '_>_' applied to '(string, int)'"),
            ("self.m['a'] == 'x'", 13, "found no matching overload for '_==_' applied to '(int, string)'"),
            ("has(self.foo)", 4, "undefined field 'foo'"),
            ("self.s.matches('[')", 16, "invalid matches argument"),
            ("self.n ==  1)", 13, "Syntax error: extraneous input ')' expecting <EOF>"),
            ("(self.n == 1", 13, "Syntax error: missing ')' at '<EOF>'"),
            ("self.n == #1", 11, "Syntax error: token recognition error at: '#'"),
        ] {
            let mark = [".".repeat(place - 1).as_str(), "^"].concat();
            let wanted = alloc::format!("compilation failed: ERROR: <input>:1:{place}: {what}\n | {text}\n | {mark}");
            assert_eq!(rule(text, &schema, false, false), Some(wanted));
        }
        assert_eq!(rule("self.n + 1", &schema, false, false).as_deref(), Some("cel expression must evaluate to a bool"));
        for good in [
            "self.n > 1.5 && self.s.size() < 3 && self == oldSelf",
            "!has(self.s) || self.l.exists(x, x == self.s) && 'a' in self.m",
            "self.m.all(k, self.m[k] > 0) && self.l.map(x, x.size()).sum() < 9",
            "quantity(self.s).isLessThan(quantity('1')) && duration(self.s) < duration('1h')",
            "self.?s.orValue('a') == 'b' && sets.contains(self.l, ['a'])",
            "self.n in [1, 2] ? self.l[0].startsWith('a') : isURL(self.s)",
        ] {
            assert_eq!(rule(good, &schema, false, false), None, "{good}");
        }
    }
}
