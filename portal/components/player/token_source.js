// The stream token of one film that plays.
//
// A token lives minutes, a film hours. The source opens a viewing session, renews it at the time the
// portal names ("pushed") and before a request that would leave with a token about to end ("pulled").
// It needs `fetch`, `document` and `window` and nothing else, so that it can be tested without a browser.

const TOKEN_IN_PATH = /\/hls\/([^/]+)\//;
const TRIES = 5;
const LONGEST_WAIT_MS = 60000;
const REQUEST_TIMEOUT_MS = 8000;
// After giving up, requests that ask at once get the same answer: a loader asks twice for each.
const FAILURE_HOLDS_MS = 1500;

// An answer other than 2xx as an error with the words of its problem+json (RFC 9457), if it has any.
async function problemOf(answer) {
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // not ours: the status says enough
  }
  return Object.assign(new Error(problem.code || `status ${answer.status}`), {
    status: answer.status,
    code: problem.code || "",
    detail: problem.detail || "",
    reference: problem.correlationId || "",
    retryAfterS: Number(answer.headers.get("Retry-After")) || 0,
  });
}

async function requestToken(endpoint, sessionId, headers) {
  const answer = await fetch(endpoint, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(sessionId ? { sessionId } : {}),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!answer.ok) throw await problemOf(answer);
  return answer.json();
}

// A refusal is an answer that asking again cannot change. Too many requests within a minute is one
// that waiting changes; too many films at once is one that only the viewer can change.
function isRefusal({ status = 0, code }) {
  if (status === 408 || status === 425) return false;
  if (status === 429) return code === "too-many-streams";
  return status >= 400 && status < 500;
}

// createTokenSource(endpoint, { first, mayRenew, headers })
//   first     a promise of a grant that somebody asked for already, or null
//   mayRenew  asked before each pushed renewal: false while nobody watches
//   headers   gives headers for a request
// A grant is what the portal answers, with `endsAt` (ms since the epoch) added. One that was asked for
// earlier says with `arrivedAt` since when it lives.
function createTokenSource(endpoint, { first = null, mayRenew = () => true, headers = () => ({}) } = {}) {
  let current = null;
  let inflight = null;
  let timer = 0;
  let closed = false;
  let refusal = null;
  let failure = null;
  let wakeUp = () => {};
  const listeners = { refused: () => {}, waiting: () => {}, granted: () => {} };

  // A request must not leave with a token that ends on its way.
  const margin = () => Math.min(5000, current.expiresIn * 250);
  const isFresh = () => current !== null && Date.now() < current.endsAt - margin();

  const accept = (grant) => {
    const age = grant.arrivedAt ? Date.now() - grant.arrivedAt : 0;
    current = { ...grant, endsAt: Date.now() - age + grant.expiresIn * 1000 };
    failure = null;
    clearTimeout(timer);
    const dueIn = Math.max(0, grant.renewAfter * 1000 - age);
    if (!closed) timer = setTimeout(() => mayRenew() && renew(), dueIn);
    listeners.granted(current);
    return current;
  };
  const refuse = (error) => {
    if (refusal) return refusal;
    refusal = error;
    clearTimeout(timer);
    listeners.refused(error);
    return error;
  };
  // Ends early when the network is back, or when the source is closed.
  const pause = (ms) =>
    new Promise((done) => {
      const waited = setTimeout(done, ms);
      wakeUp = () => {
        clearTimeout(waited);
        done();
      };
    });

  // `earlier` is what somebody else's asking ended with: it is waited out like our own.
  async function ask(earlier = null) {
    for (let tries = 1; ; tries += 1) {
      try {
        if (earlier && tries === 1) throw earlier;
        return accept(await requestToken(endpoint, current?.sessionId, headers()));
      } catch (error) {
        if (closed) throw error;
        if (isRefusal(error)) throw refuse(error);
        if (tries === TRIES) {
          failure = { error, at: Date.now() };
          throw error;
        }
        const asked = error.retryAfterS * 1000;
        const wait = Math.min(asked || 500 * 2 ** (tries - 1), LONGEST_WAIT_MS);
        listeners.waiting(error, wait);
        await pause(wait);
        if (closed) throw error;
      }
    }
  }
  const only = (asking) => {
    inflight = asking.finally(() => {
      inflight = null;
    });
    inflight.catch(() => {}); // whoever waits for it is told
    return inflight;
  };
  function fresh() {
    if (refusal) return Promise.reject(refusal);
    if (isFresh()) return Promise.resolve(current);
    if (inflight) return inflight;
    if (failure && Date.now() - failure.at < FAILURE_HOLDS_MS) return Promise.reject(failure.error);
    return only(ask());
  }
  const renew = () => {
    if (!closed && !refusal && !inflight) only(ask());
  };
  const wake = () => {
    if (document.visibilityState === "visible" && mayRenew() && !isFresh()) renew();
  };
  const online = () => {
    wakeUp();
    wake();
  };

  if (first) {
    const taken = first.then(accept, (error) => {
      if (isRefusal(error)) throw refuse(error);
      return ask(error.retryAfterS ? error : null);
    });
    // What was asked for early may have waited for the page longer than it lives.
    only(taken.then((grant) => (isFresh() || closed ? grant : ask())));
  }
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pageshow", wake);
  window.addEventListener("online", online);

  return {
    // A grant that can still be used; rejects with the refusal, or with the last failure.
    get: fresh,
    current: () => current,
    headers,
    isRefused: () => refusal !== null,
    // The same address below the newest token.
    rewrite: (url) => (current ? url.replace(TOKEN_IN_PATH, `/hls/${current.token}/`) : url),
    // A token that was not accepted: the next request asks for another one.
    invalidate: (token) => {
      if (current && current.token === token) current.endsAt = 0;
    },
    // What a media request was answered is final as well.
    refuse,
    // Renew now if it is due: the viewer goes on after a pause.
    wake,
    // The viewer tries again. With the same session, which counts among the viewer's streams; only one
    // that was refused itself is replaced.
    reset: () => {
      const sessionId = refusal?.status === 403 ? "" : current?.sessionId;
      refusal = null;
      failure = null;
      if (current) current = { ...current, sessionId, endsAt: 0 };
    },
    // What is being asked for, or null.
    pending: () => inflight,
    on: (name, listener) => {
      const before = listeners[name];
      listeners[name] = (...told) => {
        before(...told);
        listener(...told);
      };
      if (name === "refused" && refusal) listener(refusal);
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      wakeUp();
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("pageshow", wake);
      window.removeEventListener("online", online);
    },
  };
}
