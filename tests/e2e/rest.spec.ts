// The engine comes in two halves: what the first visit draws, and the rest. What is done before the rest is there is
// done when it has come: nothing is lost, nothing comes twice, and the order stays.

import type { Page } from "@playwright/test";
import { expect, type Kubepie, test } from "./kubepie";

// A service worker would fetch for the page, out of sight of these tests.
test.use({ serviceWorkers: "block" });

const REST = /rest-.*wasm/;

/** Has the second half wait until what is answered is called. */
async function hold(page: Page): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(REST, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

/** Whether something of the second half was called before it was there. */
const late = (page: Page) => page.evaluate(() => performance.getEntriesByName("kubepie-late").length);

/** How often a text stands in the terminal. */
const count = async (kubepie: Kubepie, text: string) => (await kubepie.text()).split(text).length - 1;

test("the page is drawn with the first half alone, and the second is asked for once", async ({ page, kubepie }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const release = await hold(page);
  await kubepie.open();
  await expect(kubepie.map.getByRole("group", { name: /m-k8s/ })).toBeVisible();
  await page.waitForTimeout(1500);
  expect(await late(page)).toBe(0);
  release();
  await kubepie.run("seq 3 | awk '{ print $1 * 14 }'", "42");
  expect(asked.filter((path) => REST.test(path))).toHaveLength(1);
});

for (const [locale, width] of [["en-US", 1280], ["ko-KR", 390]] as const) {
  test.describe(`in ${locale}, ${width} pixels wide`, () => {
    test.use({ locale, viewport: { width, height: 800 } });
    test("the first half alone draws what both draw: nothing it needs came later", async ({ page, kubepie }) => {
      // Numbers, and the path of the timeline, differ by the time that passes once both are there.
      const drawn = () => page.evaluate(() => {
        const html = document.body.innerHTML.replace(/<script[^]*?<\/script>/g, "").replace(/[\d.]+/g, "0");
        return html.split("<").filter((part) => !part.startsWith('path d="M0 0V0'));
      });
      // A page with a query waits for both.
      await kubepie.open("./?speed=1");
      await page.waitForTimeout(300);
      const both = await drawn();
      await page.evaluate(() => localStorage.clear());
      await hold(page);
      await page.goto("./");
      await expect(kubepie.terminal).toBeVisible();
      await page.waitForTimeout(300);
      expect(await drawn()).toEqual(both);
      expect(await late(page)).toBe(0);
    });
  });
}

test("lines typed and pasted meanwhile are answered once and in order", async ({ page, kubepie, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const release = await hold(page);
  await kubepie.open();
  await kubepie.type("echo one");
  await kubepie.type("kubectl get nodes");
  await page.evaluate((text) => navigator.clipboard.writeText(text), "echo two\ncat <<EOF\nthree\nEOF\necho fo");
  await page.keyboard.press("Control+v");
  await page.keyboard.type("ur");
  await page.keyboard.press("Enter");
  await page.keyboard.type("echo six seven");
  await page.keyboard.press("Control+w");
  await page.keyboard.type("fives");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Home");
  await expect(page.getByRole("status").filter({ hasText: "on its way" })).toBeVisible();
  expect(await kubepie.text()).not.toContain("w3-k8s");
  release();
  await expect.poll(() => kubepie.text()).toMatch(/\none\n[\s\S]*w3-k8s[\s\S]*\ntwo\n[\s\S]*\nthree\n[\s\S]*\nfour/);
  await expect(kubepie.terminal).toHaveValue("echo six five");
  expect(await kubepie.terminal.evaluate((line: HTMLInputElement) => line.selectionStart)).toBe(0);
  await expect(page.getByRole("status").filter({ hasText: "on its way" })).toHaveCount(0);
  for (const text of ["echo one", "get nodes", "echo two", "\nthree", "echo four", "\nfour"]) expect(await count(kubepie, text), text).toBe(1);
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expect.poll(() => kubepie.text()).toContain("\nsix five");
  expect(await late(page)).toBe(0);
});

test("Hangul composed meanwhile is whole, also where the second half comes within a syllable", async ({ page, kubepie }) => {
  const release = await hold(page);
  await kubepie.open();
  await kubepie.terminal.click();
  await page.keyboard.type("echo ");
  const keys = await page.context().newCDPSession(page);
  const compose = async (steps: string[]) => {
    for (const text of steps) await keys.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
  };
  await compose(["ㅎ", "하", "한"]);
  // Enter ends the syllable and runs the line, and does not come again.
  await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "Enter", windowsVirtualKeyCode: 229 });
  await keys.send("Input.insertText", { text: "한" });
  await keys.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
  await page.keyboard.type("echo ");
  await compose(["ㄱ", "그", "글"]);
  release();
  await page.waitForTimeout(1000);
  await keys.send("Input.insertText", { text: "글" });
  await expect.poll(() => kubepie.text()).toMatch(/# echo 한\n한/);
  await expect(kubepie.terminal).toHaveValue("echo 글");
  await page.keyboard.press("Enter");
  await expect.poll(() => kubepie.text()).toMatch(/# echo 글\n글/);
  expect(await count(kubepie, "echo")).toBe(2);
  expect(await late(page)).toBe(0);
});

test("clicks made meanwhile are made when it has come", async ({ page, kubepie }) => {
  const release = await hold(page);
  await kubepie.open();
  await kubepie.map.getByRole("button", { name: /^etcd/ }).first().click();
  await page.getByRole("button", { name: "kubectl get pods -o wide" }).click();
  await page.waitForTimeout(500);
  expect(await kubepie.text()).toBe("");
  release();
  await expect(page.getByRole("complementary", { name: /details/i })).toContainText("etcd");
  await expect.poll(() => kubepie.text()).toContain("No resources found");
  expect(await count(kubepie, "-o wide")).toBe(1);
  expect(await late(page)).toBe(0);
});

test("a lesson opened meanwhile opens", async ({ page, kubepie }) => {
  const release = await hold(page);
  await kubepie.open();
  const side = page.getByRole("complementary", { name: "Lessons" });
  await side.getByRole("button", { name: "Bake your first Pod" }).click();
  await page.waitForTimeout(500);
  release();
  await expect(side.getByText(/^Step 1 of \d/)).toBeVisible();
  expect(await late(page)).toBe(0);
});

test("where it cannot be fetched a sentence says so, and it can be tried again", async ({ page, kubepie }) => {
  await page.route(REST, (route) => route.abort());
  await kubepie.open();
  const alert = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  await expect(alert).toBeVisible();
  await kubepie.type("echo kept");
  await alert.getByRole("button").click();
  await expect(alert).toBeVisible();
  await page.unroute(REST);
  await page.waitForTimeout(300);
  await alert.getByRole("button").click();
  await expect.poll(() => kubepie.text()).toMatch(/\nkept/);
  await expect(alert).toHaveCount(0);
  expect(await late(page)).toBe(0);
  kubepie.errors.splice(0, kubepie.errors.length, ...kubepie.errors.filter((error) => !error.includes("ERR_FAILED")));
});

test("something that is called before it is there brings it at once", async ({ page, kubepie }) => {
  await page.route(REST, (route) => (route.request().url().endsWith("?now") ? route.continue() : undefined));
  await kubepie.open();
  await kubepie.type("echo soon");
  await page.evaluate(() => (globalThis as unknown as { kubepie: { loadRest(): void } }).kubepie.loadRest());
  await expect.poll(() => kubepie.text()).toMatch(/\nsoon/);
});
