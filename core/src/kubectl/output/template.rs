//! `-o jsonpath` and `-o go-template`: running a template on an object, and what is said when that fails.

use alloc::format;
use alloc::string::String;

use serde_json::Value;

use crate::object::gotemplate::GoTemplate;
use crate::object::jsonpath::{JsonPath, go_syntax, go_value};
use crate::object::struct_order;
use crate::text::json;
use crate::text::quote::quote;

pub(super) fn jsonpath(path: &JsonPath, text: &str, as_json: bool, object: &Value, out: &mut String) -> Result<(), String> {
    let done = if as_json { path.print_as_json(object, out) } else { path.print(object, out) };
    done.map_err(|error| {
        let quoted = quote(text);
        let shown = go_syntax(object);
        format!(
            "error executing jsonpath {quoted}: Error executing template: {error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{shown}\n\n\n"
        )
    })
}

/// `typed` objects are told in the order of their struct. The explanation goes to the output, where the template was to print; the error follows.
pub(super) fn go_template(template: &GoTemplate, text: &str, typed: bool, object: &Value, out: &mut String) -> Result<(), String> {
    template.execute(object, out).map_err(|error| {
        out.push_str(&format!(
            "Error executing template: {error}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\traw data was:\n\t\t{}\n\tobject given to template engine was:\n\t\t{}\n\n",
            if typed { struct_order::compact(object) } else { json::compact(object) },
            go_value(object),
        ));
        format!("error executing template {}: {error}", quote(text))
    })
}
