//! Validation of what Pods say for Windows. Models kubernetes `pkg/apis/core/validation`
//! validateWindowsSecurityContextOptions and validateWindowsHostProcessPod.

use serde_json::Value;

use super::field::{Errors, join};
use super::system;
use crate::object::names;
use crate::object::value::{at, bool_at};

/// The member `windowsOptions` of a security context at `path`.
pub fn options(context: &Value, path: &str, errors: &mut Errors) {
    let Some(options) = at(context, "windowsOptions").filter(|options| options.is_object()) else { return };
    let path = join(path, "windowsOptions");
    let given = |member: &str| at(options, member).and_then(Value::as_str);
    if let Some(name) = given("gmsaCredentialSpecName") {
        errors.each(&join(&path, "gmsaCredentialSpecName"), name, names::dns_subdomain(name));
    }
    const MOST: usize = 64 * 1024;
    let wrong = match given("gmsaCredentialSpec") {
        Some("") => "gmsaCredentialSpec cannot be an empty string",
        Some(text) if text.len() > MOST => "gmsaCredentialSpec size must be under 64 KiB",
        _ => "",
    };
    if !wrong.is_empty() {
        errors.invalid(&join(&path, "gmsaCredentialSpec"), given("gmsaCredentialSpec").unwrap_or_default(), wrong);
    }
    if let Some(name) = given("runAsUserName") {
        user(name, &join(&path, "runAsUserName"), errors);
    }
}

/// A user, after the name of its domain and a backslash.
fn user(name: &str, path: &str, errors: &mut Errors) {
    let mut say = |what: &str| errors.invalid(path, name, ["runAsUserName", what].concat());
    if name.is_empty() {
        return say(" cannot be an empty string");
    }
    if name.chars().any(|c| c.is_ascii_control()) {
        return say(" cannot contain control characters");
    }
    let (domain, user) = match name.split_once('\\') {
        Some((_, user)) if user.contains('\\') => return say(" cannot contain more than one backslash"),
        Some((domain, user)) => (Some(domain), user),
        None => (None, name),
    };
    if domain.is_some_and(|domain| domain.len() >= 256) {
        say("'s Domain length must be under 256 characters");
    }
    let net_bios = |domain: &str| {
        (1..=15).contains(&domain.chars().count())
            && !domain.starts_with('.')
            && !domain.contains(['\\', '/', ':', '*', '?', '"', '<', '>', '|'])
    };
    if domain.is_some_and(|domain| !net_bios(domain) && !domain.split('.').all(label)) {
        say("'s Domain doesn't match the NetBios nor the DNS format");
    }
    if user.is_empty() {
        say("'s User cannot be empty");
    } else if user.len() > 104 {
        say("'s User length must not be longer than 104 characters");
    }
    if !user.is_empty() && user.chars().all(|c| matches!(c, '.' | ' ')) {
        say("'s User cannot contain only periods or spaces");
    }
    const NEVER: &str = "\"/\\:;|=,+*?<>@[]";
    if user.contains(|c| NEVER.contains(c)) {
        say(&["'s User cannot contain the following characters: ", NEVER].concat());
    }
}

/// A label of DNS, in letters of either case.
fn label(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63 && text.starts_with(plain) && text.ends_with(plain) && text.chars().all(|c| plain(c) || c == '-')
}

/// Containers that are processes of their machine: all of a Pod are or none.
pub fn host_process(spec: &Value, path: &str, errors: &mut Errors) {
    const OPTION: &str = "securityContext/windowsOptions/hostProcess";
    let of = |holder: &Value| at(holder, OPTION).and_then(Value::as_bool);
    let (of_pod, all) = (of(spec), system::all(spec, path));
    let mut count = 0;
    for (path, container) in &all {
        let own = of(container);
        if let (Some(of_pod), Some(own)) = (of_pod.filter(|of_pod| own.is_some_and(|own| own != *of_pod)), own) {
            let text = alloc::format!("pod hostProcess value must be identical if both are specified, was {of_pod}");
            errors.invalid(&join(path, "securityContext.windowsOptions.hostProcess"), own, text);
        }
        count += usize::from(own.or(of_pod) == Some(true));
    }
    if count == 0 {
        return;
    }
    if count != all.len() {
        errors.invalid(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
    }
    if !bool_at(spec, "hostNetwork") {
        let text = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.invalid(&join(path, "hostNetwork"), false, text);
    }
}
