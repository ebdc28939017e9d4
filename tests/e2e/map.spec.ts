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

test("what there is of each state is told beside the map", async ({ kubepie }) => {
  await kubepie.open();
  const states = kubepie.map.getByRole("list", { name: "States of Pods" });
  await expect(states).toContainText("You have no Pods yet.");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "web created");
  await expect(states.getByRole("listitem").filter({ hasText: /^ready3$/ })).toBeVisible();
  await kubepie.run('kubectl run big --image=nginx --overrides=\'{"spec":{"nodeSelector":{"disk":"ssd"}}}\'', "big created");
  await expect(states.getByRole("listitem").filter({ hasText: /^waits for a node1$/ })).toBeVisible();
  await expect(kubepie.map.getByText(/^0\/4 nodes are available: .*didn't match Pod's node affinity\/selector/)).toBeVisible();
});

test("who comes nearer to a crowd sees more of fewer Pods, and keys lead to all of them", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=300", "web created");
  const pods = kubepie.map.getByRole("button", { name: /^web-.*, w\d-k8s/ });
  await expect(pods).toHaveCount(300);
  await expect(kubepie.map.getByText(/^web-.*…/)).toHaveCount(0);
  await kubepie.picture("map-crowd");
  const nearer = page.getByRole("button", { name: "Zoom in" });
  for (let n = 0; n < 7; n += 1) await nearer.click();
  await expect(kubepie.map.getByText(/^web-.*…/).first()).toBeVisible();
  await expect.poll(() => pods.count()).toBeLessThan(200);
  await kubepie.picture("map-near");
  await pods.first().focus();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  let at = await focused();
  for (let n = 0; n < 60 && !at.includes("w3-k8s"); n += 1) {
    await page.keyboard.press("ArrowRight");
    await expect.poll(focused).not.toMatch(new RegExp(`^(${at})?$`));
    at = await focused();
  }
  expect(at, "keys lead out of what is in sight").toContain("w3-k8s");
  await expect(page.locator(":focus")).toBeInViewport();
  await page.getByRole("button", { name: "Fit" }).click();
  await expect(pods).toHaveCount(300);
});

test("a long table has only the rows in sight, is put in order, and is driven by keys", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=320", "web created");
  await kubepie.map.getByRole("button", { name: "Table", exact: true }).click();
  const table = kubepie.map.getByRole("table", { name: /^Pods/ });
  await expect(table).toHaveAttribute("aria-rowcount", "321");
  const rows = table.getByRole("row", { name: /^web-/ });
  expect(await rows.count()).toBeLessThan(100);
  const head = table.getByRole("columnheader", { name: "Name", exact: true });
  await expect(head).toHaveAttribute("aria-sort", "none");
  const first = () => rows.first().getByRole("button").innerText();
  await head.getByRole("button").click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const up = await first();
  await head.getByRole("button").click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  expect(await first()).not.toBe(up);
  await rows.first().getByRole("button").focus();
  const at = () => page.evaluate(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex"));
  await page.keyboard.press("ArrowDown");
  await expect.poll(at).toBe("3");
  await page.keyboard.press("End");
  await expect.poll(at).toBe("321");
  expect(await rows.count()).toBeLessThan(100);
  await expect(page.locator(":focus")).toBeInViewport();
  await expect(page.locator(":focus")).toHaveText(up);
  await kubepie.picture("map-table");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Details" }).getByRole("heading", { level: 2 })).toHaveText(up);
});

test("requests are seen whole where the map ends early", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx", "web created");
  await kubepie.run("kubectl expose deployment web --port=80", "exposed");
  await kubepie.expectPies("web-", /Running/, 1);
  await kubepie.map.getByRole("button", { name: "Traffic", exact: true }).click();
  await kubepie.type("for i in 1 2 3 4 5 6; do curl -s -o /dev/null web.default.svc.cluster.local; sleep 0.2; done; kubectl get svc web");
  const clipped = () =>
    page.evaluate(() => {
      const edge = document.querySelector(".sheet")?.getBoundingClientRect().bottom ?? 0;
      const dots = [...document.querySelectorAll(".flight")].map((dot) => dot.getBoundingClientRect());
      return dots.length === 0 ? "none" : dots.some((dot) => dot.bottom > edge) ? "clipped" : "whole";
    });
  const seen: string[] = [];
  await expect.poll(async () => seen[seen.push(await clipped()) - 1], { intervals: [60] }).not.toBe("none");
  for (let n = 0; n < 10; n += 1) seen.push(await clipped());
  expect(seen).not.toContain("clipped");
});
