// If the engine breaks: the page says so, and goes on without the last input; what was typed before is still there.

import { expect, test } from "./kubepie";

test("a broken engine loses only the last input, and only if one wants", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("echo first", /\nfirst/);
  await kubepie.run("echo second", /\nsecond/);
  // As a crash would: nothing is saved on leaving.
  await page.evaluate(() => (window as unknown as { kubepieBroken(why: string): void }).kubepieBroken("panicked: a test"));
  const said = page.getByRole("alertdialog", { name: "The engine broke" });
  await expect(said).toContainText("panicked: a test");
  await expect(said.getByRole("link", { name: "Download the log" })).toHaveAttribute("href", /echo%20second/);
  await kubepie.picture("rescue");
  await said.getByRole("link", { name: "Go on without the last input" }).click();
  await expect.poll(() => kubepie.text()).toContain("echo first");
  expect(await kubepie.text()).not.toContain("second");
  expect(page.url()).not.toContain("rescue");
});
