// The page is usable without seeing it: axe finds nothing, in both languages, in light and dark.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./kubepie";

/** axe finds nothing. */
async function sound(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
}

for (const language of ["ko", "en"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing wrong (${language}, ${colorScheme})`, async ({ kubepie }) => {
      const { page } = kubepie;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await kubepie.open(`./?lang=${language}`);
      await kubepie.run("kubectl run nginx-pod --image=nginx", "pod/nginx-pod created");
      await kubepie.expectPies("nginx-pod", /Running/, 1);
      await sound(page);
      await kubepie.picture(`access-${language}-${colorScheme}`);
      await kubepie.run("kubectl run oops --image=nginx:9.9.9; kubectl cordon w3-k8s; kubectl expose pod nginx-pod --port=80", "exposed");
      await kubepie.map.getByRole("button", { name: /^nginx-pod, / }).click();
      await sound(page);
      for (const lens of [/^(Owners|소유자)$/, /^(Traffic|트래픽)$/, /^(Table|표)$/]) {
        await kubepie.map.getByRole("button", { name: lens }).click();
        await sound(page);
      }
      await page.getByRole("button", { name: "YAML" }).click();
      await page.setViewportSize({ width: 390, height: 844 });
      await sound(page);
      await page.getByRole("button", { name: /^(Close|닫기)$/ }).click();
      await page.getByRole("navigation").getByRole("button").first().click();
      await sound(page);
    });
  }
}

test("a narrow page does not scroll sideways, and shows every room", async ({ kubepie }) => {
  await kubepie.page.setViewportSize({ width: 375, height: 740 });
  await kubepie.open();
  for (const [width, height] of [[320, 640], [375, 740], [768, 1024], [720, 450]]) {
    await kubepie.page.setViewportSize({ width, height });
    const wider = () => kubepie.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect.poll(wider, { message: `${width} wide` }).toBeLessThanOrEqual(0);
    await expect(kubepie.map.getByRole("group", { name: "w3-k8s", exact: true })).toBeInViewport({ ratio: 0.7 });
  }
  await kubepie.picture("narrow");
});
