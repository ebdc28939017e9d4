//! What an object is: its schema, patches and selectors. Pure functions; nothing here stores or prints.

pub mod schema;
pub mod value;
