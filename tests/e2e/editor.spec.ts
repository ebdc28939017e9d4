// The editor of files: completion, what the API server says, applying, comparing, and the programs that open it.

import { expect, test } from "./kubepie";

test("a manifest is written, checked, applied and compared", async ({ kubepie, page }) => {
  await kubepie.open();
  await page.getByRole("button", { name: /open a shell or a file/i }).click();
  await page.getByRole("button", { name: "nginx-pod.yaml" }).click();
  const text = page.getByRole("textbox", { name: "nginx-pod.yaml" });
  await expect(text).toContainText("kind: Pod");
  const said = page.getByRole("status").filter({ hasText: /API server|line \d+/ });
  await expect(said).toContainText("The API server would accept this");
  await text.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Home");
  await page.keyboard.type("  nodeNam");
  await expect(page.getByRole("option", { name: /nodeName/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.type("z: w1-k8s");
  await expect(said).toContainText('unknown field "spec.nodeNamz"');
  for (let i = 0; i < "z: w1-k8s".length; i++) await page.keyboard.press("Backspace");
  await page.keyboard.type("e: w1-k8s");
  await expect(said).toContainText("The API server would accept this");
  await kubepie.picture("editor-checked");
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect.poll(() => kubepie.text()).toMatch(/kubectl apply -f nginx-pod.yaml\npod\/\S+ created/);
  await kubepie.expectPies("nginx-pod", /Running/, 1);

  await page.getByRole("tab", { name: "nginx-pod.yaml" }).click();
  await page.getByRole("textbox", { name: "nginx-pod.yaml" }).click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+f");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Compare with the cluster" }).click();
  await expect(page.getByRole("status").filter({ hasText: "differ from what the cluster holds" })).toBeVisible();
  await kubepie.picture("editor-compared");
});

test("vi and kubectl edit open the editor, and closing it goes on", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.type("vi hello.txt");
  const file = page.getByRole("textbox", { name: /hello\.txt/ });
  await expect(file).toBeVisible();
  await file.click();
  await page.keyboard.type("hello pie");
  await page.getByRole("button", { name: "Save and close" }).click();
  await kubepie.run("cat hello.txt", /\nhello pie/);

  await kubepie.run("kubectl create deployment pie --image=nginx", "created");
  await kubepie.type("kubectl edit deployment pie");
  const object = page.getByRole("textbox", { name: /edit/ });
  await expect(object).toContainText("replicas: 1");
  await page.getByRole("button", { name: "Close without saving" }).click();
  await expect(kubepie.terminal).toBeVisible();
});
