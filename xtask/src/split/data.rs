//! Which of the module's constant data only the second half needs: found by what the linker wrote of data and of who
//! refers to it (`--emit-relocs`). Addresses stay what they are. Never: which functions are in which half.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasm_encoder::{ConstExpr, DataSection};
use wasmparser::{DataKind, KnownCustom, Linking, Operator, Parser, Payload, RelocationEntry, RelocationType, SymbolInfo};

use super::parts::Parts;
use super::sentence;

/// The segments of data that nothing writes to begin with this name.
const CONSTANT: &str = ".rodata";

/// Ranges of addresses that lie no farther apart than this are written as one.
pub const NEAR: u32 = 9;

/// The data of a module as it was linked. Addresses are those of the module that is split.
pub struct Linked {
    /// Where each symbol lies, in the order of the symbols; empty for those that are not data.
    symbols: Vec<Range<u32>>,
    /// Places in data that hold the address of a symbol.
    pointers: BTreeMap<u32, usize>,
    /// Addresses outside of their symbol with which code means it: its end, or a place before its beginning.
    aside: BTreeMap<u32, BTreeSet<usize>>,
    /// Where data lies that nothing writes to.
    constant: Vec<Range<u32>>,
    /// The data itself.
    segments: Vec<(u32, Vec<u8>)>,
}

impl Linked {
    /// Reads what the linker wrote.
    ///
    /// # Errors
    /// A sentence where it did not write what is needed here.
    pub fn read(file: &[u8]) -> Result<Linked, String> {
        let written = Written::read(file)?;
        let segments = &written.segments;
        let symbols: Vec<Range<u32>> = written.symbols.iter().map(|place| placed(segments, *place)).collect::<Result<_, _>>()?;
        let constant = segments.iter().filter(|segment| segment.name.starts_with(CONSTANT)).map(Segment::addresses).collect();
        let bytes = |segment: &Segment| {
            let range = usize::try_from(segment.file.start).ok()?..usize::try_from(segment.file.end).ok()?;
            Some((segment.address, file.get(range)?.to_vec()))
        };
        let kept = segments.iter().filter_map(bytes).collect();
        let mut linked = Linked { symbols, pointers: BTreeMap::new(), aside: BTreeMap::new(), constant, segments: kept };
        for (section, entry) in &written.relocations {
            use RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
            if !matches!(entry.ty, MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32) {
                continue;
            }
            let symbol = usize::try_from(entry.index).map_err(sentence)?;
            let Some(range) = linked.symbols.get(symbol).cloned() else { return Err(sentence("a symbol that is not there")) };
            let meant = u32::try_from((i64::from(range.start) + entry.addend) & i64::from(u32::MAX)).map_err(sentence)?;
            if *section == DATA {
                let at = written.data_section + u64::from(entry.offset);
                let segment =
                    segments.iter().find(|segment| segment.file.contains(&at)).ok_or_else(|| sentence("a pointer outside of data"))?;
                linked.pointers.insert(segment.address + u32::try_from(at - segment.file.start).map_err(sentence)?, symbol);
            } else if !range.contains(&meant) {
                linked.aside.entry(meant).or_default().insert(symbol);
            }
        }
        Ok(linked)
    }

    /// The addresses of constant data that functions which stay do not reach, by whatever way; sorted.
    ///
    /// # Errors
    /// A sentence where a body cannot be read.
    pub fn leaving(&self, parts: &Parts<'_>, leaves: &BTreeSet<u32>) -> Result<Vec<Range<u32>>, String> {
        let mut by_start: Vec<usize> = (0..self.symbols.len()).filter(|n| self.symbol(*n).start != 0).collect();
        by_start.sort_by_key(|n| self.symbol(*n).start);
        let longest = self.symbols.iter().map(|range| range.end - range.start).max().unwrap_or_default();
        let mut stay = BTreeSet::new();
        let mut to_see: Vec<usize> = Vec::new();
        for value in constants(parts, leaves)? {
            to_see.extend(self.aside.get(&value).into_iter().flatten());
            let end = by_start.partition_point(|n| self.symbol(*n).start <= value);
            let near = by_start.get(..end).unwrap_or_default().iter().rev().take_while(|n| value - self.symbol(**n).start <= longest);
            to_see.extend(near.filter(|n| self.symbol(**n).contains(&value) || self.symbol(**n).start == value));
        }
        while let Some(symbol) = to_see.pop() {
            if stay.insert(symbol) {
                to_see.extend(self.pointers.range(self.symbol(symbol)).map(|(_, to)| *to));
            }
        }
        // A byte leaves that lies in a symbol and in none that stays.
        let mut edges: BTreeMap<u32, (i32, i32)> = BTreeMap::new();
        for (number, range) in self.symbols.iter().enumerate() {
            let constant = self.constant.iter().any(|all| all.start <= range.start && range.end <= all.end);
            let stays = i32::from(stay.contains(&number) || !constant);
            for (at, by) in [(range.start, 1), (range.end, -1)] {
                let edge = edges.entry(at).or_default();
                *edge = (edge.0 + by, edge.1 + by * stays);
            }
        }
        let mut leaving: Vec<Range<u32>> = Vec::new();
        let (mut covered, mut staying, mut from) = (0, 0, 0);
        for (at, (all, stays)) in edges {
            if covered > 0 && staying == 0 && from < at {
                match leaving.last_mut().filter(|last| last.end == from) {
                    Some(last) => last.end = at,
                    None => leaving.push(from..at),
                }
            }
            (covered, staying, from) = (covered + all, staying + stays, at);
        }
        // What is written between two pieces stays where it is shorter than saying that it does not.
        leaving.retain(|range| range.end - range.start > NEAR);
        Ok(leaving)
    }

    /// Whether a module's data is what was linked.
    pub fn agrees(&self, parts: &Parts<'_>) -> bool {
        parts.data.iter().all(|(address, bytes)| {
            self.segments.iter().any(|(from, all)| {
                let at = address.checked_sub(*from).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| all.get(at..at + bytes.len())).is_some_and(|linked| linked == *bytes)
            })
        })
    }

    fn symbol(&self, number: usize) -> Range<u32> {
        self.symbols.get(number).cloned().unwrap_or_default()
    }
}

/// What the linker wrote, as it stands in the file.
#[derive(Default)]
struct Written {
    segments: Vec<Segment>,
    /// Of each symbol that is data: segment, place in it, size.
    symbols: Vec<Option<(u32, u32, u32)>>,
    /// Each with the number of the kind of section it is in.
    relocations: Vec<(u8, RelocationEntry)>,
    /// Where the section of data begins in the file.
    data_section: u64,
}

impl Written {
    fn read(file: &[u8]) -> Result<Written, String> {
        let mut written = Written::default();
        let mut sections = Vec::new();
        for payload in Parser::new(0).parse_all(file) {
            let payload = payload.map_err(sentence)?;
            sections.extend(payload.as_section().map(|(id, _)| id));
            match payload {
                Payload::DataSection(data) => {
                    written.data_section = data.range().start;
                    for segment in data {
                        let segment = segment.map_err(sentence)?;
                        let end = segment.range.end;
                        let length = u64::try_from(segment.data.len()).map_err(sentence)?;
                        written.segments.push(Segment { address: address(&segment.kind)?, file: end - length..end, name: String::new() });
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            written.take(part.map_err(sentence)?)?;
                        }
                    }
                    KnownCustom::Reloc(relocs) => {
                        let section = usize::try_from(relocs.section_index()).map_err(sentence)?;
                        for entry in relocs.entries() {
                            written.relocations.push((sections.get(section).copied().unwrap_or_default(), entry.map_err(sentence)?));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if written.symbols.is_empty() || written.relocations.is_empty() {
            return Err(sentence("the linker has not written what refers to what"));
        }
        Ok(written)
    }

    fn take(&mut self, part: Linking<'_>) -> Result<(), String> {
        match part {
            Linking::SymbolTable(table) => {
                for symbol in table {
                    self.symbols.push(match symbol.map_err(sentence)? {
                        SymbolInfo::Data { symbol: Some(s), .. } => Some((s.index, s.offset, s.size)),
                        _ => None,
                    });
                }
            }
            Linking::SegmentInfo(infos) => {
                for (segment, info) in self.segments.iter_mut().zip(infos) {
                    info.map_err(sentence)?.name.clone_into(&mut segment.name);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The number of the section of data.
const DATA: u8 = 11;

/// A segment of data as it was linked.
struct Segment {
    address: u32,
    /// Its bytes in the file.
    file: Range<u64>,
    name: String,
}

impl Segment {
    fn addresses(&self) -> Range<u32> {
        self.address..self.address + u32::try_from(self.file.end - self.file.start).unwrap_or_default()
    }
}

/// The address of a segment.
///
/// # Errors
/// Where it is not written to a fixed place of the only memory.
pub fn address(kind: &DataKind<'_>) -> Result<u32, String> {
    match kind {
        DataKind::Active { memory_index: 0, offset_expr } => match offset_expr.get_operators_reader().read().map_err(sentence)? {
            Operator::I32Const { value } => Ok(value.cast_unsigned()),
            _ => Err(sentence("data without a fixed place")),
        },
        _ => Err(sentence("data without a fixed place")),
    }
}

/// Where a symbol lies, given as segment, place in it and size.
fn placed(segments: &[Segment], place: Option<(u32, u32, u32)>) -> Result<Range<u32>, String> {
    let Some((index, offset, size)) = place else { return Ok(0..0) };
    let segment = segments.get(usize::try_from(index).map_err(sentence)?).ok_or_else(|| sentence("a symbol in no segment"))?;
    let from = segment.address + offset;
    Ok(from..from + size)
}

/// Every constant in the functions that stay that may be an address.
fn constants(parts: &Parts<'_>, leaves: &BTreeSet<u32>) -> Result<BTreeSet<u32>, String> {
    let mut found = BTreeSet::new();
    for function in parts.defined().filter(|function| !leaves.contains(function)) {
        let Some(body) = parts.body(function) else { continue };
        for operator in body.get_operators_reader().map_err(sentence)? {
            let operator = operator.map_err(sentence)?;
            match operator {
                Operator::I32Const { value } => {
                    found.insert(value.cast_unsigned());
                }
                Operator::I64Const { value } => {
                    let value = value.cast_unsigned();
                    found.extend([value & u64::from(u32::MAX), value >> 32].into_iter().filter_map(|half| u32::try_from(half).ok()));
                }
                _ => found.extend(memory_argument(&operator).and_then(|offset| u32::try_from(offset).ok())),
            }
        }
    }
    Ok(found)
}

/// The constant part of the address that an operator reads or writes at.
fn memory_argument(operator: &Operator<'_>) -> Option<u64> {
    use Operator::*;
    match operator {
        I32Load { memarg }
        | I64Load { memarg }
        | F32Load { memarg }
        | F64Load { memarg }
        | I32Load8S { memarg }
        | I32Load8U { memarg }
        | I32Load16S { memarg }
        | I32Load16U { memarg }
        | I64Load8S { memarg }
        | I64Load8U { memarg }
        | I64Load16S { memarg }
        | I64Load16U { memarg }
        | I64Load32S { memarg }
        | I64Load32U { memarg }
        | I32Store { memarg }
        | I64Store { memarg }
        | F32Store { memarg }
        | F64Store { memarg }
        | I32Store8 { memarg }
        | I32Store16 { memarg }
        | I64Store8 { memarg }
        | I64Store16 { memarg }
        | I64Store32 { memarg } => Some(memarg.offset),
        _ => None,
    }
}

/// The data of one half: what of the whole lies in some ranges of addresses, which are sorted; what lies just between two
/// pieces is written with them.
#[must_use]
pub fn within(parts: &Parts<'_>, ranges: &[Range<u32>]) -> DataSection {
    let mut section = DataSection::new();
    for (address, bytes) in &parts.data {
        let (from, end) = (*address, address + u32::try_from(bytes.len()).unwrap_or_default());
        let mut pieces: Vec<Range<u32>> = Vec::new();
        let first = ranges.partition_point(|range| range.end <= from);
        for range in ranges.iter().skip(first).take_while(|range| range.start < end) {
            let piece = range.start.max(from)..range.end.min(end);
            match pieces.last_mut().filter(|last| piece.start - last.end < NEAR) {
                Some(last) => last.end = piece.end,
                None => pieces.push(piece),
            }
        }
        for piece in pieces {
            let at = |address: u32| usize::try_from(address - from).unwrap_or_default();
            let bytes = bytes.get(at(piece.start)..at(piece.end)).unwrap_or_default();
            section.active(0, &ConstExpr::i32_const(piece.start.cast_signed()), bytes.iter().copied());
        }
    }
    section
}

/// All addresses but those of some sorted ranges.
#[must_use]
pub fn without(ranges: &[Range<u32>]) -> Vec<Range<u32>> {
    let starts = std::iter::once(0).chain(ranges.iter().map(|range| range.end));
    let ends = ranges.iter().map(|range| range.start).chain(std::iter::once(u32::MAX));
    starts.zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses of segments and how long they are.
    fn lengths(section: &DataSection) -> Vec<u8> {
        let mut bytes = Vec::new();
        wasm_encoder::Encode::encode(section, &mut bytes);
        bytes
    }

    #[test]
    // One range each, not the numbers in it.
    #[allow(clippy::single_range_in_vec_init)]
    fn every_byte_is_in_one_half() {
        let leaving = [4..10, 14..20];
        assert_eq!(without(&leaving), [0..4, 10..14, 20..u32::MAX]);
        assert_eq!(without(&[0..3]), [3..u32::MAX]);
    }

    #[test]
    fn pieces_that_lie_near_are_written_as_one() {
        let bytes: Vec<u8> = (0..100).collect();
        let mut parts = Parts::default();
        parts.data.push((100, &bytes));
        let far = within(&parts, &[100..120, 150..200]);
        assert_eq!(far.len(), 2);
        assert!(lengths(&far).windows(3).any(|three| three == [50, 51, 52]));
        assert_eq!(within(&parts, &[100..120, 125..130]).len(), 1);
        assert_eq!(within(&parts, &[0..100, 200..300]).len(), 0);
    }
}
