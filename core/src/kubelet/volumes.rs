//! Volumes: whether what a Pod mounts is there, and the files that containers find in it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use serde_json::Value;

use super::env::{data_of, entries};
use super::stores::{self, Tree};
use super::worker::{Desk, Slot, Worker, step};
use crate::api::kubelet::Sandbox;
use crate::api::{Api, EventNote};
use crate::object::Object;
use crate::object::resources::{CONFIG_MAPS, PERSISTENT_VOLUME_CLAIMS, SECRETS};
use crate::object::value::{at, bool_at, get, items_at, text_at};
use crate::text::fs::FileSystem;
use crate::time::TimerClass;

/// The first wait after a failed mount; it doubles.
const RETRY_MS: u64 = 500;
const LONGEST_RETRY_MS: u64 = 122_000;

/// What a look into volumes needs.
pub struct Reach<'a> {
    /// The API server.
    pub api: &'a Api,
    /// Directories that are shared.
    pub stores: &'a stores::Stores,
    /// The node's address.
    pub host: &'a str,
}

/// Where a volume's files come from.
enum Content {
    /// They are written by the kubelet and follow what they come from.
    Given(Tree),
    /// They are in a shared directory.
    Shared(String),
}

/// Whether a container uses a volume; one that none uses is not mounted.
fn mounts_volume(container: &Value, name: &str) -> bool {
    ["volumeMounts", "volumeDevices"].iter().any(|list| items_at(container, list).iter().any(|m| text_at(m, "name") == name))
}

impl Worker {
    /// Mounts the Pod's volumes, or says what is missing and tries again later.
    pub fn mount(&mut self, d: &mut Desk<'_, '_>) -> bool {
        let written = |path: &str| !d.stores.get(&["host/", &self.node, path].concat()).1.is_empty();
        let used = |volume: &&Value| self.slots.iter().any(|s| mounts_volume(self.spec(s), text_at(volume, "name")));
        let volumes = self.pod.items_at("/spec/volumes").iter().filter(used);
        let missing: Vec<String> = volumes
            .filter_map(|v| self.missing(v, d.cx.api, &written).map(|why| (text_at(v, "name"), why)))
            .map(|(name, why)| alloc::format!("MountVolume.SetUp failed for volume {name:?} : {why}"))
            .collect();
        if missing.is_empty() {
            self.mounted = true;
            return true;
        }
        for message in missing {
            d.note(self, &EventNote::warning("FailedMount", &message));
        }
        let wait = RETRY_MS.saturating_mul(1 << self.mount_failures.min(8)).min(LONGEST_RETRY_MS);
        self.mount_failures += 1;
        self.requeue = Some(d.later(self, step::SYNC, wait, TimerClass::Background));
        false
    }

    /// What a volume lacks.
    fn missing(&self, volume: &Value, api: &Api, written: &dyn Fn(&str) -> bool) -> Option<String> {
        if let Some(path) = at(volume, "hostPath/path").and_then(Value::as_str) {
            let kind = at(volume, "hostPath/type").and_then(Value::as_str).unwrap_or_default();
            return host_path_lacks(path, kind, written);
        }
        let mut sources: Vec<&Value> = [volume].into();
        sources.extend(items_at(volume, "projected/sources"));
        for source in sources {
            for (key, resource, word, field) in
                [("configMap", CONFIG_MAPS, "configmap", "name"), ("secret", SECRETS, "secret", "secretName")]
            {
                let Some(reference) = get(source, key).filter(|r| !bool_at(r, "optional")) else { continue };
                let name = match text_at(reference, field) {
                    "" => text_at(reference, "name"),
                    name => name,
                };
                // The certificate of the cluster comes with every namespace; it may be a moment late.
                if name == "kube-root-ca.crt" {
                    continue;
                }
                let Some(object) = api.find(resource, &self.key.namespace, name) else {
                    return Some(alloc::format!("{word} {name:?} not found"));
                };
                let absent = items_at(reference, "items").iter().map(|i| text_at(i, "key")).find(|k| data_of(object, k).is_none());
                if let Some(key) = absent {
                    return Some(alloc::format!(
                        "references non-existent {} key: {key}",
                        if word == "secret" { "secret" } else { "config" }
                    ));
                }
            }
        }
        None
    }

    /// The inside of a container that starts.
    pub fn make_sandbox(&self, slot: &Slot, argv: &[String], env: &[(String, String)], d: &mut Desk<'_, '_>) -> Sandbox {
        let mut sandbox = super::insides::sandbox(self, slot, argv, env);
        let now_ms = i64::try_from(d.cx.now.as_ms()).unwrap_or(0);
        for mount in items_at(self.spec(slot), "volumeMounts") {
            let path = text_at(mount, "mountPath").trim_end_matches('/').to_string();
            let (name, sub) = (text_at(mount, "name"), text_at(mount, "subPath"));
            match self.content(name, slot, d) {
                Some(Content::Given(tree)) if !sub.is_empty() => {
                    if let Some(text) = tree.get(sub) {
                        let _ = sandbox.files.install(&path, text, now_ms);
                    }
                }
                Some(Content::Given(tree)) => {
                    let _ = sandbox.files.make_dirs(&path, now_ms);
                    stores::give(&mut sandbox.files, &path, &tree, (now_ms, d.cx.api.wall_ms()), self.mode_of(name));
                    let _ = sandbox.files.set_read_only(&path, true);
                }
                Some(Content::Shared(key)) => {
                    let (_, tree) = d.stores.get(&joined(&key, sub));
                    stores::write_tree(&mut sandbox.files, &path, &tree, now_ms);
                    self.add_directories(&mut sandbox.files, &path, name);
                    self.open_up(&mut sandbox.files, &path, name);
                    let _ = sandbox.files.set_read_only(&path, bool_at(mount, "readOnly"));
                }
                None => {}
            }
        }
        super::processes::write(self, slot, &mut sandbox);
        if bool_at(self.spec(slot), "securityContext/readOnlyRootFilesystem") {
            let _ = sandbox.files.set_read_only("/", true);
            let _ = sandbox.files.set_read_only("/dev", false);
        }
        let names = super::users::name_files(slot.image.as_deref());
        sandbox.files.set_default_owner(&super::users::owner(&sandbox.identity, &names));
        sandbox
    }

    /// Brings what has changed in shared directories, ConfigMaps and Secrets into a container.
    pub fn refresh(&self, slot: &Slot, sandbox: &mut Sandbox, d: &mut Desk<'_, '_>) {
        let now_ms = i64::try_from(d.cx.now.as_ms()).unwrap_or(0);
        let owner = sandbox.files.set_default_owner("root");
        for mount in items_at(self.spec(slot), "volumeMounts") {
            let path = text_at(mount, "mountPath").trim_end_matches('/');
            let (name, sub) = (text_at(mount, "name"), text_at(mount, "subPath"));
            match self.content(name, slot, d) {
                Some(Content::Shared(key)) => {
                    let (version, tree) = d.stores.get(&joined(&key, sub));
                    if version > 0 {
                        let _ = sandbox.files.set_read_only(path, false);
                        stores::write_tree(&mut sandbox.files, path, &tree, now_ms);
                        let _ = sandbox.files.set_read_only(path, bool_at(mount, "readOnly"));
                    }
                }
                Some(Content::Given(tree)) if sub.is_empty() && stores::given(&sandbox.files, path) != tree => {
                    let _ = sandbox.files.set_read_only(path, false);
                    stores::give(&mut sandbox.files, path, &tree, (now_ms, d.cx.api.wall_ms()), self.mode_of(name));
                    let _ = sandbox.files.set_read_only(path, true);
                }
                _ => {}
            }
        }
        if super::processes::sees_others(self, slot)
            && let Some(run) = &slot.run
        {
            sandbox.processes = super::processes::seen_by(self, slot, &run.argv);
        }
        sandbox.files.set_default_owner(&owner);
    }

    fn volume(&self, name: &str) -> Option<&Value> {
        self.pod.items_at("/spec/volumes").iter().find(|v| text_at(v, "name") == name)
    }

    /// The mode of the files of a volume that the kubelet writes.
    fn mode_of(&self, name: &str) -> u16 {
        let volume = self.volume(name);
        let asked =
            ["configMap", "secret", "projected", "downwardAPI"].iter().find_map(|kind| at(volume?, kind)?.get("defaultMode")?.as_u64());
        asked.and_then(|mode| u16::try_from(mode).ok()).unwrap_or(0o644)
    }

    /// Makes the directories that every node has below a hostPath.
    fn add_directories(&self, files: &mut FileSystem, path: &str, name: &str) {
        let Some(host) = self.volume(name).and_then(|v| at(v, "hostPath/path")?.as_str()) else { return };
        let host = host.trim_end_matches('/');
        for dir in DIRECTORIES.split(' ').filter_map(|dir| dir.strip_prefix(host)).filter(|rest| rest.starts_with('/')) {
            let _ = files.make_dirs(&[path, dir].concat(), 0);
        }
    }

    /// Gives a shared directory to those who may use it: everybody an emptyDir, a group all but the node's own directories.
    fn open_up(&self, files: &mut FileSystem, path: &str, name: &str) {
        let volume = self.volume(name);
        let is = |kind: &str| volume.is_some_and(|v| get(v, kind).is_some());
        let group = self.pod.i64_at("/spec/securityContext/fsGroup").filter(|_| !is("hostPath"));
        let mode = if is("emptyDir") { 0o777 } else { 0o755 };
        if let Some(group) = group {
            let _ = files.set_owner(path, &if group == 0 { "root".to_string() } else { alloc::format!("root:{group}") });
        }
        // The user of a Pod is not looked up among the group's: what the group may do, its Pod may.
        let of_group = if group.is_some() { 0o2770 | if is("emptyDir") { 0 } else { 0o2 } } else { 0 };
        let _ = files.set_mode(path, mode | of_group);
    }

    /// Keeps what a container has written into shared directories.
    pub fn keep(&self, slot: &Slot, sandbox: &Sandbox, d: &mut Desk<'_, '_>) {
        for mount in items_at(self.spec(slot), "volumeMounts") {
            if let Some(Content::Shared(key)) = self.content(text_at(mount, "name"), slot, d) {
                let tree = stores::read_tree(&sandbox.files, text_at(mount, "mountPath"));
                d.stores.put(&joined(&key, text_at(mount, "subPath")), tree);
            }
        }
    }

    /// Whether a container mounts something that is shared or may change.
    pub fn has_live_volumes(&self, slot: &Slot) -> bool {
        items_at(self.spec(slot), "volumeMounts").iter().any(|m| {
            let name = text_at(m, "name");
            let volume = self.pod.items_at("/spec/volumes").iter().find(|v| text_at(v, "name") == name);
            volume.is_some_and(|v| get(v, "projected").is_none())
        })
    }

    fn content(&self, name: &str, slot: &Slot, d: &Desk<'_, '_>) -> Option<Content> {
        self.content_of(name, slot, d.cx.api, &d.node.ip)
    }

    /// A file as a container's process finds it in its volumes now: `None` when no volume is mounted there, and nothing in
    /// that when the volume has no such file.
    pub fn mounted(&self, slot: &Slot, path: &str, reach: &Reach<'_>) -> Option<Option<String>> {
        let below = |mount: &Value| -> Option<String> {
            let rest = path.strip_prefix(text_at(mount, "mountPath").trim_end_matches('/'))?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/').to_string())
        };
        let mounts = items_at(self.spec(slot), "volumeMounts").iter().filter_map(|m| below(m).map(|rest| (m, rest)));
        let (mount, rest) = mounts.min_by_key(|(_, rest)| rest.len())?;
        let sub = text_at(mount, "subPath");
        let (tree, within) = match self.content_of(text_at(mount, "name"), slot, reach.api, reach.host)? {
            Content::Given(tree) => (alloc::rc::Rc::new(tree), joined(sub, &rest)),
            Content::Shared(key) => (reach.stores.get(&joined(&key, sub)).1, rest),
        };
        Some(tree.get(within.trim_matches('/')).cloned())
    }

    fn content_of(&self, name: &str, slot: &Slot, api: &Api, host: &str) -> Option<Content> {
        let volume = self.pod.items_at("/spec/volumes").iter().find(|v| text_at(v, "name") == name)?;
        if get(volume, "emptyDir").is_some() {
            return Some(Content::Shared(["empty/", &self.uid, "/", name].concat()));
        }
        if let Some(path) = at(volume, "hostPath/path").and_then(Value::as_str) {
            return Some(Content::Shared(["host/", &self.node, path].concat()));
        }
        let claim = match at(volume, "persistentVolumeClaim/claimName").and_then(Value::as_str) {
            Some(claim) => Some(claim.to_string()),
            None => get(volume, "ephemeral").map(|_| [&*self.key.name, "-", name].concat()),
        };
        if let Some(claim) = claim {
            let bound = api.find(PERSISTENT_VOLUME_CLAIMS, &self.key.namespace, &claim)?;
            return Some(Content::Shared(["pv/", bound.text_at("/spec/volumeName")].concat()));
        }
        let mut tree = Tree::new();
        self.add_source(volume, slot, api, host, &mut tree);
        for source in items_at(volume, "projected/sources") {
            self.add_source(source, slot, api, host, &mut tree);
        }
        Some(Content::Given(tree))
    }

    fn add_source(&self, source: &Value, slot: &Slot, api: &Api, host: &str, tree: &mut Tree) {
        let ns = &self.key.namespace;
        for (key, resource, field) in [("configMap", CONFIG_MAPS, "name"), ("secret", SECRETS, "secretName")] {
            let Some(reference) = get(source, key) else { continue };
            let name = if text_at(reference, field).is_empty() { text_at(reference, "name") } else { text_at(reference, field) };
            if let Some(object) = api.find(resource, ns, name) {
                add_entries(object, items_at(reference, "items"), tree);
            }
        }
        if let Some(token) = get(source, "serviceAccountToken") {
            let who = self.pod.str_at("/spec/serviceAccountName").unwrap_or("default");
            let subject = alloc::format!("{{\"sub\":\"system:serviceaccount:{ns}:{who}\"}}");
            let path = text_at(token, "path").to_string();
            tree.insert(path, ["eyJhbGciOiJSUzI1NiJ9.", &crate::text::base64::encode_url(subject.as_bytes()), ".c2ltdWxhdGVk"].concat());
        }
        for item in get(source, "downwardAPI").map_or(&[][..], |d| items_at(d, "items")) {
            let value = match at(item, "fieldRef/fieldPath").and_then(Value::as_str) {
                Some(field) => self.field(field, host),
                None => get(item, "resourceFieldRef").map(|r| self.resource_field(r, self.spec(slot), api)).unwrap_or_default(),
            };
            tree.insert(text_at(item, "path").to_string(), value);
        }
    }
}

/// The directories that every node has.
const DIRECTORIES: &str = "/ /bin /boot /dev /etc /etc/kubernetes /etc/kubernetes/manifests /home /lib /lib/modules /mnt /opt /proc /root /run /srv /sys /tmp /usr /usr/local /var /var/lib /var/lib/kubelet /var/log /var/log/containers /var/log/pods /var/run";

/// What the type of a hostPath asks for and the node does not have. Models `pkg/volume/hostpath` checkType.
fn host_path_lacks(path: &str, kind: &str, written: &dyn Fn(&str) -> bool) -> Option<String> {
    const FILES: &str = "/etc/hostname /etc/hosts /etc/localtime /etc/os-release /etc/passwd /etc/resolv.conf /run/xtables.lock";
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let is = |list: &str| list.split(' ').any(|p| p == path);
    let lacks = match kind {
        "Directory" if !is(DIRECTORIES) && !written(path) => "directory",
        "File" if !is(FILES) => "file",
        "Socket" if !path.ends_with(".sock") => "socket file",
        "CharDevice" if !path.starts_with("/dev/") => "character device",
        "BlockDevice" if !path.starts_with("/dev/") => "block device",
        _ => return None,
    };
    Some(alloc::format!("hostPath type check failed: {path} is not a {lacks}"))
}

fn joined(key: &str, sub: &str) -> String {
    if key.is_empty() {
        return sub.to_string();
    }
    if sub.is_empty() { key.to_string() } else { [key, "/", sub].concat() }
}

fn add_entries(object: &Object, items: &[Value], tree: &mut Tree) {
    for (key, text) in entries(object) {
        if items.is_empty() {
            tree.insert(key, text);
        } else if let Some(item) = items.iter().find(|i| text_at(i, "key") == key) {
            tree.insert(text_at(item, "path").to_string(), text);
        }
    }
}
