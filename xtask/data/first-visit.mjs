// A newcomer's first visit, for `cargo xtask first-visit`: opens the page on wide screens and on phones and looks at it
// before the second half of the engine is there; what is done then is held back until it is (web/rest.js).
// Prints a 1 for every function that was called and a 0 for every other, in the order of the wasm.

import { launch, terminal } from "./chromium.mjs";

const { KUBEPIE_URL, NOTES_AT, NOTES } = process.env;
const browser = await launch();
const called = new Uint8Array(Number(NOTES));

/** Languages and sizes of the screens from which the page is visited. */
const VISITS = [
  ["en-US", 1440, 900], ["ko-KR", 390, 844], ["en-US", 1280, 800], ["ko-KR", 1920, 1080], ["en-US", 1024, 768], ["en-US", 1366, 768], ["ko-KR", 412, 915],
];

for (const [locale, width, height] of VISITS) {
  const page = await browser.newPage({ locale, viewport: { width, height } });
  await page.addInitScript(() => {
    // To the engine it is as if the second half never came.
    Object.defineProperty(globalThis, "kubepie", {
      configurable: true,
      set: (kubepie) => Object.defineProperty(globalThis, "kubepie", { value: { ...kubepie, hasRest: () => false } }),
    });
    addEventListener("TrunkApplicationStarted", (event) => { globalThis.notes = event.detail.wasm; });
  });
  await page.goto(KUBEPIE_URL);
  await terminal(page).waitFor();
  await page.waitForFunction(() => globalThis.notes);
  await page.waitForTimeout(2000);
  const notes = await page.evaluate(
    ([at, count]) => Array.from(new Uint8Array(globalThis.notes.memory.buffer, at, count)),
    [Number(NOTES_AT), Number(NOTES)],
  );
  notes.forEach((note, n) => { called[n] |= note; });
  await page.close();
}
await browser.close();
const odd = called.filter((note) => note > 1).length;
if (odd) throw new Error(`${odd} notes were written over`);
console.log(called.join(""));
