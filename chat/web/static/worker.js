// Keeps the files of the page, and nothing else, so that it opens without a network.  The daemon puts two lines in front:
// VERSION, which changes with any of the files, and SHELL, their names.  What people say never comes through here.

const CACHE = `shell-${VERSION}`;
const KEPT = new Set(SHELL.map((name) => new URL(name, self.location).href));

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((name) => new Request(name, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// All files are of one version: what is kept, or else what the server has.
async function answer(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && KEPT.has(url.split(/[?#]/)[0])) event.respondWith(answer(event.request));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(([page]) => page?.focus()));
});
