// The page is usable without seeing it: axe finds nothing, in both languages, in light and dark.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./kubepie";

for (const language of ["ko", "en"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`axe finds nothing wrong (${language}, ${colorScheme})`, async ({ kubepie }) => {
      const { page } = kubepie;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await kubepie.open(`./?lang=${language}`);
      await kubepie.run("kubectl run nginx-pod --image=nginx", "pod/nginx-pod created");
      await kubepie.expectPies("nginx-pod", /Running/, 1);
      const found = await new AxeBuilder({ page }).analyze();
      const said = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
      expect(said).toEqual([]);
      await kubepie.picture(`access-${language}-${colorScheme}`);
    });
  }
}

test("a narrow page does not scroll sideways", async ({ kubepie }) => {
  await kubepie.page.setViewportSize({ width: 375, height: 740 });
  await kubepie.open();
  const wider = await kubepie.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wider).toBeLessThanOrEqual(0);
  await kubepie.picture("narrow");
});
