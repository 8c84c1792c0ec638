// The cues of a track beside the film: the one on screen is marked, and times come from the film.
import { createElement as h, useEffect, useRef, useState } from "react";

const stamp = (seconds) => {
  const millis = Math.max(0, Math.round(seconds * 1000));
  const part = (value, length = 2) => String(value).padStart(length, "0");
  return `${part(Math.floor(millis / 3600000))}:${part(Math.floor(millis / 60000) % 60)}:${part(Math.floor(millis / 1000) % 60)}.${part(millis % 1000, 3)}`;
};
const video = () => document.querySelector(".cue-film video");
const now = () => video()?.currentTime ?? 0;

function useTime() {
  const [time, setTime] = useState(0);
  useEffect(() => {
    const listen = () => setTime(now());
    document.addEventListener("timeupdate", listen, true); // media events do not bubble, but are captured
    document.addEventListener("seeked", listen, true);
    return () => {
      document.removeEventListener("timeupdate", listen, true);
      document.removeEventListener("seeked", listen, true);
    };
  }, []);
  return time;
}

const NEW = 0;

function CueForm({ cue, isNew, onSave, onRemove, onClose, busy }) {
  const form = useRef(null);
  const text = useRef(null);
  useEffect(() => text.current.focus({ preventScroll: false }), [cue.number]);
  const setTo = (name) => {
    form.current.elements[name].value = stamp(now());
  };
  const time = (name, label) =>
    h("div", { className: "cue-time" },
      h("label", { htmlFor: `cue-${name}` }, label),
      h("input", { id: `cue-${name}`, name, className: "input", defaultValue: cue[name], autoComplete: "off", spellCheck: false }),
      h("button", { type: "button", className: "mini", onClick: () => setTo(name), "aria-label": `Set the ${name} to the film's time` }, "Now"));
  return h("form", {
    ref: form, className: "cue-form", noValidate: true, "data-draft": "",
    onSubmit: (event) => {
      event.preventDefault();
      if (!busy) onSave(Object.fromEntries(new FormData(form.current)));
    },
    onKeyDown: (event) => {
      if (event.key === "Escape") onClose();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.current.requestSubmit();
    },
  },
    h("div", { className: "cue-times" }, time("start", "Start"), time("end", "End")),
    h("label", { htmlFor: "cue-text", className: "sr-only" }, "Text"),
    h("textarea", { id: "cue-text", name: "text", ref: text, rows: 3, defaultValue: cue.text, spellCheck: true }),
    h("div", { className: "actions-row" },
      h("button", { type: "submit", className: "mini mini-main", "aria-disabled": String(busy) }, isNew ? "Add the cue" : "Save as a new version"),
      h("button", { type: "button", className: "mini", onClick: onClose }, "Cancel"),
      !isNew && h("button", { type: "button", className: "mini mini-bad", onClick: () => !busy && onRemove() }, "Remove")));
}

export function CueEditor({
  cues, version, first, total, pageSize, language, answered, saved, onSaveCue, onAddCue, onRemoveCue, onGoTo, onGoToTime,
}) {
  const time = useTime();
  const [open, setOpen] = useState(null); // the cue that is edited, with the version it is of
  const [isBusy, setBusy] = useState(false);
  const before = useRef(saved);
  const returnTo = useRef(0);
  const list = useRef(null);
  useEffect(() => {
    setBusy(false);
    if (before.current !== saved) {
      returnTo.current = open?.number ?? 0;
      setOpen(null);
    }
    before.current = saved;
  }, [answered, saved]);
  const focusRow = (number) =>
    setTimeout(() => list.current?.querySelector(`[data-cue="${number}"]`)?.focus(), 0);
  useEffect(() => {
    if (!open && returnTo.current) {
      focusRow(returnTo.current);
      returnTo.current = 0;
    }
  }, [open]);

  const send = (work) => {
    setBusy(true);
    setTimeout(() => setBusy(false), 10000);
    work();
  };
  const close = () => {
    returnTo.current = open?.number ?? 0;
    setOpen(null);
  };
  const play = (cue) => {
    const film = video();
    if (!film) return;
    film.currentTime = cue.start_s;
    film.play()?.catch(() => {});
  };
  const onKeyDown = (event) => {
    const number = Number(event.target.dataset?.cue);
    if (!number) return;
    const rows = [...list.current.querySelectorAll("[data-cue]")];
    const next = rows[rows.indexOf(event.target) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (event.key === "p") play(cues.find((cue) => cue.number === number));
  };
  const add = () => {
    const at = now();
    setOpen({ number: NEW, start: stamp(at), end: stamp(at + 2), text: "", version });
  };
  const form = (isNew) => h(CueForm, {
    key: `${open.number}`, cue: open, isNew, busy: isBusy, onClose: close,
    onSave: (fields) => send(() => (isNew ? onAddCue(open.version, fields) : onSaveCue(open.number, open.version, fields))),
    onRemove: () => send(() => onRemoveCue(open.number, open.version)),
  });
  const onScreen = cues.filter((cue) => cue.start_s <= time && time < cue.end_s);
  return h("div", { className: "cue-editor" },
    h("p", { className: "on-screen", lang: language, dir: "auto" },
      onScreen.length ? onScreen.map((cue) => cue.text.replace(/<[^>]*>/g, "")).join("\n") : "No caption at this moment"),
    h("div", { className: "actions-row" },
      h("button", { type: "button", className: "mini", onClick: add }, "Add a cue at the film's time"),
      h("button", { type: "button", className: "mini", onClick: () => onGoToTime(now()) }, "Find the film's time")),
    open?.number === NEW && form(true),
    h("ol", { ref: list, className: "cues", onKeyDown, "aria-label": "Cues" },
      cues.map((cue) =>
        h("li", { key: cue.number, "data-on": String(onScreen.includes(cue)), "data-level": cue.level },
          open?.number === cue.number
            ? form(false)
            : h("div", { className: "cue-row" },
                h("button", { type: "button", className: "cue-play mini", onClick: () => play(cue), "aria-label": `Play cue ${cue.number}` },
                  cue.start.replace(/^00:/, "")),
                h("button", {
                  type: "button", className: "cue-text", "data-cue": cue.number, lang: language, dir: "auto",
                  "aria-label": `Cue ${cue.number}: ${cue.text}. Edit`,
                  onClick: () => setOpen({ ...cue, version }),
                }, cue.text)),
          cue.finding && h("p", { className: "cue-finding" }, cue.finding)))),
    h("div", { className: "actions-row" },
      first > 0 && h("button", { type: "button", className: "mini", onClick: () => onGoTo(first - pageSize) }, "Earlier cues"),
      first + cues.length < total && h("button", { type: "button", className: "mini", onClick: () => onGoTo(first + pageSize) }, "Later cues")));
}
