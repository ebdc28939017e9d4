// Whether a newcomer sees the page while the second half of its wasm is kept from it, for `cargo xtask test`: prints
// "drawn", or "late" where the first half asked for the second. Chromium and the page's address come by the environment.

import { launch, terminal } from "./chromium.mjs";

const { KUBEPIE_URL } = process.env;
const browser = await launch();

/** Whether the page is drawn on a screen of that size; what it asks of the second half waits for ever. */
async function drawn(locale, width, height) {
  // A service worker would fetch for the page, out of sight of the route.
  const page = await browser.newPage({ locale, viewport: { width, height }, serviceWorkers: "block" });
  let late = false;
  await page.exposeFunction("onLate", () => { late = true; });
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      if (list.getEntriesByName("kubepie-late").length) globalThis.onLate();
    }).observe({ type: "mark", buffered: true });
  });
  await page.route(/rest-.*wasm/, (route) => { if (route.request().url().endsWith("?now")) late = true; });
  await page.goto(KUBEPIE_URL);
  const seen = await terminal(page).waitFor({ timeout: 30_000 }).then(() => page.waitForTimeout(1500)).then(() => true, () => false);
  return seen && !late;
}

let all = true;
for (const [locale, width, height] of [["en-US", 1280, 800], ["ko-KR", 390, 844]]) {
  all = all && await drawn(locale, width, height);
}
console.log(all ? "drawn" : "late");
// A page that waits for what never comes cannot be closed in peace.
process.exit(0);
