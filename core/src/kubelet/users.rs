//! Whom the processes of a container belong to: what security contexts and the image say, and the names that its
//! `/etc/passwd` and `/etc/group` have. Models the kubelet's `pkg/securitycontext` and containerd's `pkg/oci` WithUser.

use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

use super::images::Image;
use super::worker::{Slot, Worker};
use crate::api::kubelet::Identity;
use crate::object::value::{at, items_at};

/// The users that images bring along beside root: what stands in the image table, name, number, group and its name.
const BROUGHT: &[(&str, &str, i64, i64, &str)] = &[
    ("curl_user", "curl_user", 100, 101, "curl_group"),
    ("nobody", "nobody", 65534, 65534, "nogroup"),
    ("101", "nginx", 101, 101, "nginx"),
];

/// Capabilities by their bit in the kernel.
const CAPABILITIES: &str = "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE";
/// What containerd gives to every container.
const USUAL: u64 = 0xa804_25fb;

/// The bits of a list of capabilities.
fn bits(names: &[Value]) -> u64 {
    let bit = |name: &str| match name.strip_prefix("CAP_").unwrap_or(name) {
        "ALL" => all(),
        name => CAPABILITIES.split(' ').position(|one| one == name).map_or(0, |place| 1 << place),
    };
    names.iter().filter_map(Value::as_str).map(bit).fold(0, |sum, one| sum | one)
}

/// Every capability.
fn all() -> u64 {
    (1 << CAPABILITIES.split(' ').count()) - 1
}

fn brought(image: Option<&Image>) -> (i64, i64) {
    let user = image.map_or("root", |i| i.user);
    match BROUGHT.iter().find(|row| row.0 == user) {
        Some((_, _, uid, gid, _)) => (*uid, *gid),
        None => (user.parse().unwrap_or(0), 0),
    }
}

impl Worker {
    /// Whom a container's processes belong to.
    pub fn identity(&self, slot: &Slot) -> Identity {
        let own = at(self.spec(slot), "securityContext");
        let whole = self.pod.at("/spec/securityContext");
        let either = |key: &str| {
            let of = |context: Option<&Value>| context.and_then(|c| at(c, key)).and_then(Value::as_i64);
            of(own).or_else(|| of(whole))
        };
        let (image_uid, image_gid) = brought(slot.image.as_deref());
        let asked = either("runAsUser");
        let uid = asked.unwrap_or(image_uid);
        // Who is told by number alone has the group of that number's line, and of root if there is none.
        let named = BROUGHT.iter().find(|row| row.2 == uid && uid == image_uid).map_or(0, |row| row.3);
        let gid = either("runAsGroup").unwrap_or(if asked.is_none() { image_gid } else { named });
        let mut groups: Vec<i64> = [gid].into();
        groups.extend(whole.and_then(|c| at(c, "fsGroup")).and_then(Value::as_i64));
        groups.extend(whole.map_or(&[][..], |c| items_at(c, "supplementalGroups")).iter().filter_map(Value::as_i64));
        let mut seen = Vec::new();
        groups.retain(|group| {
            !seen.contains(group) && {
                seen.push(*group);
                true
            }
        });
        Identity { uid, gid, groups, capabilities: capabilities(own) }
    }
}

/// The capabilities that a container's processes may have.
fn capabilities(context: Option<&Value>) -> u64 {
    let Some(context) = context else { return USUAL };
    if at(context, "privileged").and_then(Value::as_bool) == Some(true) {
        return all();
    }
    let list = |key: &str| at(context, "capabilities").map_or(0, |c| bits(items_at(c, key)));
    let (add, drop) = (list("add"), list("drop"));
    // What is added stays, unless it is named among what is dropped.
    let base = if drop == all() { 0 } else { USUAL & !drop };
    if drop == all() { base | add } else { (base | add) & !drop }
}

/// The files that tell numbers from names in an image.
pub fn name_files(image: Option<&Image>) -> [(&'static str, String); 2] {
    let mut users = String::from("root:x:0:0:root:/root:/bin/sh\n");
    let mut groups = String::from("root:x:0:\n");
    let nginx = image.is_some_and(|i| i.programs == "nginx");
    let user = image.map_or("root", |i| i.user);
    for (told, name, uid, gid, group) in BROUGHT {
        if *told == user || *told == "nobody" || nginx && *name == "nginx" {
            users.push_str(&alloc::format!("{name}:x:{uid}:{gid}:{name}:/nonexistent:/sbin/nologin\n"));
            groups.push_str(&alloc::format!("{group}:x:{gid}:\n"));
        }
    }
    [("/etc/passwd", users), ("/etc/group", groups)]
}

/// The owner of what a user makes, as `ls -l` shows it: a name where the image has one, numbers otherwise.
pub fn owner(who: &Identity, files: &[(&'static str, String); 2]) -> String {
    let [(_, users), (_, groups)] = files;
    let user = name_in(users, who.uid).unwrap_or_else(|| alloc::format!("{}", who.uid));
    let group = name_in(groups, who.gid).unwrap_or_else(|| alloc::format!("{}", who.gid));
    if user == group { user } else { [user.as_str(), ":", &group].concat() }
}

/// The name that a number has in a file like `/etc/passwd`.
pub fn name_in(file: &str, number: i64) -> Option<String> {
    let number = alloc::format!("{number}");
    file.lines().find(|line| line.split(':').nth(2) == Some(number.as_str())).and_then(|line| line.split(':').next()).map(String::from)
}
