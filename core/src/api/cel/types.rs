//! The types of expressions and how they are written. Models cel-go `common/types` and apiserver `pkg/cel` DeclType.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use serde_json::Value;

use crate::object::value::{bool_at, map_at, text_at};

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ty<'a> {
    /// Anything.
    Dyn,
    /// What went wrong already.
    Wrong,
    /// A scalar or a value of a kind of its own, by its name: `int`, `timestamp`, `kubernetes.Quantity`.
    Plain(&'static str),
    List(Box<Ty<'a>>),
    Map(Box<Ty<'a>>, Box<Ty<'a>>),
    Optional(Box<Ty<'a>>),
    /// An object by its schema, and the way to it.
    Object(&'a Value, String),
    /// What a function is given and gives back: a type that is found out.
    Param(char),
}

/// How deep a schema is read.
const MAX_DEPTH: usize = 24;

impl<'a> Ty<'a> {
    /// The type of what a schema describes; nothing where rules may not look.
    pub fn of(schema: &'a Value, name: &str, depth: usize) -> Option<Ty<'a>> {
        if depth > MAX_DEPTH || bool_at(schema, "x-kubernetes-int-or-string") {
            return Some(Ty::Dyn);
        }
        Some(match (text_at(schema, "type"), text_at(schema, "format")) {
            ("array", _) => Ty::List(Box::new(Ty::of(schema.get("items")?, name, depth + 1)?)),
            ("object", _) => match schema.get("additionalProperties").filter(|inner| inner.is_object()) {
                Some(inner) => Ty::Map(Box::new(Ty::Plain("string")), Box::new(Ty::of(inner, name, depth + 1)?)),
                None => Ty::Object(schema, name.to_string()),
            },
            ("string", "byte") => Ty::Plain("bytes"),
            ("string", "duration") => Ty::Plain("duration"),
            ("string", "date" | "date-time") => Ty::Plain("timestamp"),
            ("string", _) => Ty::Plain("string"),
            ("boolean", _) => Ty::Plain("bool"),
            ("number", _) => Ty::Plain("double"),
            ("integer", _) => Ty::Plain("int"),
            _ => return None,
        })
    }

    /// The type of an object's member.
    pub fn member(&self, name: &str) -> Option<Ty<'a>> {
        let Ty::Object(schema, own) = self else { return None };
        let known = map_at(schema, "properties").and_then(|properties| properties.get(name));
        let path = [own, ".", name].concat();
        match (known, name) {
            // Of the object itself, and of those within it, rules see what all have.
            (_, "apiVersion" | "kind") if self.whole() => Some(Ty::Plain("string")),
            (_, "metadata") if self.whole() => Some(Ty::Object(&META, path)),
            (Some(inner), _) => Ty::of(inner, &path, 1),
            (None, "name" | "generateName") if core::ptr::eq(*schema, &META) => Some(Ty::Plain("string")),
            _ => None,
        }
    }

    fn whole(&self) -> bool {
        matches!(self, Ty::Object(schema, own) if own == ROOT || bool_at(schema, "x-kubernetes-embedded-resource"))
    }

    /// Its name in errors.
    pub fn text(&self) -> String {
        match self {
            Ty::Dyn | Ty::Param(_) => "dyn".to_string(),
            Ty::Wrong => "!error!".to_string(),
            Ty::Plain(name) => name.to_string(),
            Ty::List(inner) => ["list(", &inner.text(), ")"].concat(),
            Ty::Map(key, value) => ["map(", &key.text(), ", ", &value.text(), ")"].concat(),
            Ty::Optional(inner) => ["optional_type(", &inner.text(), ")"].concat(),
            Ty::Object(_, name) => name.to_string(),
        }
    }
}

/// What rules see of metadata: only names.
static META: Value = Value::Null;

/// The name of the object's own type when the rule is the whole object's.
pub(super) const ROOT: &str = "selfType";

/// The functions that are known, each `name receiver.arguments>result`; `-` is no receiver. Letters are types: see
/// [`read`].
const FUNCTIONS: &str = "
size s>i;size y>i;size L>i;size M>i;size s.>i;size y.>i;size L.>i;size M.>i;
startsWith s.s>b;endsWith s.s>b;contains s.s>b;matches s.s>b;matches ss>b;
int i>i;int u>i;int d>i;int s>i;int T>i;uint u>u;uint i>u;uint d>u;uint s>u;double d>d;double i>d;double u>d;double s>d;
string s>s;string b>s;string i>s;string u>s;string d>s;string y>s;string T>s;string D>s;bool b>b;bool s>b;bytes y>y;bytes s>y;
dyn A>a;type A>t;duration s>D;duration D>D;timestamp s>T;timestamp T>T;timestamp i>T;
getFullYear T.>i;getMonth T.>i;getDate T.>i;getDayOfMonth T.>i;getDayOfWeek T.>i;getDayOfYear T.>i;
getFullYear T.s>i;getMonth T.s>i;getDate T.s>i;getDayOfMonth T.s>i;getDayOfWeek T.s>i;getDayOfYear T.s>i;
getHours T.>i;getMinutes T.>i;getSeconds T.>i;getMilliseconds T.>i;getHours T.s>i;getMinutes T.s>i;getSeconds T.s>i;
getHours D.>i;getMinutes D.>i;getSeconds D.>i;getMilliseconds D.>i;
charAt s.i>s;indexOf s.s>i;indexOf s.si>i;lastIndexOf s.s>i;lastIndexOf s.si>i;lowerAscii s.>s;upperAscii s.>s;trim s.>s;reverse s.i>s;
replace s.ss>s;replace s.ssi>s;split s.s>[s;split s.si>[s;substring s.i>s;substring s.ii>s;join [s.>s;join [s.s>s;format s.L>s;
find s.s>s;findAll s.s>[s;findAll s.si>[s;isSorted L.>b;sum [i.>i;sum [u.>u;sum [d.>d;sum [D.>D;min L.>A;max L.>A;indexOf L.A>i;lastIndexOf L.A>i;
isURL s>b;url s>r;getScheme r.>s;getHost r.>s;getHostname r.>s;getPort r.>s;getEscapedPath r.>s;getQuery r.>m;
quantity s>q;isQuantity s>b;isLessThan q.q>b;isGreaterThan q.q>b;compareTo q.q>i;add q.q>q;add q.i>q;sub q.q>q;sub q.i>q;
sign q.>i;isInteger q.>b;asInteger q.>i;asApproximateFloat q.>d;
ip s>p;isIP s>b;family p.>i;isLoopback p.>b;isUnspecified p.>b;isGlobalUnicast p.>b;isLinkLocalUnicast p.>b;
isLinkLocalMulticast p.>b;ip.isCanonical s>b;string p>s;
cidr s>c;isCIDR s>b;containsIP c.s>b;containsIP c.p>b;containsCIDR c.s>b;containsCIDR c.c>b;prefixLength c.>i;masked c.>c;ip c.>p;
string c>s;isSemver s>b;semver s>v;isSemver sb>b;semver sb>v;major v.>i;minor v.>i;patch v.>i;isLessThan v.v>b;
isGreaterThan v.v>b;compareTo v.v>i;validate f.s>O[s;format.named s>Of;
optional.of A>OA;optional.none >Oa;optional.ofNonZeroValue A>OA;hasValue OA.>b;value OA.>A;orValue OA.A>A;or OA.OA>OA;
sets.contains LL>b;sets.equivalent LL>b;sets.intersects LL>b;
_+_ ii>i;_+_ uu>u;_+_ dd>d;_+_ ss>s;_+_ yy>y;_+_ LL>L;_+_ DD>D;_+_ TD>T;_+_ DT>T;
_-_ ii>i;_-_ uu>u;_-_ dd>d;_-_ DD>D;_-_ TD>T;_-_ TT>D;_*_ ii>i;_*_ uu>u;_*_ dd>d;_/_ ii>i;_/_ uu>u;_/_ dd>d;_%_ ii>i;_%_ uu>u;
_==_ AA>b;_!=_ AA>b;_&&_ bb>b;_||_ bb>b;!_ b>b;-_ i>i;-_ d>d;@in AL>b;@in KM>b;_[_] Li>A;_[_] MK>V;_?_:_ bAA>A;
_[?_] Li>OA;_[?_] MK>OV;";

/// Functions that compare, for every pair of types that can be.
const ORDERED: &[&str] = &["_<_", "_<=_", "_>_", "_>=_"];
const NUMBERS: &[&str] = &["int", "uint", "double"];

/// What a call comes to: the result of the first form that fits. `Err(false)` when no function has the name, `Err(true)`
/// when none of those that have fits.
pub(super) fn resolve<'a>(name: &str, receiver: Option<&Ty<'a>>, arguments: &[Ty<'a>]) -> Result<Ty<'a>, bool> {
    if ORDERED.contains(&name) {
        return ordered(arguments).then_some(Ty::Plain("bool")).ok_or(true);
    }
    let mut known = false;
    let mut results: Option<Ty<'a>> = None;
    for form in FUNCTIONS.split(';') {
        let Some((_, rest)) = form.trim().split_once(' ').filter(|(own, _)| *own == name) else { continue };
        known = true;
        let Some((given, result)) = rest.split_once('>') else { continue };
        let (target, given) = given.split_once('.').map_or((None, given), |(target, given)| (Some(target), given));
        let mut bound = Bound::default();
        let fits = match (target, receiver) {
            (Some(mut target), Some(own)) => bound.accepts(&read(&mut target), own),
            (None, None) => true,
            _ => false,
        };
        let mut letters = given;
        let fits = fits && arguments.iter().all(|own| !letters.is_empty() && bound.accepts(&read(&mut letters), own)) && letters.is_empty();
        if fits {
            let mut result = result;
            let found = bound.filled(&read(&mut result));
            results = Some(match results {
                Some(other) if other != found => Ty::Dyn,
                _ => found,
            });
        }
    }
    results.ok_or(known)
}

fn ordered(arguments: &[Ty<'_>]) -> bool {
    match arguments {
        [Ty::Dyn | Ty::Wrong, _] | [_, Ty::Dyn | Ty::Wrong] => true,
        [Ty::Plain(a), Ty::Plain(b)] if NUMBERS.contains(a) && NUMBERS.contains(b) => true,
        [Ty::Plain(a), Ty::Plain(b)] => a == b && matches!(*a, "bool" | "string" | "bytes" | "timestamp" | "duration"),
        _ => false,
    }
}

/// The type that letters begin with.
fn read(letters: &mut &str) -> Ty<'static> {
    let mut chars = letters.chars();
    let first = chars.next();
    *letters = chars.as_str();
    let inner = |letters: &mut &str| Box::new(read(letters));
    match first {
        Some('s') => Ty::Plain("string"),
        Some('i') => Ty::Plain("int"),
        Some('u') => Ty::Plain("uint"),
        Some('d') => Ty::Plain("double"),
        Some('b') => Ty::Plain("bool"),
        Some('y') => Ty::Plain("bytes"),
        Some('T') => Ty::Plain("timestamp"),
        Some('D') => Ty::Plain("duration"),
        Some('t') => Ty::Plain("type"),
        Some('q') => Ty::Plain("kubernetes.Quantity"),
        Some('r') => Ty::Plain("kubernetes.URL"),
        Some('p') => Ty::Plain("net.IP"),
        Some('c') => Ty::Plain("net.CIDR"),
        Some('v') => Ty::Plain("kubernetes.Semver"),
        Some('f') => Ty::Plain("kubernetes.NamedFormat"),
        Some('L') => Ty::List(Box::new(Ty::Param('A'))),
        Some('M') => Ty::Map(Box::new(Ty::Param('K')), Box::new(Ty::Param('V'))),
        Some('m') => Ty::Map(Box::new(Ty::Plain("string")), Box::new(Ty::List(Box::new(Ty::Plain("string"))))),
        Some('[') => Ty::List(inner(letters)),
        Some('O') => Ty::Optional(inner(letters)),
        Some(letter @ ('A' | 'K' | 'V')) => Ty::Param(letter),
        _ => Ty::Dyn,
    }
}

/// What the parameters of a form were found to be.
#[derive(Default)]
struct Bound<'a>(alloc::vec::Vec<(char, Ty<'a>)>);

impl<'a> Bound<'a> {
    /// Whether a value of type `given` may stand where `wanted` is.
    fn accepts(&mut self, wanted: &Ty<'a>, given: &Ty<'a>) -> bool {
        match (wanted, given) {
            (_, Ty::Dyn | Ty::Wrong) | (Ty::Dyn, _) => true,
            (Ty::Param(letter), given) => match self.0.iter().position(|(own, _)| own == letter) {
                Some(at) => {
                    let Some((_, known)) = self.0.get(at).cloned() else { return false };
                    same(&known, given)
                }
                None => {
                    self.0.push((*letter, given.clone()));
                    true
                }
            },
            (Ty::List(wanted), Ty::List(given)) | (Ty::Optional(wanted), Ty::Optional(given)) => self.accepts(wanted, given),
            (Ty::Map(a, b), Ty::Map(c, d)) => self.accepts(a, c) && self.accepts(b, d),
            (wanted, given) => wanted == given,
        }
    }

    fn filled(&self, wanted: &Ty<'a>) -> Ty<'a> {
        match wanted {
            Ty::Param(letter) => self.0.iter().find(|(own, _)| own == letter).map_or(Ty::Dyn, |(_, found)| found.clone()),
            Ty::List(inner) => Ty::List(Box::new(self.filled(inner))),
            Ty::Optional(inner) => Ty::Optional(Box::new(self.filled(inner))),
            Ty::Map(key, value) => Ty::Map(Box::new(self.filled(key)), Box::new(self.filled(value))),
            other => other.clone(),
        }
    }
}

/// Whether two types may be one: what is anything is also this.
pub(super) fn same(a: &Ty<'_>, b: &Ty<'_>) -> bool {
    match (a, b) {
        (Ty::Dyn | Ty::Wrong, _) | (_, Ty::Dyn | Ty::Wrong) => true,
        // Nothing is a value of each kind that is more than a scalar.
        (Ty::Plain("null"), other) | (other, Ty::Plain("null")) => {
            !matches!(other, Ty::Plain("int" | "uint" | "double" | "bool" | "string" | "bytes") | Ty::List(_) | Ty::Map(..))
        }
        (Ty::List(a), Ty::List(b)) | (Ty::Optional(a), Ty::Optional(b)) => same(a, b),
        (Ty::Map(a, b), Ty::Map(c, d)) => same(a, c) && same(b, d),
        (Ty::Object(a, _), Ty::Object(b, _)) => core::ptr::eq(*a, *b),
        (a, b) => a == b,
    }
}
