//! The controllers: each brings one kind of object from what is wanted to what is, through the store alone.
//! One file (or folder) per controller; none knows another. Nothing here schedules Pods or runs containers.

pub mod accounts;
pub mod autoscaler;
pub mod balancer;
pub mod certificates;
pub mod counts;
pub mod cron;
pub mod daemons;
pub mod deployment;
pub mod disruption;
pub mod endpoints;
pub mod ephemeral;
pub mod garbage;
pub mod hash;
pub mod history;
pub mod jobs;
pub mod namespace;
pub mod nodes;
pub mod pods;
pub mod queue;
pub mod quota;
pub mod replicas;
pub mod stateful;
pub mod volumes;
pub mod worker;

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use crate::api::{Component, Timing};
use worker::{Reconcile, Worker};

/// Every controller as a component, in the order in which they see a change.
pub fn all(timing: Timing) -> Vec<Box<dyn Component>> {
    let controllers: Vec<Box<dyn Reconcile>> = vec![
        Box::new(deployment::Deployments::default()),
        Box::new(replicas::Replicas::new(&replicas::REPLICA_SET)),
        Box::new(replicas::Replicas::new(&replicas::REPLICATION_CONTROLLER)),
        Box::new(endpoints::Endpoints::default()),
        Box::new(garbage::Garbage),
        Box::new(namespace::Namespaces),
        Box::new(quota::Quotas),
        Box::new(nodes::taints::Taints),
        Box::new(nodes::lifecycle::Lifecycle::default()),
        Box::new(nodes::eviction::TaintEviction::default()),
        Box::new(nodes::orphans::Orphans::default()),
        Box::new(accounts::Accounts),
        Box::new(balancer::Balancer::default()),
        Box::new(daemons::Daemons::default()),
        Box::new(stateful::Stateful::default()),
        Box::new(disruption::Disruption::default()),
        Box::new(jobs::Jobs::default()),
        Box::new(cron::CronJobs::default()),
        Box::new(volumes::Volumes::default()),
        Box::new(autoscaler::Autoscalers::default()),
        Box::new(ephemeral::Ephemeral::default()),
        Box::new(certificates::Certificates),
    ];
    controllers.into_iter().map(|c| Box::new(Worker::new(c, timing)) as Box<dyn Component>).collect()
}
