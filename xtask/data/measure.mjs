// How quick the page is, for `cargo xtask measure`: with 12, 300 and 1,000 Pods under a rolling update at the pace of
// real time, how long the work of a frame is, how soon a key is echoed and a command answered; then what memory is used
// after an hour of simulated life. Prints tables for README. Words choose measures: `frames`, `memory`, numbers of Pods.
//
// In the environment:
// CPU=1 counts the time for which the main thread ran instead of the time that passed: on a busy machine;
// MINUTES="30 60 240" chooses when memory is looked at; WHY=N tells of the N longest tasks;
// PROFILE=FOLDER keeps a profile of each run, for the browser's tools (`cargo xtask build --whole` keeps names).

import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { launch } from "./chromium.mjs";

const { KUBEPIE_URL, PROFILE } = process.env;
const words = process.argv.slice(2);
const chosen = (word) => words.length === 0 || words.includes(String(word));

/** Pods, and workers for them. */
const SIZES = [[12, 3], [300, 10], [1000, 50]];
/** How long a rollout is watched at most; it is watched until it is over. */
const WATCH_MS = 120_000;
/** Keys that are typed while it goes on. */
const TYPED = "kubectl get pods --namespace default -o wide";

const browser = await launch();

/** A scenario as the page keeps it. */
function scenario(workers, lines, end_ms) {
  const inputs = lines.map((text, n) => ({ at_ms: 1000 + n * 1000, kind: "line", text }));
  return JSON.stringify({ version: 1, epoch_ms: Date.UTC(2026, 0, 5, 9), seed: 7, base: { workers }, inputs, end_ms });
}

/** The page over a scenario, once it has come to its end. */
async function open(kept, query = "") {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error("the page says", error.message));
  await page.addInitScript((kept) => {
    if (!localStorage.getItem("kubepie.session")) localStorage.setItem("kubepie.session", kept);
    addEventListener("TrunkApplicationStarted", (event) => { globalThis.started = event.detail.wasm; });
  }, kept);
  await page.goto(KUBEPIE_URL + query);
  const terminal = page.getByRole("textbox", { name: /^terminal/i });
  await terminal.waitFor();
  const cdp = await context.newCDPSession(page);
  return { page, terminal, cdp, context };
}

const ready = (page, count) =>
  page.waitForFunction((count) => document.querySelectorAll(".world .pod.run:not(.sys)").length >= count, count, { timeout: 240_000, polling: 500 });

/** Waits until a rollout is over: as long as two ReplicaSets have Pods, the map tells of both. */
async function rolled(page) {
  await page.waitForFunction(() => document.querySelector(".crate .half"), null, { polling: 50 });
  await page.waitForFunction(() => !document.querySelector(".crate .half"), null, { timeout: WATCH_MS, polling: 200 });
}

/** Percentile of numbers. */
function at(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** What a trace says of the main thread: the work of each frame, and the longest task. */
function work(events) {
  const begun = events.find((e) => e.name === "kubepie-begin");
  const { pid, tid } = begun;
  const ended = events.findLast((e) => e.name === "kubepie-end");
  const ours = events.filter((e) => e.pid === pid && e.tid === tid && e.ts >= begun.ts && e.ts <= ended.ts);
  const tasks = ours.filter((e) => e.name === "RunTask" && e.dur).sort((a, b) => a.ts - b.ts);
  const frames = ours.filter((e) => e.name === "FireAnimationFrame").map((e) => e.ts).sort((a, b) => a - b);
  const sums = [];
  let n = 0;
  // A frame's work is that of all tasks from its own, which runs the frame's callback, to the next one's.
  const long = (event) => (process.env.CPU ? event.tdur ?? 0 : event.dur ?? 0) / 1000;
  const owner = (task) => { while (n + 1 < frames.length && frames[n + 1] < task.ts + task.dur) n += 1; return n; };
  for (const task of tasks) {
    const frame = owner(task);
    sums[frame] = (sums[frame] ?? 0) + long(task);
  }
  const spent = {};
  for (const e of ours) {
    if (["FunctionCall", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "HitTest", "MajorGC", "MinorGC", "FireAnimationFrame", "RunMicrotasks"].includes(e.name)) {
      spent[e.name] = (spent[e.name] ?? 0) + long(e);
    }
  }
  const longest = Math.max(...tasks.map(long));
  if (process.env.WHY) {
    for (const one of [...tasks].sort((a, b) => long(b) - long(a)).slice(0, Number(process.env.WHY))) {
      const inside = ours.filter((e) => e !== one && e.ts >= one.ts && e.ts < one.ts + one.dur && long(e) > 1 && !/RunTask/.test(e.name));
      console.error(`${Math.round(long(one))} ms at ${Math.round((one.ts - begun.ts) / 1000)}:`, inside.map((e) => `${e.name} ${long(e).toFixed(1)}`).join(", "));
    }
  }
  return { frames: sums.filter((s) => s !== undefined), longest, over: tasks.filter((task) => long(task) > 50).length, spent, seconds: (ended.ts - begun.ts) / 1e6 };
}

async function traced(cdp, page, act) {
  const events = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await cdp.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["devtools.timeline", "toplevel", "disabled-by-default-devtools.timeline", "blink.user_timing", "v8"], excludedCategories: ["*"] } });
  await page.evaluate(() => performance.mark("kubepie-begin"));
  await act();
  await page.evaluate(() => performance.mark("kubepie-end"));
  const done = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
  await cdp.send("Tracing.end");
  await done;
  return work(events);
}

/** Notes how long after each event of the line the frame that shows its outcome is done. */
async function watch(page) {
  await page.evaluate(() => {
    globalThis.echoes = [];
    const after = (act) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = act; c.port2.postMessage(0); });
    addEventListener("input", (e) => { const from = e.timeStamp; after(() => echoes.push(performance.now() - from)); }, true);
    globalThis.answers = [];
    addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || !e.target.value.startsWith("kubectl get")) return;
      const from = e.timeStamp;
      const log = document.querySelector("[role=log]");
      const before = log.textContent.length;
      const look = () => {
        if (!/\nNAME|NAME +READY|No resources/.test(log.textContent.slice(before))) return;
        seen.disconnect();
        after(() => answers.push(performance.now() - from));
      };
      const seen = new MutationObserver(look);
      seen.observe(log, { childList: true, subtree: true, characterData: true });
    }, true);
  });
}

const ms = (number) => (Number.isNaN(number) ? "–" : number.toFixed(1));

async function frames(pods, workers) {
  const kept = scenario(workers, [`kubectl create deployment web --image=nginx:1.26 --replicas=${pods}`], 180_000);
  const { page, terminal, cdp, context } = await open(kept);
  await ready(page, pods);
  await page.waitForTimeout(1500);
  await watch(page);
  if (PROFILE) {
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: 200 });
    await cdp.send("Profiler.start");
  }
  const seen = await traced(cdp, page, async () => {
    await terminal.fill("kubectl set image deployment/web nginx=nginx:1.27");
    await terminal.press("Enter");
    await rolled(page);
  });
  if (PROFILE) {
    const { profile } = await cdp.send("Profiler.stop");
    mkdirSync(PROFILE, { recursive: true });
    writeFileSync(`${PROFILE}/${pods}.cpuprofile`, JSON.stringify(profile));
  }
  // Another rollout, during which somebody types: what is measured here is not in the frames above.
  await terminal.fill("kubectl rollout restart deployment/web");
  await terminal.press("Enter");
  await page.waitForTimeout(1500);
  await page.evaluate(() => { echoes.length = 0; });
  for (const key of TYPED) await terminal.press(key === " " ? "Space" : key, { delay: 35 });
  const echoes = await page.evaluate(() => echoes.splice(0));
  for (let n = 0; n < 9; n += 1) {
    await terminal.fill("kubectl get pods | head");
    await terminal.press("Enter");
    await page.waitForTimeout(700);
  }
  const answers = await page.evaluate(() => answers);
  await context.close();
  return { pods, seen, echoes, answers };
}

async function memory(pods, workers) {
  const lines = [
    `kubectl create deployment web --image=nginx:1.26 --replicas=${pods}`,
    "kubectl create cronjob tick --image=busybox --schedule='*/1 * * * *' -- date",
    "kubectl run broken --image=busybox -- false",
  ];
  const { page, cdp, context } = await open(scenario(workers, lines, 120_000), "?speed=60");
  await ready(page, pods);
  await cdp.send("HeapProfiler.enable");
  const used = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    const { nodes } = await cdp.send("Memory.getDOMCounters");
    const wasm = await page.evaluate(() => started.memory.buffer.byteLength);
    return { heap: usedSize / 2 ** 20, wasm: wasm / 2 ** 20, nodes };
  };
  const clock = async () => {
    const text = await page.locator(".clock").innerText();
    return text.split(":").map(Number).reduce((sum, part) => sum * 60 + part, 0);
  };
  const begun = await clock();
  const rows = [[0, await used()]];
  for (const minute of (process.env.MINUTES ?? "10 30 60").split(" ").map(Number)) {
    while (await clock() < begun + minute * 60) await page.waitForTimeout(500);
    rows.push([minute, await used()]);
  }
  await context.close();
  return { pods, rows };
}

console.log(`load of the machine before: ${loadavg().map((l) => l.toFixed(2)).join(" ")}\n`);
if (words.every((word) => word !== "memory")) {
  console.log("| Pods | frame work, median | 95th percentile | longest task | key to echo, median | 95th | command to output, median |");
  console.log("|---|---|---|---|---|---|---|");
  for (const [pods, workers] of SIZES.filter(([pods]) => chosen(pods) || words.every((w) => Number.isNaN(Number(w))))) {
    const { seen, echoes, answers } = await frames(pods, workers);
    console.log(`| ${pods} | ${ms(at(seen.frames, 0.5))} ms | ${ms(at(seen.frames, 0.95))} ms | ${ms(seen.longest)} ms | ${ms(at(echoes, 0.5))} ms | ${ms(at(echoes, 0.95))} ms | ${ms(at(answers, 0.5))} ms |`);
    if (process.env.WHY) console.error(`${seen.frames.length} frames in ${seen.seconds.toFixed(1)} s, ${seen.over} tasks over 50 ms`, seen.spent, answers);
  }
  console.log("");
}
if (words.every((word) => word !== "frames")) {
  console.log("| Pods | simulated minutes | JavaScript heap | wasm memory | nodes of the document |");
  console.log("|---|---|---|---|---|");
  for (const [pods, workers] of SIZES.filter(([pods]) => chosen(pods) || words.every((w) => Number.isNaN(Number(w))))) {
    for (const [minute, used] of (await memory(pods, workers)).rows) {
      console.log(`| ${pods} | ${minute} | ${used.heap.toFixed(1)} MiB | ${used.wasm.toFixed(1)} MiB | ${used.nodes} |`);
    }
  }
  console.log("");
}
console.log(`load of the machine after: ${loadavg().map((l) => l.toFixed(2)).join(" ")}`);
await browser.close();
