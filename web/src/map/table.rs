//! The same data as the map in tables, of which only the rows in sight are in the document. Never: anything that the map does
//! not tell.

use web_sys::Element;
use yew::prelude::*;

use super::dom::focused_id;
use super::panel::{counts, cpu, memory};
use super::sheets::{ROW, Row, TABLES, arrange, widest};
use super::sight::Shift;
use super::{Msg, Ref, matches, owners, resource_of};
use crate::app::{self, App};

/// Resources of which the last table tells, besides those of the map.
const OTHERS: &[&str] = &[
    "configmaps",
    "secrets",
    "persistentvolumeclaims",
    "persistentvolumes",
    "ingresses.networking.k8s.io",
    "networkpolicies.networking.k8s.io",
    "horizontalpodautoscalers.autoscaling",
    "poddisruptionbudgets.policy",
    "resourcequotas",
    "limitranges",
    "storageclasses.storage.k8s.io",
    "serviceaccounts",
    "roles.rbac.authorization.k8s.io",
    "rolebindings.rbac.authorization.k8s.io",
];

/// What is beside the text in a column's head and in its cells, in pixels.
const BESIDE: (usize, usize) = (30, 14);

/// How many rows a page of keys is.
const PAGE: usize = 10;

/// A row that measures nothing.
fn row(what: Option<Ref>, cells: &[&str]) -> Row {
    Row { what, cells: cells.iter().map(|c| c.to_string()).collect(), measures: Vec::new() }
}

/// The tables.
#[inline(never)]
pub fn table(app: &App, ctx: &Context<App>) -> Html {
    let m = &app.words().map;
    let mut all = [pods(app), nodes(app), workloads(app), services(app), others(app)];
    for (n, rows) in all.iter_mut().enumerate() {
        if let Some(order) = app.map.sheets.order(n) {
            arrange(rows, order);
        }
    }
    let counts = [0, 1, 2, 3, 4].map(|n: usize| all.get(n).map_or(0, Vec::len));
    let scroll = ctx.link().callback(|e: Event| app::Msg::Map(Msg::Scrolled(Shift::of(&e.target_unchecked_into::<Element>()))));
    let key = ctx.link().batch_callback(move |e: KeyboardEvent| {
        let (table, row) = row_of(&focused_id()?)?;
        let last = counts.get(table)?.saturating_sub(1);
        let to = match e.key().as_str() {
            "ArrowUp" => row.saturating_sub(1),
            "ArrowDown" => row + 1,
            "PageUp" => row.saturating_sub(PAGE),
            "PageDown" => row + PAGE,
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        e.prevent_default();
        Some(app::Msg::Map(Msg::Row(table, to.min(last), counts)))
    });
    let heads: [(&str, &[&str]); TABLES] = [
        (m.pods, &[m.name, m.namespace, m.ready, m.status, m.restarts, m.node, "IP"]),
        (m.nodes, &[m.name, m.status, m.role, m.cpu, m.memory, m.pods]),
        (m.workloads, &[m.name, m.kind, m.namespace, m.ready, m.image]),
        (m.services, &[m.name, m.kind, m.namespace, "IP", m.outside, m.ports, m.endpoints]),
        (m.others, &[m.name, m.kind, m.namespace]),
    ];
    html! {
        <div class="tables" tabindex="0" role="group" aria-label={m.table} onscroll={scroll} onkeydown={key}>
            { for heads.iter().zip(&all).enumerate().map(|(n, ((title, heads), rows))| one(app, ctx, n, title, heads, rows, &counts)) }
        </div>
    }
}

/// The table and the row that an element's id names.
fn row_of(id: &str) -> Option<(usize, usize)> {
    let (table, row) = id.strip_prefix("row-")?.split_once('-')?;
    Some((table.parse().ok()?, row.parse().ok()?))
}

/// The id of a row's button.
pub fn row_id(table: usize, row: usize) -> String {
    format!("row-{table}-{row}")
}

/// Whether the search finds a name.
fn found(app: &App, name: &str) -> bool {
    let sought = app.map.search.trim().to_lowercase();
    sought.is_empty() || name.to_lowercase().contains(&sought)
}

#[inline(never)]
fn pods(app: &App) -> Vec<Row> {
    let sought = app.map.search.trim().to_lowercase();
    let shown = app.view.pods.iter().filter(|p| app.map.scope.holds(&p.namespace) && (sought.is_empty() || matches(p, &sought)));
    let one = |p: &std::rc::Rc<kubepie_core::session::view::PodView>| {
        let own = || p.containers.iter().filter(|c| !c.init);
        let ready = [own().filter(|c| c.ready).count().to_string(), own().count().to_string()].join("/");
        let restarts: u32 = p.containers.iter().map(|c| c.restarts).sum();
        let node = p.node.as_deref().unwrap_or(app.words().map.no_node);
        let what = Some(Ref::new("pods", &p.namespace, &p.name));
        row(what, &[&p.name, &p.namespace, &ready, &p.status, &restarts.to_string(), node, &p.ip])
    };
    shown.map(one).collect()
}

#[inline(never)]
fn nodes(app: &App) -> Vec<Row> {
    let m = &app.words().map;
    let shown = app.view.nodes.iter().filter(|n| found(app, &n.name));
    let one = |n: &std::rc::Rc<kubepie_core::session::view::NodeView>| {
        let state = match (n.ready, n.cordoned) {
            (false, _) => m.not_ready,
            (true, true) => m.cordoned,
            (true, false) => "Ready",
        };
        let role = if n.control_plane { m.control_plane } else { m.worker };
        let of = |used: String, whole: String| [used.as_str(), " / ", &whole].concat();
        let used = [of(cpu(n.cpu_used_m), cpu(n.cpu_m)), of(memory(n.memory_used), memory(n.memory))];
        let pods = of(n.pods_used.to_string(), n.pods.to_string());
        let measures = vec![(3, n.cpu_used_m.into()), (4, n.memory_used)];
        Row { measures, ..row(Some(Ref::new("nodes", "", &n.name)), &[&n.name, state, role, &used[0], &used[1], &pods]) }
    };
    shown.map(one).collect()
}

#[inline(never)]
fn workloads(app: &App) -> Vec<Row> {
    let view = &app.view;
    let shown = view.workloads.iter().filter(|w| app.map.scope.holds(&w.namespace) && found(app, &w.name) && owners::is_top(view, w));
    let what = |w: &kubepie_core::session::view::WorkloadView| resource_of(&w.kind).map(|r| Ref::new(r, &w.namespace, &w.name));
    shown.map(|w| row(what(w), &[&w.name, &w.kind, &w.namespace, &counts(w), &w.image])).collect()
}

#[inline(never)]
fn services(app: &App) -> Vec<Row> {
    let shown = app.view.services.iter().filter(|s| app.map.scope.holds(&s.namespace) && found(app, &s.name));
    let one = |s: &std::rc::Rc<kubepie_core::session::view::ServiceView>| {
        let what = Some(Ref::new("services", &s.namespace, &s.name));
        row(what, &[&s.name, &s.kind, &s.namespace, &s.ip, &s.external_ip, &s.ports, &s.endpoints.len().to_string()])
    };
    shown.map(one).collect()
}

#[inline(never)]
fn others(app: &App) -> Vec<Row> {
    let api = app.engine.session.api();
    let all = OTHERS.iter().flat_map(|resource| api.list(resource, None)).filter(|o| found(app, o.name()));
    let shown = all.filter(|o| o.namespace().is_empty() || app.map.scope.holds(o.namespace()));
    shown.map(|o| row(Some(Ref::new(&o.ty.resource, o.namespace(), o.name())), &[o.name(), &o.ty.kind, o.namespace()])).collect()
}

/// A table, of which the rows in sight are told, and how many there are.
#[inline(never)]
fn one(app: &App, ctx: &Context<App>, table: usize, title: &str, heads: &[&str], rows: &[Row], counts: &[usize]) -> Html {
    let seen = app.map.sheets.rows(table, counts);
    let order = app.map.sheets.order(table);
    let width = |column: usize, head: &str| {
        let cells = widest(rows.iter().filter_map(|row| row.cells.get(column)).map(String::as_str));
        format!("width:{}px", (cells + BESIDE.1).max(widest([head].into_iter()) + BESIDE.0))
    };
    let gap = |key: &'static str, count: usize| {
        let style = format!("height:{:.0}px", count as f64 * ROW);
        if count == 0 {
            Html::default()
        } else {
            html! { <tr {key} class="gap" aria-hidden="true"><td colspan={heads.len().to_string()} {style}></td></tr> }
        }
    };
    let (first, last) = (seen.start, rows.len().saturating_sub(seen.end));
    let told = seen.clone().zip(rows.get(seen).unwrap_or_default());
    html! {
        <table aria-rowcount={(rows.len() + 1).to_string()}>
            <caption>{ title }{ " " }<span class="muted">{ rows.len() }</span></caption>
            <colgroup>{ for heads.iter().enumerate().map(|(n, head)| html! { <col style={width(n, head)} /> }) }</colgroup>
            <thead><tr aria-rowindex="1">{ for heads.iter().enumerate().map(|(n, name)| head(ctx, table, n, name, order)) }</tr></thead>
            <tbody>
                { gap("above", first) }
                { for told.map(|(n, row)| told_row(app, ctx, (table, n), row, n == first)) }
                { gap("below", last) }
            </tbody>
        </table>
    }
}

/// The head of a column, which puts the table in its order.
#[inline(never)]
fn head(ctx: &Context<App>, table: usize, column: usize, name: &str, order: Option<(usize, bool)>) -> Html {
    let (sorted, sign) = match order.filter(|(by, _)| *by == column) {
        Some((_, false)) => ("ascending", "▲"),
        Some((_, true)) => ("descending", "▼"),
        None => ("none", ""),
    };
    let sort = ctx.link().callback(move |_| app::Msg::Map(Msg::Sort(table, column)));
    html! {
        <th scope="col" aria-sort={sorted}><button onclick={sort}>{ name }<i aria-hidden="true">{ sign }</i></button></th>
    }
}

#[inline(never)]
fn told_row(app: &App, ctx: &Context<App>, (table, n): (usize, usize), row: &Row, first: bool) -> Html {
    let what = row.what.clone();
    let chosen = what.is_some() && what == app.map.selected;
    let key = row.cells.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("/");
    let choose = ctx.link().callback(move |_| app::Msg::Map(Msg::Select(what.clone())));
    let tabindex = if first { "0" } else { "-1" };
    html! {
        <tr {key} class={classes!(chosen.then_some("chosen"))} aria-rowindex={(n + 2).to_string()}>
            { for row.cells.iter().enumerate().map(|(i, cell)| if i == 0 {
                html! { <th scope="row"><button data-id={row_id(table, n)} {tabindex} onclick={choose.clone()}>{ cell.clone() }</button></th> }
            } else {
                html! { <td>{ cell.clone() }</td> }
            }) }
        </tr>
    }
}
