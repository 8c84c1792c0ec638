// Continue watching and my list: asked for over HTTP after the page stands, for the page itself is
// the same for everybody. The server knows the browser by its own signed cookie; nothing is kept
// here but whether there is something, so that room is left for it before it comes.
import { createElement as h, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link } from "react-router";
import { t } from "./i18n.js";

const HINT = "portal.mine";
const API = "/api/my";
const EMPTY = { state: "waiting", continueWatching: [], myList: [], removed: {}, words: "" };

let shown = EMPTY;
const listeners = new Set();
const change = (next) => {
  shown = { ...shown, ...next };
  for (const listener of listeners) listener();
};
const subscribe = (listener) => {
  listeners.add(listener);
  load();
  return () => listeners.delete(listener);
};
const useMine = () => useSyncExternalStore(subscribe, () => shown, () => EMPTY);

const remember = () => {
  const kinds = [shown.continueWatching.length && "continue", shown.myList.length && "list"];
  const hint = kinds.filter(Boolean).join(" ");
  try {
    if (hint) localStorage.setItem(HINT, hint);
    else localStorage.removeItem(HINT);
  } catch { /* storage is refused: rows come where nothing jumps */ }
};

let loading = null;
const STALE_MS = 15000;
let loadedAt = -Infinity;
function load() {
  if (loading || performance.now() - loadedAt < STALE_MS) return;
  loading = fetch(`${API}/titles?language=${document.documentElement.lang}`, { credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then((found) => {
      loadedAt = performance.now();
      change({ ...found, state: "loaded", removed: {} });
      remember();
    })
    .catch(() => { if (shown.state === "waiting") change({ state: "failed" }); })
    .finally(() => { loading = null; });
}

async function send(method, path) {
  const answer = await fetch(`${API}/${path}`, { method, credentials: "same-origin" });
  if (answer.ok) return;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.errors?.[0]?.detail ?? problem.detail ?? t("Try again in a moment."));
}

const attempt = async (work) => {
  try {
    await work();
    return true;
  } catch (error) {
    change({ words: t("That was not kept. {why}", { why: error.message }) });
    return false;
  }
};

const isSaved = (id) => shown.myList.some((each) => each.movieId === id && !shown.removed[`list ${id}`]);

async function toggle(movie) {
  const id = movie.movieId;
  const was = isSaved(id);
  const before = shown.myList;
  const rest = before.filter((each) => each.movieId !== id);
  change({ myList: was ? rest : [movie, ...rest], removed: { ...shown.removed, [`list ${id}`]: false } });
  const done = await attempt(() => send(was ? "DELETE" : "PUT", `list/${id}`));
  if (!done) return change({ myList: before });
  remember();
  change({
    words: was ? t("{title} is off your list.", { title: movie.title })
      : t("{title} is on your list.", { title: movie.title }),
  });
  if (!was) { loadedAt = -Infinity; load(); }
}

async function setRemoved(kind, movie, isRemoved) {
  const path = kind === "list" ? "list" : "continue-watching";
  const key = `${kind} ${movie.movieId}`;
  change({ removed: { ...shown.removed, [key]: isRemoved } });
  if (!await attempt(() => send(isRemoved ? "DELETE" : "PUT", `${path}/${movie.movieId}`))) {
    return change({ removed: { ...shown.removed, [key]: !isRemoved } });
  }
  loadedAt = performance.now();
  change({
    words: isRemoved ? t("{title} is taken away.", { title: movie.title })
      : t("{title} is back.", { title: movie.title }),
  });
}

const PATHS = {
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  added: "M9.5 17.6 4 12.1l1.4-1.4 4.1 4.1L18.6 5.7 20 7.1z",
  close: "M19 6.4 17.6 5 12 10.6 6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6z",
};
const icon = (name, size = 22) => h("svg", {
  viewBox: "0 0 24 24", width: size, height: size, fill: "currentColor",
  "aria-hidden": "true", focusable: "false",
}, h("path", { d: PATHS[name] }));

/** Puts a film on the list and takes it off; `aria-pressed` says whether it is there. */
export function SaveButton({ movieId, title, card, className, ...props }) {
  useMine();
  const saved = isSaved(movieId);
  const name = t("{title} on my list", { title });
  return h("button", {
    ...props, type: "button", "aria-pressed": String(saved), "aria-label": name,
    title: saved ? t("Take it off my list") : t("Put it on my list"),
    className: card ? "card-save" : `btn btn-quiet btn-save ${className ?? ""}`,
    onClick: () => toggle({ movieId, title, slug: "", ...props.known }),
  }, icon(saved ? "added" : "add"), card ? null : t("My list"));
}

const scene = (art) => h("img", {
  src: `${art}/backdrop-640.avif`, alt: "", loading: "lazy", decoding: "async",
  width: 640, height: 360,
});

function Card({ movie, kind }) {
  const button = useRef(null);
  const isGone = Boolean(shown.removed[`${kind} ${movie.movieId}`]);
  const was = useRef(isGone);
  useEffect(() => { // the button that was pressed is gone: its opposite stands there
    if (was.current !== isGone) button.current?.focus();
    was.current = isGone;
  }, [isGone]);
  const art = { className: "card-art", style: { "--art-color": movie.color } };
  if (isGone) {
    return h("li", { className: "cell wide is-gone" },
      h("div", art),
      h("span", { className: "card-title" }, movie.title),
      h("span", { className: "card-when" }, t("Taken away")),
      h("button", {
        ref: button, type: "button", className: "btn btn-quiet card-undo",
        "aria-label": t("Undo: bring {title} back", { title: movie.title }),
        onClick: () => setRemoved(kind, movie, false),
      }, t("Undo")));
  }
  const begun = kind === "continue";
  return h("li", { className: "cell wide" },
    h(Link, {
      to: begun ? `/watch/${movie.slug}` : `/movie/${movie.slug}`, className: "card",
      viewTransition: true, ...(begun ? { "data-movie": movie.slug } : {}),
    },
    h("div", art, movie.art ? scene(movie.art) : null,
      begun ? h("span", { className: "seen", "aria-hidden": "true" },
        h("span", { style: { inlineSize: `${movie.percent}%` } })) : null),
    h("span", { className: "card-title" }, movie.title),
    h("span", { className: "card-when" }, begun
      ? h("span", null, movie.left || t("Go on"), h("span", { className: "sr-only" },
        ", ", t("{percent} % seen", { percent: movie.percent })))
      : movie.badge || [movie.year || "", movie.runtime].filter(Boolean).join(" · "))),
    h("button", {
      ref: button, type: "button", className: "card-remove",
      "aria-label": begun ? t("Take {title} from continue watching", { title: movie.title })
        : t("Take {title} off my list", { title: movie.title }),
      title: t("Remove"), onClick: () => setRemoved(kind, movie, true),
    }, icon("close", 18)));
}

const titles = (kind) => (kind === "continue" ? shown.continueWatching : shown.myList);
const heading = (kind) => (kind === "continue" ? t("Continue watching") : t("My list"));

function waitingCard() {
  return h("li", { className: "cell wide", "aria-hidden": "true" },
    h("div", { className: "card-art sk" }),
    h("span", { className: "card-title" }, "\u00a0"), h("span", { className: "card-when" }, "\u00a0"));
}

// Room was left for the row, or it comes where nobody looks: nothing on the screen may jump.
const hasRoom = (kind) => document.documentElement.dataset.mine?.split(" ").includes(kind);

/** A row on the home page. Before there is anything it takes no room, unless there was last time. */
export function MyRow({ kind, ...props }) {
  const mine = useMine();
  const place = useRef(null);
  const [isOn, setOn] = useState(false);
  const wasThere = useRef(null);
  if (wasThere.current === null) wasThere.current = mine.state !== "waiting";
  const cards = titles(kind);
  useEffect(() => {
    if (isOn || mine.state !== "loaded" || !cards.length) return undefined;
    const look = () => {
      const top = place.current?.parentElement?.getBoundingClientRect().top ?? 0;
      if (wasThere.current || hasRoom(kind) || top >= innerHeight) setOn(true);
    };
    look();
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, [mine, isOn, cards.length, kind]);
  const id = `mine-${kind}`;
  const empty = mine.state !== "waiting" && !cards.length;
  return h("div", props, h("span", { ref: place, hidden: true }),
    h("div", { className: `mine mine-${kind}${isOn ? " is-on" : ""}` },
      h("section", { className: "shelf", "aria-labelledby": id },
      h("div", { className: "shelf-head" },
        h("h2", { id, className: "shelf-title" }, heading(kind)),
        h(Link, { to: "/my-list", className: "see-all" }, t("See all"),
          h("span", { className: "sr-only" }, " ", heading(kind)))),
      h("ul", { className: "rail", role: "list", "aria-labelledby": id },
        cards.length ? cards.map((movie) => h(Card, { key: movie.movieId, movie, kind }))
          : empty ? h("li", { className: "cell wide mine-empty" },
            h("div", { className: "card-art" }), h("span", { className: "card-title" }, t("Nothing here now")),
            h("span", { className: "card-when" }, "\u00a0"))
            : waitingCard()))));
}

const EMPTY_WORDS = {
  continue: () => t("Films that you start stand here until you have seen them."),
  list: () => t("Press “My list” on a film, and it stands here."),
};

function Whole({ kind }) {
  const cards = titles(kind);
  const id = `my-${kind}`;
  return h("section", { className: "my-part", "aria-labelledby": id },
    h("h2", { id, className: "section-title" }, heading(kind)),
    cards.length ? h("ul", { className: "grid wide-grid", role: "list" },
      cards.map((movie) => h(Card, { key: movie.movieId, movie, kind })))
      : h("p", { className: "my-empty" }, EMPTY_WORDS[kind]()));
}

function ClearHistory() {
  const [asks, setAsks] = useState(false);
  const yes = useRef(null);
  const first = useRef(null);
  const turn = (next) => {
    setAsks(next);
    requestAnimationFrame(() => (next ? yes : first).current?.focus());
  };
  const clear = async () => {
    if (!await attempt(() => send("DELETE", "history"))) return;
    change({ continueWatching: [], words: t("Your history is forgotten.") });
    remember();
    turn(false);
  };
  if (!asks) {
    return h("button", { ref: first, type: "button", className: "btn btn-quiet", onClick: () => turn(true) },
      t("Clear my history"));
  }
  return h("div", { role: "group", "aria-labelledby": "clear-words", className: "clear-history" },
    h("p", { id: "clear-words" }, t("Forget what was watched here, and where? Your list stays.")),
    h("button", { ref: yes, type: "button", className: "btn btn-primary", onClick: clear }, t("Forget it")),
    h("button", { type: "button", className: "btn btn-quiet", onClick: () => turn(false) }, t("Keep it")));
}

/** The page: both lists, their empty states, and forgetting. */
export function MyPage(props) {
  const mine = useMine();
  useEffect(() => { loadedAt = -Infinity; load(); }, []);
  if (mine.state === "waiting") {
    return h("div", { ...props, className: "my-page", "aria-busy": "true" },
      h("ul", { className: "grid wide-grid", role: "list" }, [0, 1, 2].map((n) => h(waitingCard, { key: n }))));
  }
  if (mine.state === "failed") {
    return h("div", { ...props, className: "my-page" },
      h("p", { className: "my-empty", role: "alert" }, t("Your films cannot be looked up now.")),
      h("button", { type: "button", className: "btn btn-primary", onClick: load }, t("Try again")));
  }
  return h("div", { ...props, className: "my-page" },
    h(Whole, { kind: "continue" }), h(Whole, { kind: "list" }),
    h("div", { className: "my-about" },
      h("p", null, mine.isAccount ? t("These follow your account to every device.")
        : t("These stay with this browser; nobody needs an account.")),
      h(ClearHistory)));
}

/** Says what was done, for those who hear the page; and shows it when it could not be done. */
export function MyWords(props) {
  const mine = useMine();
  return h("p", { ...props, className: "sr-only", role: "status" }, mine.words);
}
