// Hangul is composed from several keys: nothing may be sent or cleared while a syllable is in the making.

import { expect, test } from "./kubepie";

test("Enter in the middle of a syllable sends nothing", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.terminal.click();
  await kubepie.terminal.pressSequentially("echo ");
  const before = await kubepie.text();
  const keys = await page.context().newCDPSession(page);
  for (const text of ["ㅎ", "하", "한"]) {
    await keys.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
  }
  await page.keyboard.press("Enter");
  await page.waitForTimeout(300);
  expect(await kubepie.text()).toBe(before);
  expect(await kubepie.terminal.inputValue()).toBe("echo 한");
  await keys.send("Input.insertText", { text: "한" });
  for (const text of ["ㄱ", "그", "글"]) {
    await keys.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
  }
  await keys.send("Input.insertText", { text: "글" });
  await kubepie.terminal.press("Enter");
  await expect.poll(async () => (await kubepie.text()).slice(before.length)).toMatch(/\n한글\n?/);
});
