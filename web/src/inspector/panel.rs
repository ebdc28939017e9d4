//! The inspector as elements: one object, side by side with what it wants. Never: what is known of it (card.rs).

use yew::prelude::*;

use super::card::Card;
use super::commands::{self, Button};
use super::{Msg, Side, say, why};
use crate::app::{self, App};
use crate::i18n::{Words, fill};
use crate::map::{self, Ref, pie, uid_of};

/// The panel.
#[inline(never)]
pub fn inspector(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let inside = match (&app.inspector.card, &app.map.selected) {
        (Some(card), _) => one(app, ctx, card),
        (None, Some(gone)) => html! { <p class="muted">{ fill(words.inspector.gone, &[&gone.name]) }</p> },
        (None, None) => empty(words),
    };
    let escape = ctx.link().batch_callback(|e: KeyboardEvent| (e.key() == "Escape").then_some(app::Msg::Map(map::Msg::Select(None))));
    html! {
        <aside class={classes!("insp", app.map.selected.is_some().then_some("open"))} aria-label={words.inspector.title} onkeydown={escape}>
            { inside }
        </aside>
    }
}

#[inline(never)]
fn empty(words: &Words) -> Html {
    let w = &words.inspector;
    html! {
        <>
            <h2>{ w.title }</h2>
            <p class="muted">{ w.choose }</p>
            <dl class="legend">
                { for w.legend().iter().map(|(class, mark, name)| html! {
                    <><dt>{ map::sign(class, mark, "26") }</dt><dd>{ *name }</dd></>
                }) }
            </dl>
        </>
    }
}

#[inline(never)]
fn one(app: &App, ctx: &Context<App>, card: &Card) -> Html {
    let words = app.words();
    let w = &words.inspector;
    let link = ctx.link();
    let side = |side: Side, name: String| {
        let on = app.inspector.side == side;
        html! {
            <button class={classes!("seg", on.then_some("on"))} aria-pressed={on.to_string()}
                onclick={link.callback(move |_| app::Msg::Inspect(Msg::Side(side)))}>{ name }</button>
        }
    };
    let pod = app.view.pods.iter().find(|p| &*card.of.resource == "pods" && p.namespace == card.of.namespace && p.name == card.of.name);
    html! {
        <>
            <div class="head">
                <span class="eyebrow">{ &card.kind }{ if card.of.namespace.is_empty() { String::new() } else { [" · ", &card.of.namespace].concat() } }</span>
                <button class="close" aria-label={words.page.close} title={words.page.close} onclick={link.callback(|_| app::Msg::Map(map::Msg::Select(None)))}>{ "×" }</button>
            </div>
            <h2 class="mono">
                if let Some(pod) = pod { { pie(pod, 30) } }
                <span>{ &*card.of.name }</span>
            </h2>
            <p class="say">{ say::sentence(card, &app.view, app.look.lang) }</p>
            if let Some(stuck) = &card.stuck {
                <p class="muted small">{ stuck }</p>
            }
            { buttons(ctx, commands::buttons(card, cordoned(app, card))) }
            <div class="segs" role="group" aria-label={w.sides}>
                { side(Side::Summary, w.summary.into()) }
                { side(Side::Events, format!("{} {}", w.events, card.events.len())) }
                { side(Side::Yaml, "YAML".into()) }
                if &*card.of.resource == "pods" {
                    { side(Side::Logs, w.logs.into()) }
                }
            </div>
            { match app.inspector.side {
                Side::Summary => summary(app, ctx, card),
                Side::Events => events(card, words),
                Side::Yaml | Side::Logs if app.inspector.text.is_empty() => html! { <p class="muted">{ w.nothing }</p> },
                Side::Yaml | Side::Logs => html! { <pre class="text" tabindex="0">{ &app.inspector.text }</pre> },
            } }
        </>
    }
}

fn cordoned(app: &App, card: &Card) -> bool {
    &*card.of.resource == "nodes" && app.view.nodes.iter().any(|n| n.name == card.of.name && n.cordoned)
}

#[inline(never)]
fn buttons(ctx: &Context<App>, all: Vec<Button>) -> Html {
    html! {
        <div class="row">
            { for all.into_iter().map(|(word, line)| {
                let (title, typed) = (line.clone(), line);
                html! { <button class="chip cmd" title={title} onclick={ctx.link().callback(move |_| app::Msg::Type(typed.clone()))}>{ word }</button> }
            }) }
        </div>
    }
}

#[inline(never)]
fn summary(app: &App, ctx: &Context<App>, card: &Card) -> Html {
    let words = app.words();
    let w = &words.inspector;
    let faults = commands::faults(&card.of);
    html! {
        <>
            if let Some(decision) = &card.decision {
                { why::why(decision, app.look.lang) }
            }
            { facts(card, words) }
            { rows(app, card, words) }
            { chain(ctx, w.owners, &card.owners) }
            { chain(ctx, w.owned, &card.owned) }
            { conditions(card, words) }
            if !faults.is_empty() {
                <details class="faults"><summary>{ w.faults }</summary>{ buttons(ctx, faults) }</details>
            }
            <p class="muted small">{ w.buttons_type }</p>
        </>
    }
}

#[inline(never)]
fn facts(card: &Card, words: &Words) -> Html {
    let w = &words.inspector;
    if card.facts.is_empty() {
        return Html::default();
    }
    html! {
        <table class="facts">
            <thead><tr><th scope="col">{ w.field }</th><th scope="col">{ w.wanted }</th><th scope="col">{ w.is }</th></tr></thead>
            <tbody>
                { for card.facts.iter().map(|f| {
                    let differs = f.wanted != f.is;
                    html! {
                        <tr class={classes!(differs.then_some("unlike"))}>
                            <th scope="row">{ f.field }</th><td>{ &f.wanted }</td>
                            <td>{ &f.is }if differs { <span class="mark" role="img" aria-label={w.differs} title={w.differs}>{ " ≠" }</span> }</td>
                        </tr>
                    }
                }) }
            </tbody>
        </table>
    }
}

#[inline(never)]
fn rows(app: &App, card: &Card, words: &Words) -> Html {
    let w = &words.inspector;
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(uid) = uid_of(&app.view, &card.of) {
        if let Some(p) = app.view.pods.iter().find(|p| p.uid == uid) {
            rows.push((w.status, p.status.to_string()));
            rows.push((words.map.node, p.node.as_deref().unwrap_or(words.map.no_node).to_string()));
            rows.push(("IP", p.ip.to_string()));
            for c in p.containers.iter() {
                let state = if c.reason.is_empty() { c.state } else { &*c.reason };
                let restarts = if c.restarts > 0 { fill(words.map.restarted, &[&c.restarts.to_string()]) } else { String::new() };
                let parts = [&*c.image, state, &restarts];
                rows.push((&c.name, parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")));
            }
        } else if let Some(n) = app.view.nodes.iter().find(|n| n.uid == uid) {
            rows.push(("IP", n.ip.to_string()));
            rows.push((words.map.pods, format!("{} / {}", n.pods_used, n.pods)));
            rows.push((words.map.cpu, format!("{} / {}", map::cpu(n.cpu_used_m), map::cpu(n.cpu_m))));
            rows.push((words.map.memory, format!("{} / {}", map::memory(n.memory_used), map::memory(n.memory))));
            rows.push((w.taints, n.taints.join("\n")));
        } else if let Some(s) = app.view.services.iter().find(|s| s.uid == uid) {
            rows.push((w.kind, s.kind.to_string()));
            rows.push(("IP", s.ip.to_string()));
            rows.push((words.map.outside, s.external_ip.to_string()));
            rows.push((words.map.ports, s.ports.to_string()));
        } else if let Some(x) = app.view.workloads.iter().find(|x| x.uid == uid) {
            rows.push((words.map.image, x.image.to_string()));
            rows.push((w.revision, if x.revision > 0 { x.revision.to_string() } else { String::new() }));
        }
    }
    rows.extend(card.rows.iter().cloned());
    rows.push((w.labels, card.labels.join("\n")));
    html! {
        <dl class="kv">
            { for rows.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value }</dd></> }) }
        </dl>
    }
}

#[inline(never)]
fn chain(ctx: &Context<App>, title: &str, all: &[Ref]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let button = |r: &Ref| {
        let to = r.clone();
        html! {
            <button class="link" onclick={ctx.link().callback(move |_| app::Msg::Map(map::Msg::Select(Some(to.clone()))))}>
                <small>{ r.plural() }{ "/" }</small>{ &*r.name }
            </button>
        }
    };
    html! { <section class="chain"><h3>{ title }</h3>{ for all.iter().map(button) }</section> }
}

#[inline(never)]
fn conditions(card: &Card, words: &Words) -> Html {
    if card.conditions.is_empty() {
        return Html::default();
    }
    html! {
        <section class="conds">
            <h3>{ words.inspector.conditions }</h3>
            <ul>
                { for card.conditions.iter().map(|c| {
                    let (class, mark) = if c.well { ("well", "✓") } else { ("ill", "!") };
                    let holds = c.holds.map_or("Unknown", |holds| if holds { "True" } else { "False" });
                    html! {
                        <li class={class} title={c.message.clone()}><i aria-hidden="true">{ mark }</i><b>{ &c.kind }</b><span>{ holds }</span>
                            if !c.well { <small>{ if c.message.is_empty() { &c.reason } else { &c.message } }</small> }
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

#[inline(never)]
fn events(card: &Card, words: &Words) -> Html {
    if card.events.is_empty() {
        return html! { <p class="muted">{ words.inspector.no_events }</p> };
    }
    html! {
        <ol class="events">
            { for card.events.iter().map(|e| html! {
                <li class={classes!(e.warning.then_some("warning"))}>
                    <b>{ if e.warning { "⚠ " } else { "" } }{ &e.reason }if e.count > 1 { <small>{ " ×" }{ e.count }</small> }</b>
                    <span>{ &e.message }</span>
                    <time>{ e.last.get(11..19).unwrap_or_default() }</time>
                </li>
            }) }
        </ol>
    }
}
