//! Directories that outlive a container or are shared: emptyDir, hostPath and persistent volumes, as trees of texts.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::text::fs::{FileSystem, NodeKind};
use crate::text::timestamp;

/// The most files that are carried in a shared directory.
const MAX_FILES: usize = 500;

/// Files by path below the directory.
pub type Tree = BTreeMap<String, String>;

/// All shared directories, by what they are: `empty/UID/name`, `host/node/path`, `pv/name`. What is below a node's root
/// is one directory, of which Pods see the parts that they mount.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    trees: BTreeMap<String, (u64, Rc<Tree>)>,
    version: u64,
    /// Whether something has changed on a node since that was last looked at.
    pub host_changed: bool,
}

/// The directory of `host/node/path` and the path in it, with a slash at the end unless it is the whole.
fn on_host(key: &str) -> Option<(&str, String)> {
    let rest = key.strip_prefix("host/")?;
    let (node, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.trim_matches('/');
    let root = key.get(.."host/".len() + node.len())?;
    Some((root, if path.is_empty() { String::new() } else { [path, "/"].concat() }))
}

impl Stores {
    /// A directory's version and files; version zero when nobody has written to it.
    pub fn get(&self, key: &str) -> (u64, Rc<Tree>) {
        let Some((root, path)) = on_host(key) else { return self.trees.get(key).cloned().unwrap_or_default() };
        let (version, all) = self.trees.get(root).cloned().unwrap_or_default();
        if path.is_empty() {
            return (version, all);
        }
        let below = all.range(path.clone()..).map_while(|(file, text)| Some((file.strip_prefix(&path)?.to_string(), text.clone())));
        (version, Rc::new(below.collect()))
    }

    /// Replaces a directory's files, if they differ. Returns its version.
    pub fn put(&mut self, key: &str, tree: Tree) -> u64 {
        let (version, old) = self.get(key);
        if *old == tree {
            return version;
        }
        self.version += 1;
        let (key, tree) = match on_host(key) {
            Some((root, path)) => {
                self.host_changed = true;
                let mut all =
                    self.get(root).1.iter().filter(|(f, _)| !f.starts_with(&path)).map(|(f, t)| (f.clone(), t.clone())).collect::<Tree>();
                all.extend(tree.into_iter().map(|(file, text)| ([path.as_str(), &file].concat(), text)));
                (root, all)
            }
            None => (key, tree),
        };
        self.trees.insert(key.to_string(), (self.version, Rc::new(tree)));
        self.version
    }

    /// Forgets the directories whose key begins so.
    pub fn forget(&mut self, prefix: &str) {
        let keys: Vec<String> =
            self.trees.range(prefix.to_string()..).map(|(k, _)| k.clone()).take_while(|k| k.starts_with(prefix)).collect();
        for key in keys {
            self.trees.remove(&key);
        }
    }
}

/// Reads the files below a directory.
pub fn read_tree(files: &FileSystem, dir: &str) -> Tree {
    let mut tree = Tree::new();
    let mut open: Vec<String> = [String::new()].into();
    while let Some(below) = open.pop() {
        let Ok(entries) = files.list(&[dir, "/", &below].concat()) else { continue };
        for (name, stat) in entries {
            let path = if below.is_empty() { name.to_string() } else { [below.as_str(), "/", &name].concat() };
            match stat.kind {
                NodeKind::Dir if path.split('/').count() < 16 => open.push(path),
                NodeKind::File if tree.len() < MAX_FILES => {
                    if let Ok(text) = files.read(&[dir, "/", &path].concat()) {
                        tree.insert(path, text.to_string());
                    }
                }
                _ => {}
            }
        }
    }
    tree
}

/// Makes a directory hold exactly these files.
pub fn write_tree(files: &mut FileSystem, dir: &str, tree: &Tree, now_ms: i64) {
    let there = read_tree(files, dir);
    let _ = files.make_dirs(dir, now_ms);
    for path in there.keys().filter(|p| !tree.contains_key(*p)) {
        let _ = files.remove(&[dir, "/", path].concat(), now_ms);
    }
    for (path, text) in tree {
        if there.get(path) != Some(text) {
            let _ = files.install(&[dir, "/", path].concat(), text, now_ms);
        }
    }
}

/// Makes a directory hold exactly these files as the kubelet writes them: in a directory of the time, to which a link
/// leads, and links to what is there. `(now_ms, wall_ms)` is now. Models `pkg/volume/util` AtomicWriter.
pub fn give(files: &mut FileSystem, dir: &str, tree: &Tree, (now_ms, wall_ms): (i64, i64), mode: u16) {
    let stamp: String =
        timestamp::rfc3339(wall_ms).chars().filter(|c| *c != 'Z').map(|c| if c.is_ascii_digit() { c } else { '_' }).collect();
    let number = crate::text::hash::fnv1a_32([dir, &wall_ms.to_string()].concat().as_bytes());
    let real = alloc::format!("..{stamp}.{number}");
    let data = [dir, "/..data"].concat();
    let before = files.stat_link(&data).ok().and_then(|stat| stat.target);
    write_tree(files, &[dir, "/", &real].concat(), tree, now_ms);
    for path in tree.keys() {
        let _ = files.set_mode(&[dir, "/", &real, "/", path].concat(), mode);
    }
    let _ = files.remove(&data, now_ms);
    let _ = files.link(&data, &real, now_ms);
    let tops: BTreeSet<&str> = tree.keys().map(|path| path.split('/').next().unwrap_or(path)).collect();
    for (name, _) in files.list(dir).unwrap_or_default() {
        if !name.starts_with("..") && !tops.contains(&*name) {
            let _ = files.remove(&[dir, "/", &name].concat(), now_ms);
        }
    }
    for name in tops {
        let _ = files.link(&[dir, "/", name].concat(), &["..data/", name].concat(), now_ms);
    }
    if let Some(old) = before.filter(|old| **old != *real) {
        let _ = files.remove_all(&[dir, "/", &old].concat(), now_ms);
    }
    let _ = files.set_mode(dir, 0o1777);
}

/// The files that [`give`] has put into a directory.
pub fn given(files: &FileSystem, dir: &str) -> Tree {
    read_tree(files, &[dir, "/..data"].concat())
}
