// Keeps what a viewer has seen of the catalog, so that it can be read without network. `PORTAL` stands
// before this text: the build, and what the offline page is made of (portal/api/installed.py).
//
// Only what is the same for everybody is kept, and only what is named here: catalog pages, the code
// and fonts they are made of, public pictures. Tokens, playlists, segments, captions, answers of the
// API, sign-in and the content managers' pages never pass through this file.

const PAGES = `pages-${PORTAL.build}`; // a page names the code of its build
const CODE = "code";
const PICTURES = "pictures";
const SHELL = `shell-${PORTAL.build}`;
const MOST = { [PAGES]: 40, [CODE]: 160, [PICTURES]: 240 };

// With or without a language before it: home, browse and films; watching needs the network.
const CATALOG_PAGE = /^(?:\/[a-z]{2}(?:-[A-Za-z]{2,4})?)?(?:\/|\/browse\/?|\/movie\/[^/]+\/?)?$/;
const CODE_FILE = /^\/(?:i18n\/[^/]+\.js|assets\/[^/]+\.(?:js|css)|portal\.(?:css|js)|site\/[^/]+\.(?:js|css)|fonts\/[^/]+|icons\/[^/]+|favicon\.svg)$/;
const NAMED_BY_CONTENT = /^\/(?:assets|fonts|icons|i18n)\//;
const PICTURE = /^\/artwork\/[^/]+\/(?:poster|backdrop)[\w-]*\.avif$/;
const MANAGERS = /^(?:\/[a-z]{2}(?:-[A-Za-z]{2,4})?)?\/admin(?:\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.addAll(PORTAL.shell.map((path) => new Request(path, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const present = new Set([PAGES, CODE, PICTURES, SHELL]);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !present.has(name)).map((name) => caches.delete(name))))
      .then(() => self.registration.navigationPreload?.enable())
      .then(() => self.clients.claim()),
  );
});

async function keep(name, request, answer) {
  const cache = await caches.open(name);
  await cache.put(request, answer);
  const kept = await cache.keys(); // the oldest first
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST[name])).map((old) => cache.delete(old)));
}

const isWhole = (answer) => answer.ok && answer.status === 200 && answer.type === "basic" && !answer.redirected;
// Pictures of films that are not public are answered as private, to content managers alone.
const isPublic = (answer) => /\bpublic\b/.test(answer.headers.get("cache-control") ?? "");

async function page(event) {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (isWhole(answer)) event.waitUntil(keep(PAGES, event.request, answer.clone()));
    return answer;
  } catch (error) {
    return (await caches.match(event.request, { cacheName: PAGES })) ?? withoutNetwork(error);
  }
}

async function withoutNetwork(error) {
  const kept = await caches.match(PORTAL.offline, { cacheName: SHELL });
  if (!kept) throw error;
  return kept;
}

async function keptFirst(event, name, mayKeep) {
  const kept = await caches.match(event.request, { cacheName: name });
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (isWhole(answer) && mayKeep(answer)) event.waitUntil(keep(name, event.request, answer.clone()));
  return answer;
}

// Files whose name stays while they change: the network's, and what was kept only without it.
async function networkFirst(event, name) {
  try {
    const answer = await fetch(event.request);
    if (isWhole(answer)) event.waitUntil(keep(name, event.request, answer.clone()));
    return answer;
  } catch (error) {
    const kept = (await caches.match(event.request, { cacheName: name })) ?? (await caches.match(event.request, { cacheName: SHELL }));
    if (!kept) throw error;
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || request.headers.has("range")) return;
  const asker = request.referrer ? new URL(request.referrer).pathname : "";
  if (request.mode === "navigate") {
    if (CATALOG_PAGE.test(url.pathname)) event.respondWith(page(event));
    else if (!MANAGERS.test(url.pathname) && request.destination === "document") {
      event.respondWith(fetch(request).catch(withoutNetwork));
    }
  } else if (MANAGERS.test(asker)) {
    // what content managers load is theirs
  } else if (CODE_FILE.test(url.pathname)) {
    event.respondWith(
      NAMED_BY_CONTENT.test(url.pathname) ? keptFirst(event, CODE, () => true) : networkFirst(event, CODE),
    );
  } else if (PICTURE.test(url.pathname)) {
    event.respondWith(keptFirst(event, PICTURES, isPublic));
  }
});
