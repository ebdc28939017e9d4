//! Files that are made as they are read: `/dev/zero` and `/dev/urandom`. They end after some kilobytes, and what is
//! random in them is text.

use alloc::rc::Rc;
use alloc::string::String;
use core::cell::Cell;

/// How much is read of one at a time.
const BYTES: usize = 64 * 1024;

/// The text of a device; `None` if this is none. `draws` makes each reading another.
pub(super) fn read(path: &str, draws: &Cell<u64>) -> Option<Rc<String>> {
    match path {
        "/dev/zero" => Some(Rc::new("\0".repeat(BYTES))),
        "/dev/urandom" | "/dev/random" => {
            let mut state = draws.get();
            let text = (0..BYTES)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    char::from(u8::try_from(state >> 57).unwrap_or(0))
                })
                .collect();
            draws.set(state);
            Some(Rc::new(text))
        }
        _ => None,
    }
}
