//! In wasm, the same logs come to the same hashes as natively. `cargo xtask test wasm` runs it in Node.js
//! and gives it the native hashes when it is compiled.

#![cfg(target_arch = "wasm32")]

use kubepie_tests::replay;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn wasm_replays_as_native_does() {
    let native: Vec<&str> = option_env!("KUBEPIE_NATIVE_HASHES").unwrap_or_default().split_whitespace().collect();
    assert!(!native.is_empty(), "run it with cargo xtask test wasm");
    assert_eq!(replay::hashes(), native);
}
