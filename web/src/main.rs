//! The Kubepie page: a terminal, a map and lessons over one session of the core. Never: what a cluster does.

mod app;
mod engine;
mod i18n;
mod inspector;
mod layout;
mod lessons;
mod map;
mod page;
mod pie;
mod share;
mod store;
mod terminal;
mod timebar;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
