// hls.js as this player uses it: the newest token in every request, and what a refused request says.

// For embedding pages and tests, read once when a player starts:
// `window.__portalPlayerOptions = { hls: {...hls.js settings}, swapTokens: false }`.
const playerOptions = () => (typeof window === "undefined" ? {} : window.__portalPlayerOptions || {});

// Problems of a media request that concern the whole film and that no new token mends.
const FINAL_PROBLEMS = new Set(["session-revoked", "movie-not-found", "not-available", "forbidden"]);

function problemOfRequest(xhr) {
  const found = { status: xhr.status, code: "", detail: "" };
  if (!/problem\+json/.test(xhr.getResponseHeader("Content-Type") || "")) return found;
  try {
    const isBytes = xhr.responseType === "arraybuffer";
    const text = isBytes ? new TextDecoder().decode(xhr.response) : xhr.responseText;
    const { code = "", detail = "", correlationId: reference = "" } = JSON.parse(text);
    return { ...found, code, detail, reference };
  } catch {
    return found;
  }
}

// Tokens that are refused one after the other, with nothing served in between. Several requests may
// be under way when a token ends; more than that, and new tokens do not help.
const TOKENS_REFUSED_AT_MOST = 6;

// Reads an answer before hls.js does: it keeps the status only, and we need the reason.
function readProblems(xhr, tokens, problems) {
  xhr.addEventListener("readystatechange", () => {
    if (xhr.readyState !== 4 || !xhr.status) return;
    if (xhr.status < 400) {
      problems.refusedTokens = 0;
      return;
    }
    const problem = problemOfRequest(xhr);
    problems.last = problem;
    if (FINAL_PROBLEMS.has(problem.code)) tokens.refuse(problem);
    if (xhr.status !== 401 && xhr.status !== 403) return;
    tokens.invalidate(TOKEN_IN_PATH.exec(xhr.responseURL)?.[1]);
    problems.refusedTokens += 1;
    // The portal's words are about tokens: nothing for a viewer.
    if (problems.refusedTokens >= TOKENS_REFUSED_AT_MOST) tokens.refuse({ status: xhr.status });
  });
}

// problems: { last, refusedTokens }, what the latest requests were answered.
function hlsSettings(Hls, tokens, problems) {
  const options = playerOptions();
  const swaps = options.swapTokens !== false;
  const seen = new WeakSet();
  const withRenewal = (policy) => ({
    default: {
      ...policy.default,
      errorRetry: {
        ...policy.default.errorRetry,
        // hls.js never asks again after a 4xx; with a new token that is worth it, but not for ever.
        shouldRetry: (_config, tries, _isTimeout, response, retry) => {
          if (tokens.isRefused()) return false;
          if (response && (response.code === 401 || response.code === 403)) return tries < 2;
          return retry;
        },
      },
    },
  });
  const defaults = Hls.DefaultConfig;
  return {
    xhrSetup: async (xhr, url) => {
      if (!TOKEN_IN_PATH.test(url)) return;
      if (!seen.has(xhr)) {
        seen.add(xhr); // hls.js calls this twice when it throws
        readProblems(xhr, tokens, problems);
      }
      if (!swaps) return;
      await tokens.get();
      const target = tokens.rewrite(url);
      xhr.open("GET", target, true);
      // To another host (a CDN) the browser would have to ask first whether it may.
      if (new URL(target, location.href).origin !== location.origin) return;
      for (const [name, value] of Object.entries(tokens.headers())) xhr.setRequestHeader(name, value);
    },
    // Low first, then up: the first frame is there sooner.
    startLevel: 0,
    abrEwmaDefaultEstimate: 4e6,
    testBandwidth: false,
    capLevelToPlayerSize: true,
    lowLatencyMode: false,
    enableInterstitialPlayback: false,
    maxBufferLength: 30,
    backBufferLength: 60,
    errorPenaltyExpireMs: 30000,
    manifestLoadPolicy: withRenewal(defaults.manifestLoadPolicy),
    playlistLoadPolicy: withRenewal(defaults.playlistLoadPolicy),
    fragLoadPolicy: withRenewal(defaults.fragLoadPolicy),
    ...options.hls,
  };
}
