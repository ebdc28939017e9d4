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
