//! Which distribution an image is built on, as `/etc/os-release` says it.

use alloc::string::{String, ToString};

use super::images::Image;

/// Versions of Ubuntu and Debian by number, and their names.
const NAMES: &[(&str, &str)] = &[
    ("14.04", "Trusty Tahr"),
    ("16.04", "Xenial Xerus"),
    ("18.04", "Bionic Beaver"),
    ("20.04", "Focal Fossa"),
    ("22.04", "Jammy Jellyfish"),
    ("24.04", "Noble Numbat"),
    ("25.04", "Plucky Puffin"),
    ("10", "buster"),
    ("11", "bullseye"),
    ("12", "bookworm"),
    ("13", "trixie"),
];

/// The version that a tag tells by its number or its name, or the newest.
fn version(tag: &str, newest: &'static str) -> (&'static str, &'static str) {
    let is = |(number, name): &&(&'static str, &'static str)| {
        let word = name.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        tag.split('-').any(|part| part == word || part == *number || part.split_once('.').is_some_and(|(whole, _)| whole == *number))
    };
    let by_number = |number: &str| NAMES.iter().find(|row| row.0 == number).copied();
    NAMES.iter().find(is).copied().or_else(|| by_number(newest)).unwrap_or(("", ""))
}

/// The file; empty where the image has none.
pub fn os_release(image: &Image, alpine: bool) -> String {
    let (name, tag) = (image.name.as_str(), image.tag.as_str());
    let among = |names: &[&str]| names.iter().any(|one| name.contains(&["/library/", one, ":"].concat()));
    if alpine {
        let number = tag.trim_start_matches("alpine").trim_start_matches("3.");
        let own = among(&["alpine"]) && number.split('.').next().is_some_and(|n| n.parse::<u32>().is_ok()) && tag.starts_with("3.");
        let version = if own { ["3.", number, if number.contains('.') { "" } else { ".9" }].concat() } else { "3.22.1".to_string() };
        let short = version.rsplit_once('.').map_or(version.as_str(), |(short, _)| short);
        return alloc::format!(
            "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID={version}\nPRETTY_NAME=\"Alpine Linux v{short}\"\nHOME_URL=\"https://alpinelinux.org/\"\nBUG_REPORT_URL=\"https://gitlab.alpinelinux.org/alpine/aports/-/issues\"\n"
        );
    }
    if image.programs == "busybox" {
        return String::new();
    }
    if among(&["ubuntu"]) {
        let (number, words) = version(tag, "24.04");
        let code = words.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        return alloc::format!(
            "PRETTY_NAME=\"Ubuntu {number} LTS\"\nNAME=\"Ubuntu\"\nVERSION_ID=\"{number}\"\nVERSION=\"{number} LTS ({words})\"\nVERSION_CODENAME={code}\nID=ubuntu\nID_LIKE=debian\nHOME_URL=\"https://www.ubuntu.com/\"\n"
        );
    }
    let red_hat = [
        ("centos", "CentOS Linux", "8"),
        ("fedora", "Fedora Linux", "43"),
        ("rockylinux", "Rocky Linux", "9.3"),
        ("almalinux", "AlmaLinux", "9.6"),
        ("amazonlinux", "Amazon Linux", "2023"),
    ];
    if let Some((id, title, newest)) = red_hat.iter().find(|(id, _, _)| among(&[id])) {
        let number = if tag.starts_with(|c: char| c.is_ascii_digit()) { tag } else { newest };
        return alloc::format!(
            "NAME=\"{title}\"\nVERSION=\"{number}\"\nID=\"{id}\"\nVERSION_ID=\"{number}\"\nPRETTY_NAME=\"{title} {number}\"\n"
        );
    }
    let (number, code) =
        if among(&["debian"]) { version(tag, "13") } else { version(tag.split_once('-').map_or("", |(_, variant)| variant), "13") };
    alloc::format!(
        "PRETTY_NAME=\"Debian GNU/Linux {number} ({code})\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"{number}\"\nVERSION=\"{number} ({code})\"\nVERSION_CODENAME={code}\nID=debian\nHOME_URL=\"https://www.debian.org/\"\n"
    )
}
