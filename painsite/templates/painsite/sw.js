// Answers for the site where there is no network, with copies of pages that were read or asked for.
"use strict";
const SITE = {{ site|safe }}; // __VERSION__
const DAY = 24 * 60 * 60 * 1000;
const LOOK = /data-text="\w*"\s*(data-calm)?/;

const store = (name) => caches.open(name); // files, pages, kept: lists of addresses by topic; known: what is live, how pages look
const pathOf = (request) => new URL(request.url).pathname;
const scriptOf = (path) => path.split("/")[1];
const languageOf = (path) => SITE.scripts[scriptOf(path)] || scriptOf(path);
const isOurs = (path) => languageOf(path) in SITE.live;
// As anybody gets it: without cookies, nothing of this reader is in a copy, and no cookie comes of it.
const ask = (path) => fetch(path, { credentials: "omit", cache: "no-cache" });
// What changes the copies is done one after the other, so that what a reader removes does not come back by an older task.
let last = Promise.resolve();
const inTurn = (task) => (last = last.then(task, task));

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const files = await store("files");
  await Promise.all([...SITE.files, ...SITE.pages].map(async (path) => {
    const response = await ask(path);
    if (!response.ok) throw new Error(path);
    await files.put(path, response);
  }));
  await self.skipWaiting();
}

// Copies ask for the files of the time at which they were made: so a new worker makes them anew, and then tidies up.
async function activate() {
  await self.clients.claim();
  const paths = (await (await store("pages")).keys()).map(pathOf);
  const isNew = await inTurn(() => Promise.all(paths.map(renew)));
  if (!isNew.every(Boolean)) return;
  const files = await store("files");
  const old = (await files.keys()).filter((request) => ![...SITE.files, ...SITE.pages].includes(pathOf(request)));
  await Promise.all(old.map((request) => files.delete(request)));
}

// Answers ----------------------------------------------------------------------------------------------------------

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(SITE.static)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isOurs(url.pathname)) event.respondWith(page(event, url.pathname));
});

async function file(request) {
  const files = await store("files");
  try {
    const response = await fetch(request);
    if (response.ok) await files.put(request, response.clone());
    return response;
  } catch (error) {
    return (await files.match(request)) || Response.error();
  }
}

async function page(event, path) {
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    return (await copyOf(path)) || listOf(path, await (await store("files")).match(SITE.pages.find((each) => scriptOf(each) === scriptOf(path))));
  }
  if (response.ok && SITE.pages.includes(path)) return listOf(path, response);
  const seen = response.clone();
  event.waitUntil(inTurn(() => visited(path, seen)));
  return response;
}

async function visited(path, response) {
  const look = response.ok && (await response.text()).match(LOOK);
  if (look) await (await store("known")).put("/look", new Response(look[0]));
  const pages = await store("pages");
  const copy = await pages.match(path);
  const [mine, theirs] = [copy, response].map((each) => each && each.headers.get(SITE.shown));
  const isOld = copy && Date.now() - Number(copy.headers.get("Saved")) > DAY; // a notice or a telephone number may be new
  if (theirs ? theirs !== mine || isOld : mine) await renew(path);
  await note(path);
  await limit();
  await check();
}

async function copyOf(path) {
  const copy = await (await store("pages")).match(path);
  if (!copy || !(await holds(path, copy))) return null;
  const look = await (await store("known")).match("/look");
  const saved = new Date(Number(copy.headers.get("Saved"))).toLocaleDateString(scriptOf(path), { dateStyle: "long" });
  const as = look && await look.text();
  // By functions: in what is put in as a string, `$&` and the like would mean something.
  const html = (await copy.text())
    .replace(LOOK, (own) => as || own)
    .replace("data-offline hidden", "data-offline")
    .replace("<span data-saved></span>", () => `<span data-saved>${saved}</span>`);
  return new Response(html, { headers: copy.headers });
}

// The page that tells what is kept, with what can be shown now.
async function listOf(path, response) {
  const pages = await store("pages");
  const items = [];
  for (const request of await pages.keys()) {
    const [own, copy] = [pathOf(request), await pages.match(request)];
    if (scriptOf(own) !== scriptOf(path) || !(await holds(own, copy))) continue;
    const [, title] = (await copy.text()).match(/<h1[^>]*>([^]*?)<\/h1>/) || [null, own];
    items.push(`<li><a href="${own}">${title}</a></li>`);
  }
  const look = await (await store("known")).match("/look");
  const as = look && await look.text();
  let html = (await response.text()).replace(LOOK, (own) => as || own);
  if (items.length) html = html.replace(/<!-- none -->[^]*<!-- \/none -->/, () => `<ul class="links">${items.join("")}</ul>`);
  return new Response(html, { headers: response.headers });
}

// Copies -----------------------------------------------------------------------------------------------------------

// Whether every edition in a copy was live when we last asked, which is not too long ago, and its time is not over.
async function holds(path, copy) {
  const list = await (await store("known")).match(SITE.live[languageOf(path)]);
  if (!list) return false;
  const age = Date.now() - Number(list.headers.get("Saved"));
  if (age > SITE.maxDays * DAY || age < -DAY) return false; // the second: the clock was put back
  const until = new Map(Object.values((await list.json()).pages).flatMap((each) => {
    const names = each.isOutdated ? [`${each.edition}`] : [`${each.edition}`, `${each.edition}${SITE.current}`];
    return names.map((name) => [name, Date.parse(each.until)]);
  }));
  return copy.headers.get(SITE.shown).split(" ").every((edition) => until.get(edition) > Date.now());
}

// Makes a copy, or drops the one that there is if the page is no more. False where nobody answered.
async function renew(path) {
  let response;
  try {
    response = await ask(path);
  } catch (error) {
    return false;
  }
  const pages = await store("pages");
  if (response.ok && !response.redirected && response.headers.has(SITE.shown)) {
    const known = await pages.match(path);
    const copy = await dated(response);
    copy.headers.set("Read", (known && known.headers.get("Read")) || 0);
    await pages.put(path, copy);
  } else if (response.status < 500) await pages.delete(path);
  return true;
}

async function dated(response, name = "Saved") {
  const headers = new Headers(response.headers);
  headers.set(name, Date.now());
  headers.delete("Content-Encoding");
  return new Response(await response.text(), { headers });
}

// When a page was last read, which is not when its copy was last made.
async function note(path) {
  const pages = await store("pages");
  const copy = await pages.match(path);
  if (copy) await pages.put(path, await dated(copy, "Read"));
}

// Asks what is live now; makes anew, or drops, every copy with something in it that is not.
async function check() {
  const [pages, known] = [await store("pages"), await store("known")];
  const paths = (await pages.keys()).map(pathOf);
  for (const language of new Set(paths.map(languageOf))) {
    const address = SITE.live[language];
    const answer = await ask(address).catch(() => null);
    if (!answer || !answer.ok) continue;
    await known.put(address, await dated(answer));
    for (const path of paths.filter((each) => languageOf(each) === language)) {
      const copy = await pages.match(path);
      if (copy && !(await holds(path, copy))) await renew(path);
    }
  }
}

// Of what was only read, stays what was read last.
async function limit() {
  const pages = await store("pages");
  const kept = new Set((await lists()).flat());
  const paths = (await pages.keys()).map(pathOf).filter((path) => !kept.has(path));
  const times = new Map(await Promise.all(paths.map(async (path) => [path, Number((await pages.match(path)).headers.get("Read"))])));
  paths.sort((one, other) => times.get(other) - times.get(one));
  await Promise.all(paths.slice(SITE.maxRead).map((path) => pages.delete(path)));
}

async function lists() {
  const kept = await store("kept");
  return Promise.all((await kept.keys()).map(async (request) => (await kept.match(request)).json()));
}

// What pages ask for -----------------------------------------------------------------------------------------------

self.addEventListener("message", (event) => {
  const [name, ...details] = event.data;
  event.waitUntil(inTurn(() => ACTS[name]((said) => event.ports[0].postMessage(said), ...details)));
});

const ACTS = {
  check,
  async read(tell, path) {
    if (isOurs(path)) await renew(path);
    await note(path);
    await limit();
    await check();
  },
  async isKept(tell, topic) {
    tell(Boolean(await (await store("kept")).match(topic)));
  },
  async keep(tell, topic, wanted) {
    const paths = wanted.filter(isOurs);
    await (await store("kept")).put(topic, new Response(JSON.stringify(paths)));
    let done = 0;
    for (const path of paths) {
      if (await renew(path)) done += 1;
      tell({ done, all: paths.length });
    }
    await check();
    tell({ done, all: paths.length, isOver: true });
  },
  async forget(tell, topic) {
    const [kept, pages] = [await store("kept"), await store("pages")];
    const own = await (await kept.match(topic))?.json() || [];
    await kept.delete(topic);
    const others = new Set((await lists()).flat());
    await Promise.all(own.filter((path) => !others.has(path)).map((path) => pages.delete(path)));
    tell(true);
  },
  async forgetAll(tell) {
    await Promise.all(["pages", "kept"].map((name) => caches.delete(name)));
    tell(true);
  },
};
