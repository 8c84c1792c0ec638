// One film from opening its page to leaving it: token, hls.js, position reports, where to start.

const REPORT_EVERY_MS = 10000;
// A film that is paused longer keeps its place, but asks for no more tokens until it goes on.
const PAUSED_IS_LEFT_AFTER_MS = 60000;
const RESUME_FROM_S = 5;
const EARLY_LIFE_MS = 30000;
const NATIVE_RELOADS = 5;
const NATIVE_HLS = "application/vnd.apple.mpegurl";

// What the head script asked for when the link was pressed or the page began to load.
function takeEarlyGrant(slug) {
  const early = window.__portalEarly;
  if (early?.slug !== slug || Date.now() - early.at > EARLY_LIFE_MS) return null;
  window.__portalEarly = null;
  return early.grant;
}

// When the film was asked for, on the clock of `performance.now()`.
function intentOf(slug) {
  const early = window.__portalEarly;
  // It may have been made ready before it was pressed.
  const age = early?.slug === slug ? Date.now() - (early.pressedAt || early.at) : 0;
  return performance.now() - (age < EARLY_LIFE_MS ? age : 0);
}

// Tells the portal where the viewer is. Leaving must not wait for an answer, nor be lost.
function positionReports(video, tokens) {
  let lastAt = Date.now();
  const send = (ended) => {
    const grant = tokens.current();
    if (!grant) return;
    lastAt = Date.now();
    // Before the first frame the viewer still is where they left it last time.
    const hasBegun = video.played.length > 0 || video.currentTime > 0;
    const positionS = hasBegun ? video.currentTime : grant.resumeAt || 0;
    const url = `/api/viewing-sessions/${encodeURIComponent(grant.sessionId)}/position`;
    const body = JSON.stringify({ positionS, ended });
    const type = "application/json";
    if ("keepalive" in Request.prototype) {
      const headers = { "Content-Type": type };
      fetch(url, { method: "POST", headers, body, keepalive: true }).catch(() => {});
    } else navigator.sendBeacon(url, new Blob([body], { type }));
  };
  return { send, isDue: () => Date.now() - lastAt >= REPORT_EVERY_MS };
}

// Where the film starts: `?t=90` of the address, the prop, or where the viewer left.
function startOf(grant, startAt) {
  const asked = Number(new URLSearchParams(window.location.search).get("t")) || startAt || 0;
  if (asked > 0) return { at: asked, isResumed: false };
  return grant.resumeAt >= RESUME_FROM_S
    ? { at: grant.resumeAt, isResumed: true }
    : { at: 0, isResumed: false };
}

// The browser plays HLS itself (no media source extensions) and cannot swap tokens: on an error the
// film is loaded anew, with a new token, where it was.
function playNatively(video, tokens, { begin, say }) {
  let reloads = 0;
  let detached = false;
  const failed = (error) => {
    const { status, reference } = error || {};
    say({ kind: "alert", text: failureWords(error), status, code: failureCode(error), reference });
  };
  const load = () =>
    tokens.get().then((grant) => {
      if (detached) return;
      const at = video.currentTime || begin(grant);
      video.src = grant.url;
      video.currentTime = at;
      video.play().catch(() => {});
    }, failed);
  const onError = () => {
    if (tokens.isRefused()) return;
    reloads += 1;
    if (reloads > NATIVE_RELOADS) return failed();
    tokens.invalidate(tokens.current()?.token);
    load();
  };
  tokens.on("refused", failed);
  video.addEventListener("error", onError);
  load();
  return {
    retry: () => {
      reloads = 0;
      say({ kind: "", text: "" });
      tokens.reset();
      load();
    },
    detach: () => {
      detached = true;
      video.removeEventListener("error", onError);
      video.removeAttribute("src");
      video.load();
    },
  };
}

function playWithHls(video, controller, tokens, { begin, say, tell, quality }) {
  const problems = { last: null, refusedTokens: 0 };
  const hls = new Hls(hlsSettings(Hls, tokens, problems));
  quality.attach(hls);
  const load = (grant) => {
    hls.config.startPosition = begin(grant) || -1;
    hls.loadSource(grant.url);
  };
  hls.attachMedia(video);
  const forgetRenditions = offerRenditions(Hls, hls, video);
  const forgetCaptions = rememberCaptions(Hls, hls, video, controller);
  hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, (_event, { subtitleTracks }) => {
    tell.captionTracks(subtitleTracks.map(({ url, lang, name }) => ({ url, lang, name })));
  });
  const guard = guardPlayback(Hls, hls, video, tokens, problems, { load, say });
  tokens.get().then(load, (error) => tokens.isRefused() || guard.giveUp(error));
  return {
    retry: guard.retry,
    detach: () => {
      guard.detach();
      forgetRenditions();
      forgetCaptions();
      hls.destroy();
    },
  };
}

// Starts a film in a video element. Returns { retry, leave }.
//   tell  { note, storyboard, resumed, ended, captionTracks }: setters of what the viewer sees
//   on    callbacks of the page: { playing, ended, failed, position }
function startFilm(slug, video, controller, { startAt, tell, on }) {
  let left = false;
  let pausedAt = 0;
  const isWatched = () => !pausedAt || Date.now() - pausedAt < PAUSED_IS_LEFT_AFTER_MS;
  sendKeptQoe();
  const trace = playTrace(slug);
  const quality = watchQuality(video, intentOf(slug), trace);
  const say = (note) => {
    if (left) return;
    // What nobody answered is found by the trace of the start.
    tell.note(note.kind === "alert" ? { ...note, reference: note.reference || trace.id } : note);
    if (note.kind !== "alert") return;
    quality.failed(note.code);
    on().failed?.(note.text);
  };
  const tokens = createTokenSource(`/api/movies/${encodeURIComponent(slug)}/stream-token`, {
    first: takeEarlyGrant(slug),
    mayRenew: isWatched,
    headers: trace.headers,
  });
  tokens.on("granted", quality.granted);
  const reports = positionReports(video, tokens);
  const begin = (grant) => {
    if (left) return 0;
    const { at, isResumed } = startOf(grant, startAt);
    tell.storyboard(grant.storyboardUrl || "");
    if (isResumed) tell.resumed(at);
    return at;
  };

  const handlers = {
    timeupdate: () => {
      if (video.paused || !reports.isDue()) return;
      reports.send(false);
      on().position?.(video.currentTime, video.duration || 0);
    },
    play: () => {
      pausedAt = 0;
      tokens.wake();
    },
    pause: () => {
      pausedAt = Date.now();
      if (!video.ended && !tokens.isRefused()) reports.send(false);
    },
    playing: () => {
      tell.ended(false);
      on().playing?.();
    },
    seeking: () => tell.ended(false),
    ended: () => {
      reports.send(true);
      tell.ended(true);
      on().ended?.();
    },
  };
  const onHidden = () => document.visibilityState === "hidden" && reports.send(false);
  const onPageHide = () => reports.send(true);
  for (const [name, handler] of Object.entries(handlers)) video.addEventListener(name, handler);
  document.addEventListener("visibilitychange", onHidden);
  window.addEventListener("pagehide", onPageHide);

  let playing = { retry: () => {}, detach: () => {} };
  const parts = { begin, say, tell, quality };
  if (Hls.isSupported()) playing = playWithHls(video, controller, tokens, parts);
  else if (video.canPlayType(NATIVE_HLS)) playing = playNatively(video, tokens, parts);
  else say({ kind: "alert", text: t("This browser cannot play this film. A newer one can."), code: "unsupported" });

  // The text of a caption track: its playlist names one file, which has the same name.
  const readCaptions = async (playlist) => {
    await tokens.get();
    const answer = await fetch(tokens.rewrite(playlist.replace(/\.m3u8$/, ".vtt")));
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return answer.text();
  };

  return {
    readCaptions,
    retry: () => {
      quality.retried();
      playing.retry();
    },
    leave: () => {
      quality.leave();
      const giveBack = () => tokens.isRefused() || reports.send(true);
      if (tokens.current()) giveBack();
      else tokens.pending()?.then(giveBack, () => {}); // left before the session was there
      left = true;
      for (const [name, handler] of Object.entries(handlers)) {
        video.removeEventListener(name, handler);
      }
      document.removeEventListener("visibilitychange", onHidden);
      window.removeEventListener("pagehide", onPageHide);
      tokens.close();
      playing.detach();
    },
  };
}
