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
use alloc::vec::Vec;
use serde_json::{Value, json};

use crate::api::{Request, Verb};
use crate::kubectl::change::{self, DryRun, Printer};
use crate::kubectl::groups::{self, DRY_RUN, PRINT, RECORD, SAVE_CONFIG};
use crate::kubectl::resources::{self, Ask, Item};
use crate::kubectl::{Command, Cx, Failure, Flag, FlagKind, Flow, Parsed, Takes, manifests};
use crate::object::quantity::Quantity;
use crate::object::resources::HORIZONTAL_POD_AUTOSCALERS;
use crate::object::value::{self, text_at};

const UTILIZATION: &str = "Utilization";

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
    if parsed.number("cpu-percent") > 0 && !parsed.text("cpu").is_empty() {
        return fail("--cpu-percent and --cpu are mutually exclusive");
    }
    for resource in ["cpu", "memory"] {
        target(resource, parsed.text(resource))?;
    }
    let mut count = 0;
    let mut wrong = Vec::new();
    for found in resources::find(cx, parsed, &Ask { latest: false, ..Ask::of(parsed) })? {
        count += 1;
        wrong.extend(found.and_then(|item| one(cx, parsed, &item, dry_run, &printer)).err());
    }
    match Failure::from_many(wrong) {
        Some(failure) => Err(failure),
        None if count == 0 => fail("no objects passed to autoscale"),
        None => Ok(Flow::Done(0)),
    }
}

fn one(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, dry_run: DryRun, printer: &Printer) -> Result<(), Failure> {
    if item.row.subresource("scale").is_none() {
        let place = [&*item.row.group, "/", &*item.row.version].concat();
        let why = format!("could not find scale subresource for {place}, Resource={} in discovery information", item.row.plural);
        return fail(format!("cannot autoscale a {}: {why}", item.row.kind));
    }
    let mut body = autoscaler(cx, parsed, item, true)?;
    change::record(cx, parsed, &mut body);
    if dry_run == DryRun::Client {
        return printer.print(cx, &body, "created");
    }
    let stored = match send(cx, parsed, item, dry_run, body) {
        Ok(stored) => stored,
        // What the newer API refused is tried with the older one, if that knows what is asked for.
        Err(_) => {
            old_enough(parsed)?;
            let body = autoscaler(cx, parsed, item, false)?;
            send(cx, parsed, item, dry_run, body)?
        }
    };
    printer.print(cx, &stored, "autoscaled")
}

fn send(cx: &mut Cx<'_>, parsed: &Parsed, item: &Item, dry_run: DryRun, mut body: Value) -> Result<Value, Failure> {
    if parsed.on("save-config") {
        super::create::generate::save_config(&mut body);
    }
    let mut request = Request::new(Verb::Create, HORIZONTAL_POD_AUTOSCALERS, item.object.namespace(), "").with_body(body);
    request.params = change::params(cx, parsed, dry_run, "kubectl-autoscale")?;
    Ok(change::send_for_value(cx, request)?)
}

/// Whether autoscaling/v1 can say it: only of the CPU, and that in percent.
fn old_enough(parsed: &Parsed) -> Result<(), Failure> {
    let why = match target("cpu", parsed.text("cpu")) {
        Ok(None) => "empty input".to_string(),
        Err(why) => why.message(),
        Ok(Some(cpu)) => {
            if parsed.text("memory").is_empty() && (parsed.number("cpu-percent") >= 0 || text_at(&cpu, "type") == UTILIZATION) {
                return Ok(());
            }
            "%!w(<nil>)".to_string()
        }
    };
    fail(["failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ", &why].concat())
}

/// The autoscaler, as autoscaling/v2 has it, of what either version can say.
fn autoscaler(cx: &Cx<'_>, parsed: &Parsed, item: &Item, newer: bool) -> Result<Value, Failure> {
    let object = &item.object;
    let name = Some(parsed.text("name")).filter(|n| !n.is_empty()).unwrap_or(object.name());
    let mut spec = json!({"maxReplicas": parsed.number("max"),
        "scaleTargetRef": {"apiVersion": item.row.api_version(), "kind": &*item.row.kind, "name": object.name()}});
    let metrics = metrics(parsed, newer)?;
    if !metrics.is_empty() {
        value::set(&mut spec, "metrics", metrics);
    }
    if parsed.number("min") > 0 {
        value::set(&mut spec, "minReplicas", parsed.number("min"));
    }
    let mut body = json!({"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": name},
        "spec": spec, "status": {"currentMetrics": null, "desiredReplicas": 0}});
    if cx.globals.namespace_given {
        value::set(&mut body, "metadata/namespace", object.namespace());
    }
    Ok(body)
}

/// What is measured and aimed at; the older API has the CPU in percent alone.
fn metrics(parsed: &Parsed, newer: bool) -> Result<Vec<Value>, Failure> {
    let mut found = Vec::new();
    let percent = parsed.number("cpu-percent");
    if percent > 0 || (percent == 0 && !newer) {
        found
            .push(json!({"type": "Resource", "resource": {"name": "cpu", "target": {"type": UTILIZATION, "averageUtilization": percent}}}));
    }
    for name in ["cpu", "memory"].into_iter().filter(|_| newer) {
        if let Some(target) = target(name, parsed.text(name))? {
            found.push(json!({"type": "Resource", "resource": {"name": name, "target": target}}));
        }
    }
    Ok(found)
}

/// What `--cpu` or `--memory` aims at; nothing where it was not given. Models parseResourceInput.
fn target(resource: &str, text: &str) -> Result<Option<Value>, Failure> {
    let trimmed = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if trimmed.is_empty() {
        return fail("empty input");
    }
    if let Some(percent) = trimmed.strip_suffix('%') {
        return match percent.parse::<i32>() {
            Ok(number) if number >= 0 => Ok(Some(json!({"type": UTILIZATION, "averageUtilization": number}))),
            _ => fail(format!("invalid percentage value: {percent}")),
        };
    }
    let unit = if resource == "cpu" { "m" } else { "Mi" };
    let amount = match trimmed.parse::<f64>() {
        Ok(number) => Quantity::parse(&[crate::text::float::format_g(number).as_str(), unit].concat()).map_err(ToString::to_string),
        Err(_) => Quantity::parse(trimmed).map_err(|_| format!("invalid resource {resource} value: {trimmed}")),
    };
    let amount = amount.map_err(Failure::Client)?;
    Ok(Some(json!({"type": "AverageValue", "averageValue": amount.print()})))
}
