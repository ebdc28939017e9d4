//! The Go types of a kustomization, and what is said of a file that does not fit them. Models kustomize `api/types`
//! Kustomization.Unmarshal and Go's `encoding/json`.

use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

/// A struct on each line: its name and its fields with their types: `s` text, `b` truth, `i` and `n` numbers (int64, int), `m`
/// a map of texts, `x` a map of anything, `[` a list of what follows, `[*` of pointers, `@` a struct, `=` text of a named type.
const STRUCTS: &str = "\
Kustomization apiVersion:s kind:s metadata:@ObjectMeta openapi:m namePrefix:s nameSuffix:s namespace:s commonLabels:m labels:[@Label commonAnnotations:m patchesStrategicMerge:[=PatchStrategicMerge patchesJson6902:[@Patch patches:[@Patch images:[@Image imageTags:[@Image replacements:[@ReplacementField replicas:[@Replica vars:[@Var sortOptions:@SortOptions resources:[s components:[s crds:[s bases:[s configMapGenerator:[@ConfigMapArgs secretGenerator:[@SecretArgs helmGlobals:@HelmGlobals helmCharts:[@HelmChart helmChartInflationGenerator:[@HelmChartArgs generatorOptions:@GeneratorOptions configurations:[s generators:[s transformers:[s validators:[s buildMetadata:[s
ObjectMeta name:s namespace:s labels:m annotations:m
Label pairs:m includeSelectors:b includeTemplates:b fields:[@FieldSpec
FieldSpec group:s version:s kind:s path:s create:b
Patch path:s patch:s target:@Selector options:@PatchArgs
PatchArgs allowNameChange:b allowKindChange:b
Selector group:s version:s kind:s name:s namespace:s annotationSelector:s labelSelector:s
Image name:s newName:s tagSuffix:s newTag:s digest:s
ReplacementField source:@SourceSelector targets:[*@TargetSelector sourceValue:s path:s
SourceSelector group:s version:s kind:s name:s namespace:s fieldPath:s options:@FieldOptions
TargetSelector select:@Selector reject:[*@Selector fieldPaths:[s options:@FieldOptions
FieldOptions delimiter:s index:n encoding:s create:b
Replica name:s count:i
Var name:s objref:@Target fieldref:@FieldSelector
Target apiVersion:s group:s version:s kind:s name:s namespace:s
FieldSelector fieldPath:s
SortOptions order:=SortOrder legacySortOptions:@LegacySortOptions
LegacySortOptions orderFirst:[s orderLast:[s
ConfigMapArgs namespace:s name:s behavior:s literals:[s files:[s envs:[s env:s options:@GeneratorOptions
SecretArgs namespace:s name:s behavior:s literals:[s files:[s envs:[s env:s options:@GeneratorOptions type:s
GeneratorOptions labels:m annotations:m disableNameSuffixHash:b immutable:b
HelmGlobals chartHome:s configHome:s
HelmChart name:s version:s repo:s releaseName:s namespace:s additionalValuesFiles:[s valuesFile:s valuesInline:x valuesMerge:s includeCRDs:b skipHooks:b apiVersions:[s kubeVersion:s nameTemplate:s skipTests:b debug:b devel:b
HelmChartArgs chartName:s chartVersion:s chartRepoUrl:s chartHome:s chartRepoName:s helmBin:s helmHome:s values:s valuesLocal:x valuesMerge:s releaseName:s releaseNamespace:s extraArgs:[s
";

/// The type of a struct's field, whatever the case of its name.
fn field(name: &str, wanted: &str) -> Option<&'static str> {
    let line = STRUCTS.lines().find(|line| line.split(' ').next() == Some(name))?;
    let mut fields = line.split(' ').skip(1).filter_map(|field| field.split_once(':'));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(wanted)).map(|(_, ty)| ty)
}

/// A type as Go writes it.
fn go_type(ty: &str) -> String {
    match ty {
        "s" => "string".to_string(),
        "b" => "bool".to_string(),
        "i" => "int64".to_string(),
        "n" => "int".to_string(),
        "m" => "map[string]string".to_string(),
        "x" => "map[string]interface {}".to_string(),
        _ => match ty.strip_prefix('[') {
            Some(of) => match of.strip_prefix('*') {
                Some(of) => ["[]*", &go_type(of)].concat(),
                None => ["[]", &go_type(of)].concat(),
            },
            None => ["types.", ty.get(1..).unwrap_or_default()].concat(),
        },
    }
}

/// What Go's JSON decoder calls a value.
pub(super) fn go_word(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// Refuses a kustomization that does not fit its types.
///
/// # Errors
/// The first thing that does not, as kubectl tells it.
pub(super) fn check(file: &Value) -> Result<(), String> {
    fits("@Kustomization", file, "Kustomization", true).map_err(|why| ["invalid Kustomization: json: ", &why].concat())
}

/// Whether a value at `path` fits a type; `member` is whether it is a field or a map's, and no element of a list.
fn fits(ty: &str, value: &Value, path: &str, member: bool) -> Result<(), String> {
    let below = |name: &str| [path, ".", name].concat();
    match (ty, value) {
        (_, Value::Null) | ("s", Value::String(_)) | ("b", Value::Bool(_)) | ("x", Value::Object(_)) => return Ok(()),
        ("i" | "n", Value::Number(number)) if number.is_i64() => return Ok(()),
        ("m", Value::Object(map)) => return map.iter().try_for_each(|(name, value)| fits("s", value, &below(name), true)),
        _ => {}
    }
    if ty.starts_with('=') && value.is_string() {
        return Ok(());
    }
    if let (Some(of), Value::Array(items)) = (ty.strip_prefix('['), value) {
        let of = of.trim_start_matches('*');
        return items.iter().enumerate().try_for_each(|(i, item)| fits(of, item, &below(&i.to_string()), false));
    }
    if let (Some(name), Value::Object(map)) = (ty.strip_prefix('@'), value) {
        return map.iter().try_for_each(|(key, value)| match field(name, key) {
            Some(ty) => fits(ty, value, &below(key), true),
            None => Err(format!("unknown field {key:?}")),
        });
    }
    let mut what = go_word(value).to_string();
    if let (Value::Number(number), "i" | "n") = (value, ty) {
        what = format!("number {number}");
    }
    Err(match member {
        true if path == "Kustomization" => format!("cannot unmarshal {what} into Go value of type {}", go_type(ty)),
        true => format!("cannot unmarshal {what} into Go struct field {path} of type {}", go_type(ty)),
        false => format!("cannot unmarshal {what} into {path} of type {}", go_type(ty)),
    })
}
