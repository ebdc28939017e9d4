//! `kubectl create poddisruptionbudget`. Models kubectl `pkg/cmd/create/create_pdb.go`.
//!
//! ```text
//! $ kubectl create pdb web --selector=app=web --min-available=1
//! poddisruptionbudget.policy/web created
//! $ kubectl create pdb web --selector=a=b=c --min-available=1
//! error: couldn't parse the selector string "a=b=c": found '=', expected: ',' or 'end of string'
//! ```

use alloc::string::ToString;
use serde_json::{Value, json};

use super::generate::{self, Generated};
use crate::kubectl::groups::{DRY_RUN, PRINT, SAVE_CONFIG, VALIDATE};
use crate::kubectl::{Command, Cx, Failure, Flag, Parsed};
use crate::object::resources::POD_DISRUPTION_BUDGETS;
use crate::object::selector::{self, Operator};
use crate::object::value;
use crate::text::quote::quote;

const FLAGS: &[Flag] = &[
    Flag::text("max-unavailable", "How many of the Pods, or what percentage, may be away."),
    Flag::text("min-available", "How many of the Pods, or what percentage, must stay."),
    Flag::text("selector", "The Pods that the budget is for: only equality."),
];

/// `kubectl create poddisruptionbudget NAME --selector=SELECTOR --min-available=N`
pub static DISRUPTION_BUDGET: Command = Command {
    name: "poddisruptionbudget",
    aliases: &["pdb"],
    usage: "create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
    short: "Create a pod disruption budget with the specified name",
    examples: "# At least one Pod with app=rails must stay\nkubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1",
    flags: &[PRINT, SAVE_CONFIG, VALIDATE, DRY_RUN, super::COMMON, FLAGS],
    run: Some(|cx, parsed| generate::run(cx, parsed, make)),
    ..Command::EMPTY
};

fn make(_: &mut Cx<'_>, parsed: &Parsed) -> Result<Generated, Failure> {
    let name = generate::name(parsed)?;
    let fail = |text: &str| Failure::Client(text.to_string());
    let (least, most) = (parsed.text("min-available"), parsed.text("max-unavailable"));
    if parsed.text("selector").is_empty() {
        return Err(fail("a selector must be specified"));
    }
    match (least.is_empty(), most.is_empty()) {
        (true, true) => return Err(fail("one of min-available or max-unavailable must be specified")),
        (false, false) => return Err(fail("min-available and max-unavailable cannot be both specified")),
        _ => {}
    }
    let is_amount = |text: &str| {
        let digits = text.strip_suffix('%').unwrap_or(text);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    if !least.is_empty() && !is_amount(least) {
        return Err(fail("invalid format specified for min-available"));
    }
    if !most.is_empty() && !is_amount(most) {
        return Err(fail("invalid format specified for max-unavailable"));
    }
    let selector = label_selector(parsed.text("selector")).map_err(|e| Failure::Client(e.to_string()))?;
    let status = json!({"currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0});
    let mut body = json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name},
        "spec": {"selector": selector}, "status": status});
    match least.is_empty() {
        false => value::set(&mut body, "spec/minAvailable", generate::int_or_string(least)),
        true => value::set(&mut body, "spec/maxUnavailable", generate::int_or_string(most)),
    }
    Ok(Generated { resource: POD_DISRUPTION_BUDGETS, body, failed: "failed to create poddisruptionbudgets: " })
}

/// A selector typed on the command line as the API's LabelSelector.
fn label_selector(text: &str) -> Result<Value, alloc::string::String> {
    let mut labels = serde_json::Map::new();
    let mut expressions = alloc::vec::Vec::new();
    let parsed = selector::parse(text).map_err(|why| ["couldn't parse the selector string ", &quote(text), ": ", &why].concat())?;
    for requirement in parsed.requirements() {
        let values = &requirement.values;
        let operator = match requirement.operator {
            Operator::Equals | Operator::DoubleEquals => {
                labels.insert(requirement.key.to_string(), values.first().map(|v| v.to_string()).unwrap_or_default().into());
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            _ => return Err(["\"", text, "\" is not a valid label selector operator"].concat()),
        };
        let mut expression = json!({"key": requirement.key, "operator": operator});
        if !values.is_empty() {
            value::set(&mut expression, "values", values.iter().map(|v| Value::from(v.as_str())).collect::<alloc::vec::Vec<_>>());
        }
        expressions.push(expression);
    }
    let mut result = json!({});
    if !labels.is_empty() {
        value::set(&mut result, "matchLabels", labels);
    }
    if !expressions.is_empty() {
        value::set(&mut result, "matchExpressions", expressions);
    }
    Ok(result)
}
