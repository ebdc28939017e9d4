// The terminal as somebody who lives in one expects it: editing, history, completion, pasting, much output.

import { expect, test } from "./kubepie";

test("a line is edited as readline does", async ({ kubepie }) => {
  await kubepie.open();
  const { terminal } = kubepie;
  await terminal.click();
  const after = async (keys: string[]) => {
    for (const key of keys) await terminal.press(key);
    return terminal.inputValue();
  };
  await terminal.fill("kubectl get pod/web-1");
  expect(await after(["Control+w"])).toBe("kubectl get ");
  expect(await after(["Control+y"])).toBe("kubectl get pod/web-1");
  expect(await after(["Alt+b", "Control+k"])).toBe("kubectl get pod/web-");
  expect(await after(["Control+a", "Alt+f", "Control+u"])).toBe(" get pod/web-");
  expect(await after(["Control+y", "Control+e", "Control+h"])).toBe("kubectl get pod/web");
  await terminal.press("Control+c");
  expect(await terminal.inputValue()).toBe("");
  await expect.poll(() => kubepie.text()).toContain("^C");
});

test("lines come back: arrows, search, suggestion, also after a reload", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl get nodes", "w3-k8s");
  await kubepie.run("kubectl get pods -n kube-system", "etcd");
  await page.reload();
  const { terminal } = kubepie;
  await terminal.click();
  await terminal.press("ArrowUp");
  await terminal.press("ArrowUp");
  expect(await terminal.inputValue()).toBe("kubectl get nodes");
  await terminal.press("ArrowDown");
  expect(await terminal.inputValue()).toBe("kubectl get pods -n kube-system");
  await terminal.press("Control+u");
  await terminal.pressSequentially("kubectl get n");
  await terminal.press("ArrowRight");
  expect(await terminal.inputValue()).toBe("kubectl get nodes");
  await terminal.press("Control+u");
  await terminal.press("Control+r");
  await terminal.pressSequentially("etcd");
  await terminal.press("Control+u");
  await terminal.press("Control+r");
  await terminal.pressSequentially("-n kube");
  await terminal.press("Tab");
  expect(await terminal.inputValue()).toBe("kubectl get pods -n kube-system");
});

test("Tab offers verbs with what they do, and objects that exist", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment pie --image=nginx --replicas=2", "created");
  await kubepie.expectPies("pie-", /Running/, 2);
  const { terminal } = kubepie;
  const menu = page.getByRole("listbox");
  await terminal.pressSequentially("kubectl ");
  await terminal.press("Tab");
  await expect(menu.getByRole("option", { name: /^describe.*Show details/ })).toBeVisible();
  await terminal.pressSequentially("desc");
  await expect(menu.getByRole("option")).toHaveCount(1);
  await terminal.press("Tab");
  await terminal.press("Enter");
  expect(await terminal.inputValue()).toBe("kubectl describe ");
  await terminal.pressSequentially("pod pie");
  await terminal.press("Tab");
  await expect(menu.getByRole("option")).toHaveCount(2);
  await terminal.press("ArrowDown");
  await terminal.press("Enter");
  expect(await terminal.inputValue()).toMatch(/^kubectl describe pod pie-\S+ $/);
  await expect(menu).toHaveCount(0);
  await terminal.press("Enter");
  await expect.poll(() => kubepie.text()).toMatch(/Name: +pie-/);
});

test("lines pasted together run one after the other, here-documents and comments too", async ({ kubepie, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await kubepie.open();
  const lines = ["# a note", "cat <<'EOF' > note.txt", "첫 줄", "second", "EOF", "for i in 1 2; do", "  echo n$i", "done", "cat note.txt", "echo open"];
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines.join("\n"));
  await kubepie.terminal.click();
  await page.keyboard.press("Control+v");
  await expect.poll(() => kubepie.text()).toMatch(/> EOF\n[\s\S]*\nn1\nn2\n[\s\S]*cat note.txt\n첫 줄\nsecond/);
  expect(await kubepie.terminal.inputValue()).toBe("echo open");
});

test("a hundred thousand lines stay quick", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("seq 100000", /\n100000/);
  const most = await page.evaluate(() => document.querySelectorAll('[role="log"] *').length);
  expect(most).toBeLessThan(10_000);
  await kubepie.type("echo quick");
  await expect.poll(() => kubepie.text(), { timeout: 2_000 }).toMatch(/\nquick/);
  await kubepie.terminal.press("Control+l");
  expect((await kubepie.text()).trim()).toBe("");
});

test("names in the output lead to the map, and colours are shown", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl run web --image=nginx", "pod/web created");
  await kubepie.expectPies("web", /Running/, 1);
  await kubepie.run("kubectl get pods", /web +1\/1/);
  await kubepie.log.getByText("web", { exact: true }).last().click();
  await expect(page.getByRole("complementary", { name: /details/i })).toContainText("web");
  await kubepie.run("printf '\\e[31mred\\e[0m plain\\n'", /\nred plain/);
  const colour = (text: string) => kubepie.log.getByText(text, { exact: true }).last().evaluate((e) => getComputedStyle(e).color);
  expect(await colour("red")).not.toBe(await kubepie.log.evaluate((e) => getComputedStyle(e).color));
});

test("what is selected is copied by Ctrl-C, and nothing is interrupted", async ({ kubepie, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await kubepie.open();
  await kubepie.run("echo copied", /\ncopied/);
  await kubepie.log.getByText("copied", { exact: true }).last().dblclick({ position: { x: 12, y: 8 } });
  await page.keyboard.press("Control+c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("copied");
  expect(await kubepie.text()).not.toContain("^C");
});
