// Shows a page of ours instead of the browser's when the server cannot be reached. Everything else goes to the network as it is.
const CACHE = "offline-1";
const FILES = ["/offline.html", "/offline.css", "/offline.js", "/seal.svg"];
/** A server that does not even refuse: the browser would wait for minutes. */
const PATIENCE_MS = 30_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("offline-") && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate" && request.method === "GET" && !path.startsWith("/api/")) {
    event.respondWith(loadPage(request));
  } else if (FILES.includes(path)) {
    event.respondWith(fetch(request).catch(() => caches.match(path)));
  }
});

async function loadPage(request) {
  try {
    const response = await Promise.race([fetch(request), giveUp()]);
    const isOurs = response.headers.has("content-security-policy");
    return response.status >= 502 && response.status <= 504 && !isOurs ? showOffline() : response;
  } catch {
    return showOffline();
  }
}

function giveUp() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("no answer")), PATIENCE_MS);
  });
}

function showOffline() {
  return caches.match("/offline.html");
}
