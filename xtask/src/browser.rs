//! The browser of the tests: finding Chromium, and running the Playwright specs over a built page.

use crate::{run, serve, setup, test::Tally};
use std::path::PathBuf;

/// Names under which a Chromium that Playwright can drive is found on a PATH.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
/// Where it lives on machines that do not put it on the PATH.
const PLACES: [&str; 2] =
    ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/// The Chromium to test with: `CHROMIUM` of the environment, else one that is found, else Debian's.
///
/// # Errors
/// A sentence that says how to get one.
pub fn chromium() -> Result<PathBuf, String> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(chosen));
    }
    let found = || NAMES.iter().find_map(|name| run::find(name)).or_else(|| PLACES.iter().map(PathBuf::from).find(|file| file.is_file()));
    if let Some(file) = found() {
        return Ok(file);
    }
    setup::debian_package("Chromium", &["chromium", "fonts-noto-cjk"])?;
    found().ok_or_else(|| "Chromium was installed but not found; set CHROMIUM to it".to_owned())
}

/// Runs `tests/e2e` over `dist`, served on a free port for as long as that takes.
///
/// # Errors
/// Where there is no page or no browser, or a spec fails.
pub fn specs(tally: &mut Tally) -> Result<(), String> {
    setup::npm_packages()?;
    let browser = chromium()?;
    let port = serve::in_background()?;
    run::check_lines(
        run::command("playwright")
            .args(["test", "--config", "tests/e2e/playwright.config.ts"])
            .env("CHROMIUM", browser)
            .env("KUBEPIE_URL", format!("http://127.0.0.1:{port}/"))
            .env("FORCE_COLOR", "0"),
        |line| tally.playwright_line(line),
    )
}
