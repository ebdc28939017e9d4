// Hangul is composed from several keys: nothing may be sent or cleared while a syllable is in the making.

import type { CDPSession } from "@playwright/test";
import { expect, test } from "./kubepie";

/** Composes a syllable letter by letter, as an input method does, and leaves it unfinished. */
async function compose(keys: CDPSession, steps: string[]): Promise<void> {
  for (const text of steps) {
    await keys.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
  }
}

/** Enter as an input method hands it on: a key of its own, the end of the composition, perhaps Enter itself, the release. */
async function enter(keys: CDPSession, last: string, again: boolean): Promise<void> {
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 };
  await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "Enter", windowsVirtualKeyCode: 229 });
  await keys.send("Input.insertText", { text: last });
  if (again) await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
}

test("Enter in the middle of a syllable sends nothing", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.terminal.click();
  await kubepie.terminal.pressSequentially("echo ");
  const before = await kubepie.text();
  const keys = await page.context().newCDPSession(page);
  await compose(keys, ["ㅎ", "하", "한"]);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  expect(await kubepie.text()).toBe(before);
  expect(await kubepie.terminal.inputValue()).toBe("echo 한");
  await keys.send("Input.insertText", { text: "한" });
  await compose(keys, ["ㄱ", "그", "글"]);
  await keys.send("Input.insertText", { text: "글" });
  await kubepie.terminal.press("Enter");
  await expect.poll(async () => (await kubepie.text()).slice(before.length)).toMatch(/\n한글\n?/);
});

for (const again of [true, false]) {
  test(`Enter that ends a syllable runs the line once (${again ? "the key comes again" : "the key comes once"})`, async ({ kubepie, page }) => {
    await kubepie.open();
    await kubepie.terminal.click();
    await kubepie.terminal.pressSequentially("echo ");
    const keys = await page.context().newCDPSession(page);
    await compose(keys, ["ㅎ", "하", "한"]);
    await enter(keys, "한", again);
    await expect.poll(() => kubepie.text()).toMatch(/# echo 한\n한/);
    await page.waitForTimeout(300);
    expect((await kubepie.text()).match(/echo/g)).toHaveLength(1);
    expect((await kubepie.text()).match(/# ?(\n|$)/g) ?? []).toHaveLength(0);
    expect(await kubepie.terminal.inputValue()).toBe("");
  });
}

test("a command typed with Hangul on is offered as what was meant", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.terminal.click();
  await page.keyboard.insertText("ㅏㅕㅠㄷㅊ싣 ㅎㄷㅅ ㅜㅐㅇㄷㄴ");
  await expect(page.getByRole("status").filter({ hasText: "kubectl get nodes" })).toBeVisible();
  await kubepie.picture("hangul-offered");
  await kubepie.terminal.press("Enter");
  expect(await kubepie.terminal.inputValue()).toBe("kubectl get nodes");
  await kubepie.terminal.press("Enter");
  await expect.poll(() => kubepie.text()).toMatch(/w3-k8s +Ready/);
});
