//! Words around the terminal, in Korean and in English.

words! {
    /// The terminal.
    title: "터미널", "Terminal";
    /// The terminal's log.
    output: "터미널 출력", "Terminal output";
    /// Above the first prompt.
    welcome: "여기에 명령을 입력하고 Enter를 누르세요.", "Type a command here and press Enter.";
    /// Beside it.
    welcome_try: "이런 것부터 해 볼 수 있어요:", "You could begin with one of these:";
    /// A line that was too long and became a file.
    long: "한 줄이 {0}바이트라서 터미널에서 고치기에는 너무 길어요. {1} 파일에 그대로 담아 두었어요. bash {1}로 실행할 수 있어요.", "That line has {0} bytes, too many to be edited here. All of it is in the file {1} now; bash {1} runs it.";
    /// A line that is longer still.
    too_long: "한 줄이 1 MiB보다 길어서 넣지 않았어요. 입력하던 줄과 클립보드는 그대로예요.", "One line of more than 1 MiB is not taken in. The line you were at and your clipboard are as they were.";
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
