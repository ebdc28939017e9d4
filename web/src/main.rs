//! The Kubepie page: a terminal, a map and lessons over one session of the core. Never: what a cluster does.

mod app;
mod bring;
mod editor;
mod engine;
mod i18n;
mod inspector;
mod lessons;
mod look;
mod map;
mod newer;
mod pace;
mod page;
mod rescue;
mod rest;
mod share;
mod store;
mod terminal;
mod timeline;

fn main() {
    // Before the page knows this half nothing else may run: it may call the other one.
    rest::begin(|| {
        rescue::watch();
        yew::Renderer::<app::App>::new().render();
    });
}
