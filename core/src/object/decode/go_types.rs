//! The names of Go's types, as the decoder's texts give them: `[]v1.Container`, `v1.PullPolicy`, `int32`.

use alloc::string::{String, ToString};

use super::scalar::go_kind;
use crate::object::schema::{Def, Field, Shape, Type};

/// Strings with a type of their own: definition (or nothing: any), field, type.
const NAMED: &[(&str, &str, &str)] = &[
    ("", "imagePullPolicy", "v1.PullPolicy"),
    ("PodSpec", "restartPolicy", "v1.RestartPolicy"),
    ("", "restartPolicy", "v1.ContainerRestartPolicy"),
    ("", "dnsPolicy", "v1.DNSPolicy"),
    ("", "preemptionPolicy", "v1.PreemptionPolicy"),
    ("", "terminationMessagePolicy", "v1.TerminationMessagePolicy"),
    ("", "protocol", "v1.Protocol"),
    ("", "effect", "v1.TaintEffect"),
    ("Toleration", "operator", "v1.TolerationOperator"),
    ("NodeSelectorRequirement", "operator", "v1.NodeSelectorOperator"),
    ("LabelSelectorRequirement", "operator", "v1.LabelSelectorOperator"),
    ("ServiceSpec", "type", "v1.ServiceType"),
    ("", "sessionAffinity", "v1.ServiceAffinity"),
    ("", "externalTrafficPolicy", "v1.ServiceExternalTrafficPolicy"),
    ("", "internalTrafficPolicy", "v1.ServiceInternalTrafficPolicy"),
    ("", "ipFamilyPolicy", "v1.IPFamilyPolicy"),
    ("", "ipFamilies", "v1.IPFamily"),
    ("", "accessModes", "v1.PersistentVolumeAccessMode"),
    ("", "persistentVolumeReclaimPolicy", "v1.PersistentVolumeReclaimPolicy"),
    ("", "reclaimPolicy", "v1.PersistentVolumeReclaimPolicy"),
    ("", "volumeMode", "v1.PersistentVolumeMode"),
    ("", "volumeBindingMode", "v1.VolumeBindingMode"),
    ("", "mountPropagation", "v1.MountPropagationMode"),
    ("HostPathVolumeSource", "type", "v1.HostPathType"),
    ("EmptyDirVolumeSource", "medium", "v1.StorageMedium"),
    ("Secret", "type", "v1.SecretType"),
    ("DeploymentStrategy", "type", "v1.DeploymentStrategyType"),
    ("DaemonSetUpdateStrategy", "type", "v1.DaemonSetUpdateStrategyType"),
    ("StatefulSetUpdateStrategy", "type", "v1.StatefulSetUpdateStrategyType"),
    ("", "podManagementPolicy", "v1.PodManagementPolicyType"),
    ("", "concurrencyPolicy", "v1.ConcurrencyPolicy"),
    ("", "completionMode", "v1.CompletionMode"),
    ("", "podReplacementPolicy", "v1.PodReplacementPolicy"),
    ("", "pathType", "v1.PathType"),
    ("", "policyTypes", "v1.PolicyType"),
    ("", "whenUnsatisfiable", "v1.UnsatisfiableConstraintAction"),
    ("LimitRangeItem", "type", "v1.LimitType"),
    ("", "scheme", "v1.URIScheme"),
    ("", "uid", "types.UID"),
    ("", "phase", "string"),
    ("MetricSpec", "type", "v2.MetricSourceType"),
    ("MetricTarget", "type", "v2.MetricTargetType"),
    ("", "addressType", "v1.AddressType"),
];

/// The Go type of a field, or of its elements when `ty` is their type.
pub fn name(def: Def, field: Field, ty: Type) -> String {
    match ty.shape() {
        Shape::Struct(inner) => [package(inner.name), ".", inner.short_name()].concat(),
        Shape::Array(inner) => ["[]", &name(def, field, inner)].concat(),
        Shape::Map(inner) if inner.shape() == Shape::Quantity => "v1.ResourceList".to_string(),
        Shape::Map(inner) => ["map[string]", &name(def, field, inner)].concat(),
        Shape::Bytes => "[]uint8".to_string(),
        Shape::Quantity => "resource.Quantity".to_string(),
        Shape::IntOrString => "intstr.IntOrString".to_string(),
        Shape::Time => "v1.Time".to_string(),
        Shape::MicroTime => "v1.MicroTime".to_string(),
        Shape::String => NAMED
            .iter()
            .find(|(owner, member, _)| *member == field.name && (*owner == def.short_name() || owner.is_empty()))
            .map_or("string", |(_, _, named)| named)
            .to_string(),
        shape => go_kind(shape).to_string(),
    }
}

/// The package by which Go names a definition.
fn package(name: &str) -> &'static str {
    if name.starts_with("autoscaling.v2.") || name.starts_with("HPA") || name.starts_with("Metric") { "v2" } else { "v1" }
}
