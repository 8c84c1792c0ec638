// What happens when something fails: bounded recovery, and words for what the viewer must know.

const RESTARTS = 3;
const MEDIA_RECOVERIES = 2;
const STALL_IS_TOLD_AFTER_MS = 1500;

const OFFLINE = known("You are offline. The film goes on when you are back.");

// The portal's API speaks English. Its words are shown where the page does too, or knows them; else
// the status says enough.
const isTold = (detail) => !globalThis.__portalWords || detail in globalThis.__portalWords.words;

// A failure in plain words: the portal's own where it sent some.
function failureWords(error) {
  if (error?.detail && isTold(error.detail)) return t(error.detail);
  if (navigator.onLine === false) return t(OFFLINE);
  const status = error?.status || 0;
  if (status === 401 || status === 403) return t("This film can't be played for you any more.");
  if (status === 404 || status === 410) return t("This film is not available at the moment.");
  if (status === 502) return t("The film's source has a problem. Try again in a moment.");
  if (status >= 500) return t("The portal is having trouble right now. It will be back shortly.");
  return t("Playback stopped because of a network problem.");
}

// The same in one word, for counting.
function failureCode(error) {
  if (error?.code) return error.code;
  const status = error?.status || 0;
  if (status === 401 || status === 403) return "refused";
  if (status === 404 || status === 410) return "not-available";
  if (status === 502) return "origin-failed";
  if (status >= 500) return "unavailable";
  return navigator.onLine === false ? "offline" : "network";
}

// Watches hls.js, the tokens and the network. Returns { retry, detach }.
//   load(grant)        starts the film from nothing
//   say(note)          shows { kind: "", "status" or "alert", text, untilS?, status? }
function guardPlayback(Hls, hls, video, tokens, problems, { load, say }) {
  let restarts = 0;
  let recoveries = 0;
  let restartTimer = 0;
  let stallTimer = 0;
  let told = "";

  const tell = (text, more = {}) => {
    told = text;
    say({ kind: "status", text, ...more });
  };
  const calm = () => {
    if (navigator.onLine === false) return; // what was on its way came, and there will be no more
    clearTimeout(stallTimer);
    if (told && !tokens.isRefused()) say({ kind: "", text: "" });
    told = "";
  };
  const giveUp = (error) => {
    clearTimeout(restartTimer);
    clearTimeout(stallTimer);
    hls.stopLoad();
    video.pause();
    told = "";
    const code = failureCode(error);
    const { status = 0, reference = "" } = error || {};
    say({ kind: "alert", text: failureWords(error), status, code, reference });
  };
  const isStalled = () => video.readyState < 3;
  const goOn = async () => {
    try {
      const grant = await tokens.get();
      if (hls.levels?.length) hls.startLoad(-1);
      else load(grant);
    } catch (error) {
      if (!tokens.isRefused()) giveUp(error); // a refusal has been told
    }
  };

  const onError = (_event, data) => {
    if (!data.fatal || tokens.isRefused()) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoveries < MEDIA_RECOVERIES) {
      recoveries += 1;
      hls.recoverMediaError();
      return;
    }
    if (data.type !== Hls.ErrorTypes.NETWORK_ERROR) {
      giveUp({ detail: known("This film can't be shown on this device."), code: "media" });
      return;
    }
    if (navigator.onLine === false) return; // told already; it goes on when the network is back
    if (restarts === RESTARTS) {
      giveUp(problems.last || { status: data.response?.code });
      return;
    }
    clearTimeout(restartTimer);
    restartTimer = setTimeout(goOn, 1000 * 2 ** restarts);
    restarts += 1;
    if (isStalled()) tell(t("Connection lost. Trying again…"));
  };
  const onBuffered = () => {
    restarts = 0;
    problems.last = null;
    calm();
  };
  const onWaiting = () => {
    clearTimeout(stallTimer);
    stallTimer = setTimeout(() => {
      if (isStalled() && !video.ended && !told && !tokens.isRefused()) tell(t("Buffering…"));
    }, STALL_IS_TOLD_AFTER_MS);
  };
  const onOffline = () => !tokens.isRefused() && tell(t(OFFLINE));
  const onOnline = () => {
    if (tokens.isRefused()) return;
    restarts = 0;
    clearTimeout(restartTimer);
    calm();
    goOn();
  };

  tokens.on("refused", giveUp);
  tokens.on("waiting", (error, waitMs) => {
    if (!isStalled() || navigator.onLine === false) return; // the film goes on from its buffer
    const limited = error.status === 429;
    const text = limited
      ? t("A few too many requests at once. The film goes on by itself.")
      : error.detail ? t(error.detail) : t("The portal does not answer. Trying again…");
    tell(text, limited ? { untilS: Math.ceil(waitMs / 1000) } : {});
  });
  tokens.on("granted", calm);
  hls.on(Hls.Events.ERROR, onError);
  hls.on(Hls.Events.FRAG_BUFFERED, onBuffered);
  video.addEventListener("waiting", onWaiting);
  video.addEventListener("playing", calm);
  window.addEventListener("offline", onOffline);
  window.addEventListener("online", onOnline);

  return {
    giveUp,
    retry: () => {
      restarts = 0;
      recoveries = 0;
      say({ kind: "", text: "" });
      tokens.reset();
      goOn();
      video.play().catch(() => {});
    },
    detach: () => {
      clearTimeout(restartTimer);
      clearTimeout(stallTimer);
      hls.off(Hls.Events.ERROR, onError);
      hls.off(Hls.Events.FRAG_BUFFERED, onBuffered);
      video.removeEventListener("waiting", onWaiting);
      video.removeEventListener("playing", calm);
      window.removeEventListener("offline", onOffline);
      window.removeEventListener("online", onOnline);
    },
  };
}
