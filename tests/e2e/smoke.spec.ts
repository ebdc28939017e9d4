// The least that must work: the page opens under any path, a command answers, the map follows.

import { expect, test } from "./kubepie";

for (const path of ["./", "elsewhere/"]) {
  test(`the page opens at ${path} and kubectl answers`, async ({ kubepie }) => {
    await kubepie.open(path);
    const nodes = await kubepie.run("kubectl get nodes", "w3-k8s");
    expect(nodes).toContain("m-k8s");
    await kubepie.picture(path === "./" ? "smoke" : "smoke-elsewhere");
  });
}

test("a Pod is made in the terminal and seen on the map", async ({ kubepie }) => {
  await kubepie.open();
  await kubepie.run("kubectl run nginx-pod --image=nginx", "pod/nginx-pod created");
  const [pie] = await kubepie.expectPies("nginx-pod", /Running/, 1);
  expect(pie.node).toMatch(/^w[123]-k8s/);
  await kubepie.run("kubectl get pods", /nginx-pod +1\/1 +Running/);
});
