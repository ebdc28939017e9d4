//! `kubectl config set` and `unset`: one value by its path. Models kubectl `pkg/cmd/config` set.go, unset.go and
//! navigation_step_parser.go, which walk over the fields of clientcmd's own form of the file.
//!
//! ```text
//! $ kubectl config set contexts.kubernetes-admin@kubernetes.namespace dev
//! Property "contexts.kubernetes-admin@kubernetes.namespace" set.
//! $ kubectl config set clusters.kubernetes.insecure-skip-tls-verify maybe
//! error: strconv.ParseBool: parsing "maybe": invalid syntax
//! $ kubectl config unset current-context
//! Property "current-context" unset.
//! $ kubectl config current-context
//! error: current-context is not set
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::entries::{damaged, entry_of, unexpected};
use crate::kubectl::{Cx, Failure, Flow, Parsed, kubeconfig};
use crate::object::value::{at_mut, remove, set, text_at};
use crate::text::base64;

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Bool,
    Bytes,
    Words,
    /// Things by their names: the list of the file, and the key of a thing in it.
    Map(&'static str, &'static Fields),
    /// Fields of its own.
    Part(&'static Fields),
    /// Something that no path leads into.
    Closed,
}

struct Fields {
    /// Go's name of the type.
    name: &'static str,
    all: &'static [(&'static str, Kind)],
}

static CONFIG: Fields = Fields {
    name: "api.Config",
    all: &[
        ("kind", Kind::Text),
        ("apiVersion", Kind::Text),
        ("preferences", Kind::Part(&PREFERENCES)),
        ("clusters", Kind::Map("cluster", &CLUSTER)),
        ("users", Kind::Map("user", &USER)),
        ("contexts", Kind::Map("context", &CONTEXT)),
        ("current-context", Kind::Text),
        ("extensions", Kind::Closed),
    ],
};
static PREFERENCES: Fields = Fields { name: "api.Preferences", all: &[("colors", Kind::Bool), ("extensions", Kind::Closed)] };
static CLUSTER: Fields = Fields {
    name: "api.Cluster",
    all: &[
        ("server", Kind::Text),
        ("tls-server-name", Kind::Text),
        ("insecure-skip-tls-verify", Kind::Bool),
        ("certificate-authority", Kind::Text),
        ("certificate-authority-data", Kind::Bytes),
        ("proxy-url", Kind::Text),
        ("disable-compression", Kind::Bool),
        ("extensions", Kind::Closed),
    ],
};
static USER: Fields = Fields {
    name: "api.AuthInfo",
    all: &[
        ("client-certificate", Kind::Text),
        ("client-certificate-data", Kind::Bytes),
        ("client-key", Kind::Text),
        ("client-key-data", Kind::Bytes),
        ("token", Kind::Text),
        ("tokenFile", Kind::Text),
        ("act-as", Kind::Text),
        ("act-as-uid", Kind::Text),
        ("act-as-groups", Kind::Words),
        ("act-as-user-extra", Kind::Closed),
        ("username", Kind::Text),
        ("password", Kind::Text),
        ("auth-provider", Kind::Closed),
        ("exec", Kind::Closed),
        ("extensions", Kind::Closed),
    ],
};
static CONTEXT: Fields = Fields {
    name: "api.Context",
    all: &[("cluster", Kind::Text), ("user", Kind::Text), ("namespace", Kind::Text), ("extensions", Kind::Closed)],
};

/// Where a path leads.
struct Place {
    /// The field of the file.
    top: &'static str,
    /// The key of a thing in a list of things, with the thing's name.
    entry: Option<(&'static str, String)>,
    /// The field inside.
    field: Option<&'static str>,
    kind: Kind,
}

/// Finds where a path leads. Names of things may have dots: what follows them is the next word that is a field.
fn place(path: &str) -> Result<Place, Failure> {
    let words: Vec<&str> = path.split('.').collect();
    let lost = |steps: &str, name: &str| Failure::Client(format!("unable to parse {path} after [{steps}] at {name}"));
    let closed = || Failure::Client(format!("unable to parse one or more field values of {path}"));
    let find = |fields: &'static Fields, word: &str| fields.all.iter().find(|(name, _)| *name == word).copied();
    let (first, rest) = words.split_first().unwrap_or((&"", &[]));
    let (top, kind) = find(&CONFIG, first).ok_or_else(|| lost("", CONFIG.name))?;
    let steps = format!("{{{first} 0x24eab80}}");
    let (entry, fields, rest) = match kind {
        _ if rest.is_empty() => return Ok(Place { top, entry: None, field: None, kind }),
        Kind::Map(part, fields) => {
            let known = rest.iter().skip(1).position(|word| find(fields, word).is_some()).map_or(rest.len(), |at| at + 1);
            let (name, rest) = rest.split_at(known);
            (Some((part, name.join("."))), fields, rest)
        }
        Kind::Part(fields) => (None, fields, rest),
        _ => return Err(closed()),
    };
    let Some((word, rest)) = rest.split_first() else { return Ok(Place { top, entry, field: None, kind }) };
    let (field, kind) = find(fields, word).ok_or_else(|| lost(&steps, fields.name))?;
    match rest.is_empty() {
        true => Ok(Place { top, entry, field: Some(field), kind }),
        false => Err(closed()),
    }
}

/// A field as the file names it.
fn in_file(field: &'static str) -> &'static str {
    field.strip_prefix("act-").unwrap_or(field)
}

/// `kubectl config set`
pub(super) fn set_one(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name, text] = parsed.args.as_slice() else { return Err(unexpected(cx, parsed, "Unexpected")) };
    if text.is_empty() {
        return Err(Failure::Client("you cannot use set to unset a property".to_string()));
    }
    if name.is_empty() {
        return Err(Failure::Client("you must specify a property".to_string()));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    let place = place(name)?;
    let made = made(parsed, place.kind, text)?;
    match (place.entry, place.field) {
        (Some((part, name)), Some(field)) => set(entry_of(&mut config, place.top, part, &name).ok_or_else(damaged)?, in_file(field), made),
        (Some((_, name)), None) => return Err(Failure::Client(format!("unable to locate path {{ <nil>}} under {{{name}}}"))),
        (None, Some(field)) => set(&mut config, &[place.top, "/", field].concat(), made),
        (None, None) => set(&mut config, place.top, made),
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Property \"{name}\" set.\n"));
    Ok(Flow::Done(0))
}

/// The value that a text stands for.
fn made(parsed: &Parsed, kind: Kind, text: &str) -> Result<Value, Failure> {
    Ok(match kind {
        Kind::Bool => match text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => true.into(),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => false.into(),
            _ => return Err(Failure::Client(format!("strconv.ParseBool: parsing {text:?}: invalid syntax"))),
        },
        Kind::Bytes if parsed.on("set-raw-bytes") => base64::encode(text.as_bytes()).into(),
        Kind::Bytes => match base64::decode(text) {
            Ok(_) => text.into(),
            Err(why) => return Err(Failure::Client(format!("error decoding input value: {why}"))),
        },
        Kind::Words => text.split(',').map(Value::from).collect::<Vec<_>>().into(),
        Kind::Map(..) => return Err(Failure::Client("can't set a map to a value: map[]".to_string())),
        Kind::Text | Kind::Part(_) | Kind::Closed => text.into(),
    })
}

/// `kubectl config unset`
pub(super) fn unset(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let [name] = parsed.args.as_slice() else { return Err(unexpected(cx, parsed, "Unexpected")) };
    if name.is_empty() {
        return Err(Failure::Client("you must specify a property".to_string()));
    }
    let mut config = kubeconfig::load(cx, parsed)?;
    let place = place(name)?;
    match (place.entry, place.field) {
        (Some((_, name)), Some(_)) if kubeconfig::entry(&config, place.top, &name).is_none() => {
            return Err(Failure::Client(format!("current map key `{name}` is invalid")));
        }
        (Some((part, name)), Some(field)) => {
            drop(remove(entry_of(&mut config, place.top, part, &name).ok_or_else(damaged)?, in_file(field)))
        }
        (Some((_, name)), None) => {
            if let Some(Value::Array(entries)) = at_mut(&mut config, place.top) {
                entries.retain(|entry| text_at(entry, "name") != name);
            }
        }
        (None, Some(field)) => drop(remove(&mut config, &[place.top, "/", field].concat())),
        (None, None) => drop(remove(&mut config, place.top)),
    }
    kubeconfig::save(cx, parsed, &config)?;
    cx.out(&format!("Property \"{name}\" unset.\n"));
    Ok(Flow::Done(0))
}
