//! Validation of what is done to containers: probes, and hooks of their lives. Models kubernetes
//! `pkg/apis/core/validation` validateProbe, validateLifecycle and validateHandler.

use alloc::format;
use serde_json::Value;

use super::common::{needed, not_negative, one_of, port_or_name};
use super::field::{Errors, join};
use crate::object::value::{at, i64_at, items_at, text_at};

/// What is done after a container starts and before it stops.
pub fn lifecycle(container: &Value, grace: Option<i64>, path: &str, errors: &mut Errors) {
    for hook in ["postStart", "preStop"] {
        let Some(handler) = at(container, &["lifecycle/", hook].concat()).filter(|handler| !handler.is_null()) else { continue };
        let field = join(&join(path, "lifecycle"), hook);
        handler_at(handler, &field, errors);
        let (Some(grace), Some(seconds)) = (grace, at(handler, "sleep").and_then(|sleep| i64_at(sleep, "seconds"))) else { continue };
        let alone = ["exec", "httpGet", "tcpSocket"].iter().all(|kind| at(handler, kind).is_none_or(Value::is_null));
        if alone && !(0..=grace).contains(&seconds) {
            let text = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
            errors.invalid(&join(&field, "sleep"), seconds, text);
        }
    }
}

/// How a container is asked whether it lives, is ready, or has started.
pub fn probes(container: &Value, path: &str, errors: &mut Errors) {
    for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = at(container, kind).filter(|probe| !probe.is_null()) else { continue };
        let field = join(path, kind);
        handler_at(probe, &field, errors);
        for number in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
            not_negative(probe, number, &field, errors);
        }
        if let Some(grace) = i64_at(probe, "terminationGracePeriodSeconds") {
            let field = join(&field, "terminationGracePeriodSeconds");
            if grace <= 0 {
                errors.invalid(&field, grace, "must be greater than 0");
            }
            if kind == "readinessProbe" {
                errors.invalid(&field, grace, "must not be set for readinessProbes");
            }
        }
        let successes = i64_at(probe, "successThreshold").unwrap_or(1);
        if kind != "readinessProbe" && successes != 1 {
            errors.invalid(&join(&field, "successThreshold"), successes, "must be 1");
        }
    }
}

const HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

/// What a probe or a hook does: exactly one thing.
fn handler_at(handler: &Value, path: &str, errors: &mut Errors) {
    let mut count = 0;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = at(handler, kind).filter(|action| !action.is_null()) else { continue };
        let field = join(path, kind);
        if count > 0 {
            errors.forbidden(&field, "may not specify more than 1 handler type");
            continue;
        }
        count += 1;
        match kind {
            "exec" if items_at(action, "command").is_empty() => errors.required(&join(&field, "command"), ""),
            "httpGet" => {
                needed(action, "path", &field, errors);
                port_or_name(action, "port", &field, errors);
                one_of(action, "scheme", &field, &["HTTP", "HTTPS"], true, errors);
                for header in items_at(action, "httpHeaders") {
                    let name = text_at(header, "name");
                    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
                        errors.invalid(&join(&field, "httpHeaders"), name, HEADER);
                    }
                }
            }
            "tcpSocket" | "grpc" => port_or_name(action, "port", &field, errors),
            _ => {}
        }
    }
    if count == 0 {
        errors.required(path, "must specify a handler type");
    }
}
