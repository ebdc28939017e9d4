//! The names of the resources that the cluster's own components work with: keys of the store.

/// Declares one constant per resource.
macro_rules! resources {
    ($($name:ident = $key:literal;)*) => { $(#[doc = concat!("The resource `", $key, "`.")] pub const $name: &str = $key;)* };
}

resources! {
    PODS = "pods";
    NODES = "nodes";
    NAMESPACES = "namespaces";
    SERVICES = "services";
    ENDPOINTS = "endpoints";
    EVENTS = "events";
    CONFIG_MAPS = "configmaps";
    SECRETS = "secrets";
    SERVICE_ACCOUNTS = "serviceaccounts";
    REPLICATION_CONTROLLERS = "replicationcontrollers";
    RESOURCE_QUOTAS = "resourcequotas";
    LIMIT_RANGES = "limitranges";
    PERSISTENT_VOLUMES = "persistentvolumes";
    PERSISTENT_VOLUME_CLAIMS = "persistentvolumeclaims";
    DEPLOYMENTS = "deployments.apps";
    REPLICA_SETS = "replicasets.apps";
    DAEMON_SETS = "daemonsets.apps";
    STATEFUL_SETS = "statefulsets.apps";
    CONTROLLER_REVISIONS = "controllerrevisions.apps";
    JOBS = "jobs.batch";
    CRON_JOBS = "cronjobs.batch";
    ENDPOINT_SLICES = "endpointslices.discovery.k8s.io";
    INGRESSES = "ingresses.networking.k8s.io";
    INGRESS_CLASSES = "ingressclasses.networking.k8s.io";
    NETWORK_POLICIES = "networkpolicies.networking.k8s.io";
    STORAGE_CLASSES = "storageclasses.storage.k8s.io";
    HORIZONTAL_POD_AUTOSCALERS = "horizontalpodautoscalers.autoscaling";
    POD_DISRUPTION_BUDGETS = "poddisruptionbudgets.policy";
    PRIORITY_CLASSES = "priorityclasses.scheduling.k8s.io";
    LEASES = "leases.coordination.k8s.io";
    CUSTOM_RESOURCE_DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
    ROLES = "roles.rbac.authorization.k8s.io";
    CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io";
    ROLE_BINDINGS = "rolebindings.rbac.authorization.k8s.io";
    CLUSTER_ROLE_BINDINGS = "clusterrolebindings.rbac.authorization.k8s.io";
}
