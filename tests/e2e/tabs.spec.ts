// Tabs: a watch in one while commands run in another; names; files among them.

import { expect, test } from "./kubepie";

test("a watch goes on in one tab while commands run in another", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.type("kubectl get pods -w");
  const tabs = page.getByRole("tablist").first();
  await expect(tabs.getByRole("tab", { name: "get pods -w" })).toBeVisible();
  await page.getByRole("button", { name: /open a shell or a file/i }).click();
  await page.getByRole("button", { name: "New terminal" }).click();
  await expect(tabs.getByRole("tab")).toHaveCount(2);
  await kubepie.run("kubectl run web --image=nginx", "pod/web created");
  expect(await kubepie.text()).not.toContain("ContainerCreating");
  await tabs.getByRole("tab").first().click();
  await expect.poll(() => kubepie.text()).toMatch(/web +0\/1 +ContainerCreating[\s\S]*web +1\/1 +Running/);

  // What is typed meanwhile is not lost: it waits for the shell.
  await kubepie.type("echo later");
  await kubepie.terminal.press("Control+c");
  await expect.poll(() => kubepie.text()).toContain("^C");

  await tabs.getByRole("tab").first().press("F2");
  await page.getByRole("textbox", { name: "Name of the tab" }).fill("watcher");
  await page.keyboard.press("Enter");
  await page.reload();
  await expect(tabs.getByRole("tab", { name: "watcher" })).toBeVisible();
  await expect(tabs.getByRole("tab")).toHaveCount(2);
  await tabs.getByRole("tab", { name: "watcher" }).press("Delete");
  await expect(tabs.getByRole("tab")).toHaveCount(1);
});
