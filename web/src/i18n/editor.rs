//! Words of the editor, in Korean and in English.

words! {
    /// Its toolbar.
    title: "파일", "File";
    /// The file has changes that are not saved.
    unsaved: "저장 안 됨", "not saved";
    /// Button.
    save: "저장", "Save";
    /// Button.
    apply: "적용 (apply)", "Apply";
    /// Button.
    compare: "클러스터와 비교", "Compare with the cluster";
    /// Button.
    rename: "이름 바꾸기", "Rename";
    /// Before the field for it.
    new_name: "새 이름", "New name";
    /// Button.
    download: "내려받기", "Download";
    /// Button.
    delete: "삭제", "Delete";
    /// Before the buttons.
    sure: "이 파일을 삭제할까요?", "Delete this file?";
    /// Button.
    keep: "그대로 두기", "Keep it";
    /// Button.
    save_and_close: "저장하고 닫기", "Save and close";
    /// Button.
    discard: "그냥 닫기", "Close without saving";
    /// Button.
    new_file: "새 파일", "New file";
    /// Button.
    upload: "파일 올리기", "Upload a file";
    /// A check that found nothing.
    fine: "API 서버가 받아들일 내용이에요", "The API server would accept this";
    /// Before a line's number.
    line: "줄", "line";
    /// While comparing.
    comparing: "지금 클러스터에 있는 값과 다른 줄을 보여 주고 있어요", "Showing the lines that differ from what the cluster holds";
    /// Nothing to compare with.
    nothing_live: "이 파일의 오브젝트가 아직 클러스터에 없어요", "Nothing of this file is in the cluster yet";
    /// The editor could not be loaded.
    plain: "편집기를 불러오지 못해서 간단한 입력창을 쓰고 있어요.", "The editor could not be loaded; this is a plain text field.";
}

/// What CodeMirror says, in Korean.
pub const PHRASES: &[(&str, &str)] = &[
    ("Find", "찾기"),
    ("Replace", "바꾸기"),
    ("next", "다음"),
    ("previous", "이전"),
    ("all", "모두"),
    ("match case", "대소문자 구분"),
    ("regexp", "정규식"),
    ("by word", "단어 단위"),
    ("replace", "바꾸기"),
    ("replace all", "모두 바꾸기"),
    ("close", "닫기"),
    ("Fold line", "접기"),
    ("Unfold line", "펼치기"),
    ("folded code", "접힌 부분"),
    ("unfold", "펼치기"),
    ("Diagnostics", "문제"),
    ("No diagnostics", "문제 없음"),
    ("Completions", "자동 완성"),
];
