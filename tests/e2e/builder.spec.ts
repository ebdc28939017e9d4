// The builder of lessons, as a teacher meets it: play, end the step, say what must be true, write, prove, share; then as the
// learner who gets the link.

import { readFileSync } from "node:fs";
import { expect, Kubepie, test } from "./kubepie";

/** Chooses the option of a select whose text matches. */
async function choose(kubepie: Kubepie, name: string | RegExp, option: RegExp): Promise<void> {
  const select = kubepie.page.getByRole("combobox", { name });
  const texts = await select.getByRole("option").allTextContents();
  const index = texts.findIndex((text) => option.test(text));
  expect(index, `${option} among ${texts.join(" | ")}`).toBeGreaterThan(0);
  await select.selectOption({ index });
}

test("a teacher makes a lesson by playing it, and a learner does it from the link", async ({ kubepie, page, browser }) => {
  test.slow();
  await kubepie.open("?lang=en");
  await page.getByRole("button", { name: "Make", exact: true }).click();
  await page.getByRole("button", { name: /Start recording here/ }).click();
  await kubepie.run("kubectl create deployment box --image=nginx --replicas=2", "created");
  await kubepie.expectPies("box-", /Running/, 2);
  await page.getByRole("button", { name: "End the step here" }).click();
  await kubepie.picture("builder-step");
  await choose(kubepie, /What should be true/, /^deployments\.apps box/);
  await choose(kubepie, /Which value matters/, /status\.readyReplicas\}? = 2/);
  await expect(page.getByText("readyReplicas").first()).toBeVisible();

  await expect(page.getByText('Still to do: The lesson: "title" is empty.')).toBeVisible();
  await kubepie.picture("builder-unnamed");
  await page.getByRole("textbox", { name: "Title" }).fill("A box of two");
  await page.getByRole("textbox", { name: "What it is about" }).fill("Boxes hold pies.");
  await page.getByRole("textbox", { name: "The goal, in a sentence" }).fill("Make a box with two pies.");
  await page.getByRole("textbox", { name: /^Text/ }).fill("A **Deployment** is a box. <img src=x onerror=alert(1)> `kubectl create`");
  await page.getByRole("textbox", { name: "Hint" }).fill("kubectl create deployment");
  await page.getByRole("textbox", { name: "When it is done" }).fill("Two pies in a box.");
  await page.getByRole("button", { name: "Prove it" }).click();
  await expect(page.getByText("your recorded commands reach every step")).toBeVisible({ timeout: 60_000 });
  await kubepie.picture("builder-proved");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download file" }).click();
  const file = readFileSync((await (await download).path())!, "utf8");
  expect(JSON.parse(file).steps).toHaveLength(1);
  await page.getByRole("button", { name: "Copy link" }).click();
  const said = await page.getByText(/#l=1\./).innerText();
  const link = said.slice(said.indexOf("http")).trim();

  const context = await browser.newContext({ locale: "en-US" });
  const other = new Kubepie(await context.newPage());
  await other.open(link);
  await expect(other.page.getByText("A box of two").first()).toBeVisible();
  await other.picture("builder-offered");
  expect(await other.pies()).toEqual([]);
  await other.page.getByRole("button", { name: "Begin", exact: true }).click();
  await expect(other.page.getByText("Make a box with two pies.").first()).toBeVisible();
  await expect(other.page.getByText("<img src=x").first()).toBeVisible();
  expect(await other.page.locator("aside img").count()).toBe(0);
  await expect(other.page.locator("b, strong", { hasText: "Deployment" }).first()).toBeVisible();
  await other.run("kubectl create deployment pies --image=nginx --replicas=2", "created");
  await other.run("kubectl delete deployment pies", "deleted");
  await other.run("kubectl create deployment box --image=httpd --replicas=2", "created");
  await expect(other.page.getByText("Lesson done!")).toBeVisible({ timeout: 45_000 });
  await other.picture("builder-learnt");
  expect(other.errors).toEqual([]);
  await context.close();

  // Back at the teacher's: as a learner, and the draft is still there afterwards.
  await page.getByRole("button", { name: "Try it as a learner" }).click();
  await expect(page.getByText("Make a box with two pies.").first()).toBeVisible();
  await page.getByRole("button", { name: "Make", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Title" })).toHaveValue("A box of two");
  await page.getByRole("button", { name: "Back to my recording" }).click();
  await kubepie.expectPies("box-", /Running/, 2);
  await expect(page.getByText("0 inputs in this step")).toBeVisible();
});

test("a lesson that is true from the start is not proved", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  await page.getByRole("button", { name: "Make", exact: true }).click();
  await page.getByRole("button", { name: /Start recording here/ }).click();
  await kubepie.run("kubectl label node w1-k8s disk=ssd", "labeled");
  await page.getByRole("button", { name: "End the step here" }).click();
  await choose(kubepie, /What should be true/, /^nodes w1-k8s/);
  await choose(kubepie, /Which value matters/, /it is there/);
  await page.getByRole("textbox", { name: "Title" }).fill("Nothing to do");
  await page.getByRole("textbox", { name: "The goal, in a sentence" }).fill("Nothing.");
  await page.getByRole("button", { name: "Prove it" }).click();
  await expect(page.getByText("Step 1 is not reached")).toBeVisible({ timeout: 30_000 });
});
