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
    settle: "잠잠해질 때까지", "Settle";
    /// Slider.
    moment: "시각 옮기기", "Go to a moment";
    /// Button.
    undo: "되돌리기", "Undo";
    /// Button.
    redo: "다시 하기", "Redo";
    /// While the log runs.
    restoring: "이어서 하던 곳으로 가는 중…", "Going back to where you were…";
}
