//! How often the template of a DaemonSet has changed, which an annotation tells. Models kubernetes
//! `pkg/registry/apps/daemonset` and `pkg/apis/apps/v1/conversion.go`.

use alloc::string::ToString;

use crate::object::Object;

/// The annotation that stands for what was once a field.
const TEMPLATE_GENERATION: &str = "deprecated.daemonset.template.generation";

/// Counts one more when the template differs from that of `old`; a new DaemonSet begins with one.
pub fn count_templates(set: &mut Object, old: Option<&Object>) {
    let count = |set: &Object| set.meta.annotation(TEMPLATE_GENERATION).and_then(|text| text.parse::<i64>().ok());
    let count = match old {
        None => 1,
        Some(old) if old.at("/spec/template") != set.at("/spec/template") => count(old).unwrap_or(0).saturating_add(1),
        Some(old) => count(old).unwrap_or(1),
    };
    set.meta.set_annotation(TEMPLATE_GENERATION, Some(&count.to_string()));
}
