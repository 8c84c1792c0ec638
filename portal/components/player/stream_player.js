// The React component: the video inside media-chrome, and around it what a viewer must be told.

const RESUMED_IS_SHOWN_MS = 12000;
const QUIET = { kind: "", text: "" };

const clockTime = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
};

// Keys of media-chrome that work wherever the focus is, as long as nothing else wants them there: a
// person who came to watch has no reason to look for the player first. Up and down scroll the page.
const GLOBAL_KEYS = new Set([" ", "k", "m", "f", "c", "j", "l", "p", "<", ">", "ArrowLeft", "ArrowRight"]);
const TAKES_KEYS = "a, button, input, select, textarea, summary, dialog, [contenteditable], [role=menu]";

const SHORTCUTS = [
  [[known("Space"), "K"], known("Play or pause")],
  [["←", "J"], known("10 seconds back")],
  [["→", "L"], known("10 seconds on")],
  [["↑", "↓"], known("Louder, quieter (in the player)")],
  [["M"], known("Sound off or on")],
  [["C"], known("Captions off or on")],
  [["<", ">"], known("Slower, faster")],
  [["F"], known("Full screen")],
  [["P"], known("Picture in picture")],
  [["S"], known("How captions look")],
  [["T"], known("Transcript")],
  [["?"], known("This list")],
];

// Plays the film that the route names, and gives what is to be shown of it.
function useFilm(slug, { startAt, onPlaying, onEnded, onFailed, onPosition }) {
  const video = useRef(null);
  const controller = useRef(null);
  const film = useRef(null);
  const callbacks = useRef({});
  callbacks.current = {
    playing: onPlaying,
    ended: onEnded,
    failed: onFailed,
    position: onPosition,
  };
  const [note, setNote] = useState(QUIET);
  const [storyboard, setStoryboard] = useState("");
  const [resumedAt, setResumedAt] = useState(0);
  const [hasEnded, setHasEnded] = useState(false);
  const [captionTracks, setCaptionTracks] = useState([]);

  // A layout effect: its end comes before the elements leave the document, where media-chrome turns
  // the captions off and the video would report a pause.
  useLayoutEffect(() => {
    if (!slug) return undefined;
    setNote(QUIET);
    setStoryboard("");
    setResumedAt(0);
    setHasEnded(false);
    setCaptionTracks([]);
    film.current = startFilm(slug, video.current, controller.current, {
      startAt,
      tell: {
        note: setNote,
        storyboard: setStoryboard,
        resumed: setResumedAt,
        ended: setHasEnded,
        captionTracks: setCaptionTracks,
      },
      on: () => callbacks.current,
    });
    return () => film.current.leave();
  }, [slug]);

  useEffect(() => {
    if (!resumedAt) return undefined;
    const timer = setTimeout(() => setResumedAt(0), RESUMED_IS_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [resumedAt]);

  const startOver = () => {
    setResumedAt(0);
    video.current.currentTime = 0;
    video.current.play().catch(() => {});
  };
  return {
    video, controller, film, note, storyboard, resumedAt, hasEnded, captionTracks, startOver,
  };
}

// Single keys can be switched off: who speaks to the computer types them by accident (WCAG 2.1.4).
// In the focused player media-chrome's own keys go on working.
const KEYS_OFF = "portal.keys-off";
function hasSingleKeys() {
  try {
    return !localStorage.getItem(KEYS_OFF);
  } catch {
    return true;
  }
}
function setSingleKeys(on) {
  try {
    if (on) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  } catch {
    // storage is forbidden: they stay on
  }
}

const toggleDialog = ({ current: dialog }) => (dialog.open ? dialog.close() : dialog.showModal());

// Keys for the player from anywhere on the page, and what opens from keys and from buttons that say
// so: `?` the list of keys, `s` the looks of captions, `t` the transcript.
function useKeys(controller, openers) {
  const latest = useRef(openers);
  latest.current = openers;
  useEffect(() => {
    const onKey = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const at = event.target;
      const open = hasSingleKeys() && latest.current[event.key];
      if (open && !at.closest?.("input:not([type=radio]), textarea, select")) {
        event.preventDefault();
        open();
      } else if (hasSingleKeys() && GLOBAL_KEYS.has(event.key) && !at.closest?.(`media-controller, ${TAKES_KEYS}`)) {
        event.preventDefault();
        controller.current.keyboardShortcutHandler(event);
      }
    };
    const onClick = (event) => {
      const pressed = event.target.closest?.("[data-player-opens]");
      if (pressed) latest.current[pressed.dataset.playerOpens]();
    };
    window.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    return () => {
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("click", onClick);
    };
  }, []);
}

// media-chrome draws a menu anew when its list changes, as the quality menu does when the picture gets
// sharper. The focus would be lost with the item, and the menu would close under the viewer's hands.
function useMenuFocus(controller) {
  useEffect(() => {
    const element = controller.current;
    const onFocusOut = (event) => {
      const menu = event.target.closest?.("[role=menu]");
      const [item] = event.composedPath();
      if (!menu || event.relatedTarget || item === menu) return;
      event.stopPropagation();
      setTimeout(() => {
        const same = !item.isConnected && menu.items.find(({ value }) => value === item.value);
        if (menu.hidden) return;
        if (same) same.focus();
        else if (!menu.contains(document.activeElement)) menu.hidden = true;
      }, 0);
    };
    element.addEventListener("focusout", onFocusOut, true);
    return () => element.removeEventListener("focusout", onFocusOut, true);
  }, []);
}

// The system's own controls: headset buttons, lock screen, media keys.
function useMediaSession(video, title, art) {
  useEffect(() => {
    const session = navigator.mediaSession;
    if (!session || !title) return undefined;
    const artwork = art ? [{ src: `${art}/social.jpg`, sizes: "1200x630", type: "image/jpeg" }] : [];
    session.metadata = new MediaMetadata({ title, artwork });
    const seekBy = (seconds) => {
      video.current.currentTime += seconds;
    };
    const actions = {
      play: () => video.current.play().catch(() => {}),
      pause: () => video.current.pause(),
      seekbackward: (details) => seekBy(-(details.seekOffset || 10)),
      seekforward: (details) => seekBy(details.seekOffset || 10),
      seekto: (details) => {
        video.current.currentTime = details.seekTime;
      },
    };
    const set = (name, action) => {
      try {
        session.setActionHandler(name, action);
      } catch {
        // this browser does not know the action
      }
    };
    for (const [name, action] of Object.entries(actions)) set(name, action);
    return () => {
      session.metadata = null;
      for (const name of Object.keys(actions)) set(name, null);
    };
  }, [title, art]);
}

// Seconds until something goes on, for the eye only: a live region would read out each of them.
function Countdown({ note }) {
  const [rest, setRest] = useState(note.untilS);
  useEffect(() => {
    setRest(note.untilS); // a new wait may be as long as the last one
    const timer = setInterval(() => setRest((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [note]);
  return jsx("span", { className: "player-countdown", "aria-hidden": true }, `${rest} s`);
}

const button = (words, onClick, className = "btn btn-primary") =>
  jsx("button", { type: "button", className, onClick }, words);

function StatusNote({ note, resumedAt, onStartOver }) {
  const resumed = !note.kind && resumedAt > 0;
  return jsx(
    "div",
    { role: "status", className: "player-note" },
    note.kind === "status" ? note.text : null,
    note.kind === "status" && note.untilS
      ? jsx(Countdown, { key: note.text, note })
      : null,
    resumed ? t("Resumed at {time}", { time: clockTime(resumedAt) }) : null,
    resumed ? button(t("Start over"), onStartOver, "note-action") : null,
  );
}

function FailureCard({ note, backHref, browseHref, onRetry }) {
  const isGone = note.status === 404 || note.status === 410;
  const [to, words] = isGone ? [browseHref, t("Browse all films")] : [backHref, t("Leave the film")];
  const wayOut = jsx(Link, { to: to || "/", className: "btn btn-quiet" }, words);
  return jsx(
    "div",
    { role: "alert", className: "player-alert" },
    note.kind === "alert"
      ? jsx(
          "div",
          { className: "player-card" },
          jsx("p", { className: "player-words" }, note.text),
          jsx("p", { className: "actions" }, button(t("Try again"), onRetry), wayOut),
          // Whoever is asked for help finds by it what happened: `portal explain`.
          jsx("p", { className: "player-reference" }, t("Reference"), " ",
            jsx("bdi", null, note.reference.slice(0, 12).replace(/(.{4})(?=.)/g, "$1 "))),
        )
      : null,
  );
}

function EndCard({ title, backHref, nextTitle, nextHref, nextArt, onReplay }) {
  return jsx(
    "section",
    { className: "player-end", "aria-label": t("The film has ended") },
    jsx(
      "div",
      { className: "player-card" },
      title ? jsx("p", { className: "player-eyebrow" }, t("You watched")) : null,
      jsx("p", { className: "player-words" }, title || t("The end")),
      nextTitle
        ? jsx(
            Link,
            { to: nextHref, className: "player-next" },
            jsx("img", { src: `${nextArt}/backdrop-640.avif`, alt: "", width: 176, height: 99 }),
            jsx("span", {}, jsx("small", {}, t("Watch next")), nextTitle),
          )
        : null,
      jsx(
        "p",
        { className: "actions" },
        button(t("Watch again"), onReplay, nextTitle ? "btn btn-quiet" : "btn btn-primary"),
        jsx(Link, { to: backHref || "/", className: "btn btn-quiet" }, t("Back to the film's page")),
      ),
    ),
  );
}

function ShortcutList({ dialog }) {
  const [isOn, setOn] = useState(true);
  useEffect(() => setOn(hasSingleKeys()), []);
  const rows = SHORTCUTS.map(([keys, words]) =>
    jsx(
      "div",
      { key: words },
      jsx("dt", {}, ...keys.map((key) => jsx("kbd", { key }, t(key)))),
      jsx("dd", {}, t(words)),
    ),
  );
  return jsx(
    "dialog",
    { ref: dialog, className: "player-dialog player-keys", "aria-labelledby": "player-keys-title" },
    jsx("h2", { id: "player-keys-title" }, t("Keys")),
    jsx("dl", {}, ...rows),
    jsx(
      "label",
      { className: "player-switch" },
      jsx("input", {
        type: "checkbox",
        checked: isOn,
        onChange: (event) => {
          setOn(event.target.checked);
          setSingleKeys(event.target.checked);
        },
      }),
      t("Single keys work anywhere on this page"),
    ),
    jsx("form", { method: "dialog" }, jsx("button", { className: "btn btn-quiet" }, t("Close"))),
  );
}

function StreamPlayer({
  children, movie, title, art, autoPlay, muted, startAt, backHref, browseHref,
  nextTitle, nextHref, nextArt, ...events
}) {
  const params = useParams();
  const slug = movie || params.movie_slug;
  const film = useFilm(slug, { startAt, ...events });
  const keys = useRef(null);
  const looks = useRef(null);
  const around = useRef(null);
  // Stored choices come after hydration: the server has none of them.
  const [captionStyle, setCaptionStyle] = useState(captionStyleDefaults);
  useEffect(() => setCaptionStyle(storedCaptionStyle()), []);
  const [hasTranscript, setTranscript] = useState(false);
  useKeys(film.controller, {
    "?": () => toggleDialog(keys),
    s: () => toggleDialog(looks),
    t: () => setTranscript((before) => !before),
  });
  usePlacedCues(film.video, captionStyle.position);
  useMenuFocus(film.controller);
  useMediaSession(film.video, title, art);
  useEffect(() => {
    // The notices stand outside media-controller, which hides what it holds when nobody moves: so
    // full screen takes the element around both.
    film.controller.current.fullscreenElement = around.current;
  }, []);
  useEffect(() => {
    // media-chrome names its region itself; with the film's title it says more.
    film.controller.current.setAttribute("aria-label", title ? t("Film: {title}", { title }) : t("Film"));
  }, [title]);

  const thumbnails = film.storyboard
    ? jsx("track", {
        kind: "metadata",
        label: "thumbnails",
        default: true,
        src: film.storyboard,
        key: film.storyboard,
      })
    : null;
  const video = jsx(
    "video",
    {
      ref: film.video,
      slot: "media",
      poster: art ? `${art}/backdrop-1280.avif` : undefined,
      muted,
      autoPlay,
      playsInline: true,
      preload: "auto",
      "aria-label": title || t("Film"),
    },
    thumbnails,
  );
  const player = jsx(
    "div",
    { className: "stream-player", ref: around },
    jsx("style", { href: "stream-player", precedence: "player" }, STREAM_PLAYER_CSS),
    jsx(
      "style",
      {},
      `.stream-player video::cue, .cs-words { ${captionDeclarations(captionStyle)} }`,
    ),
    jsx(
      "media-controller",
      // `?` opens the list of keys below, not media-chrome's.
      { ref: film.controller, hotkeys: "noshift+/", autohide: "3" },
      video,
      children,
    ),
    film.hasEnded && film.note.kind !== "alert"
      ? jsx(EndCard, { title, backHref, nextTitle, nextHref, nextArt, onReplay: film.startOver })
      : null,
    jsx(StatusNote, { note: film.note, resumedAt: film.resumedAt, onStartOver: film.startOver }),
    jsx(FailureCard, {
      note: film.note,
      backHref,
      browseHref,
      onRetry: () => film.film.current.retry(),
    }),
    jsx(ShortcutList, { dialog: keys }),
    jsx(CaptionStyleDialog, {
      dialog: looks,
      style: captionStyle,
      onChange: (style) => {
        setCaptionStyle(style);
        storeCaptionStyle(style);
      },
    }),
  );
  const transcript = hasTranscript
    ? jsx(Transcript, {
        key: slug,
        film: film.film,
        video: film.video,
        tracks: film.captionTracks,
        onClose: () => setTranscript(false),
      })
    : null;
  return jsx("div", { className: "player-stage" }, player, transcript);
}
