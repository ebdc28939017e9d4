//! Words around the terminal, in Korean and in English.

words! {
    /// The terminal.
    title: "터미널", "Terminal";
    /// The terminal's log.
    output: "터미널 출력", "Terminal output";
    /// Above the first prompt.
    welcome: "여기에 명령을 입력하고 Enter를 누르세요. 이런 것부터 해 볼 수 있어요:", "Type a command here and press Enter. You could begin with one of these:";
    /// Below it.
    welcome_keys: "Tab은 자동 완성, ↑는 지난 명령, Ctrl-R은 지난 명령 찾기, Ctrl-C는 멈추기예요.", "Tab completes, ↑ brings back what you typed, Ctrl-R searches it, Ctrl-C stops a command.";
    /// What Tab offers.
    choices: "이어질 수 있는 말", "Completions";
    /// Before the command that Hangul was meant to be.
    meant: "한/영 키가 한글로 되어 있었나요?", "Was the keyboard in Hangul?";
    /// The list of tabs.
    tabs: "터미널과 파일", "Terminals and files";
    /// On a tab.
    tab_help: "두 번 누르거나 F2로 이름 바꾸기", "Double-click or F2 to rename";
    /// The field for a tab's name.
    rename: "탭 이름", "Name of the tab";
    /// Closes a tab.
    close: "닫기", "Close";
    /// Adds a tab.
    add: "터미널이나 파일 열기", "Open a shell or a file";
    /// Adds a shell.
    new_shell: "새 터미널", "New terminal";
    /// The row of keys for phones.
    keys: "키", "Keys";
}
