//! Words around the terminal, in Korean and in English.

words! {
    /// The terminal.
    title: "터미널", "Terminal";
    /// The terminal's log.
    output: "터미널 출력", "Terminal output";
}
