//! A small file system as a value: the learner's files and the files of containers. Cloning shares
//! everything (a checkpoint is a clone); a write copies only the path to what it changes. It never knows
//! shells, clusters or the clock: the caller says the time of a write, in milliseconds of simulated time.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The most bytes all files of one file system may hold together.
pub const CAPACITY_BYTES: usize = 8 * 1024 * 1024;
/// The most files and directories one file system may hold.
pub const CAPACITY_NODES: usize = 20_000;
const MAX_NAME_BYTES: usize = 255;
const MAX_DEPTH: usize = 64;
const MAX_LINKS: usize = 16;

/// Why an operation failed; the texts are those of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsError {
    /// Nothing has that name.
    NotFound,
    /// A part of the path is a file.
    NotADirectory,
    /// A file was wanted and a directory is there.
    IsADirectory,
    /// The name is taken.
    Exists,
    /// A directory with entries cannot be removed or replaced.
    NotEmpty,
    /// The limits of size or number are reached.
    NoSpace,
    /// The place was mounted read-only (a ConfigMap volume, for instance).
    ReadOnly,
    /// The file's mode forbids it.
    Denied,
    /// Symbolic links lead in a circle.
    Loop,
    /// A name of more than 255 bytes or a path too deep.
    NameTooLong,
    /// A directory cannot be moved into itself.
    Invalid,
}

impl FsError {
    /// What `strerror` says.
    pub fn text(self) -> &'static str {
        match self {
            FsError::NotFound => "No such file or directory",
            FsError::NotADirectory => "Not a directory",
            FsError::IsADirectory => "Is a directory",
            FsError::Exists => "File exists",
            FsError::NotEmpty => "Directory not empty",
            FsError::NoSpace => "No space left on device",
            FsError::ReadOnly => "Read-only file system",
            FsError::Denied => "Permission denied",
            FsError::Loop => "Too many levels of symbolic links",
            FsError::NameTooLong => "File name too long",
            FsError::Invalid => "Invalid argument",
        }
    }
}

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
    /// The owner's name, which is also the group's.
    pub owner: Rc<str>,
    /// Where a link points.
    pub target: Option<Rc<str>>,
    /// Hard links as `ls -l` counts them: one for a file, two and one per directory inside for a directory.
    pub links: usize,
}

#[derive(Clone, Debug)]
enum Body {
    File(Rc<String>),
    Dir(Rc<BTreeMap<Rc<str>, Node>>),
    Link(Rc<str>),
}

#[derive(Clone, Debug)]
struct Node {
    body: Body,
    mode: u16,
    mtime_ms: i64,
    owner: Rc<str>,
    /// For a directory: nothing at or below it may change.
    read_only: bool,
}

/// A tree of directories and text files. See the module's comment.
#[derive(Clone, Debug)]
pub struct FileSystem {
    root: Node,
    bytes: usize,
    nodes: usize,
    owner: Rc<str>,
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
        FileSystem { root: Node::dir(0, &owner), bytes: 0, nodes: 0, owner }
    }

    /// Makes what is created from now on belong to `name`.
    pub fn set_default_owner(&mut self, name: &str) {
        self.owner = Rc::from(name);
    }

    /// Bytes in all files.
    pub fn used_bytes(&self) -> usize {
        self.bytes
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> Result<Rc<String>> {
        match &self.node(path, true)?.body {
            Body::File(text) => Ok(Rc::clone(text)),
            _ => Err(FsError::IsADirectory),
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
        let (bytes, nodes, owner) = (self.bytes, self.nodes, Rc::clone(&self.owner));
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
                    entries.insert(Rc::from(name), Node { body, mode: 0o644, mtime_ms: now_ms, owner, read_only: false });
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
            Node { body: Body::Link(Rc::from(target)), mode: 0o777, mtime_ms: now_ms, owner: Rc::clone(&self.owner), read_only: false };
        self.insert(path, node, now_ms)
    }

    fn insert(&mut self, path: &str, node: Node, now_ms: i64) -> Result<()> {
        let real = self.real(path, false)?;
        if real.is_empty() {
            return Err(FsError::Exists);
        }
        if self.node_at(&real).is_some() {
            return Err(FsError::Exists);
        }
        if self.nodes >= CAPACITY_NODES {
            return Err(FsError::NoSpace);
        }
        let (dir, name) = self.parent_mut(&real)?;
        Rc::make_mut(dir).insert(Rc::from(name), node);
        self.nodes += 1;
        self.touch_parent(&real, now_ms);
        Ok(())
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

    fn detach(&mut self, real: &[Rc<str>], now_ms: i64) -> Result<Node> {
        let (dir, name) = self.parent_mut(real)?;
        let node = Rc::make_mut(dir).remove(name).ok_or(FsError::NotFound)?;
        let (bytes, nodes) = node.weigh();
        self.bytes = self.bytes.saturating_sub(bytes);
        self.nodes = self.nodes.saturating_sub(nodes);
        self.touch_parent(real, now_ms);
        Ok(node)
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

    /// Forbids or allows changes in a directory and below, as a read-only mount does. Setting up goes first.
    pub fn set_read_only(&mut self, path: &str, read_only: bool) -> Result<()> {
        let real = self.real(path, true)?;
        let mut node = &mut self.root;
        for part in &real {
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
        }
        node.read_only = read_only;
        Ok(())
    }

    /// The absolute path without links, `.` and `..`; the last part need not exist.
    pub fn canonical(&self, path: &str) -> Result<String> {
        Ok(join(&self.real(path, true)?))
    }

    fn node(&self, path: &str, follow: bool) -> Result<&Node> {
        let real = self.real(path, follow || path.ends_with('/'))?;
        let node = self.node_at(&real).ok_or(FsError::NotFound)?;
        if path.len() > 1 && path.ends_with('/') && !matches!(node.body, Body::Dir(_)) {
            return Err(FsError::NotADirectory);
        }
        Ok(node)
    }

    fn node_at(&self, real: &[Rc<str>]) -> Option<&Node> {
        let mut node = &self.root;
        for part in real {
            let Body::Dir(entries) = &node.body else {
                return None;
            };
            node = entries.get(part)?;
        }
        Some(node)
    }

    fn node_mut(&mut self, path: &str) -> Result<&mut Node> {
        let real = self.real(path, true)?;
        let mut node = &mut self.root;
        for part in &real {
            if node.read_only {
                return Err(FsError::ReadOnly);
            }
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
        }
        Ok(node)
    }

    fn parent_mut<'a, 'b>(&'a mut self, real: &'b [Rc<str>]) -> Result<(&'a mut Rc<BTreeMap<Rc<str>, Node>>, &'b str)> {
        let (name, above) = real.split_last().ok_or(FsError::IsADirectory)?;
        let mut node = &mut self.root;
        for part in above {
            if node.read_only {
                return Err(FsError::ReadOnly);
            }
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
        }
        if node.read_only {
            return Err(FsError::ReadOnly);
        }
        match &mut node.body {
            Body::Dir(entries) => Ok((entries, name)),
            _ => Err(FsError::NotADirectory),
        }
    }

    fn touch_parent(&mut self, real: &[Rc<str>], now_ms: i64) {
        let Some((_, above)) = real.split_last() else {
            return;
        };
        let mut node = &mut self.root;
        for part in above {
            let Body::Dir(entries) = &mut node.body else {
                return;
            };
            let Some(next) = Rc::make_mut(entries).get_mut(part) else {
                return;
            };
            node = next;
        }
        node.mtime_ms = now_ms;
    }

    /// The parts of the path with links, `.` and `..` resolved. Every directory on the way must exist.
    fn real(&self, path: &str, follow_last: bool) -> Result<Vec<Rc<str>>> {
        let mut todo: Vec<Rc<str>> = path.split('/').rev().filter(|part| !part.is_empty()).map(Rc::from).collect();
        if todo.len() > MAX_DEPTH * 4 {
            return Err(FsError::NameTooLong);
        }
        let mut done: Vec<Rc<str>> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop() {
            match &*part {
                "." => continue,
                ".." => {
                    done.pop();
                    continue;
                }
                _ => {}
            }
            if part.len() > MAX_NAME_BYTES || done.len() >= MAX_DEPTH {
                return Err(FsError::NameTooLong);
            }
            let dir = match self.node_at(&done).map(|node| &node.body) {
                Some(Body::Dir(entries)) => entries,
                Some(_) => return Err(FsError::NotADirectory),
                None => return Err(FsError::NotFound),
            };
            match dir.get(&part).map(|node| &node.body) {
                Some(Body::Link(target)) if follow_last || !todo.is_empty() => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(FsError::Loop);
                    }
                    if target.starts_with('/') {
                        done.clear();
                    }
                    todo.extend(target.split('/').rev().filter(|part| !part.is_empty()).map(Rc::from));
                }
                None if !todo.is_empty() => return Err(FsError::NotFound),
                _ => done.push(part),
            }
        }
        Ok(done)
    }
}

impl Node {
    fn dir(mtime_ms: i64, owner: &Rc<str>) -> Node {
        Node { body: Body::Dir(Rc::default()), mode: 0o755, mtime_ms, owner: Rc::clone(owner), read_only: false }
    }

    /// Bytes and number of nodes, this one included.
    fn weigh(&self) -> (usize, usize) {
        match &self.body {
            Body::File(text) => (text.len(), 1),
            Body::Link(_) => (0, 1),
            Body::Dir(entries) => entries.values().map(Node::weigh).fold((0, 1), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
        }
    }

    fn stat(&self) -> Stat {
        let (kind, size, links, target) = match &self.body {
            Body::File(text) => (NodeKind::File, text.len(), 1, None),
            Body::Dir(entries) => {
                let inside = entries.values().filter(|node| matches!(node.body, Body::Dir(_))).count();
                (NodeKind::Dir, 4096, inside + 2, None)
            }
            Body::Link(target) => (NodeKind::Link, target.len(), 1, Some(Rc::clone(target))),
        };
        Stat { kind, size, mode: self.mode, mtime_ms: self.mtime_ms, owner: Rc::clone(&self.owner), target, links }
    }
}

fn join(parts: &[Rc<str>]) -> String {
    let mut path = String::new();
    for part in parts {
        path.push('/');
        path.push_str(part);
    }
    if path.is_empty() {
        path.push('/');
    }
    path
}

/// `path` as seen from the directory `cwd`: absolute, with `.` and `..` taken out as words (not through links).
/// A slash at the end stays, since it insists on a directory.
pub fn resolve(cwd: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let from = if path.starts_with('/') { "" } else { cwd };
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    let mut out = String::new();
    for part in &parts {
        out.push('/');
        out.push_str(part);
    }
    if out.is_empty() || path.ends_with('/') {
        out.push('/');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_directories() {
        let mut fs = FileSystem::new();
        assert_eq!(fs.write("/a/b", "x", 1), Err(FsError::NotFound));
        fs.make_dirs("/a/c", 1).unwrap();
        fs.write("/a/b", "x", 2).unwrap();
        let before = fs.clone();
        fs.append("/a/b", "yz", 3).unwrap();
        assert_eq!(fs.read("/a/b").unwrap().as_str(), "xyz");
        assert_eq!(before.read("/a/b").unwrap().as_str(), "x");
        assert_eq!(fs.write("/a/b/c", "", 3), Err(FsError::NotADirectory));
        assert_eq!(fs.write("/a", "", 3), Err(FsError::IsADirectory));
        assert_eq!(fs.remove_dir("/a", 3), Err(FsError::NotEmpty));
        assert_eq!(fs.make_dir("/a", 3), Err(FsError::Exists));
        assert_eq!(fs.rename("/a", "/a/c/d", 3), Err(FsError::Invalid));
        fs.rename("/a/b", "/q", 4).unwrap();
        assert_eq!(fs.read("/q").unwrap().as_str(), "xyz");
        assert_eq!(fs.read("/a/b"), Err(FsError::NotFound));
        assert_eq!(fs.read("/q/"), Err(FsError::NotADirectory));
        assert_eq!(fs.stat("/a").unwrap().links, 3);
        fs.remove_all("/a", 5).unwrap();
        assert_eq!(fs.used_bytes(), 3);
        assert_eq!(fs.nodes, 1);
    }

    #[test]
    fn links_lead_where_they_point() {
        let mut fs = FileSystem::new();
        fs.install("/vol/..2024/key", "v", 0).unwrap();
        fs.link("/vol/..data", "..2024", 0).unwrap();
        fs.link("/vol/key", "..data/key", 0).unwrap();
        assert_eq!(fs.read("/vol/key").unwrap().as_str(), "v");
        assert_eq!(fs.stat_link("/vol/key").unwrap().kind, NodeKind::Link);
        fs.link("/x", "/y", 0).unwrap();
        fs.link("/y", "/x", 0).unwrap();
        assert_eq!(fs.read("/x"), Err(FsError::Loop));
        fs.set_read_only("/vol", true).unwrap();
        assert_eq!(fs.write("/vol/key", "w", 0), Err(FsError::ReadOnly));
        assert_eq!(fs.remove("/vol/key", 0), Err(FsError::ReadOnly));
    }

    #[test]
    fn space_is_limited() {
        let mut fs = FileSystem::new();
        let big = "x".repeat(CAPACITY_BYTES);
        fs.write("/big", &big, 0).unwrap();
        assert_eq!(fs.append("/big", "y", 0), Err(FsError::NoSpace));
        fs.write("/big", "small", 0).unwrap();
        assert_eq!(fs.write(&"/d".repeat(500), "", 0), Err(FsError::NameTooLong));
    }

    #[test]
    fn paths_resolve() {
        assert_eq!(resolve("/root", "a"), "/root/a");
        assert_eq!(resolve("/root", "../b/./c"), "/b/c");
        assert_eq!(resolve("/root", "/x//y/"), "/x/y/");
        assert_eq!(resolve("/", ".."), "/");
        assert_eq!(resolve("/root", ""), "/root");
    }
}
