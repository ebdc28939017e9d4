// The inspector, for what the map does not show, and for Pods that find no place.

import { expect, test, type Kubepie } from "./kubepie";

const details = (kubepie: Kubepie) => kubepie.page.getByRole("complementary", { name: "Details" });

async function follow(kubepie: Kubepie, line: string, name: string): Promise<void> {
  await kubepie.run("clear", "");
  await kubepie.run(line, name);
  await kubepie.log.getByText(name, { exact: true }).last().click();
  await expect(details(kubepie).getByRole("heading", { name })).toBeVisible();
}

test("settings, secrets, claims and custom kinds are told in plain words", async ({ kubepie }) => {
  await kubepie.open("?lang=en");
  await kubepie.run("kubectl create configmap recipe --from-literal=FLAVOUR=choco", "created");
  await kubepie.run("kubectl create secret generic sauce --from-literal=SAUCE=sweet", "created");
  await kubepie.run("kubectl create deployment web --image=nginx", "created");
  await kubepie.run("kubectl set env deployment web --from=configmap/recipe", "updated");
  await kubepie.expectPies("web-", /Running/, 1);
  await follow(kubepie, "kubectl get configmaps", "recipe");
  await expect(details(kubepie)).toContainText("Settings in it: 1. Pods that use it: 1.");
  await expect(details(kubepie)).toContainText("FLAVOUR: choco");
  await details(kubepie).getByRole("button", { name: /^pods\/web-/ }).click();
  await expect(details(kubepie)).toContainText("takes requests");
  await follow(kubepie, "kubectl get secrets", "sauce");
  await expect(details(kubepie)).toContainText("base64, which is no encryption");
  await expect(details(kubepie)).not.toContainText("c3dlZXQ");
  await follow(kubepie, "kubectl get services", "kubernetes");
  await expect(details(kubepie)).toContainText("It leads to the API server.");
});

test("a Pod whose claim is missing says so, and what differs stands in one row", async ({ kubepie, page }) => {
  await kubepie.open("?lang=en");
  const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"lost"},"spec":{"containers":[{"name":"c","image":"nginx"}],"volumes":[{"name":"v","persistentVolumeClaim":{"claimName":"none"}}]}}`;
  await kubepie.run(`echo '${pod}' | kubectl apply -f -`, "pod/lost created");
  await kubepie.map.getByRole("button", { name: /^lost, Pending/ }).click();
  await expect(details(kubepie)).toContainText("There is no PersistentVolumeClaim none.");
  await expect(details(kubepie)).toContainText("no node was looked at");
  const cells = details(kubepie).getByRole("row", { name: /containers/ }).locator("th, td");
  const tops = await cells.evaluateAll((all) => all.map((cell) => Math.round(cell.getBoundingClientRect().top)));
  expect(new Set(tops).size, `${tops}`).toBe(1);
  await page.getByRole("button", { name: "Close", exact: true }).click();
});
