// The map: the same Pods through every lens and as a table, by keys alone, and buttons that type their commands.

import { expect, test } from "./kubepie";

test("every lens and the table show the same Pods", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "web created");
  await kubepie.run("kubectl expose deployment web --port=80", "service/web exposed");
  await kubepie.expectPies("web-", /Running/, 3);
  const lens = (name: string) => kubepie.map.getByRole("button", { name, exact: true });
  await lens("Owners").click();
  await expect(kubepie.map.getByRole("group", { name: "Deployment web", exact: true })).toBeVisible();
  await kubepie.expectPies("web-", /Running/, 3);
  await kubepie.run("kubectl set image deployment web nginx=nginx:1.99.99", "image updated");
  await expect(kubepie.map.getByRole("group", { name: /^ReplicaSet web-/ })).toHaveCount(2);
  await kubepie.picture("map-owners");
  await kubepie.run("kubectl rollout undo deployment web", "rolled back");
  await lens("Traffic").click();
  await expect(kubepie.map.getByRole("group", { name: "Service web", exact: true })).toBeVisible();
  await expect(kubepie.map.getByRole("button", { name: "Service web: ready Pods: 3" })).toBeVisible();
  await kubepie.expectPies("web-", /Running/, 3);
  await kubepie.picture("map-traffic");
  await lens("Table").click();
  await expect(kubepie.map.getByRole("row", { name: /^web-.*Running/ })).toHaveCount(3);
  await expect(kubepie.map.getByRole("row", { name: /^w1-k8s Ready/ })).toBeVisible();
  await lens("Nodes").click();
  await kubepie.expectPies("web-", /Running/, 3);
  await page.getByRole("searchbox", { name: "Find" }).fill("web-");
  await page.getByRole("searchbox", { name: "Find" }).press("Enter");
  await expect(page.getByRole("complementary", { name: "Details" }).getByRole("heading", { level: 2 })).toHaveText(/^web-/);
});

test("the map is driven by keys alone", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "web created");
  await kubepie.expectPies("web-", /Running/, 3);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  await page.getByRole("button", { name: "Zoom in" }).focus();
  await page.keyboard.press("Tab");
  while (!(await focused()).startsWith("m-k8s")) await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  expect(await focused()).toMatch(/^w1-k8s, worker/);
  await page.keyboard.press("ArrowDown");
  const pod = await focused();
  expect(pod).toMatch(/^web-.*, Running, w1-k8s/);
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("heading", { level: 2 })).toHaveText(pod.split(",")[0]);
  expect(await focused(), "the focus stays").toBe(pod);
  await page.keyboard.press("Escape");
  await expect(details.getByRole("heading", { level: 2 })).toHaveText("Details");
  await page.keyboard.press("Escape");
  expect(await focused()).toMatch(/^w1-k8s/);
  await page.keyboard.press("Shift+Tab");
  expect(await focused(), "one stop for the whole map").not.toMatch(/k8s/);
});

test("buttons type their commands, and why is answered", async ({ kubepie, page }) => {
  await kubepie.open();
  const details = page.getByRole("complementary", { name: "Details" });
  for (const node of ["w1-k8s", "w2-k8s", "w3-k8s"]) {
    await kubepie.map.getByRole("button", { name: new RegExp(`^${node}`) }).click();
    await details.getByRole("button", { name: "cordon", exact: true }).click();
    await expect.poll(() => kubepie.text()).toContain(`# kubectl cordon ${node}\nnode/${node} cordoned`);
  }
  await expect(kubepie.map.getByRole("button", { name: "w3-k8s, worker: closed to new Pods" })).toBeVisible();
  await kubepie.run("kubectl run lone --image=nginx", "pod/lone created");
  await kubepie.map.getByRole("button", { name: /^lone, Pending/ }).click();
  await expect(details.getByRole("heading", { name: "Why nowhere?" })).toBeVisible();
  await expect(details.getByRole("row", { name: /w2-k8s.*cordoned/ })).toBeVisible();
  await kubepie.map.getByRole("button", { name: /^w2-k8s/ }).click();
  await details.getByRole("button", { name: "uncordon" }).click();
  await kubepie.expectPies("lone", /Running/, 1);
  await kubepie.map.getByRole("button", { name: /^lone, Running, w2-k8s/ }).click();
  await expect(details.getByText("w2-k8s was the only node that would do.")).toBeVisible();
  await details.getByRole("button", { name: "YAML" }).click();
  await expect(details.getByText("nodeName: w2-k8s")).toBeVisible();
  await details.getByRole("button", { name: "delete" }).click();
  await expect.poll(() => kubepie.text()).toContain("kubectl delete pod lone");
  await kubepie.expectPies("lone", /./, 0);
  await expect(details.getByText("lone is gone.")).toBeVisible();
});

test("what changed is told in a sentence", async ({ kubepie }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=2", "web created");
  await expect(kubepie.map.getByRole("status")).toHaveText(/^(New Pods: 2\.)? ?(Ready: web-.*\.)?$/);
  await expect(kubepie.map.getByRole("status")).toHaveText(/Ready: web-/);
});
