//! `get --sort-by`: what is sorted by itself and what together. A table is sorted as it is printed, and nothing is said of
//! one that cannot be; several tables cannot be sorted at all, which is what mixed kinds and several names come to.
//! Models kubectl `pkg/cmd/get` RuntimeSorter and SortingPrinter.

use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::Shown;
use crate::kubectl::output::{Unsorted, sort_by};
use crate::kubectl::verbs::globals::log_line;
use crate::kubectl::{Cx, Failure};
use crate::object::jsonpath::relaxed;

/// In which shape the server's answers are sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// So many tables, as which the server answers unless another format is asked for.
    Tables(usize),
    /// Objects one by one, as `--server-print=false` has them.
    Objects,
    /// One list of all.
    List,
}

/// What was found, in the order of a field. `List` and `Objects` that cannot be sorted are errors; so are several tables, and
/// texts, numbers and the like are the only values by which any can.
pub(super) fn sorted(cx: &mut Cx<'_>, shown: Vec<Shown>, field: &str, shape: Shape) -> Result<Vec<Shown>, Failure> {
    if field.is_empty() || shown.is_empty() {
        return Ok(shown);
    }
    let Shape::Tables(count) = shape else {
        return match by(shown, field) {
            Ok(shown) => Ok(shown),
            Err(Unsorted::Missing(why)) => Err(Failure::Client(why)),
            Err(Unsorted::Unsortable(why)) => Err(stop(cx, "sorter.go:329", &why, "*unstructured.Unstructured")),
        };
    };
    if count > 1 {
        let table = json!({"apiVersion": "meta.k8s.io/v1", "kind": "Table", "metadata": {"resourceVersion": "1"}});
        if let Err(Unsorted::Missing(why)) = sort_by(&[&table], field) {
            return Err(Failure::Client(why));
        }
    }
    if relaxed(field).is_err() && !field.contains('{') {
        // It is taken as it stands, a text that is the same for all.
        return Ok(shown);
    }
    let mut all = Vec::new();
    for table in tables(shown) {
        match by(table, field) {
            Ok(rows) => all.extend(rows),
            Err(Unsorted::Missing(_)) => {}
            Err(Unsorted::Unsortable(why)) => return Err(stop(cx, "sorter.go:375", &why, "[][][]reflect.Value")),
        }
    }
    Ok(all)
}

fn by(shown: Vec<Shown>, field: &str) -> Result<Vec<Shown>, Unsorted> {
    let values: Vec<Value> = shown.iter().map(Shown::value).collect();
    let places = sort_by(&values.iter().collect::<Vec<_>>(), field)?;
    Ok(places.into_iter().filter_map(|i| shown.get(i).cloned()).collect())
}

/// Neighbours of one kind.
fn tables(shown: Vec<Shown>) -> Vec<Vec<Shown>> {
    let mut all: Vec<Vec<Shown>> = Vec::new();
    for one in shown {
        match all.last_mut() {
            Some(table) if table.last().is_some_and(|last| last.row.key() == one.row.key()) => table.push(one),
            _ => all.push(Vec::from([one])),
        }
    }
    all
}

/// kubectl gives up in the midst of sorting, with a line in its log.
fn stop(cx: &mut Cx<'_>, place: &str, why: &str, what: &str) -> Failure {
    let line: String = log_line(cx, 'F', place, &why.replacen("{}", what, 1));
    cx.err(&line);
    Failure::Exit(1)
}
