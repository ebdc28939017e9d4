//! Words of the editor, in Korean and in English.

words! {
}
