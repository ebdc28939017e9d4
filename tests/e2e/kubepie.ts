// The page as a person meets it: by roles and accessible names, never by classes or ids.
// What a spec may rely on is what is written here:
// - one text box named "Terminal" (or "터미널") takes lines, one log shows what they print;
// - the map is a region; in it each node is a group named by the node, each Pod a button whose name
//   begins with the Pod's name and tells its state and its node: "web-0, Running, w1-k8s".

import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** A Pod as the map names it. */
export interface Pie {
  name: string;
  state: string;
  node: string;
}

/** Milliseconds between keys of somebody who types well. */
const KEY_MS = 35;

const SCREENSHOTS = join(__dirname, "../../target/screenshots");

export class Kubepie {
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** The line one types in. */
  get terminal(): Locator {
    return this.page.getByRole("textbox", { name: /^(terminal|터미널)/i });
  }

  /** What the terminal has printed. */
  get log(): Locator {
    return this.page.getByRole("log").first();
  }

  /** The map of nodes and Pods. */
  get map(): Locator {
    return this.page.getByRole("region", { name: /^(map|지도)/i });
  }

  /** Opens the page (with a query or a fragment, if any) and waits for its prompt. */
  async open(at = "./"): Promise<void> {
    await this.page.goto(at);
    await expect(this.terminal).toBeVisible();
  }

  /** Types a line at a person's pace and presses Enter, without waiting for its answer. */
  async type(line: string): Promise<void> {
    await this.terminal.click();
    await this.terminal.pressSequentially(line, { delay: KEY_MS });
    await this.terminal.press("Enter");
  }

  /** Types a line and waits until what it printed has come to hold `answer`; gives what it printed. */
  async run(line: string, answer: string | RegExp): Promise<string> {
    const before = (await this.text()).length;
    await this.type(line);
    const printed = async () => (await this.text()).slice(before);
    if (typeof answer === "string") {
      await expect.poll(printed, { message: line }).toContain(answer);
    } else {
      await expect.poll(printed, { message: line }).toMatch(answer);
    }
    return printed();
  }

  /** All that the terminal shows. */
  async text(): Promise<string> {
    return (await this.log.innerText()).replaceAll("\u00a0", " ");
  }

  /** The Pods that the map shows, those of the system left out. */
  async pies(): Promise<Pie[]> {
    const names = await this.map
      .getByRole("button")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
    return names
      .map((name) => name.split(", "))
      .filter((parts) => parts.length >= 3)
      .map(([name, state, node]) => ({ name, state, node }))
      .filter((pie) => !/^(calico|coredns|etcd|kube-|controller-|speaker-)/.test(pie.name));
  }

  /** Waits until the Pods whose names begin so are in this state and this many. */
  async expectPies(prefix: string, state: RegExp, count: number): Promise<Pie[]> {
    const some = async () =>
      (await this.pies()).filter((pie) => pie.name.startsWith(prefix) && state.test(pie.state));
    await expect
      .poll(async () => (await some()).length, { message: `${prefix}: ${state}`, timeout: 45_000 })
      .toBe(count);
    return some();
  }

  /** Keeps a picture for people to look at; no test compares pictures. */
  async picture(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
}

/** A test that is given the page, and that fails where the page reported an error. */
export const test = base.extend<{ kubepie: Kubepie }>({
  kubepie: async ({ page }, use) => {
    const kubepie = new Kubepie(page);
    await use(kubepie);
    expect(kubepie.errors, "errors the page reported").toEqual([]);
  },
});

export { expect };
