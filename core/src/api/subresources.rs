//! Parts of objects that are read and written apart: scale, eviction, binding, tokens. Status is written like the
//! object itself. Models kubernetes `pkg/registry` rest storages.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::patching::bad_patch;
use super::request::{Answer, PatchType, Propagation, Request, Verb};
use super::server::{Api, DeleteOptions};
use super::status::{Cause, Status};
use super::write::{Refused, no_such_resource};
use crate::object::Object;
use crate::object::decode::{self, Dialect};
use crate::object::patch::{json as json_patch, operations, strategic};
use crate::object::resources::{CUSTOM_RESOURCE_DEFINITIONS, POD_DISRUPTION_BUDGETS, PODS};
use crate::object::schema::Def;
use crate::object::selector::Selector;
use crate::object::value::{at, i64_at, text_at};
use crate::text::json;

/// Seconds after which a refused eviction is worth another try.
const RETRY_S: u32 = 10;

impl Api {
    /// Answers a request for a subresource; nothing when it is to be treated like the object itself.
    pub(super) fn subresource(&mut self, request: &Request) -> Option<Result<Answer, Status>> {
        match (request.subresource.as_str(), request.verb) {
            ("" | "status", _) => None,
            ("scale", _) => Some(self.scale(request).map(Answer::Value)),
            ("eviction", Verb::Create) => Some(self.evict(request).map(Answer::Value)),
            ("binding", Verb::Create) => Some(self.bind_from(request).map(Answer::Value)),
            ("token", Verb::Create) => Some(self.token(request).map(Answer::Value)),
            ("resize" | "ephemeralcontainers" | "finalize" | "approval", Verb::Update | Verb::Patch(_) | Verb::Get) => None,
            _ => Some(Err(no_such_resource())),
        }
    }

    /// Reads or writes how many there are to be.
    fn scale(&mut self, request: &Request) -> Result<Value, Status> {
        let resource = self.resource_of(request)?;
        if resource.subresource("scale").is_none() {
            return Err(no_such_resource());
        }
        let old = self.get_object(request)?;
        let paths = self.scale_paths(&resource);
        let now = scale_of(&old, &paths);
        let wanted = match request.verb {
            Verb::Get => return Ok(now),
            Verb::Update => request.body.clone(),
            Verb::Patch(PatchType::Json) => operations::apply(&now, &request.body).map_err(|_| no_such_resource())?,
            Verb::Patch(PatchType::Strategic) => {
                let def = Def::named("Scale");
                strategic::apply(def, now, &request.body).map_err(Status::bad_request)?
            }
            Verb::Patch(_) => {
                let mut wanted = now;
                json_patch::merge(&mut wanted, &request.body);
                wanted
            }
            _ => return Err(no_such_resource()),
        };
        if let Some(Err(why)) = Def::named("Scale").map(|def| decode::typed(def, &wanted, Dialect::Json)) {
            return Err(match request.verb {
                Verb::Update => Status::bad_request(decode::cannot_be_handled("v1", "Scale", &why)),
                _ => bad_patch(&json::compact(&wanted), Refused::Type(why)),
            });
        }
        let replicas = i64_at(&wanted, "spec/replicas").unwrap_or(0);
        if replicas < 0 {
            let message = format!("Invalid value: {replicas}: must be greater than or equal to 0");
            let cause = Cause { reason: "FieldValueInvalid".to_string(), message, field: "spec.replicas".to_string() };
            return Err(Status::invalid("Scale.autoscaling", old.name(), alloc::vec![cause]));
        }
        let mut object = (*old).clone();
        object.meta.resource_version = text_at(&wanted, "metadata/resourceVersion").parse().unwrap_or(0);
        object.set(&paths.wanted, replicas);
        if resource.custom.is_some() {
            let errors = super::validation::validate_update(&resource, &object.to_value(), &old.to_value());
            super::validation::refuse(&resource, &old.to_value(), &errors)?;
        }
        self.track(request, Some(&old), &mut object);
        let stored = if request.params.dry_run { self.clone().update(object)? } else { self.update(object)? };
        Ok(scale_of(&stored, &paths))
    }

    /// Where objects of a kind keep what a scale shows; a CustomResourceDefinition says it itself.
    fn scale_paths(&self, resource: &super::registry::Resource) -> ScalePaths {
        let name = [&resource.plural, ".", &resource.group].concat();
        let definition = resource.custom.as_ref().and_then(|_| self.find(CUSTOM_RESOURCE_DEFINITIONS, "", &name));
        let versions = definition.and_then(|definition| definition.at("/spec/versions")).and_then(Value::as_array);
        let version = versions.into_iter().flatten().find(|version| text_at(version, "name") == &*resource.version);
        let path = |field: &str, usual: &str| match version.map(|version| text_at(version, &["subresources/scale/", field].concat())) {
            Some(path) => path.replace('.', "/"),
            None => usual.to_string(),
        };
        ScalePaths {
            wanted: path("specReplicasPath", "/spec/replicas"),
            there: path("statusReplicasPath", "/status/replicas"),
            selector: path("labelSelectorPath", "/spec/selector"),
        }
    }

    /// Deletes a Pod if every disruption budget that covers it allows it now.
    fn evict(&mut self, request: &Request) -> Result<Value, Status> {
        let pod = self.find(PODS, &request.namespace, &request.name).cloned();
        let pod = pod.ok_or_else(|| Status::not_found(PODS, &request.name))?;
        let over = matches!(pod.text_at("/status/phase"), "Succeeded" | "Failed" | "Pending") || pod.is_deleting();
        if !over {
            self.spend_budget(&pod, request.params.dry_run)?;
        }
        if !request.params.dry_run {
            let asked = at(&request.body, "deleteOptions").unwrap_or(&Value::Null);
            let options = DeleteOptions {
                grace_period_s: i64_at(asked, "gracePeriodSeconds").or(request.params.grace_period_s),
                propagation: request.params.propagation.or(Some(Propagation::Background)),
                uid: text_at(asked, "preconditions/uid").to_string(),
            };
            if !over {
                self.mark_disrupted(&pod);
            }
            self.delete(PODS, &pod.key(), &options)?;
        }
        Ok(json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}))
    }

    fn spend_budget(&mut self, pod: &Rc<Object>, dry_run: bool) -> Result<(), Status> {
        let covers = |budget: &&Rc<Object>| {
            let selector = budget.at("/spec/selector").filter(|selector| !selector.is_null());
            Selector::from_label_selector(selector).is_ok_and(|selector| selector.matches(&pod.meta))
        };
        let budgets: Vec<Rc<Object>> = self.list(POD_DISRUPTION_BUDGETS, Some(pod.namespace())).filter(covers).cloned().collect();
        let budget = match budgets.as_slice() {
            [] => return Ok(()),
            [one] => one,
            _ => {
                let text = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
                return Err(super::write::plain_error(text));
            }
        };
        let allowed = budget.i64_at("/status/disruptionsAllowed").unwrap_or(0);
        let seen = budget.i64_at("/status/observedGeneration").unwrap_or(0) >= budget.meta.generation;
        if allowed <= 0 || !seen {
            let mut status = Status::too_many_requests("Cannot evict pod as it would violate the pod's disruption budget.", RETRY_S);
            let number = |path: &str| budget.i64_at(path).unwrap_or(0);
            let message = match seen {
                true => format!(
                    "The disruption budget {} needs {} healthy pods and has {} currently",
                    budget.name(),
                    number("/status/desiredHealthy"),
                    number("/status/currentHealthy")
                ),
                false => format!("The disruption budget {} is still being processed by the server.", budget.name()),
            };
            status.causes.push(Cause { reason: "DisruptionBudget".to_string(), message, field: String::new() });
            return Err(status);
        }
        if dry_run {
            return Ok(());
        }
        let (now, name) = (self.timestamp(), pod.name().to_string());
        self.modify(POD_DISRUPTION_BUDGETS, &budget.key(), |budget| {
            budget.set("/status/disruptionsAllowed", allowed - 1);
            let status = budget.field_mut("status");
            if at(status, "disruptedPods").is_none_or(Value::is_null) {
                crate::object::value::set(status, "disruptedPods", json!({}));
            }
            if let Some(Value::Object(pods)) = status.get_mut("disruptedPods") {
                pods.insert(name, now.into());
            }
        })?;
        Ok(())
    }

    /// Writes into a Pod why it goes.
    fn mark_disrupted(&mut self, pod: &Rc<Object>) {
        let now = self.timestamp();
        // The Pod is deleted next; a Pod that is gone needs no condition.
        let _ = self.modify(PODS, &pod.key(), |pod| {
            let message = "Eviction API: evicting";
            let condition =
                super::binding::Condition { kind: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message };
            super::binding::set_condition(pod, &condition, &now);
        });
    }

    fn bind_from(&mut self, request: &Request) -> Result<Value, Status> {
        let key = crate::object::Key::new(&request.namespace, &request.name);
        self.bind(&key, text_at(&request.body, "target/name"))?;
        Ok(json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}))
    }

    /// A token for a ServiceAccount: bounded in time, worth nothing outside.
    fn token(&mut self, request: &Request) -> Result<Value, Status> {
        let seconds = i64_at(&request.body, "spec/expirationSeconds").unwrap_or(3600);
        if seconds < 600 {
            let message = format!("Invalid value: {seconds}: may not specify a duration less than 10 minutes");
            let cause = Cause { reason: "FieldValueInvalid".to_string(), message, field: "spec.expirationSeconds".to_string() };
            return Err(Status::invalid("TokenRequest.authentication.k8s.io", "", alloc::vec![cause]));
        }
        let account = self.get_object(request)?;
        let expiry_ms = self.wall_ms().saturating_add(seconds.saturating_mul(1000));
        let part = |text: String| crate::text::base64::encode_url(text.as_bytes());
        let head = part("{\"alg\":\"RS256\",\"kid\":\"kubepie\"}".to_string());
        let subject = format!("system:serviceaccount:{}:{}", account.namespace(), account.name());
        let body = part(format!("{{\"exp\":{},\"sub\":\"{subject}\"}}", expiry_ms / 1000));
        let seal = part(self.random_suffix().repeat(16));
        let expiry = crate::text::timestamp::rfc3339(expiry_ms);
        Ok(
            json!({"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": {"name": account.name(), "namespace": account.namespace()},
            "spec": {"audiences": ["https://kubernetes.default.svc.cluster.local"], "expirationSeconds": seconds},
            "status": {"token": format!("{head}.{body}.{seal}"), "expirationTimestamp": expiry}}),
        )
    }
}

/// The Scale of an object.
/// Where an object keeps how many of it are wanted, how many there are, and which they are.
struct ScalePaths {
    wanted: String,
    there: String,
    selector: String,
}

fn scale_of(object: &Object, paths: &ScalePaths) -> Value {
    let selector = match object.at(&paths.selector).filter(|_| !paths.selector.is_empty()) {
        Some(Value::String(selector)) => selector.clone(),
        Some(selector) if object.ty.kind == "ReplicationController" => {
            let pairs: Vec<String> =
                selector.as_object().into_iter().flatten().filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?))).collect();
            pairs.join(",")
        }
        selector => Selector::from_label_selector(selector).map(|selector| selector.print()).unwrap_or_default(),
    };
    let mut meta = json!({"name": object.name(), "namespace": object.namespace(), "uid": &*object.meta.uid,
        "resourceVersion": object.meta.resource_version.to_string()});
    if let Some(ms) = object.meta.creation {
        crate::object::value::set(&mut meta, "creationTimestamp", crate::text::timestamp::rfc3339(ms));
    }
    let mut status = json!({"replicas": object.i64_at(&paths.there).unwrap_or(0)});
    if !selector.is_empty() {
        crate::object::value::set(&mut status, "selector", selector);
    }
    let spec = json!({"replicas": object.i64_at(&paths.wanted).unwrap_or(0)});
    json!({"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta, "spec": spec, "status": status})
}
