//! Words of the page's frame, in Korean and in English.

words! {
    /// Name of the other language's button.
    other_language: "English", "한국어";
    /// Theme: the system's.
    theme_system: "테마: 시스템", "Theme: system";
    /// Theme: light.
    theme_light: "테마: 밝게", "Theme: light";
    /// Theme: dark.
    theme_dark: "테마: 어둡게", "Theme: dark";
    /// Leaves lessons.
    free: "새 클러스터", "New cluster";
    /// Saved log unreadable.
    broken: "저장된 내용을 읽을 수 없어서 새 클러스터로 시작해요. 이전 내용은 따로 보관했어요: ", "What was saved cannot be read, so this is a new cluster. The old log was put aside: ";
    /// The log is too long for the browser's store.
    not_kept: "내용이 많아서 브라우저에 더 저장할 수 없어요. 이어서 하려면 '링크 공유'에서 파일로 받아 두세요.", "There is more than the browser can keep. To go on later, download it as a file under \"Share a link\".";
    /// The page is used in another tab too.
    twin: "다른 탭에서도 Kubepie를 쓰고 있어요. 이 브라우저에는 마지막에 쓴 탭의 클러스터가 남으니, 둘 다 필요하면 하나는 '링크 공유'에서 파일로 받아 두세요.", "Kubepie is open in another tab too. This browser keeps the cluster of the tab that was used last; if you need both, download one as a file under \"Share a link\".";
    /// The tabs of a phone.
    sheets: "화면", "Screens";
    /// A newer page was found.
    newer: "Kubepie가 새로워졌어요. 다시 열어도 지금 하던 것은 그대로 남아요.", "There is a newer Kubepie. What you are doing stays when you open it.";
    /// Button: take it.
    newer_open: "새 버전 열기", "Open the new version";
    /// Button: not now.
    newer_later: "나중에", "Later";
    /// Button.
    close: "닫기", "Close";
}
