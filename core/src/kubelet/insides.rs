//! The inside of a container as its image brings it: a small file system, programs, environment.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::behaviour;
use super::images::Image;
use super::worker::{Slot, Worker};
use crate::api::kubelet::Sandbox;
use crate::object::value::text_at;
use crate::text::fs::FileSystem;

/// Programs of every image that has a shell at all.
const COMMON: &str = "[ arch awk base64 basename cat chmod chown cmp comm cp cut date dd df diff dirname du echo egrep env expr false fgrep find fold getent grep gunzip gzip head hostname id kill ln ls md5sum mkdir mktemp more mount mv nl nproc od paste printenv printf pwd readlink realpath rm rmdir sed seq sh sha1sum sha256sum shuf sleep sort stat sync tac tail tar tee test timeout touch tr true truncate tty uname uniq uptime wc which whoami xargs yes zcat";

/// What every BusyBox has beside that.
const BUSYBOX: &str = "ash bc clear free hd hexdump ifconfig ip less nc netstat nslookup pgrep pidof ping ps rev top vi watch wget xxd";

/// What images have beside [`COMMON`], by the family named in the image table.
const FAMILIES: &[(&str, &str)] = &[
    ("busybox", ""),
    ("bash", "bash perl apt apt-get"),
    ("nginx", "bash curl nginx apt apt-get"),
    ("httpd", "bash httpd httpd-foreground apachectl apt apt-get"),
    ("php", "bash curl httpd httpd-foreground apachectl apt apt-get"),
    ("curl", "curl"),
    ("kit", "bash curl wget ps perl apt apt-get"),
    ("agnhost", "bash curl dig host"),
    ("netshoot", "bash curl dig host nginx"),
    ("cassandra", "bash perl apt apt-get cassandra nodetool"),
    ("zookeeper", "bash ps start-zookeeper zkCli.sh zookeeper-ready"),
    ("xtrabackup", "bash mysql mysqladmin ncat xbstream xtrabackup"),
    ("redis", "bash redis-cli redis-server apt apt-get"),
    ("mysql", "bash mysql mysqladmin mysqld"),
    ("postgres", "bash pg_isready postgres psql apt apt-get"),
    ("tool", "bash"),
    ("stress", "stress"),
];

/// Whether nearly every image has a program of this name.
pub fn is_common(program: &str) -> bool {
    matches!(program, "bash" | "ash") || COMMON.split(' ').any(|p| p == program)
}

/// The programs of a family.
pub fn programs(family: &str) -> Vec<String> {
    let Some((_, own)) = FAMILIES.iter().find(|(name, _)| *name == family) else { return Vec::new() };
    let tools = match family {
        "bash" => "ip nc",
        "busybox" | "curl" | "stress" => BUSYBOX,
        // All but the shell, by which its tools are known for BusyBox's.
        "agnhost" | "netshoot" => BUSYBOX.trim_start_matches("ash "),
        _ => "",
    };
    [COMMON, own, tools].iter().flat_map(|list| list.split(' ')).filter(|p| !p.is_empty()).map(ToString::to_string).collect()
}

/// Whether an image is built on Alpine: its tag says so, or all it has is BusyBox.
fn is_alpine(image: &Image) -> bool {
    image.tag.contains("alpine") || matches!(image.programs, "busybox" | "curl") && !image.name.contains("/busybox")
}

/// The programs of an image: those of its family, but for what its variant has otherwise.
fn programs_of(image: &Image) -> Vec<String> {
    let mut all = programs(image.programs);
    if all.is_empty() {
        return all;
    }
    if is_alpine(image) {
        if !all.iter().any(|program| program == "ash") {
            let bash = image.programs == "postgres";
            all.retain(|program| !matches!(program.as_str(), "perl" | "apt" | "apt-get") && (bash || program != "bash"));
            all.extend(BUSYBOX.split(' ').map(ToString::to_string));
        }
        all.push("apk".to_string());
    }
    all
}

/// Directories beside those that every container has.
fn directories(image: Option<&Image>) -> &'static str {
    match image {
        None => "",
        Some(image) if image.programs == "none" => "",
        Some(image) if is_alpine(image) => "/lib /media /mnt /opt /run /sbin /srv",
        Some(image) if image.name.contains("/busybox") => "/lib /lib64",
        Some(_) => "/boot /lib /lib64 /media /mnt /opt /run /sbin /srv",
    }
}

/// A container's inside without its volumes.
pub fn sandbox(worker: &Worker, slot: &Slot, argv: &[String], own_env: &[(String, String)]) -> Sandbox {
    let spec = worker.spec(slot);
    let hostname = super::resolver::hostname(worker);
    let mut env = alloc::vec![
        ("PATH".to_string(), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_string()),
        ("HOSTNAME".to_string(), hostname.clone()),
    ];
    env.extend(own_env.iter().cloned());
    let own = slot.image.as_ref().map_or_else(|| behaviour::of_name(""), |image| behaviour::of(image));
    let tag = slot.image.as_ref().map_or("", |image| image.tag.as_str());
    env.extend(own.env.iter().map(|(name, value)| (name.to_string(), behaviour::version(tag, value).to_string())));
    env.push(("HOME".to_string(), "/root".to_string()));
    let cwd = match text_at(spec, "workingDir") {
        "" => own.cwd.to_string(),
        dir => dir.to_string(),
    };
    let mut files = FileSystem::new();
    for dir in ["/bin", "/dev", "/etc", "/home", "/proc", "/root", "/sys", "/tmp", "/usr/bin", "/var/log", "/var/run", &cwd] {
        let _ = files.make_dirs(dir, 0);
    }
    for dir in directories(slot.image.as_deref()).split(' ').filter(|dir| !dir.is_empty()) {
        let _ = files.make_dirs(dir, 0);
    }
    let mut put = |path: &str, text: &str| {
        let _ = files.install(path, text, 0);
    };
    put("/etc/hostname", &[hostname.as_str(), "\n"].concat());
    put("/etc/hosts", &super::resolver::hosts(worker, &hostname));
    put("/etc/resolv.conf", &super::resolver::resolv_conf(&worker.pod));
    for (path, text) in super::users::name_files(slot.image.as_deref()) {
        put(path, &text);
    }
    let release = slot.image.as_deref().map(|image| super::releases::os_release(image, is_alpine(image))).unwrap_or_default();
    if !release.is_empty() {
        put("/etc/os-release", &release);
    }
    put("/dev/null", "");
    match text_at(spec, "terminationMessagePath") {
        "" => {}
        path => put(path, ""),
    }
    for (path, text) in own.files {
        put(path, text);
    }
    for (path, _) in own.files.iter().filter(|(_, text)| text.starts_with("#!")) {
        let _ = files.set_mode(path, 0o755);
    }
    for (path, mode) in [("/tmp", 0o1777), ("/dev/null", 0o666), (text_at(spec, "terminationMessagePath"), 0o666)] {
        let _ = files.set_mode(path, mode);
    }
    Sandbox {
        files,
        env,
        hostname,
        cwd,
        image: text_at(spec, "image").to_string(),
        programs: slot.image.as_deref().map(programs_of).unwrap_or_default(),
        processes: super::processes::seen_by(worker, slot, argv),
        identity: worker.identity(slot),
        run: slot.restarts,
    }
}
