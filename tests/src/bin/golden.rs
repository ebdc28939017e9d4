//! Writes the golden links of this version: `cargo xtask golden`. Those of versions that people have links of stay as they are.

use kubepie_tests::golden;

fn main() -> Result<(), String> {
    let version = env!("CARGO_PKG_VERSION");
    let folder = golden::folder();
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let file = folder.join([version, ".json"].concat());
    let all = golden::made()?;
    let text = serde_json::to_string_pretty(&all).map_err(|error| error.to_string())?;
    std::fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{} links in {}", all.len(), file.display());
    Ok(())
}
