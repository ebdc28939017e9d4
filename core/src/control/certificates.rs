//! Signs certificate signing requests that are approved. Models `pkg/controller/certificates/signer`: the signers that
//! Kubernetes has itself answer, others wait for a signer of their own. What is issued is no certificate that anybody
//! could use: it only has the shape of one.

use alloc::boxed::Box;
use alloc::string::String;

use super::worker::{Reconcile, Todo, Work};
use crate::api::{Api, Change, ChangeKind, Status, Token};
use crate::object::Object;
use crate::object::value::text_at;
use crate::text::base64;

const REQUESTS: &str = "certificatesigningrequests.certificates.k8s.io";

/// The signers that are part of Kubernetes.
const SIGNERS: &[&str] = &[
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
    "kubernetes.io/kubelet-serving",
    "kubernetes.io/legacy-unknown",
];

/// How many letters a line of a PEM file has.
const LINE: usize = 64;

/// The signing controller.
#[derive(Clone, Default)]
pub struct Certificates;

/// Whether a request waits for a signer that is here.
fn waits(request: &Object) -> bool {
    let is =
        |word: &str| request.items_at("/status/conditions").iter().any(|c| text_at(c, "type") == word && text_at(c, "status") == "True");
    let known = SIGNERS.contains(&request.text_at("/spec/signerName"));
    known && is("Approved") && !is("Denied") && !is("Failed") && request.text_at("/status/certificate").is_empty()
}

/// Something in the shape of a certificate: the request's own bytes under another heading.
fn issued(request: &Object) -> String {
    let body =
        base64::encode(["kubepie ", request.name(), " ", &request.meta.uid, " ", request.text_at("/spec/username")].concat().as_bytes());
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (number, letter) in body.chars().enumerate() {
        if number > 0 && number % LINE == 0 {
            pem.push('\n');
        }
        pem.push(letter);
    }
    base64::encode([pem.as_str(), "\n-----END CERTIFICATE-----\n"].concat().as_bytes())
}

impl Reconcile for Certificates {
    fn name(&self) -> &'static str {
        "certificatesigningrequest-signing-controller"
    }

    fn watches(&self) -> &'static [&'static str] {
        &[REQUESTS]
    }

    fn observe(&mut self, change: &Change, _api: &Api, todo: &mut Todo) {
        if change.kind != ChangeKind::Deleted && waits(&change.object) {
            todo.add(change.object.key());
        }
    }

    fn reconcile(&mut self, token: &Token, work: &mut Work<'_>) -> Result<(), Status> {
        let Some(request) = token.key.as_ref().and_then(|key| work.api.get(REQUESTS, key)).filter(|r| waits(r)).cloned() else {
            return Ok(());
        };
        let certificate = issued(&request);
        work.api.modify(REQUESTS, &request.key(), |object| object.set("/status/certificate", certificate)).map(|_| ())
    }

    fn boxed_clone(&self) -> Box<dyn Reconcile> {
        Box::new(self.clone())
    }
}
