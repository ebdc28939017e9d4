//! Words around the lessons, in Korean and in English.

words! {
    /// The lessons' panel.
    title: "배우기", "Lessons";
    /// Above the list.
    intro: "명령을 직접 입력하며 하나씩 해 봐요. 레슨을 열면 새 클러스터에서 시작해요.", "Learn by typing. A lesson begins with a fresh cluster.";
    /// Back to the list.
    all_lessons: "레슨 목록", "All lessons";
    /// Starts a lesson again.
    again: "처음부터", "Start over";
    /// Shows a hint.
    hint: "힌트 보기", "Show a hint";
    /// Types the solution.
    type_it: "대신 입력해 주기", "Type it for me";
    /// A lesson's end.
    done: "레슨을 마쳤어요!", "Lesson done!";
}
