//! Words around the lessons, in Korean and in English.

words! {
    /// The lessons' panel.
    title: "배우기", "Lessons";
    /// The page of the note.
    note: "노트", "Note";
    /// The teacher's builder.
    build: "만들기", "Make";
    /// What was reached.
    progress: "기록", "Progress";
    /// Above the list.
    intro: "쿠버네티스를 직접 입력하며 배워요. 이 페이지 안에만 있는 연습용 클러스터라서 무엇을 망가뜨려도 되돌릴 수 있어요.", "Learn Kubernetes by typing. The cluster lives in this page alone, so break what you like: anything can be undone.";
    /// The first lessons.
    group_basics: "기초", "The basics";
    /// Lessons about files and numbers.
    group_change: "늘리고 바꾸기", "Making and changing";
    /// Lessons about healing and nodes.
    group_nodes: "스스로 낫는 파드, 돌보는 노드", "Pods that heal, nodes you tend";
    /// Lessons about updates.
    group_update: "업데이트", "Updates";
    /// Lessons about Services, volumes and the other kinds.
    group_more: "연결하고 남기기", "Reaching and keeping";
    /// The exam.
    group_exam: "마무리", "The end";
    /// A lesson's steps: `{0}` of `{1}`.
    steps: "{0}/{1}단계", "{0} of {1} steps";
    /// Beside the lesson that comes next.
    next_up: "여기부터", "Start here";
    /// While a lesson is fetched.
    loading: "레슨을 가져오고 있어요…", "Fetching the lesson…";
    /// A lesson cannot be fetched.
    unreachable: "레슨을 가져오지 못했어요. 연결을 확인하고 다시 눌러 주세요.", "The lesson could not be fetched. Check the connection and try again.";
    /// A link names a lesson that is not there: `{0}` its id.
    no_such: "“{0}” 레슨을 찾지 못했어요. 아래 목록에서 골라 주세요.", "There is no lesson “{0}” here. Choose one from the list below.";
    /// Back to the list.
    all_lessons: "목록", "All lessons";
    /// Starts a lesson again.
    again: "처음부터", "Start over";
    /// Starts a step again.
    again_step: "이 단계 다시", "Redo this step";
    /// The number of a step: `{0}` of `{1}`.
    step: "{0}단계 / 전체 {1}단계", "Step {0} of {1}";
    /// How many checks are true: `{0}` of `{1}`.
    met: "{1}개 중 {0}개 됐어요", "{0} of {1} so far";
    /// Shows the first hint.
    hint: "힌트", "Hint";
    /// Shows one more hint.
    more_hints: "힌트 하나 더", "One more hint";
    /// Shows the solution.
    solution: "답 보기", "Solution";
    /// Above the solution.
    solution_title: "이렇게 하면 돼요", "One way to do it";
    /// Types the solution.
    type_it: "대신 입력해 주기", "Type it for me";
    /// Stops typing it.
    stop: "멈추기", "Stop";
    /// Starts a demonstration.
    demo: "보여 주기", "Show me";
    /// Starts a demonstration again.
    demo_again: "다시 보기", "Once more";
    /// Names a demonstration.
    demo_title: "시연", "Demonstration";
    /// A lesson's end.
    done: "레슨을 마쳤어요!", "Lesson done!";
    /// The star for finishing.
    star_goal: "끝까지 했어요", "finished";
    /// The star for few commands: at most `{0}`.
    star_few: "명령 {0}개 안에", "within {0} commands";
    /// The star for no help.
    star_alone: "힌트 없이", "without a hint";
    /// Stars, for a screen reader: `{0}` of 3.
    stars: "별 3개 중 {0}개", "{0} of 3 stars";
    /// Above ideas.
    try_next: "이어서 해 볼 만한 것", "Try next";
    /// Runs an idea.
    run_it: "입력하기", "Type it";
    /// The next lesson.
    next: "다음 레슨", "Next lesson";
    /// Leaves the lesson and keeps its cluster.
    free: "이 클러스터에서 자유롭게 놀기", "Play on in this cluster";
    /// Copies a link.
    copy_link: "이 레슨 링크 복사", "Copy a link to this lesson";
    /// Downloads the lesson's commands as a script.
    script: "진짜 클러스터용 스크립트", "Script for a real cluster";
    /// A link was copied.
    copied: "복사했어요", "Copied";
    /// Back to what was open before: `{0}` inputs.
    before: "바로 전 클러스터로 돌아가기 (명령 {0}개)", "Back to the cluster before ({0} inputs)";
    /// A lesson from outside.
    foreign: "링크로 받은 레슨이에요", "A lesson from a link";
    /// What a lesson from outside will do.
    foreign_what: "새 클러스터에서 시작해요. 지금 열려 있는 클러스터는 따로 두었다가 언제든 다시 열 수 있어요.", "It begins on a fresh cluster. The one that is open now is kept, and you can go back to it.";
    /// Above the lines that are run first.
    foreign_setup: "시작하기 전에 이 명령들을 실행해 둬요:", "Before it begins, these lines are run:";
    /// How long it is: `{0}` steps.
    foreign_steps: "{0}단계로 되어 있어요.", "It has {0} steps.";
    /// Begins it.
    begin: "시작하기", "Begin";
    /// Does not.
    refuse: "안 할래요", "No, thanks";
    /// Above the note.
    note_intro: "쿠버네티스 노트에 적힌 것을 모두 모았어요. 누르면 직접 해 볼 수 있는 단계로 가요.", "Everything the Kubernetes note says. Choose a line to go to the step where you do it yourself.";
    /// What is different today.
    today: "지금은", "Today";
    /// Above what was reached.
    progress_intro: "기록은 이 브라우저에만 남아요. 파일로 내려받으면 다른 곳에서 이어 할 수 있어요.", "What you reached stays in this browser. Take it along as a file to go on elsewhere.";
    /// Sum: `{0}` lessons finished, `{1}` stars.
    sum: "마친 레슨 {0}개, 별 {1}개", "{0} lessons finished, {1} stars";
    /// Downloads what was reached.
    export: "파일로 내려받기", "Download as a file";
    /// Reads it back.
    import: "파일에서 불러오기", "Read from a file";
    /// Forgets it.
    reset: "기록 지우기", "Forget it all";
    /// Asks once more.
    reset_sure: "정말 지울까요? 되돌릴 수 없어요.", "Really? This cannot be undone.";
    /// It was read.
    imported: "기록을 불러왔어요.", "Your progress is here.";
    /// It could not be read.
    not_imported: "Kubepie에서 내려받은 기록이 아니거나 망가진 파일이에요. 지금까지의 기록과 클러스터는 그대로예요.", "This is no progress downloaded from Kubepie, or a damaged one. What you have reached and your cluster are as they were.";
    /// The progress was read, the cluster beside it was not.
    half_imported: "기록은 불러왔지만 함께 있던 클러스터는 읽을 수 없었어요. 지금 클러스터는 그대로예요. ", "Your progress is here, but the cluster beside it could not be read; the one that is open stays. ";
    /// Above the builder.
    build_intro: "클러스터를 직접 움직이면서 레슨을 만들어요. 지금까지 입력한 것은 준비 과정이 되고, 기록을 시작한 다음부터가 레슨이에요.", "Make a lesson by playing it. What you have typed so far becomes its preparation; what comes after the start is the lesson.";
    /// Starts recording.
    build_start: "여기서부터 기록 시작", "Start recording here";
    /// Ends a step.
    build_end: "여기까지가 한 단계", "End the step here";
    /// What a step has so far: `{0}` inputs.
    build_lines: "이 단계에 입력한 것 {0}개", "{0} inputs in this step";
    /// A lesson's title.
    build_title: "제목", "Title";
    /// A lesson's first words.
    build_about: "무엇을 배우는지", "What it is about";
    /// A step's goal.
    build_goal: "목표 한 문장", "The goal, in a sentence";
    /// A step's text.
    build_text: "설명 (**굵게**, `코드`, - 목록)", "Text (**bold**, `code`, - list)";
    /// A step's hint.
    build_hint: "힌트", "Hint";
    /// A step's last words.
    build_done: "마쳤을 때 한마디", "When it is done";
    /// Chooses an object.
    build_object: "무엇이 어떻게 되면 성공일까요? 바뀐 것을 골라요", "What should be true? Pick what changed";
    /// Takes what is chosen on the map: `{0}`.
    build_chosen: "지도에서 고른 {0}", "{0}, chosen on the map";
    /// Chooses a field.
    build_field: "어느 값이 중요한가요?", "Which value matters?";
    /// It is enough that it is there.
    build_there: "있기만 하면 돼요", "it is there";
    /// It is enough that it is gone.
    build_gone: "사라져야 해요", "it is gone";
    /// A check of a value: `{0}` the object, `{1}` the field, `{2}` the value.
    check_is: "{0}: {1} = {2}", "{0}: {1} = {2}";
    /// A check that it is there: `{0}`.
    check_there: "{0}: 있어야 해요", "{0}: is there";
    /// A check that it is gone: `{0}`.
    check_gone: "{0}: 없어야 해요", "{0}: is gone";
    /// How many of them: `{0}`.
    check_count: " ({0}개)", " ({0} of them)";
    /// Removes a check.
    build_drop: "빼기", "Remove";
    /// Shows it as a learner sees it.
    build_preview: "미리 해 보기", "Try it as a learner";
    /// Proves it.
    build_prove: "증명하기", "Prove it";
    /// It is proved.
    proved: "처음에는 안 되어 있고, 기록한 명령으로 모든 단계에 닿아요.", "Unsolved at first, and your recorded commands reach every step.";
    /// A step is not reached: `{0}`.
    not_proved: "{0}단계가 기록한 명령으로 닿지 않거나, 하기 전부터 되어 있어요.", "Step {0} is not reached by its commands, or is true before them.";
    /// Copies a link to it.
    build_link: "링크 복사", "Copy link";
    /// The link would be too long.
    build_too_long: "링크로 담기에는 길어요. 파일로 내려받아 주세요.", "Too long for a link. Download the file instead.";
    /// Downloads it.
    build_file: "파일 내려받기", "Download file";
    /// Opens a file.
    build_open: "레슨 파일 열기", "Open a lesson file";
    /// Throws it away.
    build_reset: "새로 만들기", "Start afresh";
    /// Before what is still missing: `{0}`.
    build_lacks: "아직 남은 것: {0}", "Still to do: {0}";
    /// Another cluster is open than the one that is recorded.
    build_away: "지금 열려 있는 것은 만들던 클러스터가 아니에요. 만들던 것은 그대로 있어요.", "The open cluster is not the one you were recording in. Your draft is safe.";
    /// Goes back to it.
    build_return: "만들던 클러스터로 돌아가기", "Back to my recording";
    /// How a text will look.
    build_looks: "이렇게 보여요", "It will look like this";
    /// Asks once more.
    build_reset_sure: "만들던 레슨을 지울까요? 되돌릴 수 없어요.", "Throw this draft away? This cannot be undone.";
    /// A step of the lesson being made: `{0}`.
    build_step: "{0}단계", "Step {0}";
}
