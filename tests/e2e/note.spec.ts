// The note's commands, typed one after another in one page; after each, the terminal's text and the map.

import { expect, test, type Kubepie } from "./kubepie";

/** How many of some Pods are on each node, as the map tells it: `{ "w1-k8s": 1 }`. */
async function spread(kubepie: Kubepie, prefix: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const pie of await kubepie.pies()) {
    if (pie.name.startsWith(prefix)) counts[pie.node] = (counts[pie.node] ?? 0) + 1;
  }
  return counts;
}

test("the note's commands happen in the terminal and on the map", async ({ kubepie }) => {
  test.setTimeout(240_000);
  await kubepie.open();

  await kubepie.run("kubectl run nginx-pod --image=nginx", "pod/nginx-pod created");
  await kubepie.expectPies("nginx-pod", /Running/, 1);
  await kubepie.run("kubectl create deployment dpy-nginx --image=nginx", "deployment.apps/dpy-nginx created");
  await kubepie.expectPies("dpy-nginx-", /Running/, 1);
  await kubepie.picture("note-1-pie-and-box");

  await kubepie.run("kubectl scale deployment dpy-nginx --replicas=3", "deployment.apps/dpy-nginx scaled");
  await kubepie.expectPies("dpy-nginx-", /Running/, 3);
  expect(Object.values(await spread(kubepie, "dpy-nginx-"))).toEqual([1, 1, 1]);
  const wide = await kubepie.run("kubectl get pods -o wide", /(dpy-nginx-\S+ +1\/1 +Running[^\n]*\n){3}/);
  expect(wide).toContain("NOMINATED NODE");

  await kubepie.run("kubectl cordon w3-k8s", "node/w3-k8s cordoned");
  await kubepie.run("kubectl get nodes", /w3-k8s +Ready,SchedulingDisabled/);
  await kubepie.run("kubectl drain w3-k8s", "cannot delete DaemonSet-managed Pods");
  expect((await spread(kubepie, "dpy-nginx-"))["w3-k8s"]).toBe(1);
  await kubepie.picture("note-2-cordoned");

  await kubepie.run("kubectl drain w3-k8s --ignore-daemonsets --force", "node/w3-k8s drained");
  await kubepie.expectPies("dpy-nginx-", /Running/, 3);
  expect((await spread(kubepie, "dpy-nginx-"))["w3-k8s"] ?? 0).toBe(0);
  await kubepie.picture("note-3-drained");
  await kubepie.run("kubectl uncordon w3-k8s", "node/w3-k8s uncordoned");

  await kubepie.run("kubectl apply -f rollout-nginx.yaml", "deployment.apps/rollout-nginx created");
  await kubepie.expectPies("rollout-nginx-", /Running/, 3);
  await kubepie.run("kubectl set image deployment rollout-nginx nginx=nginx:1.16.0", "image updated");
  await kubepie.run("kubectl rollout status deployment rollout-nginx", "successfully rolled out");
  await kubepie.run("kubectl set image deployment rollout-nginx nginx=nginx:1.17.23", "image updated");
  await kubepie.expectPies("rollout-nginx-", /ImagePullBackOff|ErrImagePull/, 1);
  await kubepie.run("kubectl describe deployment rollout-nginx", /Replicas: +3 desired \| 1 updated \| 4 total \| 3 available/);
  await kubepie.picture("note-4-failed-update");

  await kubepie.run("kubectl rollout undo deployment rollout-nginx", "deployment.apps/rollout-nginx rolled back");
  await kubepie.expectPies("rollout-nginx-", /ImagePullBackOff|ErrImagePull|Terminating/, 0);
  await kubepie.expectPies("rollout-nginx-", /Running/, 3);
  await kubepie.run("kubectl rollout history deployment rollout-nginx", /REVISION[\s\S]*\n4 /);
  await kubepie.picture("note-5-undone");
});
