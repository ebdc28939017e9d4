//! What a container finds around it, asked from the front door: users, processes, names, and volumes as the kubelet
//! writes them.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kubepie_core::api::Timing;
use kubepie_core::session::{Base, Session, ShownKind};

const EPOCH_MS: i64 = 1_795_428_000_000;

/// A session in which a Pod `p` of this spec runs.
fn with_pod(spec: &str) -> Session {
    let mut s = Session::fresh(7, EPOCH_MS, Timing::RECORDED, Base::default());
    let manifest = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {spec}}}");
    ask(&mut s, &format!("echo '{manifest}' | kubectl apply -f -; kubectl wait --for=condition=Ready pod/p"));
    s
}

/// What a line prints.
fn ask(s: &mut Session, line: &str) -> String {
    let before = s.shown_since(0).count();
    s.submit_line(0, line);
    assert!(s.run_until_idle(0, 60_000), "{line}");
    s.shown_since(0).skip(before).filter(|one| one.what != ShownKind::Typed).map(|one| one.text.as_str()).collect()
}

#[test]
fn security_contexts_reach_the_inside() {
    let mut s = with_pod(
        "{securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]}, containers: [{name: c, image: busybox:1.28, command: [sh, -c, sleep 1h], volumeMounts: [{name: v, mountPath: /data/demo}]}], volumes: [{name: v, emptyDir: {}}]}",
    );
    assert_eq!(ask(&mut s, "kubectl exec p -- id"), "uid=1000 gid=3000 groups=2000,3000,4000\n");
    assert!(ask(&mut s, "kubectl exec p -- ps").contains("    1 1000      0:00 sleep 1h\n"));
    let made = ask(&mut s, "kubectl exec p -- sh -c 'cd /data/demo; echo hello > f; ls -l; ls -ld .; echo no > /etc/f'");
    assert!(made.contains("-rw-r--r--    1 1000     2000 "), "{made}");
    assert!(made.contains("drwxrwsrwx    2 root     2000 "), "{made}");
    assert!(made.contains("sh: can't create /etc/f: Permission denied\n"), "{made}");
    let held = ask(&mut s, "kubectl exec p -- grep CapBnd /proc/1/status");
    assert_eq!(held, "CapBnd:\t00000000a80425fb\n");
}

#[test]
fn a_read_only_root_leaves_volumes_to_write_to() {
    let mut s = with_pod(
        "{containers: [{name: c, image: busybox:1.28, command: [sleep, inf], securityContext: {readOnlyRootFilesystem: true, capabilities: {add: [NET_ADMIN, SYS_TIME]}}, volumeMounts: [{name: v, mountPath: /tmp}, {name: r, mountPath: /r, readOnly: true}]}], volumes: [{name: v, emptyDir: {}}, {name: r, emptyDir: {}}]}",
    );
    let made = ask(&mut s, "kubectl exec p -- touch /tmp/f; kubectl exec p -- touch /f; kubectl exec p -- touch /r/f");
    assert!(made.starts_with("touch: /f: Read-only file system\n"), "{made}");
    assert!(made.contains("touch: /r/f: Read-only file system\n"), "{made}");
    assert_eq!(ask(&mut s, "kubectl exec p -- grep CapPrm /proc/1/status"), "CapPrm:\t00000000aa0435fb\n");
}

#[test]
fn config_volumes_are_links_that_follow_a_change() {
    let mut s = with_pod(
        "{containers: [{name: c, image: busybox:1.28, command: [sleep, 1h], volumeMounts: [{name: v, mountPath: /etc/config}]}], volumes: [{name: v, configMap: {name: kube-root-ca.crt}}]}",
    );
    let listed = ask(&mut s, "kubectl exec p -- ls -la /etc/config");
    assert!(listed.contains(" ..data -> ..20"), "{listed}");
    assert!(listed.contains(" ca.crt -> ..data/ca.crt\n"), "{listed}");
    assert!(listed.contains("drwxrwxrwt    3 root     root          4096"), "{listed}");
}

#[test]
fn containers_that_share_processes_see_and_signal_each_other() {
    let mut s = with_pod(
        "{shareProcessNamespace: true, containers: [{name: nginx, image: nginx}, {name: shell, image: busybox:1.28, command: [sleep, 1h]}]}",
    );
    let seen = ask(&mut s, "kubectl exec p -c shell -- ps");
    assert!(seen.contains("    1 root      0:00 /pause\n    8 root      0:00 nginx: master process"), "{seen}");
    ask(&mut s, "kubectl exec p -c shell -- kill 8; sleep 3");
    assert_eq!(ask(&mut s, "kubectl get pod p -o jsonpath='{.status.containerStatuses[*].restartCount}'"), "1 0");
}

#[test]
fn hosts_and_resolvers_are_as_the_pod_asks() {
    let mut s = with_pod(
        "{hostname: a, subdomain: sub, dnsPolicy: None, dnsConfig: {nameservers: [192.0.2.1], searches: [x.example], options: [{name: ndots, value: \"2\"}, {name: edns0}]}, hostAliases: [{ip: 10.1.2.3, hostnames: [foo.remote, bar.remote]}], containers: [{name: c, image: busybox:1.28, command: [sleep, 1h]}]}",
    );
    assert_eq!(ask(&mut s, "kubectl exec p -- cat /etc/resolv.conf"), "search x.example\nnameserver 192.0.2.1\noptions ndots:2 edns0\n");
    let hosts = ask(&mut s, "kubectl exec p -- cat /etc/hosts");
    assert!(
        hosts.contains("\ta.sub.default.svc.cluster.local\ta\n\n# Entries added by HostAliases.\n10.1.2.3\tfoo.remote\tbar.remote\n"),
        "{hosts}"
    );
    assert_eq!(ask(&mut s, "kubectl exec p -- hostname -f"), "a.sub.default.svc.cluster.local\n");
}

#[test]
fn what_cannot_start_and_is_not_tried_again_stays_so() {
    let mut s = with_pod("{restartPolicy: Never, containers: [{name: c, image: busybox:1.28, command: [nosuch]}]}");
    assert!(ask(&mut s, "kubectl get pod p --no-headers").contains("   StartError   0 "));
}

#[test]
fn extended_resources_are_offered_by_the_kubelet() {
    let mut s = Session::fresh(7, EPOCH_MS, Timing::RECORDED, Base::default());
    ask(
        &mut s,
        "kubectl patch node w1-k8s --subresource=status --type=json -p '[{\"op\": \"add\", \"path\": \"/status/capacity/example.com~1dongle\", \"value\": \"4\"}]'; sleep 12",
    );
    assert_eq!(ask(&mut s, "kubectl get node w1-k8s -o jsonpath='{.status.allocatable.example\\.com/dongle}'"), "4");
}

#[test]
fn images_of_the_tutorials_do_what_their_pages_say() {
    let mut s = with_pod(
        "{containers: [{name: c, image: registry.k8s.io/e2e-test-images/agnhost:2.40, args: [liveness], livenessProbe: {httpGet: {path: /healthz, port: 8080}, initialDelaySeconds: 3, periodSeconds: 3}}]}",
    );
    ask(
        &mut s,
        "sleep 25; kubectl create deployment b --image=gcr.io/google-samples/kubernetes-bootcamp:v1; kubectl rollout status deploy/b",
    );
    let why = ask(&mut s, "kubectl get events --field-selector reason=Unhealthy -o jsonpath='{.items[0].message}'");
    assert_eq!(why, "Liveness probe failed: HTTP probe failed with statuscode: 500");
    let answer = ask(&mut s, "kubectl exec deploy/b -- curl -s http://localhost:8080");
    assert!(answer.starts_with("Hello Kubernetes bootcamp! | Running on: b-"), "{answer}");
    let pi = "kubectl run pi --image=perl:5.34.0 --restart=Never -- perl -Mbignum=bpi -wle 'print bpi(40)'; sleep 3; kubectl logs pi";
    assert!(ask(&mut s, pi).ends_with("3.141592653589793238462643383279502884197\n"));
    assert!(ask(&mut s, "kubectl debug node/w1-k8s -i --image=ubuntu -- ls /host").contains("etc\nhome\n"));
    let found = ask(&mut s, "kubectl exec p -- nslookup kubernetes.default");
    assert!(found.starts_with("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n"), "{found}");
}

#[test]
fn a_server_reads_what_is_written_beside_it() {
    let mut s = with_pod("{containers: [{name: c, image: nginx}]}");
    assert_eq!(ask(&mut s, "kubectl exec p -- sh -c 'echo hi > /usr/share/nginx/html/index.html; curl -s localhost'"), "hi\n");
}

#[test]
fn programs_read_from_the_api_server_what_their_account_may() {
    let mut s = with_pod("{containers: [{name: c, image: nginx}]}");
    let read = "kubectl exec p -- sh -c 'curl -sk -H \"Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)\" https://kubernetes.default.svc/api/v1/namespaces/default/pods'";
    let refused = ask(&mut s, read);
    assert!(refused.starts_with("{\n  \"kind\": \"Status\",\n"), "{refused}");
    assert!(refused.contains("pods is forbidden: User \\\"system:serviceaccount:default:default\\\" cannot list resource"), "{refused}");
    ask(&mut s, "kubectl create rolebinding v --clusterrole=view --serviceaccount=default:default");
    let allowed = ask(&mut s, read);
    assert!(allowed.starts_with("{\n  \"kind\": \"PodList\",\n  \"apiVersion\": \"v1\",\n"), "{allowed}");
}

#[test]
fn a_sidecar_waits_for_the_file_it_follows() {
    let mut s = with_pod(
        "{initContainers: [{name: log, image: alpine, restartPolicy: Always, command: [sh, -c, tail -F /opt/logs.txt], volumeMounts: [{name: v, mountPath: /opt}]}], containers: [{name: c, image: alpine, command: [sh, -c, 'while true; do echo logging >> /opt/logs.txt; sleep 1; done'], volumeMounts: [{name: v, mountPath: /opt}]}], volumes: [{name: v, emptyDir: {}}]}"
            .replace('\'', "\"")
            .as_str(),
    );
    ask(&mut s, "sleep 5");
    assert_eq!(ask(&mut s, "kubectl get pod p -o jsonpath='{.status.initContainerStatuses[0].restartCount}'"), "0");
    let logs = ask(&mut s, "kubectl logs p -c log");
    let begin = "tail: can't open '/opt/logs.txt': No such file or directory\ntail: /opt/logs.txt has appeared; following end of new file\nlogging\n";
    assert!(logs.starts_with(begin), "{logs}");
    let release = ask(&mut s, "kubectl run u --image=ubuntu:22.04 --restart=Never -- head -1 /etc/os-release; sleep 4; kubectl logs u");
    assert_eq!(release, "pod/u created\nPRETTY_NAME=\"Ubuntu 22.04 LTS\"\n");
}

#[test]
fn unusual_volumes_are_described() {
    let mut s = Session::fresh(7, EPOCH_MS, Timing::RECORDED, Base::default());
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: v}, spec: {schedulingGates: [{name: g}], containers: [{name: c, image: nginx, volumeMounts: [{name: fc, mountPath: /fc}]}], volumes: [{name: fc, fc: {targetWWNs: [\"50060e801049cfd1\"], lun: 0}}]}}";
    ask(&mut s, &format!("echo '{pod}' | kubectl apply -f -"));
    let told = ask(&mut s, "kubectl describe pod v");
    assert!(
        told.contains("  fc:\n    Type:        FC (a Fibre Channel disk)\n    TargetWWNs:  50060e801049cfd1\n    LUN:         0\n"),
        "{told}"
    );
    let claim = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], dataSourceRef: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s}, resources: {requests: {storage: 1Gi}}}}";
    ask(&mut s, &format!("echo '{claim}' | kubectl apply -f -"));
    assert_eq!(ask(&mut s, "kubectl get pvc c -o jsonpath='{.spec.dataSource.kind}'"), "VolumeSnapshot");
}

#[test]
fn a_node_refuses_kernel_parameters_that_are_not_safe() {
    let pod = |value: &str| {
        format!("{{securityContext: {{sysctls: [{{name: {value}, value: \"1\"}}]}}, containers: [{{name: c, image: nginx}}]}}")
    };
    let mut s = with_pod(&pod("kernel.msgmax"));
    assert_eq!(
        ask(&mut s, "kubectl get pod p -o jsonpath='{.status.phase} {.status.reason}: {.status.message}'"),
        "Failed SysctlForbidden: Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted"
    );
    assert!(ask(&mut s, "kubectl describe pod p").contains("/\nStart Time:       "), "a refused Pod has a start");
    let mut s = with_pod(&pod("net.ipv4.tcp_syncookies"));
    assert_eq!(ask(&mut s, "kubectl exec p -- cat /proc/sys/net/ipv4/tcp_syncookies"), "1\n");
}
