// The films that are picked in the table. Picking needs no server: only what is done to them does.
import { createElement, useEffect, useRef, useSyncExternalStore } from "react";

const NONE = new Map();
let picked = NONE; // movie id -> title
let lastPicked = "";
const listeners = new Set();
const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const put = (next) => {
  picked = next;
  for (const listener of listeners) listener();
};
const usePicked = () => useSyncExternalStore(subscribe, () => picked, () => NONE);
const boxes = () => [...document.querySelectorAll("input[data-pick]")];

function pick(pairs, isOn) {
  const next = new Map(picked);
  for (const [id, title] of pairs) {
    if (isOn) next.set(id, title);
    else next.delete(id);
  }
  put(next);
}

function toggle(id, title, isRange) {
  const isOn = !picked.has(id);
  const all = boxes();
  const ends = [lastPicked, id].map((each) => all.findIndex((box) => box.dataset.pick === each));
  if (isRange && Math.min(...ends) >= 0) {
    const between = all.slice(Math.min(...ends), Math.max(...ends) + 1);
    pick(between.map((box) => [box.dataset.pick, box.dataset.title]), isOn);
  } else pick([[id, title]], isOn);
  lastPicked = id;
}

/** The table: arrow keys go from film to film, space picks, Enter follows the link. */
export function PickTable({ children, done, ...props }) {
  const room = useRef(null);
  const before = useRef(done);
  useEffect(() => {
    if (before.current !== done) put(NONE); // what was asked for is done
    before.current = done;
  }, [done]);
  useEffect(() => () => put(NONE), []);

  const onKeyDown = (event) => {
    const row = event.target.closest("tr[data-row]");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...room.current.querySelectorAll("a.film-link")];
    const at = row ? links.indexOf(row.querySelector("a.film-link")) : -1;
    if (at < 0) return;
    const wanted = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    const box = row.querySelector("input[data-pick]");
    if (wanted !== undefined) {
      const next = links[wanted];
      if (!next) return;
      event.preventDefault();
      next.focus();
      const target = next.closest("tr");
      target.scrollIntoView({ block: "nearest" });
      if (event.shiftKey && box) {
        const other = target.querySelector("input[data-pick]");
        pick([[box.dataset.pick, box.dataset.title], [other.dataset.pick, other.dataset.title]], true);
      }
    } else if (event.key === " " && event.target.classList.contains("film-link")) {
      event.preventDefault();
      toggle(box.dataset.pick, box.dataset.title, event.shiftKey);
    } else if (event.key === "Escape" && picked.size) put(NONE);
  };

  // From the search field straight into the table.
  useEffect(() => {
    const onArrow = (event) => {
      if (event.key !== "ArrowDown" || event.target.id !== "site-search") return;
      const first = room.current.querySelector("a.film-link");
      if (!first) return;
      event.preventDefault();
      first.focus();
    };
    document.addEventListener("keydown", onArrow);
    return () => document.removeEventListener("keydown", onArrow);
  }, []);
  return createElement("div", { ...props, ref: room, onKeyDown }, children);
}

export function PickBox({ movieId, title }) {
  const isOn = usePicked().has(movieId);
  const shift = useRef(false);
  return createElement(
    "label",
    { className: "pick", onClick: (event) => { shift.current = event.shiftKey; } },
    createElement("input", {
      type: "checkbox",
      checked: isOn,
      "data-pick": movieId,
      "data-title": title,
      "aria-label": `Pick ${title}`,
      tabIndex: -1, // space on the film's link does it; one stop a row is enough
      onChange: () => toggle(movieId, title, shift.current),
    }),
  );
}

/** Picks all films that are on the page. */
export function PickAll({ movieIds }) {
  const now = usePicked();
  const box = useRef(null);
  const count = movieIds.filter((id) => now.has(id)).length;
  const isAll = count > 0 && count === movieIds.length;
  useEffect(() => {
    box.current.indeterminate = count > 0 && !isAll;
  }, [count, isAll]);
  return createElement(
    "label",
    { className: "pick" },
    createElement("input", {
      type: "checkbox",
      ref: box,
      checked: isAll,
      "aria-label": "Pick all films on this page",
      onChange: () => pick(boxes().map((each) => [each.dataset.pick, each.dataset.title]), !isAll),
    }),
  );
}

const counted = (count) => (count === 1 ? "1 film" : `${count.toLocaleString("en")} films`);

/** How many are picked, with what can be done to them. */
export function PickBar({ children, ...props }) {
  const { size } = usePicked();
  return createElement(
    "div",
    { ...props, role: "region", "aria-label": "Picked films", hidden: size === 0 },
    createElement("p", { role: "status" }, size ? `${counted(size)} picked` : ""),
    children,
    createElement("button", { type: "button", className: "mini", onClick: () => put(NONE) }, "Pick none"),
  );
}

/** "3 films", or the titles of few. */
export function PickNames() {
  const titles = [...usePicked().values()];
  if (titles.length > 3) return counted(titles.length);
  const quoted = titles.map((title) => `“${title}”`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

/** A form in a dialog whose submission does something to the picked films. */
export function PickForm({ action, onAct, children, ...props }) {
  return createElement(
    "form",
    {
      ...props,
      onSubmit: (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const fields = Object.fromEntries(
          [...new FormData(form)].filter(([, value]) => typeof value === "string"),
        );
        window.dispatchEvent(new Event("portal:acts"));
        onAct(action, [...picked.keys()], fields);
        form.closest("dialog")?.close();
      },
    },
    children,
  );
}
