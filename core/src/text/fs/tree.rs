//! The nodes of the tree, and how a path leads to one of them.

use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::FsError;
use super::{CAPACITY_NODES, FileSystem, MAX_DEPTH, MAX_LINKS, MAX_NAME_BYTES, NodeKind, Result, Stat};

#[derive(Clone, Debug)]
pub(super) enum Body {
    File(Rc<String>),
    Dir(Rc<BTreeMap<Rc<str>, Node>>),
    Link(Rc<str>),
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) body: Body,
    pub(super) mode: u16,
    pub(super) mtime_ms: i64,
    pub(super) owner: Rc<str>,
    /// For a directory that is a mount: whether nothing at or below it may change, as far as the next mount.
    pub(super) read_only: Option<bool>,
}

impl Node {
    pub(super) fn dir(mtime_ms: i64, owner: &Rc<str>) -> Node {
        Node { body: Body::Dir(Rc::default()), mode: 0o755, mtime_ms, owner: Rc::clone(owner), read_only: None }
    }

    /// Bytes and number of nodes, this one included.
    pub(super) fn weigh(&self) -> (usize, usize) {
        match &self.body {
            Body::File(text) => (text.len(), 1),
            Body::Link(_) => (0, 1),
            Body::Dir(entries) => entries.values().map(Node::weigh).fold((0, 1), |sum, one| (sum.0 + one.0, sum.1 + one.1)),
        }
    }

    pub(super) fn stat(&self) -> Stat {
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

impl FileSystem {
    pub(super) fn node(&self, path: &str, follow: bool) -> Result<&Node> {
        let real = self.real(path, follow || path.ends_with('/'))?;
        let node = self.node_at(&real).ok_or(FsError::NotFound)?;
        if path.len() > 1 && path.ends_with('/') && !matches!(node.body, Body::Dir(_)) {
            return Err(FsError::NotADirectory);
        }
        Ok(node)
    }

    pub(super) fn node_at(&self, real: &[Rc<str>]) -> Option<&Node> {
        let mut node = &self.root;
        for part in real {
            let Body::Dir(entries) = &node.body else {
                return None;
            };
            node = entries.get(part)?;
        }
        Some(node)
    }

    pub(super) fn node_mut(&mut self, path: &str) -> Result<&mut Node> {
        let real = self.real(path, true)?;
        let mut node = &mut self.root;
        let mut read_only = false;
        for part in &real {
            read_only = node.read_only.unwrap_or(read_only);
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
        }
        if read_only { Err(FsError::ReadOnly) } else { Ok(node) }
    }

    /// Whether whoever writes here now may write to a node.
    pub(super) fn may_write(&self, node: &Node) -> bool {
        let user = |owner: &Rc<str>| owner.split(':').next().map(String::from);
        &*self.owner == "root" || node.mode & if user(&node.owner) == user(&self.owner) { 0o200 } else { 0o002 } != 0
    }

    pub(super) fn parent_mut<'a, 'b>(&'a mut self, real: &'b [Rc<str>]) -> Result<(&'a mut Rc<BTreeMap<Rc<str>, Node>>, &'b str)> {
        let (name, above) = real.split_last().ok_or(FsError::IsADirectory)?;
        let denied = self.node_at(above).is_some_and(|dir| !self.may_write(dir));
        let mut node = &mut self.root;
        let mut read_only = node.read_only.unwrap_or(false);
        for part in above {
            let Body::Dir(entries) = &mut node.body else {
                return Err(FsError::NotADirectory);
            };
            node = Rc::make_mut(entries).get_mut(part).ok_or(FsError::NotFound)?;
            read_only = node.read_only.unwrap_or(read_only);
        }
        if read_only {
            return Err(FsError::ReadOnly);
        }
        // A file that is there and may be written to needs no right to its directory.
        let writes_to = match &node.body {
            Body::Dir(entries) => entries.get(&**name).is_some_and(|one| matches!(one.body, Body::File(_))),
            _ => false,
        };
        if denied && !writes_to {
            return Err(FsError::Denied);
        }
        match &mut node.body {
            Body::Dir(entries) => Ok((entries, name)),
            _ => Err(FsError::NotADirectory),
        }
    }

    pub(super) fn touch_parent(&mut self, real: &[Rc<str>], now_ms: i64) {
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

    pub(super) fn detach(&mut self, real: &[Rc<str>], now_ms: i64) -> Result<Node> {
        if real.split_last().and_then(|(_, above)| self.node_at(above)).is_some_and(|dir| !self.may_write(dir)) {
            return Err(FsError::Denied);
        }
        let (dir, name) = self.parent_mut(real)?;
        let node = Rc::make_mut(dir).remove(name).ok_or(FsError::NotFound)?;
        let (bytes, nodes) = node.weigh();
        self.bytes = self.bytes.saturating_sub(bytes);
        self.nodes = self.nodes.saturating_sub(nodes);
        self.touch_parent(real, now_ms);
        Ok(node)
    }

    pub(super) fn insert(&mut self, path: &str, node: Node, now_ms: i64) -> Result<()> {
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

    /// The parts of the path with links, `.` and `..` resolved. Every directory on the way must exist.
    pub(super) fn real(&self, path: &str, follow_last: bool) -> Result<Vec<Rc<str>>> {
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
