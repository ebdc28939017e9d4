// How soon the first prompt is there, on this machine, and what the second half of the engine costs after it; README
// quotes what this prints.

import { expect, test } from "./kubepie";

test("the first prompt comes soon, and the second half does not hold the page up", async ({ kubepie, page }) => {
  await page.addInitScript(() => {
    const seen = { promptMs: 0, wholeMs: 0, tasks: [] as string[] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.tasks.push(`${Math.round(task.duration)} ms at ${Math.round(task.startTime)} ms`);
    }).observe({ type: "longtask", buffered: true });
    const watch = new MutationObserver(() => {
      if (!document.querySelector("input[type=text], textarea")) return;
      watch.disconnect();
      requestAnimationFrame(() => (seen.promptMs = performance.now()));
    });
    watch.observe(document, { childList: true, subtree: true });
    const look = setInterval(() => {
      if (!(globalThis as { kubepie?: { hasRest(): boolean } }).kubepie?.hasRest()) return;
      seen.wholeMs = performance.now();
      clearInterval(look);
    }, 4);
  });
  await kubepie.open();
  await page.waitForFunction(() => (globalThis as unknown as { seen: { wholeMs: number } }).seen.wholeMs > 0);
  await page.waitForTimeout(1500);
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: { promptMs: number; wholeMs: number; tasks: string[] } }).seen);
  console.log(`the first prompt after ${Math.round(seen.promptMs)} ms, the second half after ${Math.round(seen.wholeMs)} ms`);
  console.log(`tasks of over 50 ms: ${seen.tasks.join(", ") || "none"}`);
  expect(seen.promptMs).toBeLessThan(10_000);
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
