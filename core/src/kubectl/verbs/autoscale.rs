//! `kubectl autoscale`. Models kubectl `pkg/cmd/autoscale`.
//!
//! ```text
//! $ kubectl create deployment web --image=nginx
//! deployment.apps/web created
//! $ kubectl autoscale deployment web --min=3 --max=2
//! error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 2, min: 3
//! $ kubectl autoscale deployment web --max=5 --cpu=50%
//! horizontalpodautoscaler.autoscaling/web autoscaled
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Value, json};

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, RECORD, SAVE_CONFIG};
use crate::kubectl::resources::{self, Ask};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, manifests};
use crate::object::resources::HORIZONTAL_POD_AUTOSCALERS;
use crate::object::value;

const CPU_PERCENT: &str = "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).";

const FLAGS: &[Flag] = &[
    Flag::text("cpu", "The CPU that each Pod shall use: 70% or 500m."),
    Flag::text("cpu-percent", "The CPU that each Pod shall use, in percent.").kind(FlagKind::Int32, "-1").deprecated(CPU_PERCENT),
    groups::field_manager("kubectl-autoscale"),
    Flag::text("max", "At most so many Pods.").kind(FlagKind::Int32, "-1"),
    Flag::text("memory", "The memory that each Pod shall use: 60% or 200Mi."),
    Flag::text("min", "At least so many Pods.").kind(FlagKind::Int32, "-1"),
    Flag::text("name", "The name of the autoscaler."),
];

/// `kubectl autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU]`
pub static AUTOSCALE: Command = Command {
    name: "autoscale",
    takes: Takes::SCALED,
    usage: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]",
    short: "Auto-scale a deployment, replica set, stateful set, or replication controller",
    examples: "# Between two and ten Pods\nkubectl autoscale deployment foo --min=2 --max=10 --cpu=80%",
    flags: &[PRINT, DRY_RUN, RECORD, SAVE_CONFIG, manifests::FLAGS, FLAGS],
    required: &["max"],
    run: Some(run),
    ..Command::EMPTY
};

fn fail<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Client(text.into()))
}

fn run(cx: &mut Cx<'_>, parsed: &Parsed) -> Result<Flow, Failure> {
    let dry_run = DryRun::of(cx, parsed)?;
    let printer = Printer::new(cx, parsed, dry_run, true)?;
    let (least, most) = (parsed.number("min"), parsed.number("max"));
    if most < 1 {
        return fail(format!("--max=MAXPODS is required and must be at least 1, max: {most}"));
    }
    if most < least {
        return fail(format!("--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}"));
    }
    for item in resources::find_all(cx, parsed, &Ask::of(parsed))? {
        let object = &item.object;
        if item.row.subresource("scale").is_none() {
            let place = [&*item.row.group, "/", &*item.row.version].concat();
            let why = format!("could not find scale subresource for {place}, Resource={} in discovery information", item.row.plural);
            return fail(format!("cannot autoscale a {}: {why}", item.row.kind));
        }
        let name = Some(parsed.text("name")).filter(|n| !n.is_empty()).unwrap_or(object.name());
        let metrics = metrics(parsed)?;
        let mut spec = json!({"maxReplicas": most, "metrics": metrics,
            "scaleTargetRef": {"apiVersion": item.row.api_version(), "kind": &*item.row.kind, "name": object.name()}});
        if least > 0 {
            value::set(&mut spec, "minReplicas", least);
        }
        let mut body = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": name},
            "spec": spec, "status": {"currentMetrics": null, "desiredReplicas": 0}});
        if parsed.on("save-config") {
            super::create::generate::save_config(&mut body);
        }
        change::record(cx, parsed, &mut body);
        if cx.globals.namespace_given {
            value::set(&mut body, "metadata/namespace", object.namespace());
        }
        if dry_run != DryRun::Client {
            let mut request = Request::new(Verb::Create, HORIZONTAL_POD_AUTOSCALERS, object.namespace(), "").with_body(body);
            request.params = change::params(cx, parsed, dry_run, "kubectl-autoscale")?;
            body = change::send_for_value(cx, request)?;
        }
        printer.print(cx, &body, "autoscaled")?;
    }
    Ok(Flow::Done(0))
}

/// What is measured and aimed at.
fn metrics(parsed: &Parsed) -> Result<alloc::vec::Vec<Value>, Failure> {
    let mut found = alloc::vec::Vec::new();
    let percent = match parsed.number("cpu-percent") {
        number if number > 0 => format!("{number}%"),
        _ => String::new(),
    };
    let cpu = if parsed.text("cpu").is_empty() { percent.as_str() } else { parsed.text("cpu") };
    for (name, text) in [("cpu", cpu), ("memory", parsed.text("memory"))] {
        if text.is_empty() {
            continue;
        }
        let target = match text.strip_suffix('%').map(str::parse::<i64>) {
            Some(Ok(number)) => json!({"type": "Utilization", "averageUtilization": number}),
            Some(Err(_)) => return fail(format!("invalid value for {name}: {text}")),
            None => match crate::object::quantity::Quantity::parse(text) {
                Ok(amount) => json!({"type": "AverageValue", "averageValue": amount.print()}),
                Err(error) => return fail(error.to_string()),
            },
        };
        found.push(json!({"type": "Resource", "resource": {"name": name, "target": target}}));
    }
    if found.is_empty() {
        return fail("failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input");
    }
    Ok(found)
}
