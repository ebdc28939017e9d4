//! Groups of flags that many commands share. Only tables: what a flag does is told by the verbs.

use super::command::Flag;

/// The flags of every command that prints an object with `-o`.
pub const PRINT: &[Flag] = &[
    Flag::switch("allow-missing-template-keys", "Ignore fields that a template names and the object lacks.").default("true"),
    Flag::text("output", "Print the object in this form instead of a sentence.").short('o'),
    Flag::switch("show-managed-fields", "Keep managedFields in JSON and YAML."),
    Flag::text("template", "The template, or the file with it, for -o go-template."),
];

/// `--dry-run`
pub const DRY_RUN: &[Flag] =
    &[Flag::text("dry-run", "Only say what would be done: none, client or server.").default("none").bare("unchanged")];

/// `-l`
pub const SELECTOR: &[Flag] = &[Flag::text("selector", "Only objects with these labels: a=b, a!=b, 'a in (b,c)'.").short('l')];

/// `--validate`
pub const VALIDATE: &[Flag] = &[Flag::text("validate", "What becomes of unknown fields: strict (or true), warn, ignore (or false).")
    .default("strict")
    .bare("strict")];

/// `--save-config`
pub const SAVE_CONFIG: &[Flag] = &[Flag::switch("save-config", "Keep the configuration in the object's annotation, for a later apply.")];

/// `--record`, deprecated and hidden
pub const RECORD: &[Flag] =
    &[Flag::switch("record", "Write the command into the object's change-cause.").deprecated("--record will be removed in the future")];

/// `--all`
pub const ALL: &[Flag] = &[Flag::switch("all", "All objects of the given types in the namespace.")];

/// `--local`
pub const LOCAL: &[Flag] = &[Flag::switch("local", "Work on the file only and ask no server.")];

/// `--field-manager` with the name that the command writes under.
pub const fn field_manager(default: &'static str) -> Flag {
    Flag { default, ..Flag::text("field-manager", "The name that ownership of fields is kept under.") }
}
