// Help for somebody who is stuck: a word below the line after an error, while something runs, and in the middle of a command.

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Kubepie } from "./kubepie";

const aid = (kubepie: Kubepie) => kubepie.page.getByRole("region", { name: /^(terminal|터미널)$/i }).getByRole("status");

test("a slip is told, and the right line is put into the line by a click", async ({ kubepie }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubctl get pods", "kubctl: command not found");
  await aid(kubepie).getByRole("button", { name: "kubectl get pods" }).click();
  expect(await kubepie.terminal.inputValue()).toBe("kubectl get pods");
  await kubepie.terminal.press("Enter");
  await expect(aid(kubepie)).toContainText("none in the namespace default");
  await kubepie.run("kubectl get nodes", "w3-k8s");
  await expect(aid(kubepie)).toBeEmpty();
});

test("an error is told in Korean, and Escape puts it away", async ({ kubepie, page }) => {
  await kubepie.open("?lang=ko");
  await kubepie.run("kubectl delete pod nobody", "not found");
  await expect(aid(kubepie)).toContainText("이름이 nobody인 것을 찾지 못했어요");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const found = await new AxeBuilder({ page }).include(".term").analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
  await kubepie.picture("aid-ko");
  await kubepie.terminal.press("Escape");
  await expect(aid(kubepie)).toBeEmpty();
});

test("who hangs in a command that goes on is told how to leave it", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  await kubepie.type("echo 'open");
  await expect(aid(kubepie)).toContainText("not at its end");
  await kubepie.terminal.press("Control+c");
  await expect(aid(kubepie)).toBeEmpty();
  await kubepie.type("kubectl get pods -w");
  const stop = page.getByRole("button", { name: "Stop it" });
  await expect(stop).toBeVisible({ timeout: 10_000 });
  await stop.click();
  await kubepie.run("echo free", /\nfree/);
  await expect(stop).toHaveCount(0);
});

test("a file that vi opened is left as people who know vi leave it", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  await kubepie.type("vi nginx-pod.yaml");
  const editor = page.locator(".cm-content");
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("# mine\n:wq\n");
  await expect(editor).toHaveCount(0);
  const printed = await kubepie.run("cat nginx-pod.yaml", "# mine");
  expect(printed).not.toContain(":wq");
});
