//! `cargo xtask measure`: how quick the built page is with many Pods, in a browser; README quotes what it prints.
//! Never: what is measured (`xtask/data/measure.mjs`).

use crate::run::{check, command};
use crate::{browser, serve, setup};

/// Measures the page in `dist`; words choose measures (`frames`, `memory`) and numbers of Pods.
///
/// # Errors
/// Where there is no page or no browser, or the page does not come to what is to be measured.
pub fn main(words: &[String]) -> Result<(), String> {
    setup::npm_packages()?;
    let chromium = browser::chromium()?;
    let port = serve::in_background()?;
    check(
        command("node")
            .arg("xtask/data/measure.mjs")
            .args(words)
            .env("CHROMIUM", chromium)
            .env("KUBEPIE_URL", format!("http://127.0.0.1:{port}/")),
    )
}
