//! How the page is dressed: its language and its theme. Never: the words (i18n) or the colours (style).

use crate::app::App;
use crate::i18n::Lang;
use crate::store;

/// How the page is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn of(name: &str) -> Theme {
        [Theme::Light, Theme::Dark].into_iter().find(|t| t.name() == name).unwrap_or(Theme::System)
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }
}

/// What can happen to the look.
pub enum Msg {
    /// The other language.
    Language,
    /// The next theme.
    Theme,
}

/// The look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
    /// Whether the page is a frame of another one: only the map, time and the terminal.
    pub embedded: bool,
}

impl State {
    /// As the address, the store and the browser say.
    pub fn new() -> State {
        let theme = asked("theme").or_else(|| store::get(store::THEME)).unwrap_or_default();
        State { lang: language(), theme: Theme::of(&theme), embedded: asked("embed").is_some_and(|value| value == "1") }
    }

    /// Puts the language and the theme on the document.
    pub fn dress(self) {
        let Some(root) = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element()) else { return };
        let _ = root.set_attribute("lang", self.lang.code());
        let _ = match self.theme {
            Theme::System => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.name()),
        };
        let _ = root.toggle_attribute_with_force("data-embed", self.embedded);
    }
}

/// Takes in what happened.
#[inline(never)]
pub fn update(app: &mut App, msg: Msg) -> bool {
    match msg {
        Msg::Language => {
            app.look.lang = app.look.lang.other();
            store::set(store::LANGUAGE, app.look.lang.code());
        }
        Msg::Theme => {
            app.look.theme = app.look.theme.next();
            store::set(store::THEME, app.look.theme.name());
        }
    }
    app.look.dress();
    true
}

/// What the page's address asks for: `dark` for `theme` in `?lang=ko&theme=dark`.
pub fn asked(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    let given = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    given.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_string())
}

/// The language: of the address, of the store, of the browser, or else Korean.
fn language() -> Lang {
    let window = web_sys::window();
    let asked = asked("lang").as_deref().and_then(Lang::of);
    let kept = || store::get(store::LANGUAGE).as_deref().and_then(Lang::of);
    let browser = || window.as_ref().and_then(|w| w.navigator().language()).map(|code| Lang::of(&code).unwrap_or(Lang::En));
    asked.or_else(kept).or_else(browser).unwrap_or(Lang::Ko)
}
