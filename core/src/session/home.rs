//! What is there before instant 0 beside the base cluster: the learner's files, and what a lesson or a link starts from.

use alloc::string::ToString;

use super::log::{Base, InputKind};
use super::world::{HOME, World};
use crate::time::Instant;

/// The note's files, which every learner finds at home.
const FILES: &[(&str, &str)] = &[
    ("nginx-pod.yaml", include_str!("../../data/home/nginx-pod.yaml")),
    ("echo-hname.yaml", include_str!("../../data/home/echo-hname.yaml")),
    ("rollout-nginx.yaml", include_str!("../../data/home/rollout-nginx.yaml")),
];

/// Files that tell about the machine, in `/etc`.
const SYSTEM: &[(&str, &str)] = &[
    ("hostname", "m-k8s\n"),
    ("hosts", "127.0.0.1 localhost\n192.168.1.10 m-k8s\n"),
    (
        "os-release",
        "PRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nVERSION=\"22.04.5 LTS (Jammy Jellyfish)\"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\nSUPPORT_URL=\"https://help.ubuntu.com/\"\nBUG_REPORT_URL=\"https://bugs.launchpad.net/ubuntu/\"\nPRIVACY_POLICY_URL=\"https://www.ubuntu.com/legal/terms-and-policies/privacy-policy\"\nUBUNTU_CODENAME=jammy\n",
    ),
];

/// The files that every learner finds at home: name and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

/// The shell in which a base's lines run; nobody sees it.
const UNSEEN_SHELL: u32 = u32::MAX;

/// How long a cluster that was brought is given to come to rest before anybody sees it, in simulated milliseconds.
pub(super) const BROUGHT_SETTLES_MS: u64 = 3_000;

/// Puts the learner's files in place.
pub(super) fn put_files(world: &mut World, base: &Base) {
    let _ = world.files.make_dirs(HOME, 0);
    let _ = world.files.make_dirs("/tmp", 0);
    let _ = world.files.make_dirs("/etc/bash_completion.d", 0);
    for (name, text) in FILES {
        let _ = world.files.write(&[HOME, "/", name].concat(), text, 0);
    }
    for (name, text) in SYSTEM {
        let _ = world.files.write(&["/etc/", name].concat(), text, 0);
    }
    for (name, text) in &base.files {
        let path = if name.starts_with('/') { name.clone() } else { [HOME, "/", name.as_str()].concat() };
        if let Some((folder, _)) = path.rsplit_once('/') {
            let _ = world.files.make_dirs(folder, 0);
        }
        let _ = world.files.write(&path, text, 0);
    }
}

/// Brings the base's objects and lines to rest.
pub(super) fn play(world: &mut World, base: &Base) {
    let mut lines: alloc::vec::Vec<_> = base.lines.clone();
    if !base.objects.is_empty() {
        let _ = world.files.write("/tmp/.base.yaml", &base.objects, 0);
        lines.insert(0, "kubectl apply -f /tmp/.base.yaml".to_string());
    }
    for text in lines {
        world.apply(UNSEEN_SHELL, &InputKind::Line { text });
        world.settle(Instant(600_000));
    }
    world.forget(UNSEEN_SHELL);
}
