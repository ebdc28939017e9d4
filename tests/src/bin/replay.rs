//! Replays recordings on the engine.
fn main() {}
