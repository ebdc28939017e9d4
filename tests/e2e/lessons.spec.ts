// Lessons as a learner meets them: opened from the list, typed line by line, in both languages; undone, left and
// resumed; handed on by a link; and one made by playing it.

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Kubepie } from "./kubepie";

/** A lesson as the page fetches it. */
interface Lesson {
  title: string;
  steps: { goal: string; done: string; solution: string[] }[];
}

const WORDS = {
  en: { title: "Lessons", done: "Lesson done!", step: (n: number, of: number) => `Step ${n} of ${of}` },
  ko: { title: "배우기", done: "레슨을 마쳤어요!", step: (n: number, of: number) => `${n}단계 / 전체 ${of}단계` },
};

function lesson(id: string, lang: "en" | "ko"): Lesson {
  return JSON.parse(readFileSync(join(__dirname, `../../dist/lessons/${id}.${lang}.json`), "utf8"));
}

/** A text without its marks. */
const plain = (text: string) => text.replaceAll(/[`*]/g, "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim();

const panel = (kubepie: Kubepie, lang: "en" | "ko") => kubepie.page.getByRole("complementary", { name: WORDS[lang].title });

async function begin(kubepie: Kubepie, lang: "en" | "ko", id: string): Promise<Lesson> {
  const read = lesson(id, lang);
  const side = panel(kubepie, lang);
  // On a phone the lessons are a sheet of their own.
  const sheet = kubepie.page.getByRole("navigation").getByRole("button", { name: WORDS[lang].title });
  if (await sheet.isVisible()) await sheet.click();
  await side.getByRole("button", { name: plain(read.title) }).click();
  await expect(side.getByText(WORDS[lang].step(1, read.steps.length))).toBeVisible();
  return read;
}

/** Types a step's solution and waits until the next step, or the end, is shown. */
async function solve(kubepie: Kubepie, lang: "en" | "ko", read: Lesson, number: number): Promise<void> {
  const side = panel(kubepie, lang);
  for (const line of read.steps[number].solution) {
    await kubepie.type(line);
    await kubepie.page.waitForTimeout(1500);
  }
  const next = number + 1 < read.steps.length ? WORDS[lang].step(number + 2, read.steps.length) : WORDS[lang].done;
  await expect(side.getByText(next)).toBeVisible({ timeout: 60_000 });
}

const WIDE = { width: 1440, height: 900 };
const TABLET = { width: 1024, height: 768 };
const PHONE = { width: 390, height: 844 };

/** Lessons from first to last, each in both languages, on another screen and by another light in each. */
const JOURNEYS = [
  { id: "first-pod", lang: "en", viewport: WIDE, colorScheme: "light" },
  { id: "first-pod", lang: "ko", viewport: PHONE, colorScheme: "dark" },
  { id: "scale", lang: "en", viewport: TABLET, colorScheme: "dark" },
  { id: "scale", lang: "ko", viewport: WIDE, colorScheme: "light" },
  { id: "self-healing", lang: "en", viewport: PHONE, colorScheme: "light" },
  { id: "self-healing", lang: "ko", viewport: TABLET, colorScheme: "dark" },
  { id: "drain", lang: "en", viewport: WIDE, colorScheme: "dark" },
  { id: "drain", lang: "ko", viewport: PHONE, colorScheme: "light" },
  { id: "failed-update", lang: "en", viewport: TABLET, colorScheme: "light" },
  { id: "failed-update", lang: "ko", viewport: WIDE, colorScheme: "dark" },
  { id: "service", lang: "en", viewport: PHONE, colorScheme: "dark" },
  { id: "service", lang: "ko", viewport: TABLET, colorScheme: "light" },
] as const;

for (const { id, lang, viewport, colorScheme } of JOURNEYS) {
  test.describe(`${id} in ${lang}, ${viewport.width} wide, ${colorScheme}`, () => {
    test.use({ locale: lang === "ko" ? "ko-KR" : "en-US", viewport, colorScheme });
    test("is learnt by typing", async ({ kubepie }) => {
      test.setTimeout(240_000);
      await kubepie.open();
      const read = await begin(kubepie, lang, id);
      for (let number = 0; number < read.steps.length; number += 1) {
        await solve(kubepie, lang, read, number);
        await kubepie.picture(`lesson-${id}-${lang}-${number + 1}`);
      }
    });
  });
}

test("a step is undone, left and resumed", async ({ kubepie }) => {
  test.setTimeout(120_000);
  await kubepie.open("#/lesson/scale");
  const read = lesson("scale", "en");
  const side = panel(kubepie, "en");
  await expect(side.getByText("Step 1 of 3")).toBeVisible();
  await solve(kubepie, "en", read, 0);
  await kubepie.page.getByRole("button", { name: /undo|take back/i }).first().click();
  await expect(side.getByText("Step 1 of 3")).toBeVisible();
  await solve(kubepie, "en", read, 0);
  await kubepie.page.reload();
  await expect(side.getByText("Step 2 of 3")).toBeVisible();
});

test("hints, the solution and its typing help", async ({ kubepie }) => {
  test.setTimeout(120_000);
  await kubepie.open("#/lesson/cordon");
  const side = panel(kubepie, "en");
  await side.getByRole("button", { name: "Hint" }).click();
  await side.getByRole("button", { name: "Solution" }).click();
  await side.getByRole("button", { name: "Type it for me" }).click();
  await expect(side.getByText("Step 2 of 3")).toBeVisible({ timeout: 60_000 });
  expect(await kubepie.text()).toContain("node/w3-k8s cordoned");
});

test("a line of the note leads to its step", async ({ kubepie }) => {
  await kubepie.open("#/note");
  const side = panel(kubepie, "en");
  await side.getByRole("button", { name: /Empty a node, then open it again · 1 of 3/ }).first().click();
  await expect(side.getByText("Step 1 of 3")).toBeVisible();
});

test("a teacher makes a lesson, proves it, and a learner opens its link", async ({ kubepie }) => {
  test.setTimeout(180_000);
  await kubepie.open();
  const side = panel(kubepie, "en");
  await side.getByRole("button", { name: "Make" }).click();
  await side.getByRole("button", { name: /Start recording/ }).click();
  await kubepie.run("kubectl create deployment web --image=nginx --replicas=2", "created");
  await kubepie.expectPies("web-", /Running/, 2);
  await side.getByRole("button", { name: "End the step here" }).click();
  await side.getByLabel("Title").fill("Two <b>webs</b>");
  await side.getByLabel(/^The goal/).fill("Run two");
  await side.getByLabel(/^What should be true/).selectOption({ label: "deployments.apps web" });
  const value = side.getByLabel(/^Which value/).locator("option", { hasText: /status\.readyReplicas\}? = 2/ }).first();
  await side.getByLabel(/^Which value/).selectOption((await value.getAttribute("value")) ?? "");
  await side.getByRole("button", { name: "Prove it" }).click();
  await expect(side.getByText(/reach every step/)).toBeVisible();
  await side.getByRole("button", { name: "Copy link" }).click();
  const link = (await side.getByText(/#l=1\./).innerText()).match(/#l=1\.\S+/)?.[0] ?? "";
  await kubepie.page.goto(`./${link}`);
  await kubepie.page.reload();
  await expect(side.getByRole("heading", { name: "Two <b>webs</b>" })).toBeVisible();
  await side.getByRole("button", { name: "Begin" }).click();
  await expect(side.getByText("Step 1 of 1")).toBeVisible();
});

/** Presses Tab until what has the focus is of this kind and named so. */
async function tabTo(kubepie: Kubepie, kind: string, name: RegExp): Promise<void> {
  const { page } = kubepie;
  for (let presses = 0; presses < 120; presses += 1) {
    const focused = await page.evaluate((kind) => {
      const at = document.activeElement;
      return at?.matches(kind) ? (at.getAttribute("aria-label") ?? at.textContent ?? "") : "";
    }, kind);
    if (name.test(focused.trim())) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${name}`);
}

test("a lesson from first to last with the keyboard and what a screen reader is told", async ({ kubepie }) => {
  test.setTimeout(120_000);
  const { page } = kubepie;
  await kubepie.open();
  const read = lesson("first-pod", "en");
  await tabTo(kubepie, "button", /^1?Bake your first Pod/);
  await page.keyboard.press("Enter");
  const side = panel(kubepie, "en");
  await expect(side.getByRole("heading", { name: plain(read.steps[0].goal) })).toBeVisible();
  await tabTo(kubepie, "input, textarea", /^Terminal/i);
  for (const step of read.steps) {
    for (const line of step.solution) {
      await page.keyboard.type(line, { delay: 10 });
      await page.keyboard.press("Enter");
      await page.waitForTimeout(1500);
    }
    await expect(side.getByRole("status").filter({ hasText: plain(step.done).split("\n")[0] })).toBeVisible({ timeout: 60_000 });
  }
  await expect(side.getByRole("status").filter({ hasText: "Lesson done!" })).toBeVisible();
  await expect(side.getByRole("img", { name: "3 of 3 stars" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing wrong in the panel (${colorScheme})`, async ({ kubepie }) => {
    test.setTimeout(120_000);
    const { page } = kubepie;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const sound = async () => {
      const found = await new AxeBuilder({ page }).include(".lessons").analyze();
      expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
    };
    await kubepie.open("#/lesson/cordon");
    const side = panel(kubepie, "en");
    await expect(side.getByText("Step 1 of 3")).toBeVisible();
    await side.getByRole("button", { name: "Hint" }).click();
    await side.getByRole("button", { name: "Solution" }).click();
    await sound();
    await kubepie.run("kubectl cordon w3-k8s", "cordoned");
    await expect(side.getByText("Step 2 of 3")).toBeVisible();
    await side.getByRole("button", { name: "Show me" }).click();
    await page.waitForTimeout(6000);
    await sound();
    await kubepie.picture(`lesson-step-${colorScheme}`);
    for (const place of ["Note", "Progress", "Make"]) {
      await side.getByRole("button", { name: place, exact: true }).click();
      await sound();
    }
    await side.getByRole("button", { name: /Start recording/ }).click();
    await kubepie.run("kubectl uncordon w3-k8s", "uncordoned");
    await side.getByRole("button", { name: "End the step here" }).click();
    await sound();
  });
}

test("the other language comes while a lesson is open", async ({ kubepie }) => {
  await kubepie.open("#/lesson/scale");
  await expect(panel(kubepie, "en").getByText("Step 1 of 3")).toBeVisible();
  await kubepie.page.getByRole("button", { name: "한국어" }).click();
  const goal = plain(lesson("scale", "ko").steps[0].goal);
  await expect(panel(kubepie, "ko").getByRole("heading", { name: goal })).toBeVisible();
});
