//! What is known about the Pod or node that was chosen on the map. Never: changing it (its buttons only type).

use kubepie_core::session::view::{NodeView, PodView};
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::map::{Selected, owner, pie};

/// The panel.
pub fn inspector(app: &App, ctx: &Context<App>) -> Html {
    let words = app.words();
    let inside = match &app.map.selected {
        Some(Selected::Pod(uid)) => app.view.pods.iter().find(|p| *p.uid == **uid).map(|p| pod(app, ctx, p)),
        Some(Selected::Node(name)) => app.view.nodes.iter().find(|n| *n.name == **name).map(|n| node(app, ctx, n)),
        None => None,
    };
    html! {
        <aside class="insp" aria-label={words.inspector.title}>
            <h2>{ words.inspector.title }</h2>
            { inside.unwrap_or_else(|| html! { <p class="muted">{ words.inspector.choose }</p> }) }
        </aside>
    }
}

fn rows(rows: &[(&str, String)]) -> Html {
    html! {
        <dl class="kv">
            { for rows.iter().map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value }</dd></> }) }
        </dl>
    }
}

fn commands(app: &App, ctx: &Context<App>, commands: Vec<(&'static str, String)>) -> Html {
    html! {
        <>
            <div class="row">
                { for commands.into_iter().map(|(name, line)| html! {
                    <button class="chip" title={line.clone()} onclick={ctx.link().callback(move |_| Msg::Type(line.clone()))}>{ name }</button>
                }) }
            </div>
            <p class="muted small">{ app.words().inspector.buttons_type }</p>
        </>
    }
}

fn pod(app: &App, ctx: &Context<App>, pod: &PodView) -> Html {
    let words = app.words();
    let images: Vec<&str> = pod.containers.iter().map(|c| &*c.image).collect();
    let restarts: u32 = pod.containers.iter().map(|c| c.restarts).sum();
    let labels: Vec<String> = pod.labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let or_none = |text: String| if text.is_empty() { words.page.none.to_string() } else { text };
    let namespace = if &*pod.namespace == "default" { String::new() } else { format!(" -n {}", pod.namespace) };
    let name = &pod.name;
    html! {
        <>
            <span class="eyebrow">{ "POD" }</span>
            <h3>{ pie(pod.state, 22) }{ " " }{ &*pod.name }</h3>
            { rows(&[
                (words.inspector.status, pod.status.to_string()),
                (words.inspector.node, pod.node.as_deref().unwrap_or(words.map.no_node).to_string()),
                (words.inspector.namespace, pod.namespace.to_string()),
                ("IP", or_none(pod.ip.to_string())),
                (words.inspector.images, images.join(", ")),
                (words.inspector.restarts, restarts.to_string()),
                (words.inspector.owner, or_none(owner(pod).unwrap_or_default())),
                (words.inspector.labels, or_none(labels.join(", "))),
            ]) }
            { commands(app, ctx, vec![
                ("describe", format!("kubectl describe pod {name}{namespace}")),
                ("YAML", format!("kubectl get pod {name}{namespace} -o yaml")),
                ("logs", format!("kubectl logs {name}{namespace}")),
                ("delete", format!("kubectl delete pod {name}{namespace}")),
            ]) }
        </>
    }
}

fn node(app: &App, ctx: &Context<App>, node: &NodeView) -> Html {
    let words = app.words();
    let name = &node.name;
    let state = match (node.ready, node.cordoned) {
        (true, false) => "Ready",
        (true, true) => "Ready,SchedulingDisabled",
        (false, false) => "NotReady",
        (false, true) => "NotReady,SchedulingDisabled",
    };
    let taints = if node.taints.is_empty() { words.page.none.to_string() } else { node.taints.join(", ") };
    let door = if node.cordoned { ("uncordon", format!("kubectl uncordon {name}")) } else { ("cordon", format!("kubectl cordon {name}")) };
    let mib = |bytes: u64| format!("{} Mi", bytes >> 20);
    html! {
        <>
            <span class="eyebrow">{ "NODE" }</span>
            <h3>{ &*node.name }</h3>
            { rows(&[
                (words.inspector.status, state.to_string()),
                ("IP", node.ip.to_string()),
                (words.map.pods, format!("{} / {}", node.pods_used, node.pods)),
                (words.map.cpu, format!("{}m / {}m", node.cpu_used_m, node.cpu_m)),
                (words.map.memory, format!("{} / {}", mib(node.memory_used), mib(node.memory))),
                (words.inspector.taints, taints),
            ]) }
            { commands(app, ctx, vec![
                ("describe", format!("kubectl describe node {name}")),
                door,
                ("drain", format!("kubectl drain {name} --ignore-daemonsets")),
            ]) }
        </>
    }
}
