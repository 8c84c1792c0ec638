// In the head: the token and the first bytes are asked for while the page still loads, and on the
// press of a link to a film. The player picks the token up; the bytes wait in the HTTP cache.
(() => {
  const LIFE_MS = 30000;
  const MATCH = /^\/watch\/([^/]+)\/?$/;
  const fetchText = (url) => fetch(url, { credentials: "same-origin" }).then((r) => (r.ok ? r.text() : ""));
  const firstLine = (text) => text.split("\n").find((line) => line && line[0] !== "#");
  const warm = async (url) => {
    // The same order as hls.js: multivariant, lowest variant, its init section and first segment.
    const main = await fetchText(url);
    const variants = [...main.matchAll(/#EXT-X-STREAM-INF:[^\n]*?[:,]BANDWIDTH=(\d+)[^\n]*\n([^\n#]+)/g)];
    const lowest = variants.sort((a, b) => a[1] - b[1])[0]?.[2];
    if (!lowest) return;
    const base = new URL(url, location.href);
    const media = new URL(lowest.trim(), base);
    const text = await fetchText(media);
    const parts = [/#EXT-X-MAP:.*?URI="([^"]+)"/.exec(text)?.[1], firstLine(text)];
    for (const part of parts) if (part) fetch(new URL(part.trim(), media)).then((r) => r.arrayBuffer()).catch(() => {});
  };
  const start = (slug) => {
    const early = window.__portalEarly;
    if (!slug || (early && early.slug === slug && Date.now() - early.at < LIFE_MS)) return;
    const grant = fetch(`/api/movies/${encodeURIComponent(slug)}/stream-token`, {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    }).then(async (answer) => {
      if (answer.ok) return answer.json();
      const problem = await answer.json().catch(() => ({}));
      throw Object.assign(new Error(problem.code || "token"), {
        status: answer.status,
        detail: problem.detail || "",
        code: problem.code || "",
        retryAfter: Number(answer.headers.get("Retry-After")) || 0,
      });
    });
    window.__portalEarly = { slug, grant, at: Date.now() };
    grant.then((found) => warm(found.url)).catch(() => {});
  };
  const slugOf = (url) => {
    const match = MATCH.exec(url.pathname);
    return match && decodeURIComponent(match[1]);
  };
  start(slugOf(location));
  const intent = (event) => {
    const link = event.target.closest?.("a[href]");
    if (link && link.origin === location.origin) start(slugOf(link));
  };
  addEventListener("pointerdown", (event) => event.button === 0 && event.isPrimary && intent(event), true);
  addEventListener("click", intent, true);
})();
