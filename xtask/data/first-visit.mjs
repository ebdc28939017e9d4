// A newcomer's first visit, for `cargo xtask first-visit`: opens the page on a wide screen and on a phone, reads for a
// while and begins to type. The rest of the engine is fetched from the first key on.
// Prints a 1 for every function that was called and a 0 for every other, in the order of the wasm.

import { chromium } from "playwright-core";

const { CHROMIUM, KUBEPIE_URL, NOTES_AT, NOTES } = process.env;
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const called = new Uint8Array(Number(NOTES));

/** Languages and sizes of the screens from which the page is visited. */
const VISITS = [
  ["en-US", 1440, 900], ["ko-KR", 390, 844], ["en-US", 1280, 800], ["ko-KR", 1920, 1080], ["en-US", 1024, 768], ["en-US", 1366, 768], ["ko-KR", 412, 915],
];

for (const [locale, width, height] of VISITS) {
  const page = await browser.newPage({ locale, viewport: { width, height } });
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", (event) => { globalThis.notes = event.detail.wasm; });
  });
  await page.goto(KUBEPIE_URL);
  const terminal = page.getByRole("textbox", { name: /^(terminal|터미널)/i });
  await terminal.waitFor();
  await page.waitForFunction(() => globalThis.notes);
  await page.waitForTimeout(width === 1440 ? 20000 : 3000);
  // What is typed now would wait for the second half.
  await page.evaluate(() => { kubepie.hasRest = () => false; });
  await terminal.pressSequentially("kubectl get nodes");
  await terminal.press("Enter");
  await page.waitForTimeout(1000);
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
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
