// Links: made in one browser, opened in another; damaged ones are refused with a sentence and nothing is lost.

import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { expect, Kubepie, test } from "./kubepie";

/** A scenario as the fragment of a link. */
function pack(scenario: object): string {
  return `#s=1.${deflateRawSync(JSON.stringify(scenario)).toString("base64url")}`;
}

/** The scenario in a link. */
function unpack(link: string): any {
  return JSON.parse(inflateRawSync(Buffer.from(link.split("#s=1.")[1], "base64url")).toString());
}

/** Makes a link and gives it. */
async function link({ page }: Kubepie): Promise<string> {
  await page.getByRole("button", { name: "Share a link" }).click();
  const box = page.getByRole("textbox", { name: "Link to share" });
  await expect(box).toBeVisible();
  return box.inputValue();
}

test("a link opens in another browser, runs only when asked, and leads to the same cluster", async ({ kubepie, browser }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=3", "created");
  await kubepie.run("kubectl rollout status deployment/web", "successfully rolled out");
  const made = await link(kubepie);
  await expect(kubepie.page.getByRole("img", { name: /QR/ })).toBeVisible();
  const there = (await kubepie.pies()).map((pie) => `${pie.name} ${pie.node}`).sort();
  expect(there).toHaveLength(3);

  const context = await browser.newContext({ locale: "en-US" });
  const other = new Kubepie(await context.newPage());
  await other.open(made);
  await expect(other.page.getByText("kubectl create deployment web")).toBeVisible();
  expect(await other.pies()).toEqual([]);
  await other.page.getByRole("button", { name: "Run", exact: true }).click();
  await expect.poll(async () => (await other.pies()).map((pie) => `${pie.name} ${pie.node}`).sort()).toEqual(there);
  // Had the hash of the state been another, the page would say so.
  await expect(other.page.getByText("came out otherwise")).toHaveCount(0);
  expect(other.errors).toEqual([]);
  await context.close();
});

for (const [fragment, sentence] of [
  ["#s=1.%25%25", "damaged"],
  ["#s=9.AAAA", "newer Kubepie"],
  ["#s=1.q1YqSy0qzszPU7Iy", "damaged"],
  [`#s=1.${"A".repeat(70_000)}`, "too long"],
]) {
  test(`the link ${fragment.slice(0, 14)} is refused`, async ({ kubepie, page }) => {
    await kubepie.open(`?lang=en${fragment}`);
    await expect(page.getByText(sentence)).toBeVisible();
    await kubepie.run("kubectl get nodes", "w3-k8s");
  });
}

test("a saved state that cannot be read is put aside", async ({ kubepie, page }) => {
  await page.addInitScript(() => localStorage.setItem("kubepie.session", "{ not a log"));
  await kubepie.open("?lang=en");
  await expect(page.getByText("cannot be read")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("kubepie.session.unreadable"))).toBe("{ not a log");
  await kubepie.run("kubectl get nodes", "w3-k8s");
});

test("a link that comes out otherwise says so, with what ran and what is different", async ({ kubepie, page, browser }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=2", "created");
  await kubepie.run("kubectl rollout status deployment/web", "successfully rolled out");
  const scenario = unpack(await link(kubepie));
  expect(scenario.reaches).toContain("deployment default/web 2/2");
  scenario.hash = "0123456789abcdef";
  scenario.engine = "0.0.9";
  scenario.reaches = scenario.reaches.map((line: string) => line.replace("web 2/2", "web 1/2"));
  const context = await browser.newContext({ locale: "en-US" });
  const other = new Kubepie(await context.newPage());
  await other.open(`?lang=en${pack(scenario)}`);
  await other.page.getByRole("button", { name: "Run", exact: true }).click();
  const told = other.page.getByRole("status", { name: "came out otherwise" });
  await expect(told).toBeVisible();
  await expect(told).toContainText("Kubepie 0.0.9");
  await expect(told.getByText("kubectl create deployment web")).toBeVisible();
  await expect(told.getByRole("row", { name: "deployment default/web 1/2 deployment default/web 2/2" })).toBeVisible();
  await other.picture("link-differs");
  await told.getByRole("button", { name: "Close" }).click();
  await expect(told).toHaveCount(0);
  await context.close();
});

test("nothing in a link runs or becomes markup before the reader agrees", async ({ kubepie, page }) => {
  const evil = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>`;
  const fragment = pack({
    version: 1,
    epoch_ms: 1795428000000,
    seed: 1,
    engine: evil,
    base: { files: { [evil]: evil }, lines: [`echo '${evil}'`] },
    inputs: [
      { at_ms: 10, kind: "line", text: `echo '${evil}'; kubectl run '${evil}' --image='${evil}'` },
      { at_ms: 20, kind: "file", path: `/root/${evil}`, text: evil },
      { at_ms: 30, kind: "fault", text: evil },
    ],
    end_ms: 3000,
    hash: evil,
    reaches: [evil],
  });
  await page.addInitScript(() => ((window as any).alert = () => ((window as any).pwned = 2)));
  await kubepie.open(`?lang=en${fragment}`);
  await expect(page.getByText("onerror").first()).toBeVisible();
  expect(await page.locator("img, .page script").count()).toBe(0);
  expect(await kubepie.text()).not.toContain("onerror");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByText("came out otherwise").first()).toBeVisible();
  await expect.poll(() => kubepie.text()).toContain("onerror");
  expect(await page.locator("img, .page script").count()).toBe(0);
  expect(await page.evaluate(() => (window as any).pwned)).toBeUndefined();
  await kubepie.run("kubectl get nodes", "w3-k8s");
});

for (const [name, change, sentence] of [
  ["of a later version", { version: 2 }, "newer Kubepie"],
  ["with a time that never comes", { end_ms: 9e15 }, "too long a time"],
  ["with a cluster that is none", { base: { cluster: { version: 1, seen_ms: 0, objects: [] } } }, "cluster in it is empty"],
] as const) {
  test(`a link ${name} is refused`, async ({ kubepie, page }) => {
    const good = { version: 1, epoch_ms: 0, seed: 1, inputs: [], end_ms: 1 };
    await kubepie.open(`?lang=en${pack({ ...good, ...change })}`);
    await expect(page.getByText(sentence)).toBeVisible();
    await kubepie.run("kubectl get nodes", "w3-k8s");
  });
}

test("a link to a lesson that is not there says so", async ({ kubepie, page }) => {
  await kubepie.open("?lang=ko#/lesson/first-pie");
  await expect(page.getByRole("alert")).toHaveText("“first-pie” 레슨을 찾지 못했어요. 아래 목록에서 골라 주세요.");
});

test("what is on the page is taken along as three files", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=2", "created");
  await kubepie.run("kubectl expose deployment web --port=80", "exposed");
  await page.getByRole("button", { name: "Share a link" }).click();
  const file = async (name: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name }).click();
    const got = await download;
    expect(got.suggestedFilename()).toBe(name);
    return readFileSync((await got.path())!, "utf8");
  };
  const manifests = await file("manifests.yaml");
  expect(manifests.match(/^kind: \w+/gm)).toEqual(["kind: Service", "kind: Deployment"]);
  expect(manifests).not.toMatch(/uid:|status:|resourceVersion/);
  expect((await file("kind.yaml")).match(/role: \S+/g)).toEqual(["role: control-plane", "role: worker", "role: worker", "role: worker"]);
  expect(await file("commands.sh")).toContain("kubectl expose deployment web --port=80\n");
});
