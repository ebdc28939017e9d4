//! Programs that a learner may look for on the machine and that are not there: what to do instead.
//! Never: programs that are there (`host`).

/// Programs, separated by blanks, and what is said after `command not found`.
const ABSENT: &[(&str, &str)] = &[
    (
        "systemctl journalctl service kubelet containerd systemd-analyze dmesg swapoff",
        "this terminal is a page, not a node: no systemd runs here. Nodes and their kubelets show in kubectl get nodes, kubectl describe node NAME and kubectl get events -A",
    ),
    (
        "crictl ctr docker nerdctl podman buildah",
        "containers are reached through the cluster: kubectl get pods -A -o wide, kubectl logs POD, kubectl exec -it POD -- sh",
    ),
    (
        "etcdctl etcdutl",
        "etcd has no door of its own here; what it would hold shows in kubectl get KIND NAME -o yaml and kubectl get --raw PATH",
    ),
    (
        "ssh scp rsync sftp ssh-keygen",
        "nodes have no shell here; kubectl get nodes -o wide and kubectl describe node NAME tell about them, kubectl cp carries files into containers",
    ),
    ("kubeadm minikube kind k3s k3d eksctl gcloud aws az", "the cluster is made already; the page can begin another one, with more nodes"),
    ("helm", "kubectl apply -f FILE and kubectl apply -k DIR do here what a chart would"),
    ("kustomize", "kubectl kustomize DIR and kubectl apply -k DIR do the same"),
    ("kubectx", "kubectl config get-contexts, kubectl config use-context NAME"),
    ("kubens", "kubectl config set-context --current --namespace=NAME"),
    ("stern kail", "kubectl logs -f -l KEY=VALUE --all-containers --prefix"),
    ("k9s kubetail", "kubectl get pods -w, or the map beside the terminal"),
    (
        "ps top htop free df ip ifconfig ss netstat lsof uptime vmstat iostat lscpu lsblk mount iptables ipvsadm tcpdump traceroute",
        "the machine itself is not simulated. In a container: kubectl exec POD -- ps, df or ip a; of nodes: kubectl top nodes, kubectl describe node NAME",
    ),
    ("host", "nslookup NAME asks for a name; kubectl run -it --rm t --image=busybox -- nslookup NAME asks in the cluster"),
    (
        "apt apt-get yum dnf snap brew pip pip3 npm go git make gcc python python3 node openssl yq envsubst telnet mc tmux screen",
        "nothing can be installed here; help lists what there is",
    ),
];

/// What to do instead of a program that is not there.
pub(super) fn instead(program: &str) -> Option<&'static str> {
    ABSENT.iter().find(|(names, _)| names.split(' ').any(|name| name == program)).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn programs_are_named_once() {
        let mut names: alloc::vec::Vec<&str> = super::ABSENT.iter().flat_map(|(names, _)| names.split(' ')).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
