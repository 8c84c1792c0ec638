// One token source per player. Pulled before every request, and pushed: at the renewal time that
// the portal names, on waking up, and on coming back online.
const REFUSALS = new Set([401, 403, 404, 409, 410]);
const TOKEN_IN_PATH = /\/hls\/[^/]+\//;

async function requestToken(endpoint, sessionId) {
  const answer = await fetch(endpoint, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(sessionId ? { sessionId } : {}),
    signal: AbortSignal.timeout(8000),
  });
  if (answer.ok) return answer.json();
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // not ours: the status says enough
  }
  throw Object.assign(new Error(problem.code || `token ${answer.status}`), {
    status: answer.status,
    detail: problem.detail || "",
    code: problem.code || "",
    retryAfter: Number(answer.headers.get("Retry-After")) || 0,
  });
}

function createTokenSource(endpoint, first) {
  let current = null;
  let inflight = null;
  let timer = 0;
  let dead = false;
  let refusal = null;
  let onRefused = null;
  let onWait = null;
  // A request must not leave with a token that ends on its way.
  const margin = () => Math.min(5000, (current ? current.life : 10000) * 0.25);
  const isFresh = () => current !== null && Date.now() < current.ends - margin();
  const isRefusal = (error) => REFUSALS.has(error.status);

  const accept = (grant) => {
    const life = grant.expiresIn * 1000;
    current = { ...grant, life, ends: Date.now() + life };
    clearTimeout(timer);
    if (!dead) timer = setTimeout(() => refresh().catch(() => {}), grant.renewAfter * 1000);
    return current;
  };
  const refuse = (error) => {
    refusal = error;
    onRefused?.(error);
    return error;
  };
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  async function attempt() {
    for (let tries = 0; ; tries++) {
      try {
        return accept(await requestToken(endpoint, current?.sessionId));
      } catch (error) {
        // A refusal is final: no more calls. Too many requests or trouble of ours is waited out.
        if (isRefusal(error)) throw refuse(error);
        if (error.status === 429 && error.code !== "rate-limited") throw refuse(error);
        if (dead || tries >= 4) throw error;
        const wait = error.retryAfter ? error.retryAfter * 1000 : 500 * 2 ** tries;
        if (error.retryAfter) onWait?.(error);
        await pause(Math.min(wait, 30000));
        if (dead) throw error;
      }
    }
  }
  function refresh() {
    if (refusal) return Promise.reject(refusal);
    inflight ??= attempt().finally(() => {
      inflight = null;
    });
    return inflight;
  }
  if (first) {
    inflight = first
      .then(accept, (error) => {
        if (isRefusal(error)) throw refuse(error);
        return attempt();
      })
      .finally(() => {
        inflight = null;
      });
    inflight.catch(() => {});
  }
  const wake = () => {
    if (!dead && document.visibilityState === "visible" && !isFresh()) refresh().catch(() => {});
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  return {
    get: () => (isFresh() ? Promise.resolve(current) : inflight || refresh()),
    current: () => current,
    isRefused: () => refusal !== null,
    // After a refusal the viewer may ask again: with a new session, as the old one may be why.
    reset: () => {
      refusal = null;
      if (current) current = { ...current, sessionId: "", ends: 0 };
    },
    invalidate: (token) => {
      if (current && current.token === token) current.ends = 0;
    },
    rewrite: (url) => (current ? url.replace(TOKEN_IN_PATH, `/hls/${current.token}/`) : url),
    set onRefused(handler) {
      onRefused = handler;
      if (refusal) handler(refusal);
    },
    set onWait(handler) {
      onWait = handler;
    },
    destroy: () => {
      dead = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
      window.removeEventListener("pageshow", wake);
    },
  };
}
