//! The terminal's elements: tabs, output, menu, the line, the keys for phones. Never: what happens on a click (`deeds`).

use yew::prelude::*;

use super::component::{Msg, Terminal, shell_of};
use super::menu::SHOWN;
use super::{Ask, Kind, Turn, width};
use crate::editor::{self, Editor};

/// Keys that phones lack, and what stands on them.
const KEYS: [(&str, &str); 10] = [
    ("Escape", "Esc"),
    ("Tab", "Tab"),
    ("Ctrl", "Ctrl"),
    ("ArrowUp", "↑"),
    ("ArrowDown", "↓"),
    ("ArrowLeft", "←"),
    ("ArrowRight", "→"),
    ("|", "|"),
    ("-", "-"),
    ("/", "/"),
];

/// Columns of a tab's name.
const NAME_COLUMNS: usize = 22;

impl Terminal {
    /// All of it.
    #[inline(never)]
    pub(super) fn show(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.lang.words().terminal;
        let shell = props.scene.shells.iter().find(|now| Some(now.shell) == shell_of(&props.tabs));
        let editing = shell.and_then(|now| now.editing.as_ref());
        let file = match props.tabs.shown() {
            Some(Kind::File(path)) => Some(path.clone()),
            _ => None,
        };
        let class = if file.is_some() || editing.is_some() { "term editing" } else { "term" };
        let tell = props.ask.reform(Ask::File);
        html! {
            <section {class} aria-label={words.title}>
                { self.tabs(ctx) }
                if let Some(path) = file {
                    <Editor
                        key={path.clone()}
                        title={editor::short(&path)}
                        text={props.scene.files.iter().find(|(one, _)| *one == path).and_then(|(_, text)| text.clone())}
                        path={path.clone()}
                        program={None::<u32>}
                        lang={props.lang}
                        ask={tell}
                    />
                } else if let (Some(editing), Some(now)) = (editing, shell) {
                    <Editor
                        key={["program ", &editing.path].concat()}
                        path={editing.path.clone()}
                        title={editing.title.clone()}
                        text={Some(AttrValue::from(editing.text.clone()))}
                        program={Some(now.shell)}
                        lang={props.lang}
                        ask={tell}
                    />
                } else {
                    { self.shell(ctx, shell.map_or("", |now| &now.prompt)) }
                }
            </section>
        }
    }

    /// Output and line of a shell.
    #[inline(never)]
    fn shell(&self, ctx: &Context<Self>, prompt: &str) -> Html {
        let props = ctx.props();
        let words = &props.lang.words().terminal;
        let link = ctx.link();
        let quiet = props.scene.shown.end() == 0 && !prompt.is_empty();
        let chosen = self.menu.as_ref().and_then(|menu| menu.at()).map(|at| format!("choice-{at}"));
        let question = self.panes.get(&self.shell).and_then(|pane| pane.screen.question()).filter(|_| prompt.is_empty());
        let wanted = props.scene.shown.end() > self.hushed && question.is_none();
        let (label, found) = match &self.search {
            Some(search) => (search.label(), search.found(&self.past).unwrap_or_default()),
            None => (question.unwrap_or(prompt), ""),
        };
        html! {
            <>
                <div
                    class="out"
                    role="log"
                    tabindex="0"
                    aria-label={words.output}
                    ref={&self.log}
                    onclick={link.callback(Msg::Click)}
                    onmouseover={link.callback(Msg::Point)}
                    onmouseleave={link.callback(Msg::Point)}
                    onkeydown={link.callback(Msg::OutKey)}
                    onscroll={link.callback(|_| Msg::Scroll)}
                />
                if quiet {
                    { self.welcome(ctx) }
                }
                <div class="line">
                    { self.menu(ctx, label) }
                    { self.offered(ctx) }
                    <span class="p" aria-hidden="true">{ label }</span>
                    <span class={if self.search.is_some() { "field narrow" } else { "field" }}>
                        <span class="ghost" aria-hidden="true" ref={&self.ghost}><span></span><span></span></span>
                        <input
                            ref={&self.input}
                            type="text"
                            aria-label={words.title}
                            aria-autocomplete="both"
                            aria-controls={self.menu.as_ref().map(|_| "choices")}
                            aria-activedescendant={chosen}
                            autocomplete="off"
                            autocapitalize="none"
                            autocorrect="off"
                            spellcheck="false"
                            enterkeyhint="send"
                        />
                    </span>
                    if self.search.is_some() {
                        <span class="found" role="status">{ "': " }{ found }</span>
                    }
                </div>
                // A region that is there before something is said in it is heard.
                <div class="aid">
                    <div role="status">
                        if wanted && !prompt.is_empty() { { self.aid(ctx, prompt) } }
                    </div>
                    if wanted && prompt.is_empty() { { self.waiting(ctx) } }
                </div>
                { self.keys(ctx) }
            </>
        }
    }

    /// The row of keys that phones lack.
    #[inline(never)]
    fn keys(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        html! {
            <div class="keys" role="toolbar" aria-label={ctx.props().lang.words().terminal.keys}>
                { for KEYS.iter().map(|(key, sign)| {
                    let key = *key;
                    html! {
                        <button
                            class={if key == "Ctrl" && self.sticky { "on" } else { "" }}
                            aria-label={key}
                            aria-pressed={(key == "Ctrl").then_some(if self.sticky { "true" } else { "false" })}
                            onpointerdown={|e: PointerEvent| e.prevent_default()}
                            onclick={link.callback(move |_| Msg::Tap(key))}
                        >{ *sign }</button>
                    }
                }) }
            </div>
        }
    }

    /// What to try first.
    #[inline(never)]
    fn welcome(&self, ctx: &Context<Self>) -> Html {
        let words = &ctx.props().lang.words().terminal;
        let try_out = |line: &'static str| {
            let onclick = ctx.link().callback(move |_| Msg::Try(line));
            html! { <button class="try" {onclick}><code>{ line }</code></button> }
        };
        html! {
            <div class="welcome">
                <p>{ words.welcome }<span class="free">{ " " }{ words.welcome_try }</span></p>
                <p class="free">{ try_out("kubectl get nodes") }{ try_out("kubectl create deployment pie --image=nginx --replicas=3") }{ try_out("kubectl get pods -o wide") }</p>
                <p class="dim">{ words.welcome_keys }</p>
            </div>
        }
    }

    /// The menu that Tab opens.
    #[inline(never)]
    fn menu(&self, ctx: &Context<Self>, prompt: &str) -> Html {
        let Some(menu) = &self.menu else { return html! {} };
        let columns: usize = [prompt, self.line().text.get(..menu.start()).unwrap_or_default()].concat().chars().map(width::of_char).sum();
        let words = &ctx.props().lang.words().terminal;
        let count = menu.choices().count();
        html! {
            <ul class={if self.below { "menu below" } else { "menu" }} style={format!("--at: {columns}ch")} role="listbox" id="choices" aria-label={words.choices}>
                { for menu.choices().take(SHOWN).enumerate().map(|(place, choice)| {
                    let on = menu.at() == Some(place);
                    html! {
                        <li
                            key={choice.text.clone()}
                            id={format!("choice-{place}")}
                            role="option"
                            class={if on { "on" } else { "" }}
                            aria-selected={if on { "true" } else { "false" }}
                            onpointerdown={|e: PointerEvent| e.prevent_default()}
                            onclick={ctx.link().callback(move |_| Msg::Choose(place))}
                        ><b>{ &choice.text }</b><span>{ &choice.about }</span></li>
                    }
                }) }
                if count > SHOWN {
                    <li role="option" aria-disabled="true" aria-selected="false" class="more">{ "+" }{ count - SHOWN }</li>
                }
            </ul>
        }
    }

    /// What a line in Hangul was meant to be.
    #[inline(never)]
    fn offered(&self, ctx: &Context<Self>) -> Html {
        let Some(offer) = &self.offer else { return html! {} };
        let words = &ctx.props().lang.words().terminal;
        html! {
            <div class={if self.below { "offer below" } else { "offer" }} role="status">
                { words.meant }{ " " }
                <button
                    onpointerdown={|e: PointerEvent| e.prevent_default()}
                    onclick={ctx.link().callback(|_| Msg::TakeOffer)}
                ><code>{ offer }</code></button>
                <kbd>{ "Tab" }</kbd>
            </div>
        }
    }

    /// The tabs, and the button that adds one.
    #[inline(never)]
    fn tabs(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.lang.words().terminal;
        let link = ctx.link();
        let several = props.tabs.shells().count() > 1;
        html! {
            <div class="termtabs">
                <div class="tablist" role="tablist" aria-label={words.tabs}>
                    { for props.tabs.list().iter().enumerate().map(|(place, tab)| {
                        let on = place == props.tabs.active();
                        let name = self.name_of(ctx, place);
                        if self.naming == Some(place) {
                            return self.naming(ctx, place, &name);
                        }
                        let closes = several || matches!(tab.kind, Kind::File(_));
                        let key = match &tab.kind {
                            Kind::Shell(shell) => shell.to_string(),
                            Kind::File(path) => path.clone(),
                        };
                        let busy = matches!(tab.kind, Kind::Shell(shell) if props.scene.shells.iter().any(|now| now.shell == shell && now.prompt.is_empty()));
                        html! {
                            <span {key} class={classes!("tab", on.then_some("on"), busy.then_some("busy"))} role="presentation">
                                <button
                                    role="tab"
                                    aria-selected={if on { "true" } else { "false" }}
                                    tabindex={if on { "0" } else { "-1" }}
                                    title={words.tab_help}
                                    onclick={link.callback(move |_| Msg::Turn(Turn::Choose(place)))}
                                    ondblclick={link.callback(move |_| Msg::Naming(Some(place)))}
                                    onkeydown={link.callback(move |e| Msg::TabKey(place, e))}
                                >{ &name }</button>
                                if closes {
                                    <button
                                        class="close"
                                        tabindex="-1"
                                        aria-hidden="true"
                                        onclick={link.callback(move |_| Msg::Turn(Turn::Close(place)))}
                                    >{ "×" }</button>
                                }
                            </span>
                        }
                    }) }
                </div>
                <div class="addbox" onfocusout={link.batch_callback(|e: FocusEvent| {
                    let to = e.related_target().and_then(|to| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(to).ok());
                    let inside = to.is_some_and(|to| to.closest(".addbox").ok().flatten().is_some());
                    (!inside).then_some(Msg::Adding(false))
                })}>
                <button
                    class="add"
                    aria-label={words.add}
                    title={words.add}
                    aria-expanded={if self.adding { "true" } else { "false" }}
                    onclick={link.callback({ let open = !self.adding; move |_| Msg::Adding(open) })}
                >{ "+" }</button>
                if self.adding {
                    { self.add(ctx) }
                }
                </div>
            </div>
        }
    }

    /// What can be added: a shell, a file.
    #[inline(never)]
    fn add(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = props.lang.words();
        let link = ctx.link();
        let active = props.tabs.active();
        let onkeydown = link.batch_callback(|e: KeyboardEvent| (e.key() == "Escape").then_some(Msg::Adding(false)));
        html! {
            <div class="adding" role="group" aria-label={words.terminal.add} {onkeydown}>
                <button onclick={link.callback(|_| Msg::Turn(Turn::Shell))}>{ words.terminal.new_shell }</button>
                <hr />
                { for props.scene.home.iter().map(|name| {
                    let path = [editor::HOME, "/", name].concat();
                    html! { <button class="file" onclick={link.callback(move |_| Msg::Turn(Turn::File(path.clone())))}>{ name }</button> }
                }) }
                <hr />
                <button onclick={link.callback(|_| Msg::NewFile)}>{ words.editor.new_file }</button>
                <label class="upload">{ words.editor.upload }{ editor::upload(props.ask.reform(Ask::File)) }</label>
                if props.tabs.list().len() > 1 {
                    <hr />
                    <button onclick={link.callback(move |_| Msg::Turn(Turn::Close(active)))}>{ words.terminal.close }{ ": " }{ self.name_of(ctx, active) }</button>
                }
            </div>
        }
    }

    /// The name of a tab being written.
    #[inline(never)]
    fn naming(&self, ctx: &Context<Self>, place: usize, name: &str) -> Html {
        let link = ctx.link();
        let written = |e: &web_sys::Event| {
            let input: Option<web_sys::HtmlInputElement> = e.target_dyn_into();
            input.map(|input| input.value()).unwrap_or_default()
        };
        let onkeydown = link.batch_callback(move |e: KeyboardEvent| match e.key().as_str() {
            _ if e.is_composing() => None,
            "Enter" => Some(Msg::Named(place, written(&e))),
            "Escape" => Some(Msg::Naming(None)),
            _ => None,
        });
        let onblur = link.callback(move |e: FocusEvent| Msg::Named(place, written(&e)));
        html! {
            <input class="naming" aria-label={ctx.props().lang.words().terminal.rename} value={name.to_string()} autofocus=true size="16" {onkeydown} {onblur} />
        }
    }

    /// What stands on a tab: the name given, or what runs there, or which shell it is.
    fn name_of(&self, ctx: &Context<Self>, place: usize) -> String {
        let props = ctx.props();
        let Some(tab) = props.tabs.list().get(place) else { return String::new() };
        match &tab.kind {
            _ if !tab.name.is_empty() => tab.name.clone(),
            Kind::File(path) => editor::short(path),
            Kind::Shell(shell) => {
                let running = props.scene.shells.iter().any(|now| now.shell == *shell && now.prompt.is_empty());
                match running.then(|| self.running(ctx, *shell)).flatten() {
                    Some(line) => line,
                    None => format!("{} {}", props.lang.words().terminal.title, shell + 1),
                }
            }
        }
    }

    /// The line that a shell runs, cut to fit a tab.
    fn running(&self, ctx: &Context<Self>, shell: u32) -> Option<String> {
        use kubepie_core::session::ShownKind;
        let shown = &ctx.props().scene.shown;
        let from = shown.end().saturating_sub(2_000).max(shown.start());
        let typed = (from..shown.end()).rev().filter_map(|n| shown.get(n)).find(|s| s.shell == shell && s.what == ShownKind::Typed)?;
        let line = typed.text.trim_end().split_once("# ").map_or(typed.text.trim_end(), |(_, line)| line);
        let line = line.strip_prefix("kubectl ").unwrap_or(line);
        let cut = width::cut(line, NAME_COLUMNS);
        let more = if cut < line.len() { "…" } else { "" };
        Some([line.get(..cut).unwrap_or(line), more].concat()).filter(|line| !line.is_empty())
    }
}
