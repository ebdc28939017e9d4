// Links: made in one browser, opened in another; damaged ones are refused with a sentence and nothing is lost.

import { expect, Kubepie, test } from "./kubepie";

/** Makes a link and gives it. */
async function link({ page }: Kubepie): Promise<string> {
  await page.getByRole("button", { name: "Share a link" }).click();
  const box = page.getByRole("textbox", { name: "Link to share" });
  await expect(box).toBeVisible();
  return box.inputValue();
}

test("a link opens in another browser, runs only when asked, and leads to the same cluster", async ({ kubepie, browser }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "created");
  await kubepie.run("kubectl rollout status deployment/web", "successfully rolled out");
  const made = await link(kubepie);
  await expect(kubepie.page.getByRole("img", { name: /QR/ })).toBeVisible();
  const there = (await kubepie.pies()).map((pie) => `${pie.name} ${pie.node}`).sort();
  expect(there).toHaveLength(3);

  const context = await browser.newContext({ locale: "en-US" });
  const other = new Kubepie(await context.newPage());
  await other.open(made);
  await expect(other.page.getByText("kubectl create deployment web")).toBeVisible();
  expect(await other.pies()).toEqual([]);
  await other.page.getByRole("button", { name: "Run", exact: true }).click();
  await expect.poll(async () => (await other.pies()).map((pie) => `${pie.name} ${pie.node}`).sort()).toEqual(there);
  // Had the hash of the state been another, the page would say so.
  await expect(other.page.getByText("came out otherwise")).toHaveCount(0);
  expect(other.errors).toEqual([]);
  await context.close();
});

for (const [fragment, sentence] of [
  ["#s=1.%25%25", "damaged"],
  ["#s=9.AAAA", "damaged"],
  ["#s=1.q1YqSy0qzszPU7Iy", "damaged"],
  [`#s=1.${"A".repeat(70_000)}`, "too long"],
]) {
  test(`the link ${fragment.slice(0, 14)} is refused`, async ({ kubepie, page }) => {
    await kubepie.open(`?lang=en${fragment}`);
    await expect(page.getByText(sentence)).toBeVisible();
    await kubepie.run("kubectl get nodes", "w3-k8s");
  });
}

test("a saved state that cannot be read is put aside", async ({ kubepie, page }) => {
  await page.addInitScript(() => localStorage.setItem("kubepie.session", "{ not a log"));
  await kubepie.open("?lang=en");
  await expect(page.getByText("cannot be read")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("kubepie.session.unreadable"))).toBe("{ not a log");
  await kubepie.run("kubectl get nodes", "w3-k8s");
});
