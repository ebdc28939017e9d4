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
