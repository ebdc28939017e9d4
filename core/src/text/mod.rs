//! Bytes in, bytes out: the formats and small encodings that Kubernetes' text is made of.
//!
//! Nothing here knows what an object, a cluster or a command is.

pub mod base64;
pub mod duration;
pub mod float;
pub mod fs;
pub mod go_time;
pub mod hash;
pub mod json;
pub mod kyaml;
pub mod outline;
pub mod quote;
pub mod regex;
pub mod safe_names;
pub mod sha256;
pub mod table;
pub mod timestamp;
pub mod yaml;
