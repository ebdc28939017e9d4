//! The editor's elements around the text. Never: the text itself (`rich`).

use super::component::{Asking, Editor, Msg};

use web_sys::HtmlInputElement;
use yew::prelude::*;

impl Editor {
    /// Name and buttons.
    #[inline(never)]
    pub(super) fn bar(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.lang.words().editor;
        let link = ctx.link();
        let changed = self.text != self.saved;
        let button = |class: &'static str, label: &'static str, msg: fn() -> Msg| {
            html! { <button class={classes!("tool", class)} onclick={link.callback(move |_| msg())}>{ label }</button> }
        };
        html! {
            <div class="filebar" role="toolbar" aria-label={words.title}>
                <b>{ &props.title }</b>
                if changed {
                    <span class="unsaved">{ words.unsaved }</span>
                }
                <span class="grow"></span>
                if props.program.is_some() {
                    { button("main", words.save_and_close, || Msg::Done(true)) }
                    { button("", words.discard, || Msg::Done(false)) }
                } else {
                    { button("", words.save, || Msg::Keep(false)) }
                    if self.is_manifest(ctx) && !self.plain {
                        <button class={classes!("tool", self.comparing.then_some("on"))} aria-pressed={if self.comparing { "true" } else { "false" }} onclick={link.callback(|_| Msg::Compare)}>{ words.compare }</button>
                    }
                    { button("", words.rename, || Msg::Asking(Asking::Name)) }
                    { button("", words.download, || Msg::Download) }
                    { button("", words.delete, || Msg::Asking(Asking::Delete)) }
                    if self.is_manifest(ctx) {
                        { button("main", words.apply, || Msg::Keep(true)) }
                    }
                }
                { self.asked(ctx) }
            </div>
        }
    }

    #[inline(never)]
    fn asked(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let words = &props.lang.words().editor;
        let link = ctx.link();
        match self.asking {
            Asking::Nothing => html! {},
            Asking::Name => {
                let onkeydown = link.batch_callback(|e: KeyboardEvent| {
                    let input: Option<HtmlInputElement> = e.target_dyn_into();
                    match e.key().as_str() {
                        _ if e.is_composing() => None,
                        "Enter" => input.map(|input| Msg::Renamed(input.value())),
                        "Escape" => Some(Msg::Asking(Asking::Nothing)),
                        _ => None,
                    }
                });
                html! {
                    <label class="asked">{ words.new_name }{ " " }<input value={props.title.clone()} autofocus=true {onkeydown} /></label>
                }
            }
            Asking::Delete => html! {
                <span class="asked" role="alert">
                    { words.sure }{ " " }
                    <button class="tool" onclick={link.callback(|_| Msg::Delete)}>{ words.delete }</button>
                    <button class="tool" onclick={link.callback(|_| Msg::Asking(Asking::Nothing))}>{ words.keep }</button>
                </span>
            },
        }
    }

    /// What the cluster says about the text.
    #[inline(never)]
    pub(super) fn state(&self, ctx: &Context<Self>) -> Html {
        let words = &ctx.props().lang.words().editor;
        let said = match self.problems.as_deref() {
            _ if self.nothing_live => html! { <span>{ words.nothing_live }</span> },
            _ if self.comparing => html! { <span>{ words.comparing }</span> },
            None => html! {},
            Some([]) if self.text.trim().is_empty() => html! {},
            Some([]) => html! { <span class="fine">{ "✓ " }{ words.fine }</span> },
            Some([first, rest @ ..]) => html! {
                <span class="wrong">
                    { "✕ " }{ words.line }{ " " }{ first.line + 1 }{ ": " }<span lang="en">{ &first.message }</span>
                    if !rest.is_empty() {
                        { " (+" }{ rest.len() }{ ")" }
                    }
                </span>
            },
        };
        html! {
            <div class="said" role="status">
                if self.plain {
                    <span>{ words.plain }</span>
                }
                { said }
            </div>
        }
    }
}
