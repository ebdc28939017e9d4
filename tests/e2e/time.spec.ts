// Time in one's hands: pause, back and forward, undo, and futures that were put aside.

import { expect, test, type Kubepie } from "./kubepie";

const moment = (kubepie: Kubepie) => kubepie.page.getByRole("slider", { name: "Go to a moment" });
const press = (kubepie: Kubepie, name: string) => kubepie.page.getByRole("button", { name, exact: true }).click();

test("back in time and forward again", async ({ kubepie }) => {
  await kubepie.open();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=2", "web created");
  await kubepie.expectPies("web-", /Running/, 2);
  await press(kubepie, "Pause");
  const end = await moment(kubepie).inputValue();
  await moment(kubepie).fill("0");
  await kubepie.expectPies("web-", /./, 0);
  expect(await kubepie.text()).not.toContain("web created");
  await moment(kubepie).fill(end);
  await kubepie.expectPies("web-", /Running/, 2);
  expect(await kubepie.text()).toContain("web created");
  const still = await moment(kubepie).inputValue();
  await kubepie.page.waitForTimeout(700);
  expect(await moment(kubepie).inputValue(), "time stands still").toBe(still);
  await press(kubepie, "Step");
  expect(Number(await moment(kubepie).inputValue())).toBeGreaterThan(Number(still) - 100);
});

test("undo and redo", async ({ kubepie }) => {
  await kubepie.open();
  await kubepie.run("kubectl cordon w3-k8s", "w3-k8s cordoned");
  const door = kubepie.map.getByRole("button", { name: "w3-k8s, worker: closed to new Pods" });
  await expect(door).toBeVisible();
  await press(kubepie, "Undo");
  await expect(door).toHaveCount(0);
  await press(kubepie, "Redo");
  await expect(door).toBeVisible();
});

test("what is typed in the past begins another future, and the old one can be had again", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl run first --image=nginx", "pod/first created");
  await kubepie.expectPies("first", /Running/, 1);
  await moment(kubepie).fill("0");
  await kubepie.expectPies("first", /./, 0);
  await kubepie.run("kubectl run second --image=nginx", "pod/second created");
  await press(kubepie, "Play");
  await kubepie.expectPies("second", /Running/, 1);
  await page.getByText("Other futures: 1").click();
  await page.getByRole("button", { name: /kubectl run first/ }).click();
  await kubepie.expectPies("first", /Running/, 1);
  await kubepie.expectPies("second", /./, 0);
  const first = page.getByRole("button", { name: /kubectl run first/ });
  await expect(first, "the menu is closed").toHaveCount(0);
  await page.getByText("Other futures: 1").click();
  await expect(page.getByRole("button", { name: /kubectl run second/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /kubectl run second/ })).toBeHidden();
});

test("time runs until it settles", async ({ kubepie }) => {
  await kubepie.open();
  await press(kubepie, "Pause");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "web created");
  await press(kubepie, "Until it settles");
  await kubepie.expectPies("web-", /Running/, 3);
});

test("no time passes while nobody looks at the page", async ({ kubepie, page }) => {
  await kubepie.open();
  await kubepie.run("kubectl run one --image=nginx", "pod/one created");
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  await hide(true);
  const kept = () => page.evaluate(() => JSON.parse(localStorage.getItem("kubepie.session") ?? "{}"));
  expect((await kept()).inputs, "what was typed is kept at once").toHaveLength(1);
  await page.waitForTimeout(300);
  const left = Number(await moment(kubepie).inputValue());
  await page.waitForTimeout(2000);
  expect(Number(await moment(kubepie).inputValue())).toBe(left);
  await hide(false);
  await expect.poll(async () => Number(await moment(kubepie).inputValue())).toBeGreaterThan(left);
  expect(Number(await moment(kubepie).inputValue()), "it goes on where it was").toBeLessThan(left + 1900);
});
