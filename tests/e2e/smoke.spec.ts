// The least that must work: the page opens under any path, a command answers, the map follows.

import { expect, test } from "./kubepie";

for (const path of ["./", "elsewhere/"]) {
  test(`the page opens at ${path} and kubectl answers`, async ({ kubepie }) => {
    await kubepie.open(path);
    const nodes = await kubepie.run("kubectl get nodes", "w3-k8s");
    expect(nodes).toContain("m-k8s");
    await kubepie.picture(path === "./" ? "smoke" : "smoke-elsewhere");
  });
}

test("a Pod is made in the terminal and seen on the map", async ({ kubepie }) => {
  await kubepie.open();
  await kubepie.run("kubectl run nginx-pod --image=nginx", "pod/nginx-pod created");
  const [pie] = await kubepie.expectPies("nginx-pod", /Running/, 1);
  expect(pie.node).toMatch(/^w[123]-k8s/);
  await kubepie.run("kubectl get pods", /nginx-pod +1\/1 +Running/);
});

for (const [lang, lesson] of [["en", /Bake your first Pod/], ["ko", /첫 파드 굽기/]] as const) {
  test(`a newcomer has a running Pod within half a minute (${lang})`, async ({ kubepie, page }) => {
    const opened = Date.now();
    await page.goto(`./?lang=${lang}`);
    await page.getByRole("button", { name: lesson }).click();
    // The command that the lesson shows is read and typed, five letters a second.
    const shown = page.locator(".lessons code", { hasText: "kubectl run nginx-pod --image=nginx" }).first();
    const command = await shown.innerText();
    await kubepie.terminal.click();
    await kubepie.terminal.pressSequentially(command, { delay: 200 });
    await kubepie.terminal.press("Enter");
    await kubepie.expectPies("nginx-pod", /Running/, 1);
    const took = (Date.now() - opened) / 1000;
    console.log(`a running Pod after ${took.toFixed(1)} s (${lang})`);
    expect(took).toBeLessThan(30);
  });
}
