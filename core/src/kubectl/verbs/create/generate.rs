//! What the subcommands of `create` share: one name, an object made from flags, sent and printed.
//! Models kubectl `pkg/cmd/create`. Nothing here knows a kind.

use alloc::format;
use alloc::string::ToString;
use serde_json::Value;

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::{Cx, Failure, Flow, Parsed};
use crate::object::{struct_order, value};
use crate::text::quote::quote;

/// An object that a subcommand has made, as Go prints it: with the empty structs that are always written.
pub struct Generated {
    /// The resource with its group.
    pub resource: &'static str,
    /// The object.
    pub body: Value,
    /// Put before the server's refusal: `failed to create deployment: `. Empty where the refusal is shown as it is.
    pub failed: &'static str,
}

/// Makes the object, sends it unless the run is dry, and prints it.
///
/// # Errors
/// Wrong flags, the server's refusal.
pub fn run(cx: &mut Cx<'_>, parsed: &Parsed, make: fn(&mut Cx<'_>, &Parsed) -> Result<Generated, Failure>) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    let made = make(cx, parsed)?;
    let params = change::params(cx, parsed, dry_run, "kubectl-create")?;
    let mut body = made.body;
    let namespaced = cx.api().registry.by_key(made.resource).is_some_and(|row| row.namespaced);
    if namespaced && cx.globals.namespace_given {
        value::set(&mut body, "metadata/namespace", cx.globals.namespace.as_str());
    }
    if parsed.on("save-config") {
        save_config(&mut body);
    }
    if dry_run != DryRun::Client {
        let namespace = if namespaced { cx.globals.namespace.clone() } else { Default::default() };
        let mut request = Request::new(Verb::Create, made.resource, &namespace, "").with_body(body);
        request.params = params;
        body = change::send_for_value(cx, request).map_err(|status| match made.failed {
            "" => Failure::Server(status),
            doing => Failure::Client([doing, &status.message].concat()),
        })?;
    }
    printer.print(cx, &body, "created")?;
    Ok(Flow::Done(0))
}

/// Keeps the object's configuration in its own annotation.
pub fn save_config(body: &mut Value) {
    let text = struct_order::compact(body) + "\n";
    change::annotate(body, change::LAST_APPLIED, &text);
}

/// The one name that every subcommand takes; what follows `--` is the command of a container.
///
/// # Errors
/// None or several.
pub fn name(parsed: &Parsed) -> Result<&str, Failure> {
    let count = parsed.dash_at.unwrap_or(parsed.args.len());
    match (count, parsed.args.first()) {
        (1, Some(name)) => Ok(name),
        _ => Err(Failure::Usage(format!("exactly one NAME is required, got {count}"))),
    }
}

/// The words after `--`, as JSON strings.
pub fn command(parsed: &Parsed) -> alloc::vec::Vec<Value> {
    parsed.args.iter().skip(1).map(|word| Value::from(word.as_str())).collect()
}

/// Reads `a=b,c=d` into quantities: the value of `--hard`, `--requests`, `--limits`.
///
/// # Errors
/// A pair without `=`, a number that is none.
pub fn quantities(text: &str) -> Result<serde_json::Map<alloc::string::String, Value>, Failure> {
    let mut map = serde_json::Map::new();
    for pair in text.split(',').filter(|_| !text.is_empty()) {
        let mut parts = pair.split('=');
        let (Some(key), Some(amount), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Failure::Client(format!("Invalid argument syntax {pair}, expected <resource>=<value>")));
        };
        let amount = crate::object::quantity::Quantity::parse(amount).map_err(|e| Failure::Client(e.to_string()))?;
        map.insert(key.to_string(), amount.print().into());
    }
    Ok(map)
}

/// Reads a port of 0 to 65535 as Go's `ParsePort` does.
///
/// # Errors
/// The words of Go's number parser.
pub fn port(text: &str) -> Result<i64, Failure> {
    let bad = |why: &str| Failure::Client(format!("strconv.ParseUint: parsing {}: {why}", quote(text)));
    match text.parse::<u64>() {
        Ok(number) if number <= 65535 && !text.starts_with('+') => Ok(i64::try_from(number).unwrap_or(0)),
        Ok(_) => Err(bad("value out of range")),
        Err(_) if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) => Err(bad("value out of range")),
        Err(_) => Err(bad("invalid syntax")),
    }
}

/// A port or its name, as Kubernetes' IntOrString.
pub fn int_or_string(text: &str) -> Value {
    text.parse::<i32>().map_or_else(|_| text.into(), Value::from)
}
