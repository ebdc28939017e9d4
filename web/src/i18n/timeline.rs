//! Words of the timeline, in Korean and in English.

words! {
    /// Time bar.
    title: "시간", "Time";
    /// Button.
    pause: "멈추기", "Pause";
    /// Button.
    play: "계속하기", "Play";
    /// Button.
    step: "한 걸음", "Step";
    /// Select.
    speed: "속도", "Speed";
    /// Button.
    settle: "잠잠해질 때까지", "Until it settles";
    /// Slider.
    moment: "시각 옮기기", "Go to a moment";
    /// Button.
    undo: "되돌리기", "Undo";
    /// Button.
    redo: "다시 하기", "Redo";
    /// While the log runs.
    restoring: "이어서 하던 곳으로 가는 중…", "Going back to where you were…";
    /// Menu of futures put aside.
    branches: "다른 미래 {0}", "Other futures: {0}";
    /// In the menu.
    branches_say: "지난 시각에서 새로 입력해서 옆으로 치워 둔 미래예요. 고르면 그때로 돌아가서 다시 이어져요.", "You typed in the past, so these were put aside. Choose one to go on with it.";
}
