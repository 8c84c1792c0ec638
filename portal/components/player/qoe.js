// How playback goes, told to the portal: CMCD v2 events (CTA-5004-B) by the player's own code.
//
// hls.js has an event mode of its own, but knows neither the press that began it all, nor captions,
// nor leaving the page. The format is the same: a structured-field dictionary a line. Each line has
// all counters of the session so far, so one that is lost changes nothing (portal/services/qoe).
//
// Nothing is sent before the first frame is there. Lines wait in a bounded queue while the network
// is away; on leaving, a beacon takes them.

const QOE_URL = "/api/qoe";
const QOE_TYPE = "application/cmcd";
const QOE_QUEUE = 60;
const QOE_SEND_AFTER_MS = 3000;
const QOE_RETRY_MS = 15000;
const QOE_HEARTBEAT_MS = 30000;
const QOE_KEPT = "portal.qoe";
// A longer pause between two looks at the clock is a computer that slept.
const QOE_LONGEST_STEP_MS = 5000;
const QOE_TENTHS = 10;
// A film that could play but stands still for so long was not let begin by the browser.
const QOE_BLOCKED_AFTER_MS = 1000;

const QOE_COUNTERS = {
  attempts: "at", starts: "ok", startFailures: "sf", laterFailures: "xf", earlyExits: "ex",
  playMs: "pl", stallMs: "st", degradedMs: "dg", stalls: "ns", switches: "sw", errors: "er",
};

const qoeNumber = (value) => Math.max(0, Math.round(value));

// What is sent when nobody waits for an answer.
function qoeBeacon(body) {
  try {
    return navigator.sendBeacon(QOE_URL, new Blob([body], { type: QOE_TYPE }));
  } catch {
    return false;
  }
}

// What could not be sent when the last page was left.
function sendKeptQoe() {
  try {
    const kept = localStorage.getItem(QOE_KEPT);
    if (!kept) return;
    localStorage.removeItem(QOE_KEPT);
    qoeBeacon(kept);
  } catch {
    // storage is forbidden: nothing was kept
  }
}

// The queue of lines: sent one request at a time, those of one session at once.
function qoeQueue() {
  let lines = []; // { sid, text }
  let timer = 0;
  let sending = null;
  let isOver = false;
  let isUrgent = false;

  const bodyOf = (chosen) => chosen.map(({ text }) => text).join("\n");
  const batch = () => lines.filter(({ sid }) => sid === lines[0].sid);
  const schedule = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(flush, ms);
  };
  function flush() {
    timer = 0;
    if (sending || !lines.length || isOver) return;
    if (navigator.onLine === false) return schedule(QOE_RETRY_MS);
    const chosen = batch();
    sending = fetch(QOE_URL, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true,
      priority: "low",
      headers: { "Content-Type": QOE_TYPE },
      body: bodyOf(chosen),
      signal: AbortSignal.timeout(10000),
    })
      .then((answer) => {
        if (answer.status === 410 || answer.status === 404) isOver = true;
        if (answer.status === 429) return (Number(answer.headers.get("Retry-After")) || 15) * 1000;
        if (answer.status >= 500) return QOE_RETRY_MS;
        lines = lines.filter((line) => !chosen.includes(line)); // taken, or never understood
        return QOE_SEND_AFTER_MS;
      })
      .catch(() => QOE_RETRY_MS)
      .then((wait) => {
        sending = null;
        if (lines.length) schedule(isUrgent ? 0 : wait);
        isUrgent = false;
      });
  }
  const online = () => lines.length && schedule(500);
  window.addEventListener("online", online);
  return {
    push: (sid, text) => {
      lines.push({ sid, text });
      // The counters of a newer line hold what an older one would have said.
      if (lines.length > QOE_QUEUE) lines.splice(lines.findIndex((line) => !line.text.includes(",msd=")), 1);
    },
    now: () => {
      isUrgent = Boolean(sending);
      clearTimeout(timer);
      flush();
    },
    soon: () => timer || schedule(QOE_SEND_AFTER_MS),
    // The page is being left. What is on its way is sent again: the portal counts it once.
    leave: () => {
      clearTimeout(timer);
      timer = 0;
      while (lines.length && !isOver) {
        const chosen = batch();
        const body = bodyOf(chosen);
        if (navigator.onLine === false || !qoeBeacon(body)) {
          try {
            localStorage.setItem(QOE_KEPT, body);
          } catch {
            // it is lost: what the counters said before is there
          }
        }
        lines = lines.filter((line) => !chosen.includes(line));
      }
    },
    close: () => window.removeEventListener("online", online),
  };
}

// The rendition that plays, and whether bandwidth and player size would allow a better one.
function qoeRendition(hls, video, level) {
  const playing = hls?.levels?.[level];
  if (!playing) return { height: video.videoHeight || 0, isLow: false };
  const allowed = hls.levels.reduce(
    (best, { bitrate }, index) =>
      index <= hls.maxAutoLevel && bitrate <= hls.bandwidthEstimate * hls.config.abrBandWidthUpFactor
        ? Math.max(best, index)
        : best,
    0,
  );
  // A rendition that the viewer chose is not a degraded one.
  return { height: playing.height || 0, isLow: hls.autoLevelEnabled && level < allowed };
}

// Watches one film, until its first frame under `trace`. `intentAt` is when the viewer pressed, on the clock of `performance.now()`.
// Returns { granted, attach, failed, retried, leave }.
function watchQuality(video, intentAt, trace) {
  const queue = qoeQueue();
  let session = null; // { sid, cid }
  let waiting = []; // lines from before there is a session
  let counters = { attempts: 1 };
  let number = 0;
  let state = "s";
  let startAt = intentAt;
  let canPlayAt = 0;
  let hasStarted = false;
  let isAttempt = true; // wants to start, and has not yet
  let clockAt = 0;
  let tenths = 0;
  let captions = { on: false, rendered: false, language: "" };
  let codes = [];
  let hls = null;
  let level = -1;
  let height = 0;
  let isLow = false;
  let spokeAt = performance.now();
  let hasLeft = false;

  const add = (name, by = 1) => {
    counters[name] = (counters[name] || 0) + by;
  };
  // Moves the clock of what is going on, up to now.
  const settle = (at = performance.now()) => {
    const step = Math.min(at - clockAt, QOE_LONGEST_STEP_MS);
    if (state === "p" && step > 0) {
      add("playMs", step);
      if (isLow) add("degradedMs", step);
      if (video.duration > 0) {
        tenths |= 1 << Math.min(QOE_TENTHS - 1, Math.floor((video.currentTime / video.duration) * QOE_TENTHS));
      }
    } else if (state === "r" && step > 0) add("stallMs", step);
    clockAt = at;
    const now = qoeRendition(hls, video, level);
    isLow = now.isLow;
    return now.height;
  };
  const lineOf = (event, more) => {
    const pairs = { v: 2, e: event, sta: state, ts: Date.now(), sn: (number += 1), ...more };
    if (codes.length) {
      pairs.ec = `(${codes.map((code) => `"${code}"`).join(" ")})`;
      codes = [];
    }
    if (height) pairs["portal-h"] = height;
    for (const [name, key] of Object.entries(QOE_COUNTERS)) {
      if (counters[name]) pairs[`portal-${key}`] = qoeNumber(counters[name]);
    }
    // Rounding must not make more of a part than of the whole.
    if (pairs["portal-dg"] > pairs["portal-pl"]) pairs["portal-dg"] = pairs["portal-pl"];
    if (tenths) pairs["portal-rc"] = tenths;
    if (captions.on) pairs["portal-cc"] = "?1";
    if (captions.rendered) pairs["portal-cr"] = "?1";
    if (captions.on && captions.language) pairs["portal-cl"] = `"${captions.language}"`;
    return Object.entries(pairs).map(([key, value]) => `${key}=${value}`).join(",");
  };
  const say = (event, more = {}) => {
    spokeAt = performance.now();
    const text = lineOf(event, more);
    if (!session) {
      waiting = [...waiting, text].slice(-QOE_QUEUE);
      return;
    }
    queue.push(session.sid, `sid="${session.sid}",cid="${session.cid}",${text}`);
    if (state === "f") queue.now();
    else if (hasStarted) queue.soon();
  };
  const turn = (next, more) => {
    settle();
    if (next === state) return;
    state = next;
    say("ps", more);
  };

  // The viewer tries again after a failure.
  const retried = () => {
    if (state !== "f") return;
    startAt = performance.now();
    if (!hasStarted) {
      isAttempt = true;
      add("attempts");
    }
    clockAt = startAt;
    state = "s";
    say("ps");
  };
  const started = (at) => {
    if (hasStarted || !isAttempt || hasLeft) return;
    hasStarted = true;
    isAttempt = false;
    add("starts");
    clockAt = at;
    state = "p";
    height = settle();
    say("ps", { msd: qoeNumber(at - startAt), "portal-tp": `"${trace.parent}"` });
    trace.close();
  };
  const onPlaying = ({ timeStamp }) => {
    if (state === "f") retried(); // it went on by itself
    if (hasStarted) return turn("p");
    // The film's clock begins to run with this event; frame callbacks come a frame or more later.
    started(timeStamp);
  };
  const handlers = {
    playing: onPlaying,
    waiting: () => {
      if (!hasStarted || video.seeking || video.paused || state === "r" || state === "k") return;
      settle();
      add("stalls");
      state = "r";
      say("ps");
    },
    seeking: () => hasStarted && state !== "f" && turn("k"),
    pause: () => hasStarted && !video.ended && !video.seeking && state !== "f" && turn("a"),
    ended: () => hasStarted && turn("e"),
    timeupdate: () => {
      const now = settle();
      if (state === "p" || state === "r") height = now || height;
    },
    canplay: () => {
      canPlayAt = canPlayAt || performance.now();
    },
    play: () => {
      // The browser wanted a press before it played: that is what the viewer waits from.
      const hasWaited = canPlayAt && performance.now() - canPlayAt > QOE_BLOCKED_AFTER_MS;
      const isPress = navigator.userActivation?.isActive !== false;
      if (!hasStarted && (!video.autoplay || (hasWaited && isPress))) startAt = performance.now();
    },
  };

  const isShowing = ({ mode, kind }) => mode === "showing" && /captions|subtitles/.test(kind);
  const onCue = ({ currentTarget: track }) => {
    if (!captions.rendered && isShowing(track) && track.activeCues?.length) {
      captions.rendered = true;
      say("ce", { cen: '"caption-rendered"' });
    }
  };
  const onTracks = () => {
    for (const track of video.textTracks) {
      track.removeEventListener("cuechange", onCue);
      if (!isShowing(track)) continue;
      track.addEventListener("cuechange", onCue);
      if (!captions.on) {
        captions = { on: true, rendered: false, language: track.language };
        say("ce", { cen: '"captions-on"' });
      }
      onCue({ currentTarget: track });
    }
  };

  const quit = () => {
    settle();
    if (hasLeft) return;
    hasLeft = true;
    if (isAttempt && !hasStarted) {
      isAttempt = false;
      add("earlyExits");
    }
    if (state !== "q") {
      state = "q";
      say("ps");
    }
    queue.leave();
  };
  const comeBack = ({ persisted }) => {
    if (!persisted) return; // from the back/forward cache
    hasLeft = false;
    state = video.paused ? "a" : "p";
    clockAt = performance.now();
  };
  const onHidden = () => document.visibilityState === "hidden" && settle();
  const heartbeat = setInterval(() => {
    if (!hasStarted || !"pr".includes(state)) return;
    settle();
    if (performance.now() - spokeAt >= QOE_HEARTBEAT_MS - 1000) say("t");
  }, 5000);

  for (const [name, handler] of Object.entries(handlers)) video.addEventListener(name, handler);
  video.textTracks.addEventListener("change", onTracks);
  window.addEventListener("pagehide", quit);
  window.addEventListener("pageshow", comeBack);
  document.addEventListener("visibilitychange", onHidden);
  say("ps");

  return {
    // A grant: the session whose lines these are. Another session begins with counters of its own.
    granted: ({ sessionId, url }) => {
      if (session?.sid === sessionId) return;
      const isAnother = session !== null;
      session = { sid: sessionId, cid: url.split("/")[3] };
      if (isAnother) {
        counters = isAttempt ? { attempts: 1 } : {};
        number = 0;
        tenths = 0;
      }
      for (const text of waiting) {
        queue.push(session.sid, `sid="${session.sid}",cid="${session.cid}",${text}`);
      }
      waiting = [];
      if (hasLeft) queue.leave(); // left before the session was there
    },
    attach: (playing) => {
      hls = playing;
      hls.on(Hls.Events.LEVEL_SWITCHED, (_event, data) => {
        const isFirst = level < 0;
        settle();
        level = data.level;
        if (!isFirst && hasStarted) {
          add("switches");
          // The line is of the time up to here: it still has the height that played.
          say("bc", { br: qoeNumber((hls.levels[level]?.bitrate || 0) / 1000) });
        }
        height = settle() || height;
      });
      hls.on(Hls.Events.ERROR, (_event, { fatal }) => fatal && add("errors"));
    },
    // The film cannot go on by itself.
    failed: (code) => {
      settle();
      if (state === "f" || hasLeft) return;
      codes = [code];
      if (hasStarted) add("laterFailures");
      else if (isAttempt) add("startFailures");
      isAttempt = false;
      state = "f";
      say("e");
    },
    retried,
    leave: () => {
      quit();
      clearInterval(heartbeat);
      queue.close();
      for (const [name, handler] of Object.entries(handlers)) video.removeEventListener(name, handler);
      video.textTracks.removeEventListener("change", onTracks);
      window.removeEventListener("pagehide", quit);
      window.removeEventListener("pageshow", comeBack);
      document.removeEventListener("visibilitychange", onHidden);
    },
  };
}
