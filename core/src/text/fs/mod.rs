//! A small file system as a value: the learner's files and the files of containers. Cloning shares
//! everything (a checkpoint is a clone); a write copies only the path to what it changes. It never knows
//! shells, clusters or the clock: the caller says the time of a write, in milliseconds of simulated time.

mod device;
mod error;
mod path;

#[cfg(test)]
mod tests;
mod tree;

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
pub use error::FsError;
use path::join;
pub use path::resolve;
use tree::{Body, Node};

/// The most bytes all files of one file system may hold together.
pub const CAPACITY_BYTES: usize = 8 * 1024 * 1024;
/// The most files and directories one file system may hold.
pub const CAPACITY_NODES: usize = 20_000;
const MAX_NAME_BYTES: usize = 255;
const MAX_DEPTH: usize = 64;
const MAX_LINKS: usize = 16;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A file with text in it.
    File,
    /// A directory.
    Dir,
    /// A symbolic link.
    Link,
}

/// What `stat` tells about a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// File, directory or link.
    pub kind: NodeKind,
    /// Bytes of a file or of a link's target; 4096 for a directory.
    pub size: usize,
    /// Permission bits, as `0o644`.
    pub mode: u16,
    /// The time of the last change, in milliseconds since the scenario began; negative is before.
    pub mtime_ms: i64,
    /// The owner's name, which is also the group's; `user:group` where they differ.
    pub owner: Rc<str>,
    /// Where a link points.
    pub target: Option<Rc<str>>,
    /// Hard links as `ls -l` counts them: one for a file, two and one per directory inside for a directory.
    pub links: usize,
}

/// A directory as it was: whatever changes below it makes another of it.
#[derive(Clone, Debug)]
pub struct Seen(Rc<BTreeMap<Rc<str>, Node>>);

impl PartialEq for Seen {
    fn eq(&self, other: &Seen) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Stat {
    /// The user that it belongs to.
    pub fn user(&self) -> &str {
        self.owner.split(':').next().unwrap_or_default()
    }

    /// The group that it belongs to.
    pub fn group(&self) -> &str {
        self.owner.rsplit(':').next().unwrap_or_default()
    }
}

/// A tree of directories and text files. See the module's comment.
#[derive(Clone, Debug)]
pub struct FileSystem {
    root: Node,
    bytes: usize,
    nodes: usize,
    owner: Rc<str>,
    /// How far what is random in devices has come.
    draws: core::cell::Cell<u64>,
}

impl Default for FileSystem {
    fn default() -> Self {
        FileSystem::new()
    }
}

type Result<T> = core::result::Result<T, FsError>;

impl FileSystem {
    /// An empty file system that belongs to root: only `/` exists.
    pub fn new() -> FileSystem {
        let owner: Rc<str> = Rc::from("root");
        FileSystem { root: Node::dir(0, &owner), bytes: 0, nodes: 0, owner, draws: core::cell::Cell::new(1) }
    }

    /// Makes what is created from now on belong to `name`, who may write what is theirs or anybody's; root may write
    /// everything. Answers who it was before.
    pub fn set_default_owner(&mut self, name: &str) -> Rc<str> {
        core::mem::replace(&mut self.owner, Rc::from(name))
    }

    /// Bytes in all files.
    pub fn used_bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> Result<Rc<String>> {
        match self.node(path, true).map(|node| &node.body) {
            Ok(Body::File(text)) => Ok(Rc::clone(text)),
            Ok(_) => Err(FsError::IsADirectory),
            Err(error) => device::read(path, &self.draws).ok_or(error),
        }
    }

    /// Makes or replaces a file. Its directory must exist.
    pub fn write(&mut self, path: &str, text: &str, now_ms: i64) -> Result<()> {
        self.put(path, text, now_ms, false)
    }

    /// Makes a file or adds to its end.
    pub fn append(&mut self, path: &str, text: &str, now_ms: i64) -> Result<()> {
        self.put(path, text, now_ms, true)
    }

    /// `write`, making the directories above the file as needed: for setting a file system up.
    pub fn install(&mut self, path: &str, text: &str, now_ms: i64) -> Result<()> {
        if let Some((dir, _)) = path.rsplit_once('/').filter(|(dir, _)| !dir.is_empty()) {
            self.make_dirs(dir, now_ms)?;
        }
        self.write(path, text, now_ms)
    }

    fn put(&mut self, path: &str, text: &str, now_ms: i64, append: bool) -> Result<()> {
        let real = self.real(path, true)?;
        if path.ends_with('/') {
            return Err(FsError::IsADirectory);
        }
        let (bytes, nodes, owner) = (self.bytes, self.nodes, self.owner_in(&real));
        if self.node_at(&real).is_some_and(|node| !self.may_write(node)) {
            return Err(FsError::Denied);
        }
        let (delta_out, delta_in, made) = {
            let (dir, name) = self.parent_mut(&real)?;
            let entries = Rc::make_mut(dir);
            match entries.get_mut(name) {
                Some(node) => {
                    let Body::File(old) = &mut node.body else {
                        return Err(FsError::IsADirectory);
                    };
                    let gone = if append { 0 } else { old.len() };
                    if bytes.saturating_sub(gone).saturating_add(text.len()) > CAPACITY_BYTES {
                        return Err(FsError::NoSpace);
                    }
                    if append {
                        Rc::make_mut(old).push_str(text);
                    } else {
                        *old = Rc::new(text.to_string());
                    }
                    node.mtime_ms = now_ms;
                    (gone, text.len(), false)
                }
                None => {
                    if nodes >= CAPACITY_NODES || bytes.saturating_add(text.len()) > CAPACITY_BYTES {
                        return Err(FsError::NoSpace);
                    }
                    let body = Body::File(Rc::new(text.to_string()));
                    entries.insert(Rc::from(name), Node { body, mode: 0o644, mtime_ms: now_ms, owner, read_only: None });
                    (0, text.len(), true)
                }
            }
        };
        self.bytes = self.bytes.saturating_sub(delta_out).saturating_add(delta_in);
        if made {
            self.nodes += 1;
            self.touch_parent(&real, now_ms);
        }
        Ok(())
    }

    /// Whom something made at a path belongs to: a directory may pass its group on.
    fn owner_in(&self, real: &[Rc<str>]) -> Rc<str> {
        let above = real.split_last().and_then(|(_, above)| self.node_at(above)).filter(|dir| dir.mode & 0o2000 != 0);
        let Some(dir) = above else { return Rc::clone(&self.owner) };
        let (user, group) = (self.owner.split(':').next().unwrap_or_default(), dir.owner.rsplit(':').next().unwrap_or_default());
        Rc::from(if user == group { user.to_string() } else { [user, ":", group].concat() })
    }

    /// Makes one directory.
    pub fn make_dir(&mut self, path: &str, now_ms: i64) -> Result<()> {
        let owner = Rc::clone(&self.owner);
        self.insert(path, Node::dir(now_ms, &owner), now_ms)
    }

    /// Makes a directory and those above it; fine if it is there already.
    pub fn make_dirs(&mut self, path: &str, now_ms: i64) -> Result<()> {
        let mut so_far = String::new();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            so_far.push('/');
            so_far.push_str(part);
            match self.make_dir(&so_far, now_ms) {
                Ok(()) => {}
                Err(FsError::Exists) if self.is_dir(&so_far) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes a symbolic link at `path` that points to `target`.
    pub fn link(&mut self, path: &str, target: &str, now_ms: i64) -> Result<()> {
        let node =
            Node { body: Body::Link(Rc::from(target)), mode: 0o777, mtime_ms: now_ms, owner: Rc::clone(&self.owner), read_only: None };
        self.insert(path, node, now_ms)
    }

    /// Removes a file or a link.
    pub fn remove(&mut self, path: &str, now_ms: i64) -> Result<()> {
        let real = self.real(path, false)?;
        match self.node_at(&real).map(|node| &node.body) {
            None => Err(FsError::NotFound),
            Some(Body::Dir(_)) => Err(FsError::IsADirectory),
            Some(_) => self.detach(&real, now_ms).map(|_| ()),
        }
    }

    /// Removes a directory that is empty.
    pub fn remove_dir(&mut self, path: &str, now_ms: i64) -> Result<()> {
        let real = self.real(path, false)?;
        match self.node_at(&real).map(|node| &node.body) {
            None => Err(FsError::NotFound),
            Some(Body::Dir(entries)) if entries.is_empty() => self.detach(&real, now_ms).map(|_| ()),
            Some(Body::Dir(_)) => Err(FsError::NotEmpty),
            Some(_) => Err(FsError::NotADirectory),
        }
    }

    /// Removes whatever is at `path` and below.
    pub fn remove_all(&mut self, path: &str, now_ms: i64) -> Result<()> {
        let real = self.real(path, false)?;
        self.detach(&real, now_ms).map(|_| ())
    }

    /// Moves `from` to the exact name `to`, replacing a file there (or an empty directory by a directory).
    pub fn rename(&mut self, from: &str, to: &str, now_ms: i64) -> Result<()> {
        let source = self.real(from, false)?;
        let target = self.real(to, false)?;
        let moving = self.node_at(&source).ok_or(FsError::NotFound)?.clone();
        if source == target {
            return Ok(());
        }
        if target.starts_with(&source) {
            return Err(FsError::Invalid);
        }
        let is_dir = matches!(moving.body, Body::Dir(_));
        match self.node_at(&target).map(|node| &node.body) {
            Some(Body::Dir(_)) if !is_dir => return Err(FsError::IsADirectory),
            Some(Body::Dir(entries)) if !entries.is_empty() => return Err(FsError::NotEmpty),
            Some(Body::File(_) | Body::Link(_)) if is_dir => return Err(FsError::NotADirectory),
            _ => {}
        }
        self.parent_mut(&target)?;
        self.detach(&source, now_ms)?;
        self.detach(&target, now_ms).ok();
        let (bytes, nodes) = moving.weigh();
        let (dir, name) = self.parent_mut(&target)?;
        Rc::make_mut(dir).insert(Rc::from(name), moving);
        self.bytes += bytes;
        self.nodes += nodes;
        self.touch_parent(&target, now_ms);
        Ok(())
    }

    /// What `path` is, following links.
    pub fn stat(&self, path: &str) -> Result<Stat> {
        self.node(path, true).map(Node::stat)
    }

    /// What `path` is, a link being a link.
    pub fn stat_link(&self, path: &str) -> Result<Stat> {
        self.node(path, false).map(Node::stat)
    }

    /// The names in a directory with what they are, in byte order.
    pub fn list(&self, path: &str) -> Result<Vec<(Rc<str>, Stat)>> {
        match &self.node(path, true)?.body {
            Body::Dir(entries) => Ok(entries.iter().map(|(name, node)| (Rc::clone(name), node.stat())).collect()),
            _ => Err(FsError::NotADirectory),
        }
    }

    /// A directory as it is, to be compared with what it is later: equal when nothing below it has changed in between.
    pub fn seen(&self, path: &str) -> Option<Seen> {
        match &self.node(path, true).ok()?.body {
            Body::Dir(entries) => Some(Seen(Rc::clone(entries))),
            _ => None,
        }
    }

    /// Whether something is there (a link that leads nowhere is not).
    pub fn exists(&self, path: &str) -> bool {
        self.node(path, true).is_ok()
    }

    /// Whether a directory is there.
    pub fn is_dir(&self, path: &str) -> bool {
        self.node(path, true).is_ok_and(|node| matches!(node.body, Body::Dir(_)))
    }

    /// Whether a file is there.
    pub fn is_file(&self, path: &str) -> bool {
        self.node(path, true).is_ok_and(|node| matches!(node.body, Body::File(_)))
    }

    /// Sets the permission bits.
    pub fn set_mode(&mut self, path: &str, mode: u16) -> Result<()> {
        self.node_mut(path)?.mode = mode;
        Ok(())
    }

    /// Sets the time of last change.
    pub fn set_mtime(&mut self, path: &str, mtime_ms: i64) -> Result<()> {
        self.node_mut(path)?.mtime_ms = mtime_ms;
        Ok(())
    }

    /// Sets the owner of what is at `path` (not below).
    pub fn set_owner(&mut self, path: &str, owner: &str) -> Result<()> {
        self.node_mut(path)?.owner = Rc::from(owner);
        Ok(())
    }

    /// Forbids or allows changes in a directory and below, as a mount does: the nearest above a file decides.
    pub fn set_read_only(&mut self, path: &str, read_only: bool) -> Result<()> {
        let real = self.real(path, true)?;
        let mut node = &mut self.root;
        for part in &real {
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
        }
        node.read_only = Some(read_only);
        Ok(())
    }

    /// The absolute path without links, `.` and `..`; the last part need not exist.
    pub fn canonical(&self, path: &str) -> Result<String> {
        Ok(join(&self.real(path, true)?))
    }
}
