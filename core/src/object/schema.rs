//! The schema table: which fields a definition has and of what type, in Go's order, with the facts that strict
//! decoding, patches, `explain` and completion need. Reads `core/data/schema.txt` and `schema-more.txt` in place (their grammar
//! stands in `xtask/src/schema.rs`); holds no state. Defaults and validation texts are not here.

use alloc::string::String;

/// Definitions, sorted by name, so that a lookup halves them, and the bytes at which each begins, found when this is
/// compiled: decoding asks for definitions all the time.
struct Table {
    text: &'static str,
    starts: &'static [u32],
}

const MAIN_TEXT: &str = include_str!("../../data/schema.txt");
const MAIN_COUNT: usize = block_starts::<0>(MAIN_TEXT).0;

/// The generated table.
static MAIN: Table = Table { text: MAIN_TEXT, starts: &block_starts::<MAIN_COUNT>(MAIN_TEXT).1 };

const MORE_TEXT: &str = include_str!("../../data/schema-more.txt");
const MORE_COUNT: usize = block_starts::<0>(MORE_TEXT).0;

/// Kinds that few ever ask for, by the same grammar.
static MORE: Table = Table { text: MORE_TEXT, starts: &block_starts::<MORE_COUNT>(MORE_TEXT).1 };

/// The number of the definitions, and the bytes of the table at which the first so many begin.
const fn block_starts<const N: usize>(text: &str) -> (usize, [u32; N]) {
    let (table, mut starts) = (text.as_bytes(), [0; N]);
    let (mut at, mut count) = (0, 0);
    // `while`, and indexing below what was measured: nothing else is there when a constant is made.
    #[allow(clippy::indexing_slicing)]
    while at < table.len() {
        if table[at] == b'>' && (at == 0 || table[at - 1] == b'\n') {
            if count < N {
                starts[count] = at as u32;
            }
            count += 1;
        }
        at += 1;
    }
    (count, starts)
}

/// One definition: a struct with fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Def {
    /// The short name: `Container`, `core.v1.Event` where two definitions share a name.
    pub name: &'static str,
    gvk: &'static str,
    body: &'static str,
    atomic: bool,
}

/// One field of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in JSON.
    pub name: &'static str,
    /// The type.
    pub ty: Type,
    flags: &'static str,
}

/// A type, still in the letters of the table; [`Type::shape`] opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(&'static str);

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    String,
    /// Whole number of 32 bits.
    Int32,
    /// Whole number of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
    /// Bytes, base64 in JSON.
    Bytes,
    /// A resource quantity: text or number.
    Quantity,
    /// A time with whole seconds, or null.
    Time,
    /// A time with microseconds, or null.
    MicroTime,
    /// A whole number or text.
    IntOrString,
    /// An object with any members.
    Free,
    /// Any JSON value.
    Any,
    /// A struct.
    Struct(Def),
    /// An array of elements of one type.
    Array(Type),
    /// An object whose members are of one type.
    Map(Type),
}

/// How a list is merged by server-side apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListType {
    /// Replaced as a whole.
    Atomic,
    /// Elements are their own keys.
    Set,
    /// Elements are objects told apart by [`Field::list_keys`].
    Map,
}

impl Table {
    fn block(&self, place: usize) -> Option<&'static str> {
        let end = self.starts.get(place + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*self.starts.get(place)? as usize..end)
    }

    fn find(&self, name: &str) -> Option<Def> {
        let named = |start: &u32| {
            let head = self.text.get(*start as usize + 1..).unwrap_or_default();
            head.split([' ', '\n']).next().unwrap_or_default()
        };
        let place = self.starts.binary_search_by(|start| named(start).cmp(name)).ok()?;
        Def::parse(self.block(place)?)
    }
}

/// A definition that is not in the main table; apart, so that what a newcomer needs comes without these.
#[inline(never)]
fn more(name: &str) -> Option<Def> {
    MORE.find(name)
}

impl Def {
    /// The definition with this short name.
    pub fn named(name: &str) -> Option<Def> {
        MAIN.find(name).or_else(|| more(name))
    }

    /// The definition of a kind: `("apps", "v1", "Deployment")`.
    pub fn of(group: &str, version: &str, kind: &str) -> Option<Def> {
        let is = |def: &Def| def.group_version_kind() == Some((group, version, kind));
        if let Some(def) = Def::named(kind).filter(is) {
            return Some(def);
        }
        let package = if group.is_empty() { "core" } else { group.split('.').next().unwrap_or(group) };
        Def::named(&[package, ".", version, ".", kind].concat()).filter(is)
    }

    /// The definition of an object by its `apiVersion` and `kind`.
    pub fn of_api_version(api_version: &str, kind: &str) -> Option<Def> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Def::of(group, version, kind)
    }

    /// Every definition, those that are rarely asked for at the end.
    pub fn all() -> impl Iterator<Item = Def> {
        [&MAIN, &MORE].into_iter().flat_map(|table| (0..table.starts.len()).filter_map(|place| Def::parse(table.block(place)?)))
    }

    fn parse(block: &'static str) -> Option<Def> {
        let (head, body) = block.split_once('\n')?;
        let head = head.strip_prefix('>')?;
        let (head, atomic) = head.strip_suffix(" &").map_or((head, false), |head| (head, true));
        let (name, gvk) = head.split_once(" =").unwrap_or((head, ""));
        Some(Def { name, gvk, body, atomic })
    }

    /// Group, version and kind, when objects of this definition stand alone.
    pub fn group_version_kind(&self) -> Option<(&'static str, &'static str, &'static str)> {
        let mut parts = self.gvk.split('/');
        Some((parts.next()?, parts.next()?, parts.next()?))
    }

    /// Whether server-side apply takes the struct as a whole.
    pub fn atomic(&self) -> bool {
        self.atomic
    }

    /// The name without its package: `Event`.
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// The fields in Go's order.
    pub fn fields(&self) -> impl Iterator<Item = Field> + use<> {
        self.body.lines().filter_map(Field::parse)
    }

    /// The fields that may be written where they are not given, or (`all`) every one.
    pub fn fields_to_write(&self, all: bool) -> impl Iterator<Item = Field> + use<> {
        // Of a field that is always written there is a sign in its line; no name and no type has one.
        let signed = move |line: &&str| all || line.bytes().any(|byte| matches!(byte, b'!' | b'+'));
        self.body.lines().filter(signed).filter_map(Field::parse)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<Field> {
        let is = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
        self.body.lines().find(is).and_then(Field::parse)
    }

    /// The field that Go's decoder would take for `name` when there is no exact one: it does not mind case.
    pub fn field_any_case(&self, name: &str) -> Option<Field> {
        self.fields().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field at the end of a path of names, through arrays and maps of structs (a member's name in a map is
    /// a step of its own for maps of scalars only at the end). `Err` holds the first name that is no field.
    pub fn walk<'p>(self, path: &[&'p str]) -> Result<Option<Field>, &'p str> {
        let mut here = Some(self);
        let mut found = None;
        for step in path {
            let field = here.and_then(|def| def.field(step)).ok_or(*step)?;
            here = field.ty.inner_struct();
            found = Some(field);
        }
        Ok(found)
    }
}

impl Field {
    fn parse(line: &'static str) -> Option<Field> {
        let (name, rest) = line.split_once(' ')?;
        let (ty, flags) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(Field { name, ty: Type(ty), flags })
    }

    fn flag(&self, mark: char) -> Option<&'static str> {
        self.flags.split(' ').find_map(|word| word.strip_prefix(mark))
    }

    /// Whether the field must be there.
    pub fn required(&self) -> bool {
        self.flag('!').is_some()
    }

    /// Whether Go writes the field even when it is empty.
    pub fn always_written(&self) -> bool {
        self.flag('+').is_some() || self.required()
    }

    /// Whether a scalar's zero is kept because the field is a pointer.
    pub fn pointer(&self) -> bool {
        self.flag('*').is_some()
    }

    /// Strategic merge patch keeps only the keys that `$retainKeys` names.
    pub fn retain_keys(&self) -> bool {
        self.flag('^').is_some()
    }

    /// Strategic merge patch takes the struct as a whole.
    pub fn replaced(&self) -> bool {
        self.flag('-').is_some()
    }

    /// Strategic merge patch merges this list: by the key given, or (an empty key) as a set of scalars.
    pub fn merge_key(&self) -> Option<&'static str> {
        self.flag('~')
    }

    /// Whether server-side apply takes the map as a whole.
    pub fn atomic(&self) -> bool {
        self.flag('&').is_some()
    }

    /// How server-side apply merges this list.
    pub fn list_type(&self) -> ListType {
        match self.flag('%') {
            None => ListType::Atomic,
            Some("") => ListType::Set,
            Some(_) => ListType::Map,
        }
    }

    /// The keys by which the elements of a [`ListType::Map`] are told apart.
    pub fn list_keys(&self) -> impl Iterator<Item = &'static str> {
        self.flag('%').unwrap_or_default().split(',').filter(|key| !key.is_empty())
    }

    /// The values allowed, of the field or of its elements; nothing when any will do.
    pub fn allowed(&self) -> Option<impl Iterator<Item = &'static str>> {
        self.flag('=').map(|values| values.split('|'))
    }
}

impl Type {
    /// What the type is.
    pub fn shape(self) -> Shape {
        let mut letters = self.0.chars();
        match letters.next() {
            Some('s') => Shape::String,
            Some('i') => Shape::Int32,
            Some('l') => Shape::Int64,
            Some('n') => Shape::Number,
            Some('b') => Shape::Boolean,
            Some('y') => Shape::Bytes,
            Some('q') => Shape::Quantity,
            Some('t') => Shape::Time,
            Some('u') => Shape::MicroTime,
            Some('p') => Shape::IntOrString,
            Some('o' | 'r' | 'f') => Shape::Free,
            Some('[') => Shape::Array(Type(letters.as_str())),
            Some('{') => Shape::Map(Type(letters.as_str())),
            Some('@') => Def::named(letters.as_str()).map_or(Shape::Any, Shape::Struct),
            _ => Shape::Any,
        }
    }

    /// The struct at the bottom of arrays and maps, if there is one.
    pub fn inner_struct(self) -> Option<Def> {
        self.0.trim_start_matches(['[', '{']).strip_prefix('@').and_then(Def::named)
    }

    /// The struct's name at the bottom, without looking it up.
    pub fn inner_name(self) -> Option<&'static str> {
        self.0.trim_start_matches(['[', '{']).strip_prefix('@')
    }

    /// Whether this is an array.
    pub fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    /// The type as `kubectl explain` writes it: `<[]Container>`, `<map[string]string>`, `<integer>`.
    pub fn explain_name(self) -> String {
        let name = match self.shape() {
            Shape::Int32 | Shape::Int64 => "integer",
            Shape::Number => "number",
            Shape::Boolean => "boolean",
            Shape::Quantity => "Quantity",
            Shape::IntOrString => "IntOrString",
            Shape::Free if self.0 == "f" => "FieldsV1",
            Shape::Free if self.0 == "r" => "RawExtension",
            Shape::Free => "Object",
            Shape::Any => "JSON",
            Shape::String | Shape::Bytes | Shape::Time | Shape::MicroTime => "string",
            Shape::Struct(def) => def.short_name(),
            Shape::Array(inner) => return ["[]", &inner.explain_name()].concat(),
            Shape::Map(inner) => return ["map[string]", &inner.explain_name()].concat(),
        };
        String::from(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_found_and_every_reference_leads_somewhere() {
        let mut count = 0;
        for def in Def::all() {
            assert_eq!(Def::named(def.name), Some(def));
            for field in def.fields() {
                if let Some(name) = field.ty.inner_name() {
                    assert!(Def::named(name).is_some(), "{}.{}: no {name}", def.name, field.name);
                }
            }
            count += 1;
        }
        assert!(count > 380);
        assert_eq!(Def::named("Nope"), None);
        assert_eq!(Def::named(""), None);
        assert_eq!(Def::named("zzz"), None);
    }

    #[test]
    fn fields_tell_their_facts() {
        let pod = Def::of("", "v1", "Pod").unwrap();
        let containers = pod.walk(&["spec", "containers"]).unwrap().unwrap();
        assert_eq!(containers.merge_key(), Some("name"));
        assert!(containers.required());
        assert_eq!(containers.list_type(), ListType::Map);
        assert_eq!(containers.ty.explain_name(), "[]Container");
        assert_eq!(pod.walk(&["spec", "containers", "nope"]), Err("nope"));
        let policy = pod.walk(&["spec", "restartPolicy"]).unwrap().unwrap();
        assert_eq!(policy.allowed().map(|all| all.count()), Some(3));
        let strategy = Def::of("apps", "v1", "Deployment").unwrap().walk(&["spec", "strategy"]).unwrap().unwrap();
        assert!(strategy.retain_keys() && strategy.always_written());
        assert_eq!(Def::of("", "v1", "Event").map(|d| d.name), Some("core.v1.Event"));
        assert_eq!(Def::of("events.k8s.io", "v1", "Event").map(|d| d.name), Some("events.v1.Event"));
        assert_eq!(Def::of("apps", "v1", "Pod"), None);
    }
}
