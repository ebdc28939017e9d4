// The browser in which the programs here look at the page; CHROMIUM of the environment names its file.

import { chromium } from "playwright-core";

/** Starts it, without what a test must not depend on. */
export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** The terminal's line, in either language. */
export const terminal = (page) => page.getByRole("textbox", { name: /^(terminal|터미널)/i });
