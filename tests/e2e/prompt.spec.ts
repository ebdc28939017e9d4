// How soon the first prompt is there, on this machine; README quotes what this prints.

import { expect, test } from "./kubepie";

test("the first prompt comes soon", async ({ kubepie, page }) => {
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector("input[type=text], textarea")) return;
      watch.disconnect();
      requestAnimationFrame(() => Object.assign(globalThis, { promptMs: performance.now() }));
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  await kubepie.open();
  const ms = await page.waitForFunction(() => (globalThis as { promptMs?: number }).promptMs).then((handle) => handle.jsonValue());
  console.log(`the first prompt after ${Math.round(Number(ms))} ms`);
  expect(Number(ms)).toBeLessThan(10_000);
});

test.describe("before the engine is there", () => {
  test.use({ serviceWorkers: "block" });

  test("the page says so, in the reader's language and light", async ({ page }) => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/*.wasm", async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto("./?lang=ko&theme=dark", { waitUntil: "commit" });
    await expect(page.getByRole("status")).toHaveText("클러스터를 굽고 있어요…");
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(21, 17, 14)");
    answer();
    await expect(page.getByRole("textbox", { name: "터미널" })).toBeVisible();
    await expect(page.getByText("클러스터를 굽고 있어요…")).toHaveCount(0);
  });

  test("a page that does not come whole says what to do", async ({ page }) => {
    await page.route("**/kubepie-web-*.wasm", (route) => route.abort());
    await page.goto("./", { waitUntil: "commit" });
    await expect(page.getByRole("status")).toContainText("Please check the network");
    await page.unroute("**/kubepie-web-*.wasm");
    await page.getByRole("link", { name: "Open again" }).click();
    await expect(page.getByRole("textbox", { name: /^terminal/i })).toBeVisible();
  });
});
