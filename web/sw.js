// The page without a network: what the page fetched stays in the browser, and is given again where nobody answers.
// The page itself is always asked for first, so that a new version comes at the next visit and never in between; its
// other files have their content in their names (or are asked for again in the background) and come from here.

const CACHE = "kubepie";

/** Keeps an answer that is whole; answers it. */
async function keep(request, response) {
  if (response.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, response.clone());
  }
  return response;
}

/** What is kept for a request, whatever follows `?` in its address. */
const kept = (request) => caches.match(request, { ignoreSearch: true });

async function page(request) {
  try {
    const response = await keep(request, await fetch(request));
    if (response.ok) tidy(response.clone());
    return response;
  } catch (error) {
    const answer = (await kept(request)) ?? (await caches.match("./", { ignoreSearch: true }));
    if (answer) return answer;
    throw error;
  }
}

/** Whether a file's content is in its name, so that it never changes: a number of 64 bits, its leading zeros left out. */
const fixed = (url) => /-[0-9a-f]{12,16}[_.]/.test(url);

/** Lets files go that a new page does not name. */
async function tidy(response) {
  const text = await response.text();
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (fixed(request.url) && !text.includes(request.url.split("/").pop())) await cache.delete(request);
  }
}

async function file(request) {
  const answer = await kept(request);
  if (answer && fixed(request.url)) return answer;
  const fresh = fetch(request).then((response) => keep(request, response));
  if (!answer) return fresh;
  fresh.catch(() => {});
  return answer;
}

/** What a page is made of is in its own text: it is kept as soon as the worker is there. */
async function install() {
  const response = await keep("./", await fetch("./"));
  const text = await response.text();
  const names = new Set([...text.matchAll(/(?:href|src|data-wasm)="(\.?\/?[\w./-]+\.(?:js|css|wasm|svg|webmanifest))"|'(\.?\/?[\w./-]+\.(?:js|wasm))'/g)].map((m) => m[1] ?? m[2]));
  await Promise.all([...names].filter((name) => !name.includes("rest-")).map(async (name) => {
    const request = new Request(name);
    if (!(await kept(request))) await keep(request, await fetch(request, { cache: "force-cache" }));
  }));
}

addEventListener("install", (event) => event.waitUntil(install().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  // Whether there is a newer page is asked past what is kept.
  if (request.method !== "GET" || request.cache === "no-store" || new URL(request.url).origin !== location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});
