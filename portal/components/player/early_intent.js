// In the head of every page: asks for the token and the first bytes of a film while the page still
// loads, or while the link to it is being pressed. The player takes the grant from
// `window.__portalEarly`; the bytes wait in the HTTP cache.
(() => {
  const UNUSED_AFTER_MS = 30000;
  const DWELL_MS = 120;
  const HOVERS_A_MINUTE = 4;
  const slugOf = (url) => {
    const match = /^(?:\/[a-z]{2})?\/watch\/([^/]+)\/?$/.exec(url.pathname);
    return match && decodeURIComponent(match[1]);
  };
  const uriIn = (line) => /URI="([^"]+)"/.exec(line)?.[1];
  // W3C Trace Context: what a press leads to can be found by one id.
  const hex = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (n) => n.toString(16).padStart(2, "0")).join("");
  const getter = (trace) => (url) => fetch(url, { headers: { traceparent: trace } });

  // The init section and the segment of a media playlist that holds second `at`.
  const text = (answer) => (answer.ok ? answer.text() : "");
  const warmMedia = async (uri, base, at, get) => {
    const url = new URL(uri.trim(), base);
    const bytes = (of) => get(of).then((answer) => answer.arrayBuffer());
    let start = 0;
    for (const line of (await text(await get(url))).split("\n")) {
      if (line.startsWith("#EXT-X-MAP")) bytes(new URL(uriIn(line), url)).catch(() => {});
      else if (line.startsWith("#EXTINF:")) start += parseFloat(line.slice(8));
      else if (line.trim() && line[0] !== "#" && start > at) return bytes(new URL(line.trim(), url));
    }
  };
  // The order of hls.js: multivariant playlist, lowest variant and its sound.
  const warm = async ({ url, resumeAt }, page, get) => {
    const base = new URL(url, location.href);
    const main = await text(await get(base));
    const variants = [...main.matchAll(/^#EXT-X-STREAM-INF:(?:.*?,)?BANDWIDTH=(\d+).*\n([^\n#]+)/gm)];
    const lowest = variants.sort((a, b) => a[1] - b[1])[0];
    if (!lowest) return;
    const group = /[:,]AUDIO="([^"]+)"/.exec(lowest[0])?.[1];
    const isSound = (line) => line.startsWith("#EXT-X-MEDIA:TYPE=AUDIO") && line.includes(`GROUP-ID="${group}"`);
    const sound = group && uriIn(main.split("\n").find(isSound) || "");
    const at = Number(new URLSearchParams(page.search).get("t")) || resumeAt || 0;
    for (const uri of [lowest[2], sound]) if (uri) warmMedia(uri, base, at, get).catch(() => {});
  };

  const release = ({ grant }) => {
    const headers = { "Content-Type": "application/json" };
    grant
      .then(({ sessionId, resumeAt }) => {
        const body = JSON.stringify({ positionS: resumeAt || 0, ended: true });
        return fetch(`/api/viewing-sessions/${sessionId}/position`, { method: "POST", headers, body });
      })
      .catch(() => {});
  };
  const ask = async (slug, trace) => {
    const answer = await fetch(`/api/movies/${encodeURIComponent(slug)}/stream-token`, {
      method: "POST",
      cache: "no-store",
      headers: { "Content-Type": "application/json", traceparent: trace },
      body: "{}",
    });
    if (answer.ok) return { ...(await answer.json()), arrivedAt: Date.now() };
    const { code = "", detail = "", correlationId: reference = "" } = await answer.json().catch(() => ({}));
    const retryAfterS = Number(answer.headers.get("Retry-After")) || 0;
    throw Object.assign(new Error(code), { status: answer.status, code, detail, reference, retryAfterS });
  };
  const start = (slug, page) => {
    const before = window.__portalEarly;
    if (before?.slug === slug) return;
    if (before) release(before);
    const trace = `00-${hex(16)}-${hex(8)}-01`;
    const early = { slug, trace, grant: ask(slug, trace), at: Date.now() };
    window.__portalEarly = early;
    early.grant.then((grant) => warm(grant, page, getter(trace))).catch(() => {});
    // A press that led nowhere gives its place among the viewer's streams back.
    setTimeout(() => {
      if (window.__portalEarly !== early) return;
      window.__portalEarly = null;
      release(early);
    }, UNUSED_AFTER_MS);
  };

  // The player's scripts, from React Router's own list of routes.
  let hasScripts = false;
  const loadScripts = () => {
    const routes = Object.values(window.__reactRouterManifest?.routes || {});
    const route = routes.find(({ path }) => path?.startsWith("watch/"));
    if (hasScripts || !route) return;
    hasScripts = true;
    for (const href of [route.module, ...(route.imports || [])]) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
    }
  };

  const here = slugOf(location);
  if (here) start(here, location);
  const onLink = (then) => (event) => {
    const link = event.target.closest?.('a[href*="/watch/"]');
    if (!link || event.button > 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    then(link, event);
  };
  const onPress = onLink((link, event) => {
    const slug = slugOf(link);
    loadScripts();
    // A finger that goes down may be about to scroll: it opens the film when it clicks.
    const mayScroll = event.type === "pointerdown" && event.pointerType !== "mouse";
    if (!slug || mayScroll) return;
    start(slug, link);
    // From here on somebody waits: a click comes just after its own pointerdown.
    const early = window.__portalEarly;
    if (!(Date.now() - early.pressedAt < 2000)) early.pressedAt = Date.now();
  });
  // Who stays on a link for a moment will perhaps press it: its film is made ready too, a few times
  // a minute, and never where data is dear.
  const isDear = () => {
    const { saveData, effectiveType = "4g" } = navigator.connection || {};
    return saveData || effectiveType !== "4g";
  };
  const warmed = [];
  let dwell;
  const warmSoon = (link) => {
    clearTimeout(dwell);
    dwell = setTimeout(() => {
      const slug = slugOf(link);
      const now = Date.now();
      while (warmed.length && now - warmed[0] > 60000) warmed.shift();
      if (!slug || isDear() || warmed.length >= HOVERS_A_MINUTE || document.hidden) return;
      if (window.__portalEarly?.slug === slug || slugOf(location)) return;
      warmed.push(now);
      start(slug, link);
      const early = window.__portalEarly;
      // A refusal of now says nothing about a press later on.
      early.grant.catch(() => window.__portalEarly === early && (window.__portalEarly = null));
    }, DWELL_MS);
  };
  const onHover = onLink((link, event) => {
    if (navigator.connection?.saveData) return;
    loadScripts();
    if (event.pointerType !== "touch") warmSoon(link);
  });
  addEventListener("pointerover", onHover, { capture: true, passive: true });
  addEventListener("pointerout", () => clearTimeout(dwell), { capture: true, passive: true });
  addEventListener("focusin", onHover, true);
  addEventListener("focusout", () => clearTimeout(dwell), true);
  addEventListener("pointerdown", onPress, true);
  // Enter on a link is a click.
  addEventListener("click", onPress, true);
})();
