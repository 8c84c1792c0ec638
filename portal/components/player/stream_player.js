// The player: a video element inside media-chrome, fed by hls.js, told of by two live regions.
function useFilm({ startAt, onPlaying, onEnded, onFailed, onPosition }) {
  const video = useRef(null);
  const actions = useRef({});
  const callbacks = useRef({});
  callbacks.current = { onPlaying, onEnded, onFailed, onPosition };
  const slug = useParams().movie_slug;
  const [note, setNote] = useState({ text: "", role: "" });
  const [storyboard, setStoryboard] = useState("");
  const [resumedAt, setResumedAt] = useState(0);
  const [hasEnded, setHasEnded] = useState(false);

  useEffect(() => {
    const element = video.current;
    if (!element || !slug) return undefined;
    let left = false;
    let hls = null;
    let detach = () => {};
    let forgetCaptions = () => {};
    let lastReport = Date.now();
    setHasEnded(false);
    setResumedAt(0);
    const report = (text, role = "") => {
      if (left) return;
      setNote((before) => (before.text === text ? before : { text, role }));
      if (role === "alert") callbacks.current.onFailed?.(text);
    };
    report("");

    const early = window.__portalEarly?.slug === slug ? window.__portalEarly.grant : null;
    window.__portalEarly = null;
    const tokens = createTokenSource(`/api/movies/${encodeURIComponent(slug)}/stream-token`, early);

    const tell = (ended) => {
      const session = tokens.current()?.sessionId;
      if (!session) return;
      lastReport = Date.now();
      fetch(`/api/viewing-sessions/${session}/position`, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ positionS: Math.max(0, element.currentTime || 0), ended }),
      }).catch(() => {});
    };
    const onTime = () => {
      if (Date.now() - lastReport < 10000 || element.paused) return;
      tell(false);
      callbacks.current.onPosition?.(element.currentTime, element.duration || 0);
    };
    const onPause = () => !element.ended && element.currentTime > 0 && tell(false);
    const onPlay = () => {
      setHasEnded(false);
      callbacks.current.onPlaying?.();
    };
    const onEnd = () => {
      tell(false);
      setHasEnded(true);
      callbacks.current.onEnded?.();
    };
    const onHide = () => tell(true);
    const listeners = { timeupdate: onTime, pause: onPause, playing: onPlay, ended: onEnd };
    for (const [name, handler] of Object.entries(listeners)) element.addEventListener(name, handler);
    window.addEventListener("pagehide", onHide);

    const firstPosition = (grant) => startAt || grant.resumeAt || 0;
    const begin = (grant) => {
      if (left) return;
      setStoryboard(grant.storyboardUrl || "");
      const at = firstPosition(grant);
      if (at > 0) setResumedAt(at);
      if (hls) {
        if (at > 0) hls.config.startPosition = at;
        hls.loadSource(grant.url);
      }
    };
    const failed = (error) => report(failureWords(error), "alert");

    if (Hls.isSupported()) {
      hls = new Hls(hlsSettings(Hls, tokens));
      if (playerOptions().expose) window.__portalHls = hls;
      hls.attachMedia(element);
      offerRenditions(Hls, hls, element);
      forgetCaptions = rememberCaptions(hls, Hls, element);
      detach = guardPlayback(Hls, hls, element, tokens, report);
      actions.current.retry = () => {
        report("");
        tokens.reset();
        tokens.get().then((grant) => {
          if (hls.levels?.length) hls.startLoad(-1);
          else begin(grant);
          element.play().catch(() => {});
        }, failed);
      };
      tokens.get().then(begin, failed);
    } else if (element.canPlayType("application/vnd.apple.mpegurl")) {
      // No media source extensions: the browser plays HLS itself and cannot swap tokens. On an error
      // the film is loaded again, with a new token, where it was.
      let tries = 0;
      const load = () =>
        tokens.get().then((grant) => {
          begin(grant);
          const at = element.currentTime || firstPosition(grant);
          element.src = grant.url;
          element.currentTime = at;
          element.play().catch(() => {});
        }, failed);
      element.addEventListener("error", () => {
        if (left) return;
        if (tries++ < 5) {
          tokens.invalidate(tokens.current()?.token);
          load();
        } else failed();
      });
      actions.current.retry = () => {
        tries = 0;
        report("");
        tokens.reset();
        load();
      };
      load();
    } else report("This browser cannot play this film.", "alert");

    actions.current.restart = () => {
      setResumedAt(0);
      setHasEnded(false);
      element.currentTime = 0;
      element.play().catch(() => {});
    };
    return () => {
      if (element.currentTime > 0 || tokens.current()) tell(true);
      left = true;
      for (const [name, handler] of Object.entries(listeners)) {
        element.removeEventListener(name, handler);
      }
      window.removeEventListener("pagehide", onHide);
      detach();
      forgetCaptions();
      hls?.destroy();
      tokens.destroy();
      if ("mediaSession" in navigator) navigator.mediaSession.metadata = null;
    };
  }, [slug]);

  useEffect(() => {
    if (!resumedAt) return undefined;
    const timer = setTimeout(() => setResumedAt(0), 12000);
    return () => clearTimeout(timer);
  }, [resumedAt]);

  return { video, actions, note, storyboard, resumedAt, hasEnded };
}

const clockTime = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
};

const SHORTCUTS = [
  ["Space or K", "Play or pause"],
  ["← →", "5 seconds back or on"],
  ["J  L", "10 seconds back or on"],
  ["↑ ↓", "Louder or quieter"],
  ["M", "Sound off or on"],
  ["C", "Captions off or on"],
  ["F", "Full screen"],
  ["P", "Picture in picture"],
  ["< >", "Slower or faster"],
  ["?", "This list"],
];

function ShortcutList({ dialog }) {
  return jsx(
    "dialog",
    { ref: dialog, className: "shortcuts", "aria-labelledby": "shortcuts-title" },
    jsx("h2", { id: "shortcuts-title" }, "Keys"),
    jsx(
      "dl",
      {},
      ...SHORTCUTS.map(([keys, words]) =>
        jsx("div", { key: keys }, jsx("dt", {}, jsx("kbd", {}, keys)), jsx("dd", {}, words)),
      ),
    ),
    jsx("form", { method: "dialog" }, jsx("button", { className: "btn btn-quiet" }, "Close")),
  );
}

function StreamPlayer({ children, title, art, autoPlay, muted, startAt, backHref, ...events }) {
  const { video, actions, note, storyboard, resumedAt, hasEnded } = useFilm({ startAt, ...events });
  const dialog = useRef(null);

  useEffect(() => {
    if (!("mediaSession" in navigator) || !title) return;
    const artwork = art ? [{ src: `${art}/social.jpg`, sizes: "1200x630", type: "image/jpeg" }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title, artwork });
  }, [title, art]);

  useEffect(() => {
    // Keys work at once: a person who came to watch has no reason to look for the player first.
    const controller = video.current?.closest("media-controller");
    if (document.activeElement === document.body) controller?.focus({ preventScroll: true });
    const onKey = (event) => {
      if (event.key !== "?" || event.target.closest?.("input, textarea, select")) return;
      event.preventDefault();
      if (dialog.current?.open) dialog.current.close();
      else dialog.current?.showModal();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  return jsx(
    "div",
    { className: "stream-player" },
    jsx(
      "media-controller",
      {
        "aria-label": title ? `Film: ${title}` : "Film",
        keyboardforwardseekoffset: "5",
        keyboardbackwardseekoffset: "5",
        autohide: "3",
      },
      jsx(
        "video",
        {
          ref: video,
          slot: "media",
          poster: art ? `${art}/backdrop-1280.avif` : undefined,
          muted,
          autoPlay,
          playsInline: true,
          preload: "auto",
          crossOrigin: "anonymous",
        },
        storyboard
          ? jsx("track", {
              kind: "metadata",
              label: "thumbnails",
              default: true,
              src: storyboard,
              key: storyboard,
            })
          : null,
      ),
      children,
    ),
    jsx(
      "div",
      { role: "status", className: "player-note", hidden: note.role === "alert" },
      note.role === "status" ? note.text : "",
      !note.text && resumedAt
        ? jsx(
            "span",
            {},
            `Resumed at ${clockTime(resumedAt)} `,
            jsx(
              "button",
              { type: "button", className: "note-action", onClick: () => actions.current.restart() },
              "Start over",
            ),
          )
        : null,
    ),
    jsx(
      "div",
      { role: "alert", className: "player-alert", hidden: note.role !== "alert" },
      note.role === "alert"
        ? jsx(
            "div",
            {},
            jsx("p", {}, note.text),
            jsx(
              "p",
              { className: "actions" },
              jsx(
                "button",
                {
                  type: "button",
                  className: "btn btn-primary",
                  onClick: () => actions.current.retry?.(),
                },
                "Try again",
              ),
              jsx("a", { className: "btn btn-quiet", href: backHref || "/" }, "Leave the film"),
            ),
          )
        : null,
    ),
    hasEnded && note.role !== "alert"
      ? jsx(
          "div",
          { className: "player-end" },
          jsx("p", {}, "The end"),
          jsx(
            "p",
            { className: "actions" },
            jsx(
              "button",
              {
                type: "button",
                className: "btn btn-primary",
                onClick: () => actions.current.restart(),
              },
              "Watch again",
            ),
            jsx("a", { className: "btn btn-quiet", href: backHref || "/" }, "Back to the film's page"),
          ),
        )
      : null,
    jsx(ShortcutList, { dialog }),
  );
}
