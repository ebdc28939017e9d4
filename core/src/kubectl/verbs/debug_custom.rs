//! `kubectl debug --custom`: a part of a container that is merged into the one that debugs. Models kubectl
//! `pkg/cmd/debug` applyCustomProfile.
//!
//! ```text
//! $ kubectl run p --image=nginx
//! pod/p created
//! $ kubectl debug p --image=busybox --custom=none.json
//! error: must pass a container spec json file for custom profile: open none.json: no such file or directory
//! $ echo '{"image": "x"}' > x.json
//! $ kubectl debug p --image=busybox --custom=x.json
//! error: name, command, image, lifecycle and volume devices are not modifiable via custom profile
//! $ echo '{"env": [{"name": "A", "value": "1"}]}' > env.json
//! $ kubectl debug p --image=busybox -c dbg --custom=env.json
//! $ kubectl get pod p -o jsonpath='{.spec.ephemeralContainers[0].env}'
//! [{"name":"A","value":"1"}]
//! ```

use alloc::format;

use serde_json::Value;

use crate::kubectl::{Cx, Failure, Parsed};
use crate::object::patch::strategic;
use crate::object::schema::Def;
use crate::text::{fs, yaml};

/// Members that such a file may not have.
const FIXED: [&str; 5] = ["name", "command", "image", "lifecycle", "volumeDevices"];

/// What the file says; nothing where none was named.
///
/// # Errors
/// A file that is not there or holds something else, and members that are not to be changed.
pub(super) fn read(cx: &Cx<'_>, parsed: &Parsed) -> Result<Option<Value>, Failure> {
    let path = parsed.text("custom");
    if path.is_empty() {
        return Ok(None);
    }
    let text = cx.files.read(&fs::resolve(cx.cwd, path)).map_err(|error| {
        let why = error.text().to_lowercase();
        Failure::Client(format!("must pass a container spec json file for custom profile: open {path}: {why}"))
    })?;
    let custom = yaml::parse(&text).map_err(|why| Failure::Client(format!("{path} does not contain a valid container spec: {why}")))?;
    Ok(Some(custom))
}

/// Refuses what may not be changed.
///
/// # Errors
/// The sentence that names what that is.
pub(super) fn check(custom: Option<&Value>) -> Result<(), Failure> {
    match custom
        .is_some_and(|custom| FIXED.iter().any(|field| custom.get(*field).is_some_and(|value| !crate::object::value::is_empty(value))))
    {
        true => Err(Failure::Client("name, command, image, lifecycle and volume devices are not modifiable via custom profile".into())),
        false => Ok(()),
    }
}

/// Merges the file into the container.
///
/// # Errors
/// As the file, and directives that mean nothing.
pub(super) fn apply(cx: &Cx<'_>, parsed: &Parsed, container: &mut Value) -> Result<(), Failure> {
    if let Some(custom) = read(cx, parsed)? {
        *container = strategic::apply(Def::named("Container"), container.take(), &custom).map_err(Failure::Client)?;
    }
    Ok(())
}
