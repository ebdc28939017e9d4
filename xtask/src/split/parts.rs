//! A wasm module taken apart as far as splitting needs it. Never: making another one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    CustomSectionReader, ElementItems, ElementSectionReader, ExternalKind, FuncType, FunctionBody, GlobalType, KnownCustom, MemoryType,
    Name, Operator, Parser, Payload, TableType, TypeRef,
};

use super::{data, sentence};

/// A section that is copied as it is: its number and its bytes.
pub struct Section {
    /// The number of its kind.
    pub id: u8,
    /// Its content, without number and length.
    pub bytes: Range<usize>,
}

/// A module: its sections in order, and what is in those that matter here.
#[derive(Default)]
pub struct Parts<'a> {
    /// The whole file.
    pub file: &'a [u8],
    /// All sections but custom ones; the one of names is among them, last.
    pub sections: Vec<Section>,
    /// The types of functions.
    pub types: Vec<FuncType>,
    /// The module and name of each imported function.
    pub imports: Vec<(&'a str, &'a str)>,
    /// The type of each function, the imported ones first.
    pub functions: Vec<u32>,
    /// The tables.
    pub tables: Vec<TableType>,
    /// The memories.
    pub memories: Vec<MemoryType>,
    /// The globals.
    pub globals: Vec<GlobalType>,
    /// What is exported: name, kind, number.
    pub exports: Vec<(&'a str, ExternalKind, u32)>,
    /// The functions that segments of tables name.
    pub listed: BTreeSet<u32>,
    /// The data: an address and what is written there.
    pub data: Vec<(u32, &'a [u8])>,
    /// The bodies of the functions that are not imported.
    pub bodies: Vec<FunctionBody<'a>>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Parts<'a> {
    /// Takes a module apart.
    ///
    /// # Errors
    /// A sentence where it is no module, or one of a kind that Rust does not make.
    pub fn read(file: &'a [u8]) -> Result<Parts<'a>, String> {
        let mut parts = Parts { file, ..Parts::default() };
        for payload in Parser::new(0).parse_all(file) {
            let payload = payload.map_err(sentence)?;
            let names = matches!(&payload, Payload::CustomSection(custom) if custom.name() == "name");
            if let Some((id, bytes)) = payload.as_section().filter(|(id, _)| *id != 0 || names) {
                let place = |at: u64| usize::try_from(at).map_err(sentence);
                parts.sections.push(Section { id, bytes: place(bytes.start)?..place(bytes.end)? });
            }
            parts.take(payload)?;
        }
        Ok(parts)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<(), String> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types.into_iter_err_on_gc_types() {
                    self.types.push(group.map_err(sentence)?);
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(sentence)?;
                    match import.ty {
                        TypeRef::Func(ty) => {
                            self.imports.push((import.module, import.name));
                            self.functions.push(ty);
                        }
                        _ => return Err(sentence("it imports something else than functions")),
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for ty in functions {
                    self.functions.push(ty.map_err(sentence)?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table.map_err(sentence)?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory.map_err(sentence)?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global.map_err(sentence)?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(sentence)?;
                    self.exports.push((export.name, export.kind, export.index));
                }
            }
            Payload::ElementSection(segments) => self.take_elements(segments)?,
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment.map_err(sentence)?;
                    self.data.push((data::address(&segment.kind)?, segment.data));
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(custom) => self.take_names(&custom)?,
            _ => {}
        }
        Ok(())
    }

    fn take_elements(&mut self, segments: ElementSectionReader<'a>) -> Result<(), String> {
        for segment in segments {
            match segment.map_err(sentence)?.items {
                ElementItems::Functions(functions) => {
                    for function in functions {
                        self.listed.insert(function.map_err(sentence)?);
                    }
                }
                ElementItems::Expressions(..) => return Err(sentence("a table is filled by expressions")),
            }
        }
        Ok(())
    }

    fn take_names(&mut self, custom: &CustomSectionReader<'a>) -> Result<(), String> {
        if let KnownCustom::Name(names) = custom.as_known() {
            for subsection in names {
                if let Name::Function(functions) = subsection.map_err(sentence)? {
                    for naming in functions {
                        let naming = naming.map_err(sentence)?;
                        self.names.insert(naming.index, naming.name);
                    }
                }
            }
        }
        Ok(())
    }

    /// The numbers of the functions that are not imported.
    pub fn defined(&self) -> impl Iterator<Item = u32> + use<> {
        self.imported()..u32::try_from(self.functions.len()).unwrap_or(u32::MAX)
    }

    /// How many functions are imported.
    pub fn imported(&self) -> u32 {
        u32::try_from(self.imports.len()).unwrap_or(u32::MAX)
    }

    /// A function's name; empty where it has none.
    pub fn name(&self, function: u32) -> &'a str {
        self.names.get(&function).copied().unwrap_or_default()
    }

    /// The type of a function, and the number of that type.
    pub fn type_of(&self, function: u32) -> Option<(u32, &FuncType)> {
        let number = *self.functions.get(usize::try_from(function).ok()?)?;
        Some((number, self.types.get(usize::try_from(number).ok()?)?))
    }

    /// The body of a function; none where it is imported.
    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get(usize::try_from(function.checked_sub(self.imported())?).ok()?)
    }

    /// The imported function that has a text in its name.
    pub fn import_named(&self, text: &str) -> Option<u32> {
        self.imports.iter().position(|(_, name)| name.contains(text)).and_then(|at| u32::try_from(at).ok())
    }

    /// Those of some functions that are called from others than themselves, exported, or listed in a table.
    ///
    /// # Errors
    /// Where a body cannot be read.
    pub fn called_from_outside(&self, some: &BTreeSet<u32>) -> Result<BTreeSet<u32>, String> {
        let mut found: BTreeSet<u32> = self.listed.intersection(some).copied().collect();
        found.extend(self.exports.iter().filter(|(_, kind, n)| *kind == ExternalKind::Func && some.contains(n)).map(|(.., n)| *n));
        for function in self.defined().filter(|n| !some.contains(n)) {
            found.extend(self.calls(function)?.intersection(some));
        }
        Ok(found)
    }

    /// What a function calls or takes the address of.
    ///
    /// # Errors
    /// Where its body cannot be read.
    pub fn calls(&self, function: u32) -> Result<BTreeSet<u32>, String> {
        let mut found = BTreeSet::new();
        let Some(body) = self.body(function) else { return Ok(found) };
        for operator in body.get_operators_reader().map_err(sentence)? {
            match operator.map_err(sentence)? {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } | Operator::RefFunc { function_index } => {
                    found.insert(function_index);
                }
                _ => {}
            }
        }
        Ok(found)
    }
}
