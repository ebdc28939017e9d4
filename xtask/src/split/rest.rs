//! The second half of a split module: it imports from the first all that it needs and fills the table of stubs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, FunctionSection, GlobalType, ImportSection, MemoryType,
    Module, RawSection, RefType, TableType,
};

use super::first::TABLE;
use super::parts::Parts;
use super::{data, sentence};

/// The number of the section of types.
const TYPES: u8 = 1;

/// The module that the second half imports from.
const FIRST: &str = "first";

/// What the first half must export for those that leave, beside the functions in its table: names that no export of its
/// own has.
pub fn wants(parts: &Parts<'_>) -> Vec<(String, ExportKind, u32)> {
    let numbered =
        |letter: &'static str, kind: ExportKind, count: usize| (0..).zip(0..count).map(move |(n, _)| (format!("{letter}{n}"), kind, n));
    numbered("t", ExportKind::Table, parts.tables.len())
        .chain(numbered("m", ExportKind::Memory, parts.memories.len()))
        .chain(numbered("g", ExportKind::Global, parts.globals.len()))
        .collect()
}

/// The functions that stay and are called by those that leave.
///
/// # Errors
/// Where a body cannot be read.
pub fn needed(parts: &Parts<'_>, leaves: &BTreeSet<u32>) -> Result<BTreeSet<u32>, String> {
    let mut all = BTreeSet::new();
    for function in leaves {
        all.extend(parts.calls(*function)?);
    }
    Ok(all.difference(leaves).copied().collect())
}

/// The second half.
///
/// # Errors
/// A sentence where something cannot be written.
pub fn make(parts: &Parts<'_>, leaves: &BTreeSet<u32>, leaving: &[Range<u32>], stubs: &BTreeSet<u32>) -> Result<Vec<u8>, String> {
    let mut imports = ImportSection::new();
    let mut numbers = BTreeMap::new();
    // They are named by their places in the first half's table.
    for (place, function) in (0..).zip(needed(parts, leaves)?) {
        let (ty, _) = parts.type_of(function).ok_or_else(|| sentence("a function without a type"))?;
        imports.import(FIRST, &format!("f{place}"), EntityType::Function(ty));
        numbers.insert(function, place);
    }
    for (n, ty) in parts.tables.iter().enumerate() {
        imports.import(FIRST, &format!("t{n}"), TableType::try_from(*ty).map_err(sentence)?);
    }
    let count = u64::try_from(stubs.len()).map_err(sentence)?;
    let slots = TableType { element_type: RefType::FUNCREF, table64: false, minimum: count, maximum: Some(count), shared: false };
    imports.import(FIRST, TABLE, slots);
    for (n, ty) in parts.memories.iter().enumerate() {
        imports.import(FIRST, &format!("m{n}"), MemoryType::from(*ty));
    }
    for (n, ty) in parts.globals.iter().enumerate() {
        imports.import(FIRST, &format!("g{n}"), GlobalType::try_from(*ty).map_err(sentence)?);
    }
    // By their names: what is alike stands together, and becomes smaller where it is packed.
    let mut leaving_functions: Vec<u32> = leaves.iter().copied().collect();
    leaving_functions.sort_by_key(|function| parts.name(*function));
    let mut functions = FunctionSection::new();
    for function in &leaving_functions {
        let (ty, _) = parts.type_of(*function).ok_or_else(|| sentence("a function without a type"))?;
        functions.function(ty);
        numbers.insert(*function, u32::try_from(numbers.len()).map_err(sentence)?);
    }
    let mut renumber = Renumber { numbers };
    let mut code = CodeSection::new();
    for function in &leaving_functions {
        let body = parts.body(*function).ok_or_else(|| sentence("a function without a body"))?;
        renumber.parse_function_body(&mut code, body.clone()).map_err(sentence)?;
    }
    let filled: Vec<u32> = stubs.iter().filter_map(|function| renumber.numbers.get(function).copied()).collect();
    let mut elements = ElementSection::new();
    let table = u32::try_from(parts.tables.len()).map_err(sentence)?;
    elements.active(Some(table), &ConstExpr::i32_const(0), Elements::Functions(Cow::Owned(filled)));

    let types = parts.sections.iter().find(|section| section.id == TYPES).ok_or_else(|| sentence("it has no types"))?;
    let mut module = Module::new();
    module.section(&RawSection { id: TYPES, data: parts.file.get(types.bytes.clone()).unwrap_or_default() });
    module.section(&imports).section(&functions).section(&elements).section(&code).section(&data::within(parts, leaving));
    Ok(module.finish())
}

/// Gives functions the numbers that they have in the second half.
struct Renumber {
    numbers: BTreeMap<u32, u32>,
}

impl Reencode for Renumber {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error<String>> {
        self.numbers.get(&function).copied().ok_or_else(|| reencode::Error::UserError(format!("function {function} is in neither half")))
    }
}
