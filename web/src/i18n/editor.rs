//! Words of the editor, in Korean and in English.

words! {
    /// Its toolbar.
    title: "파일", "File";
    /// A file that was dropped or chosen is too large, or cannot be read.
    too_large: "{0}: 1 MiB보다 크거나 읽을 수 없어서 열지 않았어요.", "{0}: larger than 1 MiB, or unreadable, so it was not opened.";
    /// It is no text.
    no_text: "{0}: 글로 된 파일(UTF-8)이 아니라서 열지 않았어요.", "{0}: not a text in UTF-8, so it was not opened.";
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
    /// From here on what the editor component says; its English is its own name for the phrase.
    find: "찾기", "Find";
    /// The same.
    replace_with: "바꿀 말", "Replace";
    /// The same.
    next: "다음", "next";
    /// The same.
    previous: "이전", "previous";
    /// The same.
    all: "모두", "all";
    /// The same.
    match_case: "대소문자 구분", "match case";
    /// The same.
    regexp: "정규식", "regexp";
    /// The same.
    by_word: "단어 단위", "by word";
    /// The same.
    replace: "바꾸기", "replace";
    /// The same.
    replace_all: "모두 바꾸기", "replace all";
    /// The same.
    close: "닫기", "close";
    /// The same.
    current_match: "지금 찾은 곳", "current match";
    /// The same.
    on_line: "있는 줄:", "on line";
    /// The same.
    replaced: "$곳을 바꿨어요", "replaced $ matches";
    /// The same.
    replaced_one: "$번째 줄을 바꿨어요", "replaced match on line $";
    /// The same.
    go_to_line: "이동할 줄", "Go to line";
    /// The same.
    go: "이동", "go";
    /// The same.
    fold: "접기", "Fold line";
    /// The same.
    unfold_line: "펼치기", "Unfold line";
    /// The same.
    folded_lines: "접은 줄", "Folded lines";
    /// The same.
    unfolded_lines: "펼친 줄", "Unfolded lines";
    /// The same.
    to: "부터", "to";
    /// The same.
    folded: "접힌 부분", "folded code";
    /// The same.
    unfold: "펼치기", "unfold";
    /// The same.
    diagnostics: "문제", "Diagnostics";
    /// The same.
    no_diagnostics: "문제 없음", "No diagnostics";
    /// The same.
    completions: "자동 완성", "Completions";
}

impl Words {
    /// What the editor component says, always in the same order.
    fn phrases(&self) -> [&'static str; 27] {
        [
            self.find,
            self.replace_with,
            self.next,
            self.previous,
            self.all,
            self.match_case,
            self.regexp,
            self.by_word,
            self.replace,
            self.replace_all,
            self.close,
            self.current_match,
            self.on_line,
            self.replaced,
            self.replaced_one,
            self.go_to_line,
            self.go,
            self.fold,
            self.unfold_line,
            self.folded_lines,
            self.unfolded_lines,
            self.to,
            self.folded,
            self.unfold,
            self.diagnostics,
            self.no_diagnostics,
            self.completions,
        ]
    }

    /// Each phrase of the editor component by its English name, in this language.
    pub fn translated(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        EN.phrases().into_iter().zip(self.phrases())
    }
}
