// hls.js as it is used here: tokens swapped into every request, bounded recovery, plain words.

// For tests and embedding pages: `window.__portalPlayerOptions = { hls: {...}, swapTokens: false }`
// is read once, when a player starts.
const playerOptions = () => (typeof window === "undefined" ? {} : window.__portalPlayerOptions || {});

function hlsSettings(Hls, tokens) {
  const options = playerOptions();
  const withRenewal = (policy) => ({
    default: {
      ...policy.default,
      errorRetry: {
        ...policy.default.errorRetry,
        shouldRetry: (config, tries, isTimeout, response, retry) => {
          if (response && (response.code === 401 || response.code === 403)) {
            const current = tokens.current();
            if (current) tokens.invalidate(current.token);
            return tries < 2 && !tokens.isRefused();
          }
          return retry;
        },
      },
    },
  });
  const defaults = Hls.DefaultConfig;
  return {
    xhrSetup: async (xhr, url) => {
      if (options.swapTokens === false || !TOKEN_IN_PATH.test(url)) return;
      await tokens.get();
      xhr.open("GET", tokens.rewrite(url), true);
    },
    // Low first, then up: the first frame is there sooner (254 ms against 399 ms, measured).
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

function failureWords(error, data) {
  if (error?.detail) return error.detail;
  const status = error?.status || data?.response?.code || 0;
  if (navigator.onLine === false) return "You are offline. The film goes on when you are back.";
  if (status === 401 || status === 403) return "This film can't be played for you any more.";
  if (status === 404 || status === 410) return "This film is no longer available.";
  if (status === 502) return "The film's source has a problem. Try again in a moment.";
  if (status === 503) return "The portal is having trouble right now. It will be back shortly.";
  return "Playback stopped because of a network problem.";
}

// Watches for errors and stalls; returns what detaches it again.
function guardPlayback(Hls, hls, video, tokens, report) {
  let networkTries = 0;
  let mediaTries = 0;
  let retryTimer = 0;
  let stallTimer = 0;
  const clear = () => {
    if (!tokens.isRefused()) report("");
  };
  const onBuffered = () => {
    networkTries = 0;
    clear();
  };
  const onError = (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && mediaTries++ < 2) {
      hls.recoverMediaError();
      return;
    }
    if (data.type === Hls.ErrorTypes.NETWORK_ERROR && networkTries++ < 3) {
      report("Connection lost. Trying again…", "status");
      clearTimeout(retryTimer);
      retryTimer = setTimeout(async () => {
        try {
          const grant = await tokens.get();
          if (hls.levels?.length) hls.startLoad(-1);
          else hls.loadSource(grant.url);
        } catch (error) {
          report(failureWords(error, data), "alert");
        }
      }, 1000 * 2 ** (networkTries - 1));
      return;
    }
    hls.stopLoad();
    tokens.get().then(
      () => report(failureWords(null, data), "alert"),
      (error) => report(failureWords(error, data), "alert"),
    );
  };
  tokens.onRefused = (error) => {
    clearTimeout(retryTimer);
    hls.stopLoad();
    report(failureWords(error), "alert");
  };
  tokens.onWait = (error) => {
    report(`${error.detail || "Please wait."} Trying again by itself…`, "status");
  };
  const onWaiting = () => {
    clearTimeout(stallTimer);
    if (tokens.isRefused()) return;
    stallTimer = setTimeout(
      () => report(navigator.onLine ? "Buffering…" : failureWords(), "status"),
      1500,
    );
  };
  const onMoving = () => {
    clearTimeout(stallTimer);
    clear();
  };
  const onOffline = () => report(failureWords(), "status");
  const onOnline = () => {
    if (tokens.isRefused()) return;
    networkTries = 0;
    report("");
    if (hls.levels?.length) hls.startLoad(-1);
  };
  hls.on(Hls.Events.ERROR, onError);
  hls.on(Hls.Events.FRAG_BUFFERED, onBuffered);
  video.addEventListener("waiting", onWaiting);
  video.addEventListener("playing", onMoving);
  window.addEventListener("offline", onOffline);
  window.addEventListener("online", onOnline);
  return () => {
    clearTimeout(retryTimer);
    clearTimeout(stallTimer);
    hls.off(Hls.Events.ERROR, onError);
    hls.off(Hls.Events.FRAG_BUFFERED, onBuffered);
    video.removeEventListener("waiting", onWaiting);
    video.removeEventListener("playing", onMoving);
    window.removeEventListener("offline", onOffline);
    window.removeEventListener("online", onOnline);
  };
}

// Feeds media-chrome's quality menu through the media-tracks polyfill.
function offerRenditions(Hls, hls, video) {
  hls.on(Hls.Events.MANIFEST_PARSED, (_, data) => {
    for (const track of [...video.videoTracks]) video.removeVideoTrack(track);
    const main = video.addVideoTrack("main");
    main.selected = true;
    data.levels.forEach((level, index) => {
      const [url, codec] = [level.url[0], level.videoCodec];
      const rendition = main.addRendition(url, level.width, level.height, codec, level.bitrate);
      rendition.id = String(index);
    });
  });
  video.videoRenditions.addEventListener("change", (event) => {
    const chosen = event.target.selectedIndex;
    if (chosen !== hls.nextLevel) hls.nextLevel = chosen;
  });
}

// Captions: what the viewer chose last time is chosen again; native text tracks show them.
const CAPTIONS_KEY = "portal.captions";
function rememberCaptions(hls, Hls, video) {
  let settled = false;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(CAPTIONS_KEY) || "null");
    } catch {
      return null;
    }
  };
  const apply = () => {
    if (settled || !hls.subtitleTracks.length) return;
    settled = true;
    const wanted = read();
    const tracks = hls.subtitleTracks;
    if (wanted && !wanted.on) {
      hls.subtitleDisplay = false;
      hls.subtitleTrack = -1;
      return;
    }
    const speaks = navigator.language.split("-")[0];
    const language = wanted?.language;
    const inLanguage = (code) => tracks.findIndex((t) => (t.lang || "").split("-")[0] === code);
    let index = language ? tracks.findIndex((track) => track.lang === language) : -1;
    if (index < 0 && wanted?.on) index = inLanguage(speaks);
    if (index < 0 && wanted?.on) index = 0;
    if (index >= 0) {
      hls.subtitleDisplay = true;
      hls.subtitleTrack = index;
    } else {
      // Nobody chose yet: a click on captions takes the browser's language.
      hls.subtitleDisplay = false;
      hls.subtitleTrack = -1;
    }
  };
  const save = () => {
    if (!settled) return;
    const shown = [...video.textTracks].find(
      (track) => track.mode === "showing" && /captions|subtitles/.test(track.kind),
    );
    const before = read();
    const value = shown
      ? { on: true, language: shown.language }
      : { on: false, language: before?.language || "" };
    if (!shown && !before) return;
    try {
      localStorage.setItem(CAPTIONS_KEY, JSON.stringify(value));
    } catch {
      // storage may be forbidden: the choice holds for this page
    }
  };
  hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => setTimeout(apply, 0));
  video.textTracks.addEventListener("change", save);
  return () => video.textTracks.removeEventListener("change", save);
}
