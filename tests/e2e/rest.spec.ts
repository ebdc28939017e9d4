// The engine comes in two halves: what the first visit needs, and the rest, from the first key on. Where the first
// test sees the second half too early, something new is called at the start: `cargo xtask first-visit` takes it in.

import { expect, test } from "./kubepie";

// A service worker would fetch for the page, out of sight of these tests.
test.use({ serviceWorkers: "block" });

test("the second half is fetched when somebody begins to type, and what was typed is answered", async ({ page, kubepie }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await kubepie.open();
  await page.waitForTimeout(1500);
  const halves = () => asked.filter((path) => path.includes("/rest-"));
  expect(halves()).toEqual([]);
  await kubepie.run("seq 3 | awk '{ print $1 * 14 }'", "42");
  expect(halves()).toHaveLength(1);
});

test("a line waits for a second half that is slow to come", async ({ page, kubepie }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/rest-.*wasm/, async (route) => {
    await held;
    await route.continue();
  });
  await kubepie.open();
  await kubepie.type("kubectl get nodes");
  await page.waitForTimeout(800);
  expect(await kubepie.text()).not.toContain("w3-k8s");
  release();
  await expect.poll(() => kubepie.text()).toContain("w3-k8s");
});
