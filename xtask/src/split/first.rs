//! The first half of a split module, and a module that notes which of its functions were called.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataCountSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    GlobalSection, GlobalType, ImportSection, MemArg, MemArgTarget, Module, RawSection, RefType, TableSection, TableType, ValType,
};

use super::parts::Parts;
use super::{data, rest, sentence};

/// Numbers of sections.
const IMPORTS: u8 = 2;
const TABLES: u8 = 4;
const MEMORIES: u8 = 5;
const GLOBALS: u8 = 6;
const EXPORTS: u8 = 7;
const ELEMENTS: u8 = 9;
const CODE: u8 = 10;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

/// The global that says whether the second half is there.
pub const THERE: &str = "there";
/// The table through which the second half is called.
pub const TABLE: &str = "rest";
/// The table of what the second half calls in the first.
const OWN: &str = "own";

/// What an import is called once the page is whole: its number, in letters.
#[must_use]
pub fn short(number: u32) -> String {
    let mut name = String::new();
    let mut rest = number;
    loop {
        name.extend(char::from_digit(rest % 26 + 10, 36));
        if rest < 26 {
            return name;
        }
        rest = rest / 26 - 1;
    }
}

/// The first half: stubs for `stubs`, nothing for the others that leave.
///
/// # Errors
/// A sentence where something cannot be written.
pub fn make(
    parts: &Parts<'_>,
    leaves: &BTreeSet<u32>,
    leaving: &[Range<u32>],
    stubs: &BTreeSet<u32>,
    fetch: u32,
) -> Result<Vec<u8>, String> {
    let data = data::within(parts, &data::without(leaving));
    let slots: BTreeMap<u32, i32> = stubs.iter().copied().zip(0..).collect();
    let own: Vec<u32> = rest::needed(parts, leaves)?.into_iter().collect();
    let table = u32::try_from(parts.tables.len()).map_err(sentence)?;
    let there = u32::try_from(parts.globals.len()).map_err(sentence)?;
    let mut module = Module::new();
    for section in &parts.sections {
        let bytes = parts.file.get(section.bytes.clone()).unwrap_or_default();
        match section.id {
            IMPORTS => {
                module.section(&imports(parts)?);
            }
            TABLES => {
                module.section(&tables(parts, &[stubs.len(), own.len()])?);
            }
            GLOBALS => {
                let mut globals = RawCounted::read(bytes)?;
                let mut more = GlobalSection::new();
                more.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
                globals.add(&more);
                module.section(&RawSection { id: GLOBALS, data: &globals.bytes() });
            }
            EXPORTS => {
                let mut exports = ExportSection::new();
                for (name, kind, number) in &parts.exports {
                    exports.export(name, ExportKind::from(*kind), *number);
                }
                exports.export(TABLE, ExportKind::Table, table).export(THERE, ExportKind::Global, there);
                exports.export(OWN, ExportKind::Table, table + 1);
                for (name, kind, number) in rest::wants(parts) {
                    exports.export(&name, kind, number);
                }
                module.section(&exports);
            }
            ELEMENTS => {
                let mut elements = RawCounted::read(bytes)?;
                let mut more = ElementSection::new();
                more.active(Some(table + 1), &ConstExpr::i32_const(0), Elements::Functions(Cow::Borrowed(&own)));
                elements.add(&more);
                module.section(&RawSection { id: ELEMENTS, data: &elements.bytes() });
            }
            DATA_COUNT => {
                module.section(&DataCountSection { count: data.len() });
            }
            DATA => {
                module.section(&data);
            }
            CODE => {
                module.section(&code(parts, leaves, &slots, (table, there, fetch))?);
            }
            id => {
                module.section(&RawSection { id, data: bytes });
            }
        }
    }
    Ok(module.finish())
}

/// The imports, by short names.
fn imports(parts: &Parts<'_>) -> Result<ImportSection, String> {
    let mut imports = ImportSection::new();
    for (number, (module, _)) in (0..).zip(&parts.imports) {
        let (ty, _) = parts.type_of(number).ok_or_else(|| sentence("a function without a type"))?;
        imports.import(module, &short(number), EntityType::Function(ty));
    }
    Ok(imports)
}

/// The tables that there were, and more of these sizes.
fn tables(parts: &Parts<'_>, more: &[usize]) -> Result<TableSection, String> {
    let mut tables = TableSection::new();
    for ty in &parts.tables {
        tables.table(TableType::try_from(*ty).map_err(sentence)?);
    }
    for size in more {
        let size = u64::try_from(*size).map_err(sentence)?;
        tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: size, maximum: Some(size), shared: false });
    }
    Ok(tables)
}

/// The functions that stay, stubs for those that have a slot, and nothing for the others.
fn code(parts: &Parts<'_>, leaves: &BTreeSet<u32>, slots: &BTreeMap<u32, i32>, places: (u32, u32, u32)) -> Result<CodeSection, String> {
    let mut code = CodeSection::new();
    for function in parts.defined() {
        match (leaves.contains(&function), slots.get(&function)) {
            (false, _) => {
                let body = parts.body(function).map(|body| body.as_bytes()).unwrap_or_default();
                code.raw(body);
            }
            (true, Some(slot)) => {
                code.function(&stub(parts, function, *slot, places)?);
            }
            (true, None) => {
                let mut nothing = Function::new([]);
                nothing.instructions().unreachable().end();
                code.function(&nothing);
            }
        }
    }
    Ok(code)
}

/// Calls the function that is in a slot of the table, after fetching it where it is not there.
fn stub(parts: &Parts<'_>, function: u32, slot: i32, (table, there, fetch): (u32, u32, u32)) -> Result<Function, String> {
    let (number, ty) = parts.type_of(function).ok_or_else(|| sentence("a function without a type"))?;
    let mut body = Function::new([]);
    let mut code = body.instructions();
    code.global_get(there).i32_eqz().if_(BlockType::Empty).call(fetch).end();
    for (local, _) in (0..).zip(ty.params()) {
        code.local_get(local);
    }
    code.i32_const(slot).call_indirect(table, number).end();
    Ok(body)
}

/// The whole module, with every function noting in memory that it was called; answers also where the notes begin.
///
/// # Errors
/// A sentence where something cannot be written.
pub fn watch(parts: &Parts<'_>) -> Result<(Vec<u8>, u64), String> {
    let page = 65_536;
    let memory = parts.memories.first().ok_or_else(|| sentence("it has no memory"))?;
    let base = memory.initial * page;
    let more = u64::try_from(parts.bodies.len()).map_err(sentence)?.div_ceil(page);
    let mut module = Module::new();
    for section in &parts.sections {
        let bytes = parts.file.get(section.bytes.clone()).unwrap_or_default();
        match section.id {
            MEMORIES => {
                let mut memories = wasm_encoder::MemorySection::new();
                let mut ty = wasm_encoder::MemoryType::from(*memory);
                ty.minimum += more;
                memories.memory(ty);
                module.section(&memories);
            }
            CODE => {
                let mut code = CodeSection::new();
                for (function, place) in parts.defined().zip(base..) {
                    let place = i32::try_from(place).map_err(sentence)?;
                    noting(parts, function, place, &mut code)?;
                }
                module.section(&code);
            }
            id => {
                module.section(&RawSection { id, data: bytes });
            }
        }
    }
    Ok((module.finish(), base))
}

/// A body that first stores 1 at a place.
fn noting(parts: &Parts<'_>, function: u32, place: i32, code: &mut CodeSection) -> Result<(), String> {
    let body = parts.body(function).ok_or_else(|| sentence("a function without a body"))?;
    let mut same = RoundtripReencoder;
    let mut noted = same.new_function_with_parsed_locals(body).map_err(sentence)?;
    noted.instructions().i32_const(place).i32_const(1).i32_store8(MemArg {
        offset: 0,
        align: 0,
        target: MemArgTarget::Memory(0),
        ordering: None,
    });
    let mut operators = body.get_operators_reader().map_err(sentence)?;
    while !operators.eof() {
        noted.instruction(&same.parse_instruction(&mut operators).map_err(sentence)?);
    }
    code.function(&noted);
    Ok(())
}

/// A section whose items are kept as bytes, so that more can follow them.
struct RawCounted {
    count: u32,
    items: Vec<u8>,
}

impl RawCounted {
    fn read(bytes: &[u8]) -> Result<RawCounted, String> {
        let mut reader = wasmparser::BinaryReader::new(bytes, 0);
        let count = reader.read_var_u32().map_err(sentence)?;
        Ok(RawCounted {
            count,
            items: bytes.get(usize::try_from(reader.original_position()).map_err(sentence)?..).unwrap_or_default().to_vec(),
        })
    }

    /// Adds the one item of a section.
    fn add(&mut self, section: &impl wasm_encoder::Encode) {
        let mut encoded = Vec::new();
        section.encode(&mut encoded);
        // Length and count stand before the item, the count in a byte.
        let length = encoded.iter().take_while(|byte| **byte >= 0x80).count() + 1;
        self.items.extend(encoded.get(length + 1..).unwrap_or_default());
        self.count += 1;
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        wasm_encoder::Encode::encode(&self.count, &mut out);
        out.extend(&self.items);
        out
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn short_names_differ() {
        assert_eq!([0, 25, 26, 701, 702].map(super::short), ["a", "z", "aa", "zz", "aaa"]);
    }
}
