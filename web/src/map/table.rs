//! The same data as the map in tables. Never: anything that the map does not tell.

use yew::prelude::*;

use super::panel::{counts, cpu, memory};
use super::{Msg, Ref, matches, owners, resource_of};
use crate::app::{self, App};

/// The most rows of a table.
const ROWS: usize = 300;

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

/// A row: what it is about, and its cells, the first a button.
type Row = (Option<Ref>, Vec<String>);

/// The tables.
#[inline(never)]
pub fn table(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let m = &words.map;
    let view = &app.view;
    let sought = app.map.search.trim().to_lowercase();
    let found = |text: &str| sought.is_empty() || text.to_lowercase().contains(&sought);
    let pods = view.pods.iter().filter(|p| app.map.scope.holds(&p.namespace) && (sought.is_empty() || matches(p, &sought)));
    let pods: Vec<_> = pods.collect();
    let all = pods.len();
    let pods: Vec<Row> = pods
        .into_iter()
        .take(ROWS)
        .map(|p| {
            let own: Vec<_> = p.containers.iter().filter(|c| !c.init).collect();
            let ready = own.iter().filter(|c| c.ready).count();
            let restarts: u32 = p.containers.iter().map(|c| c.restarts).sum();
            let cells = [&*p.name, &p.namespace, &format!("{ready}/{}", own.len()), &p.status, &restarts.to_string()];
            let rest = [p.node.as_deref().unwrap_or(m.no_node), &*p.ip];
            (Some(Ref::new("pods", &p.namespace, &p.name)), cells.iter().chain(&rest).map(|c| c.to_string()).collect())
        })
        .collect();
    let nodes = view.nodes.iter().filter(|n| found(&n.name)).map(|n| {
        let state = match (n.ready, n.cordoned) {
            (false, _) => m.not_ready,
            (true, true) => m.cordoned,
            (true, false) => "Ready",
        };
        let role = if n.control_plane { m.control_plane } else { m.worker };
        let used = [format!("{} / {}", cpu(n.cpu_used_m), cpu(n.cpu_m)), format!("{} / {}", memory(n.memory_used), memory(n.memory))];
        let cells =
            vec![n.name.to_string(), state.into(), role.into(), used[0].clone(), used[1].clone(), format!("{} / {}", n.pods_used, n.pods)];
        (Some(Ref::new("nodes", "", &n.name)), cells)
    });
    let workloads = view.workloads.iter().filter(|w| app.map.scope.holds(&w.namespace) && found(&w.name) && owners::is_top(view, w));
    let workloads = workloads.map(|w| {
        let resource = resource_of(&w.kind).map(|r| Ref::new(r, &w.namespace, &w.name));
        (resource, vec![w.name.to_string(), w.kind.to_string(), w.namespace.to_string(), counts(w), w.image.to_string()])
    });
    let services = view.services.iter().filter(|s| app.map.scope.holds(&s.namespace) && found(&s.name)).map(|s| {
        let cells = [&*s.name, &s.kind, &s.namespace, &s.ip, &s.external_ip, &s.ports, &s.endpoints.len().to_string()];
        (Some(Ref::new("services", &s.namespace, &s.name)), cells.iter().map(|c| c.to_string()).collect())
    });
    let api = app.engine.session.api();
    let others = OTHERS.iter().flat_map(|resource| api.list(resource, None)).filter(|o| found(o.name()));
    let others = others.filter(|o| o.namespace().is_empty() || app.map.scope.holds(o.namespace())).map(|o| {
        let cells = [o.name(), &o.ty.kind, o.namespace()];
        (Some(Ref::new(&o.ty.resource, o.namespace(), o.name())), cells.iter().map(|c| c.to_string()).collect())
    });
    html! {
        <div class="tables" tabindex="0" role="group" aria-label={m.table}>
            { rows(app, ctx, m.pods, &[m.name, m.namespace, m.ready, m.status, m.restarts, m.node, "IP"], pods, all) }
            { rows(app, ctx, m.nodes, &[m.name, m.status, m.role, m.cpu, m.memory, m.pods], nodes.collect(), 0) }
            { rows(app, ctx, m.workloads, &[m.name, m.kind, m.namespace, m.ready, m.image], workloads.collect(), 0) }
            { rows(app, ctx, m.services, &[m.name, m.kind, m.namespace, "IP", m.outside, m.ports, m.endpoints], services.collect(), 0) }
            { rows(app, ctx, m.others, &[m.name, m.kind, m.namespace], others.collect(), 0) }
        </div>
    }
}

/// A table of some rows, and of how many it tells, where those are more.
#[inline(never)]
fn rows(app: &App, ctx: &Context<App>, title: &str, heads: &[&str], rows: Vec<Row>, all: usize) -> Html {
    let all = all.max(rows.len());
    let more = all.saturating_sub(ROWS);
    let row = |(what, cells): Row| {
        let chosen = what.is_some() && what == app.map.selected;
        let key = cells.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("/");
        let choose = ctx.link().callback(move |_| app::Msg::Map(Msg::Select(what.clone())));
        html! {
            <tr {key} class={classes!(chosen.then_some("chosen"))}>
                { for cells.into_iter().enumerate().map(|(i, cell)| if i == 0 {
                    html! { <th scope="row"><button onclick={choose.clone()}>{ cell }</button></th> }
                } else {
                    html! { <td>{ cell }</td> }
                }) }
            </tr>
        }
    };
    html! {
        <table>
            <caption>{ title }{ " " }<span class="muted">{ all }</span></caption>
            <thead><tr>{ for heads.iter().map(|h| html! { <th scope="col">{ *h }</th> }) }</tr></thead>
            <tbody>{ for rows.into_iter().take(ROWS).map(row) }</tbody>
            if more > 0 {
                <tfoot><tr><td colspan={heads.len().to_string()}>{ "+" }{ more }</td></tr></tfoot>
            }
        </table>
    }
}
