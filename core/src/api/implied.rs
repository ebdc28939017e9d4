//! Objects that nobody stores because they follow from what there is: the health of the components, the API groups,
//! the addresses that Services hold. Only read. Models kubernetes `pkg/registry/core/componentstatus`,
//! kube-aggregator's autoregistration and the allocators of `pkg/registry/core/service`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::{Value, json};

use super::request::Request;
use super::server::Api;
use crate::arrange::Arrange;
use crate::object::Object;
use crate::object::resources::{NAMESPACES, SERVICES};
use crate::object::value::{items_at, text_at};

/// The components whose health is told.
const COMPONENTS: &[&str] = &["controller-manager", "scheduler", "etcd-0"];

impl Api {
    /// The objects of a resource that follow from others; nothing for resources whose objects are stored.
    pub(super) fn implied(&self, resource: &str) -> Vec<Rc<Object>> {
        match resource {
            "componentstatuses" => COMPONENTS.iter().filter_map(|name| self.component(name)).collect(),
            "apiservices.apiregistration.k8s.io" => self.api_services(),
            "ipaddresses.networking.k8s.io" => self.addresses(),
            _ => Vec::new(),
        }
    }

    /// The one that a request names.
    pub(super) fn implied_one(&self, request: &Request) -> Option<Rc<Object>> {
        self.implied(&request.resource).into_iter().find(|object| object.name() == request.name)
    }

    fn make(&self, resource: &str, name: &str, fields: Value) -> Option<Object> {
        let mut object = self.new_object(resource, "", name)?;
        for (key, value) in fields.as_object().into_iter().flatten() {
            object.set(key, value.clone());
        }
        Some(object)
    }

    fn component(&self, name: &str) -> Option<Rc<Object>> {
        let fields = json!({"conditions": [{"type": "Healthy", "status": "True", "message": "ok"}]});
        self.make("componentstatuses", name, fields).map(Rc::new)
    }

    fn api_services(&self) -> Vec<Rc<Object>> {
        let mut names: Vec<(String, String, String)> = Vec::new();
        for row in self.registry.all() {
            names.push((format!("{}.{}", row.version, row.group), row.group.to_string(), row.version.to_string()));
        }
        names.arrange();
        names.dedup();
        let born = self.find(NAMESPACES, "", "default").and_then(|namespace| namespace.meta.creation);
        let condition =
            json!([{"type": "Available", "status": "True", "reason": "Local", "message": "Local APIServices are always available"}]);
        let one = |(name, group, version): (String, String, String)| {
            let spec = json!({"group": group, "version": version, "groupPriorityMinimum": 17_000, "versionPriority": 15});
            let fields = json!({"spec": spec, "status": {"conditions": condition}});
            let mut object = self.make("apiservices.apiregistration.k8s.io", &name, fields)?;
            object.meta.creation = born;
            object.meta.set_label("kube-aggregator.kubernetes.io/automanaged", Some("onstart"));
            Some(Rc::new(object))
        };
        names.into_iter().filter_map(one).collect()
    }

    fn addresses(&self) -> Vec<Rc<Object>> {
        let mut all: Vec<Rc<Object>> = Vec::new();
        for service in self.list(SERVICES, None) {
            for address in items_at(service.field("spec").unwrap_or(&Value::Null), "clusterIPs").iter().filter_map(Value::as_str) {
                let parent = json!({"group": "", "name": service.name(), "namespace": service.namespace(), "resource": "services"});
                let Some(mut object) = self.make("ipaddresses.networking.k8s.io", address, json!({"spec": {"parentRef": parent}})) else {
                    continue;
                };
                object.meta.creation = service.meta.creation;
                object.meta.set_label("ipaddress.kubernetes.io/ip-family", Some("IPv4"));
                object.meta.set_label("ipaddress.kubernetes.io/managed-by", Some("ipallocator.k8s.io"));
                if address != "None" {
                    all.push(Rc::new(object));
                }
            }
        }
        all.arrange_by_key(|object| object.name().to_string());
        all
    }
}

/// Whether the address of an object's parent is told: `services/default/web`.
pub fn parent_of(address: &Object) -> String {
    let parent = address.at("/spec/parentRef").unwrap_or(&Value::Null);
    let group = text_at(parent, "group");
    let dot = if group.is_empty() { "" } else { "." };
    format!("{}{dot}{group}/{}/{}", text_at(parent, "resource"), text_at(parent, "namespace"), text_at(parent, "name"))
}
