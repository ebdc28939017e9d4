//! The order in which Go prints the fields of a typed object: that of its struct, from the schema table.
//!
//! What kubectl holds as a struct (`run`, `create deployment`, `expose` … with `-o json`) prints `kind` first and
//! `name` before `labels`; what it holds as plain data prints sorted.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::schema::{Def, Shape};
use super::value;
use crate::arrange::Arrange;
use crate::text::{json, kyaml};

/// The members of a struct in Go's order, each with the struct that its value is; what the table does not know
/// comes last, sorted.
fn members(def: Option<Def>, map: &Map<String, Value>) -> Vec<(&str, &Value, Option<Def>)> {
    let Some(def) = def else { return map.iter().map(|(key, value)| (key.as_str(), value, None)).collect() };
    let mut found: Vec<(&str, &Value, Option<Def>)> = Vec::with_capacity(map.len());
    for field in def.fields() {
        if let Some((key, value)) = map.get_key_value(field.name) {
            let inner = match field.ty.shape() {
                Shape::Map(_) => None,
                _ => field.ty.inner_struct(),
            };
            found.push((key.as_str(), value, inner));
        }
    }
    for (key, value) in map {
        if def.field(key).is_none() {
            found.push((key.as_str(), value, None));
        }
    }
    found
}

/// `object` as indented JSON in struct order; sorted when its kind is not in the table. A list is told as one of structs.
pub fn print(object: &Value) -> String {
    let (version, kind) = (value::text_at(object, "/apiVersion"), value::text_at(object, "/kind"));
    let items = kind.strip_suffix("List").and_then(|kind| Def::of_api_version(version, kind));
    let Some(def) = items.filter(|_| object.get("items").is_some()) else {
        return json::ordered(object, Def::of_api_version(version, kind), &members);
    };
    json::ordered(object, Part::List(def), &|part, map| match part {
        Part::Of(def) => members(def, map).into_iter().map(|(key, value, def)| (key, value, Part::Of(def))).collect(),
        Part::List(def) => {
            let held = |field: &&str| Some((map.get_key_value(*field)?, Part::Of((*field == "items").then_some(def))));
            LIST.iter().filter_map(held).map(|((key, value), part)| (key.as_str(), value, part)).collect()
        }
    })
}

/// The fields of a list.
const LIST: [&str; 4] = ["kind", "apiVersion", "metadata", "items"];

/// What is told: a list of structs, or a struct.
#[derive(Clone, Copy)]
enum Part {
    List(Def),
    Of(Option<Def>),
}

/// `object` as KYAML, in struct order if it is `typed`.
pub fn kyaml(object: &Value, typed: bool) -> String {
    let def = if typed { Def::of_api_version(value::text_at(object, "/apiVersion"), value::text_at(object, "/kind")) } else { None };
    kyaml::print(object, def, &members)
}

/// A value that is no object of the schema as KYAML: the keys of each map as `order` lists them for it.
pub fn kyaml_by(value: &Value, order: &dyn Fn(&Map<String, Value>) -> &'static [&'static str]) -> String {
    kyaml::print(value, None, &|_, map| {
        let listed = order(map);
        let mut all = members(None, map);
        all.arrange_by_key(|(key, ..)| listed.iter().position(|known| known == key).unwrap_or(listed.len()));
        all
    })
}

/// `object` as compact JSON in struct order: what kubectl keeps in the last-applied annotation of what it generates.
pub fn compact(object: &Value) -> String {
    let def = Def::of_api_version(value::text_at(object, "/apiVersion"), value::text_at(object, "/kind"));
    compact_as(def, object)
}

/// As [`compact`], as a struct of `def` whatever it calls itself.
pub fn compact_as(def: Option<Def>, object: &Value) -> String {
    json::ordered_compact(object, def, &members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_comes_first_and_labels_are_sorted() {
        let pod = serde_json::json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"b": "1", "a": "2"}, "name": "p"},
            "spec": {"containers": [{"image": "i", "name": "c", "resources": {}}], "dnsPolicy": "ClusterFirst", "restartPolicy": "Always"},
            "status": {}
        });
        let words: Vec<String> = print(&pod).split('"').skip(1).step_by(2).map(String::from).collect();
        assert_eq!(
            words,
            [
                "kind",
                "Pod",
                "apiVersion",
                "v1",
                "metadata",
                "name",
                "p",
                "labels",
                "a",
                "2",
                "b",
                "1",
                "spec",
                "containers",
                "name",
                "c",
                "image",
                "i",
                "resources",
                "restartPolicy",
                "Always",
                "dnsPolicy",
                "ClusterFirst",
                "status"
            ]
        );
    }
}
