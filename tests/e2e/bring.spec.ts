// Bring yours: what kubectl printed of a real cluster is pasted, told, built, and a drain rehearsed on it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { expect, Kubepie, test } from "./kubepie";

const DUMP = readFileSync(join(__dirname, "../../core/tests/dumps/busy.yaml"), "utf8");

/** Opens the dialog and gives its box. */
async function box({ page }: Kubepie, name = "Bring yours"): Promise<Locator> {
  await page.getByRole("button", { name }).first().click();
  return page.getByRole("dialog").getByRole("textbox");
}

/** Pastes a text as the browser would. */
async function paste(into: Locator, text: string): Promise<void> {
  await into.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

test("a cluster is pasted, told, built and drained, and it is there after a reload", async ({ kubepie, page }) => {
  test.slow();
  await kubepie.open("?lang=en");
  await paste(await box(kubepie), DUMP);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("33 Pod")).toBeVisible();
  await expect(dialog.getByText("4 Node")).toBeVisible();
  await expect(dialog.getByText("api-6b48c867f9-bw5vm")).toBeVisible();
  await kubepie.picture("bring-told");
  expect(await kubepie.pies(), "nothing is built before somebody agrees").toEqual([]);
  await dialog.getByRole("button", { name: "Build", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await kubepie.expectPies("web-777f9fc55f-", /Running/, 6);
  const lonely = (await kubepie.pies()).find((pie) => pie.name === "lonely");
  expect(lonely?.node).toBe("w3-k8s");
  await kubepie.picture("bring-built");

  await kubepie.type("kubectl drain w1-k8s --ignore-daemonsets");
  await expect.poll(() => kubepie.text(), { timeout: 60_000 }).toContain("node/w1-k8s drained");
  await expect
    .poll(async () => (await kubepie.pies()).filter((pie) => pie.node === "w1-k8s").map((pie) => pie.name), { timeout: 30_000 })
    .toEqual([]);
  await kubepie.picture("bring-drained");

  await page.reload();
  await expect(kubepie.terminal).toBeVisible();
  await kubepie.expectPies("web-777f9fc55f-", /Running/, 6);
  await expect.poll(async () => (await kubepie.pies()).filter((pie) => pie.node === "w1-k8s"), { timeout: 30_000 }).toEqual([]);
});

test("what is no dump is told apart, and nothing is lost", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  const table = "NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          3d\n";
  await paste(await box(kubepie), table);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toContainText("-o yaml");
  await expect(dialog.getByRole("textbox")).toHaveValue(table);
  await expect(dialog.getByText("kubectl get nodes,deployments")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Copy the command" })).toBeVisible();
  await kubepie.picture("bring-table");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await kubepie.run("kubectl get nodes", "w3-k8s");
});

test("a file that is dropped is told in Korean, and a cluster goes from hand to hand", async ({ kubepie, page, browser }) => {
  await kubepie.open("?lang=ko");
  const area = await box(kubepie, "내 클러스터 가져오기");
  await area.evaluate((element, text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "cluster.yaml", { type: "text/yaml" }));
    element.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, `${DUMP}---\napiVersion: v1\nkind: Secret\nmetadata: {name: password}\ndata: {a: c2VjcmV0}\n`);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Secret 1개: 읽지 않았어요")).toBeVisible();
  await kubepie.picture("bring-told-ko");
  await dialog.getByRole("button", { name: "만들기", exact: true }).click();
  await kubepie.expectPies("web-777f9fc55f-", /./, 6);
  await kubepie.run("kubectl get secret password", "not found");
  await kubepie.run("kubectl scale deploy web --replicas=7", "scaled");
  await kubepie.expectPies("web-777f9fc55f-", /Running|실행/, 7);
  const there = (await kubepie.pies()).map((pie) => `${pie.name} ${pie.node}`).sort();

  await page.getByRole("button", { name: "링크 공유" }).click();
  await expect(page.getByText("가져온 클러스터가 그대로 들어 있어요")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "파일로 받기" }).click();
  const file = readFileSync((await (await download).path())!, "utf8");
  expect(file).not.toContain("c2VjcmV0");

  const context = await browser.newContext({ locale: "en-US" });
  const other = new Kubepie(await context.newPage());
  await other.open("?lang=en");
  await paste(await box(other), file);
  await expect(other.page.getByText("4 nodes, 33 Pods")).toBeVisible();
  await other.page.getByRole("button", { name: "Run", exact: true }).click();
  await expect.poll(async () => (await other.pies()).map((pie) => `${pie.name} ${pie.node}`).sort(), { timeout: 30_000 }).toEqual(there);
  await expect(other.page.getByText("came out otherwise")).toHaveCount(0);
  expect(other.errors).toEqual([]);
  await context.close();
});
