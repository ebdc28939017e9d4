//! What an object is and how it does, in plain words. Never: facts (card.rs) or elements.

use kubepie_core::session::view::{NodeView, PodState, PodView, ServiceView, View, WorkloadView};

use super::card::Card;
use crate::i18n::{Lang, Words, fill, rare};
use crate::map::uid_of;

/// A sentence about an object.
pub fn sentence(card: &Card, view: &View, lang: Lang) -> String {
    let words = lang.words();
    let w = &words.inspector;
    let Some(uid) = uid_of(view, &card.of) else {
        return if card.deleting { w.say_deleting.into() } else { card.told.sentence(lang) };
    };
    if let Some(p) = view.pods.iter().find(|p| p.uid == uid) {
        return pod(p, lang);
    }
    if let Some(n) = view.nodes.iter().find(|n| n.uid == uid) {
        return node(n, words);
    }
    if let Some(s) = view.services.iter().find(|s| s.uid == uid) {
        return service(s, lang);
    }
    view.workloads.iter().find(|x| x.uid == uid).map_or(String::new(), |x| workload(x, card, view, words))
}

fn pod(p: &PodView, lang: Lang) -> String {
    let words = lang.words();
    let w = &words.inspector;
    let node = p.node.as_deref().unwrap_or(words.map.no_node);
    let restarts: u32 = p.containers.iter().map(|c| c.restarts).sum();
    let image = p.containers.iter().find(|c| c.reason.contains("Image") || c.reason.contains("ErrImage")).or(p.containers.first());
    let text = match p.state {
        PodState::Pending if &*p.status == "SchedulingGated" => rare::POD_GATED.of(lang),
        PodState::Pending => w.pod_pending,
        PodState::Creating => w.pod_creating,
        PodState::Running => w.pod_running,
        PodState::Ready => w.pod_ready,
        PodState::Terminating => w.pod_terminating,
        PodState::Completed => w.pod_completed,
        PodState::Failed => w.pod_failed,
        PodState::ImageError => w.pod_image,
        PodState::CrashLoop => w.pod_crash,
        PodState::Evicted => w.pod_evicted,
    };
    fill(text, &[node, &restarts.to_string(), image.map_or("", |c| &c.image)])
}

fn node(n: &NodeView, words: &Words) -> String {
    let w = &words.inspector;
    let text = match (n.ready, n.cordoned) {
        (false, _) => w.node_down,
        (true, true) => w.node_closed,
        (true, false) => w.node_ready,
    };
    fill(text, &[&n.pods_used.to_string()])
}

fn service(s: &ServiceView, lang: Lang) -> String {
    let w = &lang.words().inspector;
    let text = match &*s.kind {
        _ if &*s.name == "kubernetes" && &*s.namespace == "default" => rare::SERVICE_API.of(lang),
        "ExternalName" => rare::SERVICE_ALIAS.of(lang),
        _ if s.endpoints.is_empty() => w.service_empty,
        _ => w.service_open,
    };
    fill(text, &[&s.endpoints.len().to_string(), &s.waiting.len().to_string()])
}

fn workload(x: &WorkloadView, card: &Card, view: &View, words: &Words) -> String {
    let w = &words.inspector;
    let rolling = view.workloads.iter().filter(|s| s.owner == x.uid && s.revision > 0 && s.desired + s.current > 0).count() > 1;
    let text = match &*x.kind {
        _ if card.deleting => w.say_deleting,
        _ if card.stuck.is_some() => w.work_stuck,
        _ if card.paused => w.work_paused,
        "CronJob" => w.cron,
        "Job" if x.ready >= x.desired => w.job_done,
        "Job" => w.job_running,
        _ if rolling => w.work_rolling,
        _ if x.desired == 0 => w.work_none,
        _ if x.ready >= x.desired => w.work_ready,
        _ => w.work_short,
    };
    fill(text, &[&x.ready.to_string(), &x.desired.to_string()])
}
