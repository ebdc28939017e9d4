// After the first visit the page opens without a network, and is what it was.

import { expect, test } from "./kubepie";

test("the page opens again without a network, with its cluster, and answers", async ({ page, context, kubepie }) => {
  await kubepie.open();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await kubepie.run("kubectl run offline --image=nginx", "pod/offline created");
  await page.waitForTimeout(1000);
  await context.setOffline(true);
  await page.reload();
  await expect(kubepie.terminal).toBeVisible();
  await kubepie.run("kubectl get pods", /offline +\d\/1/);
  // A browser without a network says so of every request, those that are answered all the same too.
  kubepie.errors.splice(0, kubepie.errors.length, ...kubepie.errors.filter((error) => !error.includes("ERR_INTERNET_DISCONNECTED")));
});

test.describe("without the worker, which would ask out of sight of the test", () => {
  test.use({ serviceWorkers: "block" });

  test("a newer page is announced, not in the middle of a lesson, and opened when asked", async ({ page, kubepie }) => {
    await kubepie.open("#/lesson/first-pod");
    await expect(page.getByText("Step 1 of 3")).toBeVisible();
    const asked = async () => {
      const answer = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith("/"));
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await (await answer).finished();
    };
    // Time passes: the question is asked once in ten minutes.
    await page.evaluate(() => {
      const real = performance.now.bind(performance);
      performance.now = () => real() + 700_000;
    });
    await page.route(/\/$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(/kubepie-web-[0-9a-f]{12,16}/g, "kubepie-web-0123456789abcdef");
      await route.fulfill({ response, body });
    });
    await asked();
    await page.waitForTimeout(500);
    await expect(page.getByText("There is a newer Kubepie")).toHaveCount(0);
    await page.getByRole("button", { name: "All lessons" }).click();
    await expect(page.getByText("There is a newer Kubepie")).toBeVisible();
    await page.unroute(/\/$/);
    await page.getByRole("button", { name: "Open the new version" }).click();
    await expect(page.getByText("There is a newer Kubepie")).toHaveCount(0);
    await expect(kubepie.terminal).toBeVisible();
  });
});
