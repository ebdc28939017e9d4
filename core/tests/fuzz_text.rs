//! Throws damaged and random text at everything that reads text: nothing may panic or hang, every refusal says
//! something, and what was read prints to what reads the same.
//!
//! `KUBEPIE_FUZZ=100000 cargo test -p kubepie-core --test fuzz_text` runs long; the seed of a failure is printed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;

use fuzz::pick;
use kubepie_core::api::cel::{Program, Scope};
use kubepie_core::api::custom;
use kubepie_core::api::validation::field::Errors;
use kubepie_core::kubectl::output::{GET_FORMATS, Options, OutputFormat, Unsorted, sort_by};
use kubepie_core::object::gotemplate::GoTemplate;
use kubepie_core::object::jsonpath::{JsonPath, relaxed};
use kubepie_core::object::quantity::Quantity;
use kubepie_core::object::selector::{self, FieldSelector};
use kubepie_core::object::struct_order;
use kubepie_core::text::regex::{Regex, Syntax};
use kubepie_core::text::{base64, duration, json, timestamp, yaml};
use kubepie_core::time::Rng;
use serde_json::{Value, json};

/// Texts to damage: each reader gets all of them.
const SEEDS: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: {app: web, \"x\": 'y'}\nspec:\n  containers:\n  - name: c\n    image: nginx:1.27\n    args: [a, 1, true]\n",
    "a: &x |\n  one\n  two\n\nb: *x\nc: >-\n  three\n  four\n<<: {d: e}\n---\n- - 1\n  - 2.5\n- ? k\n  : v\n",
    "{\"a\": [1, -2.5e3, true, null, \"x\\u00e9\\n\"], \"b\": {\"c\": {}}}",
    "{.items[*].metadata.name}{range .items[?(@.a==\"b\")]}{.x[0:2]}{\"\\n\"}{end}{..name}",
    "{{range $i, $x := .items}}{{if eq $x.name \"a\"}}{{printf \"%-5s\" $x.name | len}}{{else}}{{.}}{{end}}{{end}}",
    "a=b,c!=d,e in (x,y),!f,g,n>3",
    "status.phase=Running,metadata.name!=a\\,b",
    "NAME:.metadata.name,X:.spec.containers[*].image",
    "100m",
    "1.5Gi",
    "12e6",
    "1h2m3.5s",
    "2026-11-23T09:32:39.5+09:00",
    "aGVsbG8=",
    "Mon, 23 Nov 2026 09:32:39 +0000",
    "^[a-z]([-a-z0-9]{0,3}|\\d+)?(?:x|y)*\\.[^0-9\\s]$",
    "self.a <= 3 && has(self.b) ? self.items.all(i, i.size() > 0 || i in ['x', \"y\"]) : !(self['c'] == {'k': -1.5})",
];

const PIECES: &[&str] = &[
    "{", "}", "[", "]", "{{", "}}", "\"", "'", ":", ": ", "- ", "\n", "\n  ", "\t", "#", "&a", "*a", "!x", "|", ">", "%", "@", "`", "\\",
    ",", "?", "..", ".", "---\n", "...", "0", "9", "-", "e", "<<: ", "range ", "end", "if ", "$x", "(", ")", "한", "\u{1}", "\u{2028}",
    "🥧", "~", "null", "yes",
];

/// A seed text with a few characters removed, doubled or put in; sometimes only noise.
fn damaged(rng: &mut Rng) -> String {
    let mut chars: Vec<char> = if rng.below(8) == 0 { Vec::new() } else { pick(rng, SEEDS).chars().collect() };
    for _ in 0..=rng.below(6) {
        let at = rng.below(chars.len() as u64 + 1) as usize;
        match rng.below(4) {
            0 if !chars.is_empty() => {
                chars.remove(at.min(chars.len() - 1));
            }
            1 => {
                let tail: Vec<char> = chars.iter().skip(at).take(12).copied().collect();
                chars.splice(at..at, tail);
            }
            2 => chars.truncate(at),
            _ => {
                chars.splice(at..at, pick(rng, PIECES).chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// A random value whose strings are chosen to be awkward.
fn value(rng: &mut Rng, depth: u64) -> Value {
    match rng.below(if depth == 0 { 5 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(rng.below(2) == 0),
        2 => Value::from(rng.next_u64() as i64 >> rng.below(63)),
        3 => Value::from((rng.below(1 << 40) as f64 + 0.5) / (1u64 << rng.below(50)) as f64),
        4 => Value::String(text(rng)),
        5 => (0..rng.below(4)).map(|_| value(rng, depth - 1)).collect(),
        _ => Value::Object((0..rng.below(4)).map(|_| (text(rng), value(rng, depth - 1))).collect()),
    }
}

fn text(rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => damaged(rng),
        1 => (0..rng.below(30)).map(|_| "word ").collect(),
        2 => pick(rng, PIECES).to_string(),
        _ => rng.name(5),
    }
}

fn said(what: &str, input: &str, error: &str) {
    assert!(!error.trim().is_empty(), "{what} refused {input:?} without a word");
}

fn each(purpose: &str, run: impl FnMut(&mut Rng)) {
    fuzz::each(purpose, 300, run);
}

#[test]
fn yaml_and_json_are_read_or_refused() {
    each("yaml", |rng| {
        let input = damaged(rng);
        match yaml::parse_documents(&input) {
            Ok(documents) => documents.iter().for_each(same_after_printing),
            Err(error) => said("yaml", &input, error.text()),
        }
        match json::parse(&input) {
            Ok(value) => same_after_printing(&value),
            Err(error) => said("json", &input, error.text()),
        }
    });
}

fn same_after_printing(value: &Value) {
    let printed = yaml::print(value);
    let back = yaml::parse(&printed).unwrap_or_else(|error| panic!("{error} in\n{printed}"));
    assert_eq!(json::compact(&back), json::compact(value), "{printed}");
    assert_eq!(json::compact(&json::parse(&json::indented(value)).unwrap()), json::compact(value));
    assert!(struct_order::kyaml(value, false).starts_with("---\n"));
}

#[test]
fn any_value_prints_to_what_reads_the_same() {
    each("print", |rng| {
        let value = value(rng, 4);
        let printed = struct_order::kyaml(&value, false);
        yaml::parse(&printed).unwrap_or_else(|error| panic!("{error} in\n{printed}"));
        // Control characters are written as escapes; go-yaml reads all of them back.
        same_after_printing(&value);
    });
}

#[test]
fn templates_and_paths_run_or_are_refused() {
    each("templates", |rng| {
        let (input, data) = (damaged(rng), value(rng, 4));
        let mut out = String::new();
        if let Err(error) = JsonPath::parse(&input).and_then(|path| path.print(&data, &mut out)) {
            said("jsonpath", &input, &error);
        }
        if let Err(error) = GoTemplate::parse("output", &input).and_then(|template| template.execute(&data, &mut out)) {
            said("go-template", &input, &error);
        }
        if let Err(error) = relaxed(&input) {
            said("path", &input, &error);
        }
        if let Err(error) = sort_by(&[&data, &json!({"a": 1})], &input) {
            let (Unsorted::Missing(why) | Unsorted::Unsortable(why)) = error;
            said("sort-by", &input, &why);
        }
        let format = pick(rng, &["jsonpath=", "custom-columns=", "go-template=", "kyaml", "yaml", "json", "name", ""]);
        let options = Options { formats: GET_FORMATS, ..Options::default() };
        match OutputFormat::parse(&format!("{format}{input}"), &options) {
            Ok(Some(format)) => {
                if let Err(error) = format.print(&[data], rng.below(2) == 0, &mut out) {
                    said("output", &input, &error);
                }
            }
            Ok(None) => {}
            Err(error) => said("output", &input, &error),
        }
    });
}

#[test]
fn patterns_and_rules_run_or_are_refused() {
    each("rules", |rng| {
        let (input, data) = (damaged(rng), value(rng, 3));
        let subject = text(rng);
        for syntax in [Syntax::Basic, Syntax::Extended, Syntax::Go] {
            match Regex::new(&input, syntax, rng.below(2) == 0) {
                Ok(regex) => assert_eq!(regex.is_match(&subject), regex.find(&subject, 0).is_some(), "{input}"),
                Err(error) => said("regex", &input, error),
            }
        }
        if let Some(program) = Program::new(&input) {
            let first = program.run(&Scope { own: &data, old: None }, &mut 10_000);
            assert_eq!(first, program.run(&Scope { own: &data, old: None }, &mut 10_000), "{input}");
        }
        // A schema that is any value at all, with a rule, over any value.
        let mut schema = value(rng, 4);
        if let Some(members) = schema.as_object_mut() {
            members.insert("x-kubernetes-validations".into(), json!([{"rule": input}]));
            members.insert("pattern".into(), input.as_str().into());
        }
        let mut errors = Errors::default();
        let mut object = value(rng, 4);
        custom::fill(&schema, &mut object);
        custom::prune(&schema, &mut object);
        custom::check(&schema, &object, &mut errors);
        errors.0.iter().for_each(|error| said("schema", &input, &error.to_string()));
    });
}

#[test]
fn small_readers_read_or_refuse() {
    each("small", |rng| {
        let input = damaged(rng);
        match selector::parse(&input) {
            Ok(found) => assert_eq!(selector::parse(&found.print()).map(|s| s.print()), Ok(found.print())),
            Err(error) => said("selector", &input, &error),
        }
        match FieldSelector::parse(&input) {
            Ok(found) => assert!(!found.matches(&|_| "x") || found.terms.iter().all(|t| (t.value == "x") != t.negated)),
            Err(error) => said("field selector", &input, &error),
        }
        match Quantity::parse(&input) {
            Ok(found) => assert_eq!(Quantity::parse(&found.print()).map(|again| again.print()), Ok(found.print()), "{input}"),
            Err(error) => said("quantity", &input, error),
        }
        match duration::parse_go(&input) {
            Ok(nanos) => assert_eq!(duration::parse_go(&duration::format_nanos(nanos)), Ok(nanos)),
            Err(error) => said("duration", &input, &error),
        }
        if let Some(ms) = timestamp::parse_rfc3339_ms(&input) {
            assert_eq!(timestamp::parse_rfc1123z_ms(&timestamp::rfc1123z(ms)), Some(ms.div_euclid(1000) * 1000));
        }
        match base64::decode(&input) {
            Ok(bytes) => assert_eq!(base64::decode(&base64::encode(&bytes)), Ok(bytes)),
            Err(error) => said("base64", &input, &error),
        }
    });
}
