//! What the file system keeps, and how it says no.

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
