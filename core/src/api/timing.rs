//! How long things take in the cluster. Named profiles, so that a recording's pace is data and not code.

/// Durations in milliseconds. See DESIGN: the lifelike default and the recorded pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The profile's name, kept in logs: `life`, `recorded`.
    pub name: &'static str,
    /// From a change until a controller has seen it.
    pub observe_ms: u64,
    /// From a queued Pod to its binding.
    pub schedule_ms: u64,
    /// The kubelet's look at its Pods.
    pub kubelet_ms: u64,
    /// From a bound Pod to its sandbox.
    pub sandbox_ms: u64,
    /// The pull of an image that the cluster has not pulled in this scenario.
    pub pull_first_ms: u64,
    /// The pull of an image that the node does not have but another has pulled.
    pub pull_next_ms: u64,
    /// A pull that only checks that the image on the node is still current.
    pub pull_present_ms: u64,
    /// A pull that the registry refuses.
    pub pull_failed_ms: u64,
    /// From a pulled image to a started container.
    pub start_ms: u64,
    /// A server's stop after SIGTERM.
    pub stop_server_ms: u64,
    /// The stop of a container that sleeps or runs a shell: with the recorded stand-in runtime 1 s; in life these
    /// ignore SIGTERM and take their whole grace.
    pub stop_shell_ms: Option<u64>,
    /// How long one kubectl command takes before it acts.
    pub client_ms: u64,
}

impl Timing {
    /// As in a real cluster with a good network.
    pub const LIFE: Timing = Timing {
        name: "life",
        observe_ms: 4,
        schedule_ms: 6,
        kubelet_ms: 250,
        sandbox_ms: 400,
        pull_first_ms: 2600,
        pull_next_ms: 1900,
        pull_present_ms: 350,
        pull_failed_ms: 1400,
        start_ms: 120,
        stop_server_ms: 300,
        stop_shell_ms: None,
        client_ms: 0,
    };

    /// The pace of the recordings.
    pub const RECORDED: Timing = Timing {
        name: "recorded",
        observe_ms: 4,
        schedule_ms: 6,
        kubelet_ms: 250,
        sandbox_ms: 500,
        pull_first_ms: 800,
        pull_next_ms: 800,
        pull_present_ms: 300,
        pull_failed_ms: 400,
        start_ms: 50,
        stop_server_ms: 200,
        stop_shell_ms: Some(1000),
        client_ms: 70,
    };
}
