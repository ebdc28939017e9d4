//! Images as data: which exist, how big they are and what they do. What registries answer about the others.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::text::sha256;

/// One row per repository.
const TABLE: &str = include_str!("../../data/images.txt");

/// An image that a registry has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The full name with its tag: `docker.io/library/nginx:latest`.
    pub name: String,
    /// Repository and digest, as `imageID` says it.
    pub id: String,
    /// Bytes to pull.
    pub size: u64,
    /// What it does when it is run: a row of the table of behaviours.
    pub behaviour: &'static str,
    /// The ports it listens on.
    pub ports: Vec<u16>,
    /// The family of programs in it.
    pub programs: &'static str,
    /// The user that its process runs as: a name or a number.
    pub user: &'static str,
    /// Its tag.
    pub tag: String,
}

/// Why an image cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The name is none: the text of the parser.
    Invalid(String),
    /// The registry says no: the whole text of the runtime.
    Refused(String),
}

/// Repository, tag and digest of an image name, with what is left out filled in. Models distribution's reference parser.
fn split(name: &str) -> Option<(String, String, Option<&str>)> {
    let (rest, digest) = match name.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (name, None),
    };
    if digest.is_some_and(|d| !d.strip_prefix("sha256:").is_some_and(|h| h.len() == 64 && h.bytes().all(|b| b.is_ascii_hexdigit()))) {
        return None;
    }
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (rest, None),
    };
    let tag_byte = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    if tag.is_some_and(|t| t.is_empty() || t.len() > 128 || !t.bytes().all(tag_byte) || t.starts_with(['.', '-'])) {
        return None;
    }
    let (host, remainder) = match path.split_once('/') {
        Some((host, remainder)) if host.contains(['.', ':']) || host == "localhost" => (host, remainder),
        _ => ("docker.io", path),
    };
    let part_ok = |part: &str| {
        let middle = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        part.bytes().all(middle) && edge(part.as_bytes().first()) && edge(part.as_bytes().last())
    };
    if remainder.is_empty() || !remainder.split('/').all(part_ok) {
        return None;
    }
    let library = if host == "docker.io" && !remainder.contains('/') { "library/" } else { "" };
    let tag = tag.unwrap_or(if digest.is_some() { "" } else { "latest" });
    Some(([host, "/", library, remainder].concat(), tag.to_string(), digest))
}

/// The name as the runtime knows it: `docker.io/library/nginx:latest`. `None` when it is not a name.
pub fn full_name(name: &str) -> Option<String> {
    let (repository, tag, digest) = split(name)?;
    Some(match (tag.is_empty(), digest) {
        (true, Some(d)) => [repository.as_str(), "@", d].concat(),
        _ => [repository.as_str(), ":", &tag].concat(),
    })
}

/// Looks an image up as a registry would.
///
/// # Errors
/// Why it cannot be had.
pub fn find(name: &str) -> Result<Image, Missing> {
    let Some((repository, tag, digest)) = split(name) else {
        return Err(Missing::Invalid(alloc::format!("couldn't parse image name {name:?}: invalid reference format")));
    };
    let full = full_name(name).unwrap_or_default();
    let Some(mut fields) = row_of(&repository).or_else(|| row_of(&original(&repository)?)).map(|r| r.split('|').skip(1)) else {
        return Err(Missing::Refused(unknown_repository(&repository, &full)));
    };
    let size = fields.next().and_then(|s| s.parse().ok()).unwrap_or(0);
    let behaviour = fields.next().unwrap_or("server");
    let ports = fields.next().unwrap_or_default().split(',').filter_map(|p| p.parse().ok()).collect();
    let programs = fields.next().unwrap_or_default();
    let (programs, user) = programs.split_once(' ').unwrap_or((programs, "root"));
    let tags = fields.next().unwrap_or("*");
    if digest.is_none() && !has_tag(tags, &tag) {
        let text = alloc::format!("rpc error: code = NotFound desc = {}: {full}: not found", failed(&full));
        return Err(Missing::Refused(text));
    }
    let hash = match digest {
        Some(d) => d.to_string(),
        None => ["sha256:", &sha256::hex(full.as_bytes())].concat(),
    };
    Ok(Image { id: [repository.as_str(), "@", &hash].concat(), name: full, size, behaviour, ports, programs, user, tag })
}

/// The row of a repository; `{a,b}` in a row stands for either.
fn row_of(repository: &str) -> Option<&'static str> {
    TABLE.lines().find(|line| {
        let name = line.split('|').next().unwrap_or_default();
        let Some((before, rest)) = name.split_once('{') else { return name == repository };
        let (among, after) = rest.split_once('}').unwrap_or((rest, ""));
        let middle = repository.strip_prefix(before).and_then(|r| r.strip_suffix(after));
        middle.is_some_and(|middle| among.split(',').any(|one| one == middle))
    })
}

/// The repository that another is a copy of: registries that mirror others.
fn original(repository: &str) -> Option<String> {
    const MIRRORS: &[(&str, &str)] = &[
        ("k8s.gcr.io/", "registry.k8s.io/"),
        ("gcr.io/google_containers/", "registry.k8s.io/"),
        ("gcr.io/google-containers/", "registry.k8s.io/"),
        ("public.ecr.aws/docker/library/", "docker.io/library/"),
        ("mirror.gcr.io/", "docker.io/"),
        ("docker.io/bitnamilegacy/", "docker.io/bitnami/"),
    ];
    MIRRORS.iter().find_map(|(copy, of)| Some([*of, repository.strip_prefix(copy)?].concat()))
}

fn failed(full: &str) -> String {
    alloc::format!("failed to pull and unpack image {full:?}: failed to resolve reference {full:?}")
}

/// What a registry says of a repository that it does not have.
fn unknown_repository(repository: &str, full: &str) -> String {
    let host = repository.split('/').next().unwrap_or_default();
    match host {
        "docker.io" => alloc::format!(
            "{}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
            failed(full)
        ),
        "quay.io" => {
            let path = repository.strip_prefix(host).unwrap_or_default();
            let tag = full.strip_prefix(repository).unwrap_or_default().trim_start_matches([':', '@']);
            let url = ["https://quay.io/v2", path, "/manifests/", tag].concat();
            [&failed(full), ": unexpected status from HEAD request to ", &url, ": 401 UNAUTHORIZED"].concat()
        }
        "ghcr.io" => {
            let path = repository.strip_prefix("ghcr.io/").unwrap_or_default().replace('/', "%2F");
            alloc::format!(
                "{}: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=repository%3A{path}%3Apull&service=ghcr.io: 403 Forbidden",
                failed(full)
            )
        }
        _ if host.split(':').next() == Some("localhost") => {
            let path = repository.strip_prefix(host).unwrap_or_default();
            let tag = full.strip_prefix(repository).unwrap_or_default().trim_start_matches([':', '@']);
            let port = host.split(':').nth(1).unwrap_or("80");
            alloc::format!(
                "{}: failed to do request: Head \"http://{host}/v2{path}/manifests/{tag}\": dial tcp 127.0.0.1:{port}: connect: connection refused",
                failed(full)
            )
        }
        "registry.k8s.io" | "k8s.gcr.io" | "gcr.io" => {
            alloc::format!("rpc error: code = NotFound desc = {}: {full}: not found", failed(full))
        }
        _ => {
            let path = repository.strip_prefix(host).unwrap_or_default();
            let tag = full.strip_prefix(repository).unwrap_or_default().trim_start_matches([':', '@']);
            let name = host.split(':').next().unwrap_or_default();
            alloc::format!(
                "{}: failed to do request: Head \"https://{host}/v2{path}/manifests/{tag}\": dial tcp: lookup {name}: no such host",
                failed(full)
            )
        }
    }
}

/// What the runtime says when a registry does not answer.
pub fn registry_down(name: &str) -> String {
    let full = full_name(name).unwrap_or_default();
    let (repository, tag, _) = split(name).unwrap_or_default();
    let (host, path) = repository.split_once('/').unwrap_or(("docker.io", ""));
    let server = if host == "docker.io" { "registry-1.docker.io" } else { host };
    alloc::format!("{}: failed to do request: Head \"https://{server}/v2/{path}/manifests/{tag}\": dial tcp: i/o timeout", failed(&full))
}

/// Whether a tag is in a tag list. See the head of the table.
fn has_tag(list: &str, tag: &str) -> bool {
    if list == "*" {
        return true;
    }
    let variants = || list.split(',').filter_map(|t| t.strip_prefix('~'));
    let plain = |tag: &str| list.split(',').filter(|t| !t.starts_with('~')).any(|entry| entry_has(entry, tag));
    plain(tag) || variants().any(|v| tag.strip_suffix(v).and_then(|t| t.strip_suffix('-')).is_some_and(plain))
}

fn entry_has(entry: &str, tag: &str) -> bool {
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let begins = |whole: &str| numeric(whole) && whole.strip_prefix(tag).is_some_and(|rest| rest.starts_with('.'));
    let Some((first, last)) = entry.split_once("..") else {
        return entry == tag || begins(entry);
    };
    let (stem, from) = first.rsplit_once('.').unwrap_or(("", first));
    let (tag_stem, number) = tag.rsplit_once('.').unwrap_or(("", tag));
    let within = |n: u32| from.parse().is_ok_and(|f: u32| f <= n) && last.parse().is_ok_and(|l: u32| n <= l);
    tag_stem == stem && numeric(tag) && number.parse().is_ok_and(within) || stem == tag && !stem.is_empty() || begins(stem)
}

/// Repository, behaviour and family of programs of each row.
#[cfg(test)]
pub fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter(|l| !l.starts_with('#')).map(|row| {
        let fields: Vec<&str> = row.split('|').collect();
        (fields[0], fields[2], fields[4].split(' ').next().unwrap())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_exist() {
        for name in
            ["nginx", "nginx:1.7.9", "nginx:1.26", "nginx:1", "nginx:1.16.1-alpine", "busybox:1.28", "mysql:8.0", "redis:7", "ubuntu:22.04"]
        {
            assert!(find(name).is_ok(), "{name}");
        }
        for name in ["nginx:1.17.23", "nginx:1.15.999", "nginx:nope", "nginx:1.7.2", "busybox:9", "nosuch", "nginx:1.999"] {
            assert!(matches!(find(name), Err(Missing::Refused(_))), "{name}");
        }
        for name in ["nginx:", "Nginx", "nginx latest", ""] {
            assert!(matches!(find(name), Err(Missing::Invalid(_))), "{name}");
        }
    }

    #[test]
    fn registries_refuse_in_their_own_words() {
        for (name, why) in [
            ("quay.io/nosuch/x:1", "HEAD request to https://quay.io/v2/nosuch/x/manifests/1: 401 UNAUTHORIZED"),
            ("ghcr.io/no/no", "scope=repository%3Ano%2Fno%3Apull&service=ghcr.io: 403 Forbidden"),
            ("localhost:5000/a", "dial tcp 127.0.0.1:5000: connect: connection refused"),
        ] {
            assert!(matches!(find(name), Err(Missing::Refused(text)) if text.ends_with(why)), "{name}");
        }
    }

    #[test]
    fn digests_are_of_the_full_name() {
        let image = find("nginx").unwrap();
        assert_eq!(image.id, "docker.io/library/nginx@sha256:86cee2c10898a48ff47a0626f8202a2408b5893aff5df58ae10d83166e6d7b0e");
    }
}
