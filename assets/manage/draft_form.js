// A form whose text outlives errors, lost connections and reloads: it stays in the browser until it is
// saved. Fields are uncontrolled; the server only sends what is stored.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";

const CHECK_PAUSE_MS = 350;
const KEY = (name) => `portal-draft:${name}`;
const read = (name) => {
  try {
    return JSON.parse(localStorage.getItem(KEY(name)));
  } catch {
    return null;
  }
};
const write = (name, draft) => {
  try {
    if (draft) localStorage.setItem(KEY(name), JSON.stringify(draft));
    else localStorage.removeItem(KEY(name));
  } catch { /* no storage: the text is in the page as long as that lives */ }
};
const clock = (at) => new Date(at).toLocaleString([], { weekday: "long", hour: "2-digit", minute: "2-digit" });

/**
 * `values` are the stored texts by field name, `version` what they are of (0: not known yet), `saved`
 * goes up when the server has stored what was sent, `answered` when it has answered at all.
 */
export function DraftForm({
  draftKey, version, values, labels, saved, answered, isNew, saveWords, onSave, onCheck, children, ...props
}) {
  const form = useRef(null);
  const base = useRef({ key: "", version: 0, values: {}, saved: 0 });
  const timer = useRef(0);
  const dirty = useRef(false);
  const mayLeave = useRef(false); // a new film that is being made leads to its page
  const seen = useRef(saved);
  const [changed, setChanged] = useState([]);
  const [restored, setRestored] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isDirty = changed.length > 0;

  const elements = () => [...form.current.elements].filter((each) => each.name && each.name in labels);
  const differing = () => {
    const found = {};
    for (const each of elements()) {
      if (each.value !== (base.current.values[each.name] ?? "")) found[each.name] = each.value;
    }
    return found;
  };
  const fill = (texts) => {
    for (const each of elements()) if (each.name in texts) each.value = texts[each.name];
  };
  const note = useCallback(() => {
    const texts = differing();
    dirty.current = Object.keys(texts).length > 0;
    setChanged(Object.keys(texts));
    write(draftKey, Object.keys(texts).length ? { at: Date.now(), version: base.current.version, texts } : null);
    return texts;
  }, [draftKey]);

  useEffect(() => {
    if (!version && !isNew) return;
    const known = base.current;
    const isFirst = known.key !== draftKey;
    if (isFirst || known.saved !== saved) {
      const draft = isFirst ? read(draftKey) : null;
      // What was typed before this script ran is a draft as well.
      // A new film's page follows; until then its fields stay as they are.
      const isMade = isNew && !isFirst;
      base.current = { key: draftKey, version, values: isMade ? { ...values, ...differing() } : values, saved };
      fill(base.current.values);
      if (draft) {
        fill(draft.texts);
        base.current.version = draft.version;
        if (Object.keys(differing()).length) {
          setRestored(clock(draft.at));
          onCheck(differing());
        } else base.current.version = version;
      } else setRestored("");
    } else {
      const kept = differing();
      const isKept = Object.keys(kept).length > 0;
      base.current = { ...known, values, version: isKept ? known.version : version };
      fill({ ...values, ...kept });
    }
    note();
  }, [draftKey, version, values, saved]);
  useEffect(() => {
    setBusy(false);
    const isStored = base.current.saved === saved && seen.current !== saved;
    seen.current = saved;
    if (isStored) return;
    mayLeave.current = false;
    if (answered) form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [answered, saved]);
  useEffect(() => {
    if (!isBusy) return undefined;
    const timeout = setTimeout(() => setBusy(false), 10000); // the connection went: let it be tried again
    return () => clearTimeout(timeout);
  }, [isBusy]);
  useEffect(() => {
    if (!isDirty) return undefined;
    const warn = (event) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isDirty]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const blocker = useBlocker(({ currentLocation, nextLocation }) =>
    dirty.current && !mayLeave.current && currentLocation.pathname !== nextLocation.pathname);
  const leaving = useRef(null);
  useEffect(() => {
    if (blocker.state === "blocked") leaving.current.showModal();
  }, [blocker.state]);

  const discard = () => {
    fill(base.current.values);
    base.current.version = version;
    setRestored("");
    onCheck(Object.fromEntries(Object.keys(labels).map((name) => [name, base.current.values[name] ?? ""])));
    note();
  };
  const send = (event) => {
    event.preventDefault();
    clearTimeout(timer.current);
    const texts = isNew ? Object.fromEntries(elements().map((each) => [each.name, each.value])) : note();
    if (!isNew && !Object.keys(texts).length) return;
    setBusy(true);
    mayLeave.current = isNew;
    window.dispatchEvent(new Event("portal:acts"));
    onSave(base.current.version, texts);
  };
  const typed = () => {
    const texts = note();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onCheck(texts), CHECK_PAUSE_MS);
  };
  const names = changed.map((name) => labels[name]).join(", ");
  return h("form", { ...props, ref: form, "data-draft": "", noValidate: true, onSubmit: send, onInput: typed },
    restored &&
      h("div", { className: "banner", role: "status" },
        h("p", null, `What you had not saved on ${restored} is back in the fields.`),
        h("button", { type: "button", className: "mini", onClick: discard }, "Discard it")),
    children,
    h("div", { className: "save-bar", "data-dirty": String(isDirty) },
      h("p", { role: "status", className: "hint" },
        isBusy ? "Saving…" : isDirty && !isNew ? `Not saved yet: ${names}` : ""),
      isDirty && !isNew && h("button", { type: "button", className: "button", onClick: discard }, "Discard"),
      h("button", {
        type: "submit", className: "button button-main", "aria-disabled": String(!isDirty && !isNew),
        "aria-keyshortcuts": "Control+S",
      }, saveWords)),
    h("dialog", {
      ref: leaving, className: "dialog", "aria-label": "Leave without saving?",
      onClose: () => blocker.state === "blocked" && blocker.reset(),
    },
      h("div", { className: "dialog-body" },
        h("h2", null, "Leave without saving?"),
        h("p", null, `You changed ${names}. It stays in this browser, and is back in the fields when you return.`),
        h("div", { className: "dialog-actions" },
          h("button", { type: "button", className: "button", onClick: () => leaving.current.close() }, "Stay"),
          h("button", {
            type: "button", className: "button",
            onClick: () => { write(draftKey, null); blocker.proceed?.(); },
          }, "Discard and leave"),
          h("button", { type: "button", className: "button button-main", onClick: () => blocker.proceed?.() }, "Leave")))));
}

/** A form that sends its fields and keeps them, until `done` goes up. */
export function SendForm({ done, busy, onSend, children, ...props }) {
  const form = useRef(null);
  const before = useRef(done);
  useEffect(() => {
    if (before.current !== done) form.current?.reset();
    before.current = done;
  }, [done]);
  return h("form", {
    ...props, ref: form, noValidate: true, "aria-busy": busy ? "true" : undefined,
    onSubmit: (event) => {
      event.preventDefault();
      if (busy) return;
      const fields = {};
      for (const [name, value] of new FormData(event.currentTarget)) {
        if (typeof value === "string") fields[name] = value;
      }
      window.dispatchEvent(new Event("portal:acts"));
      onSend(fields);
      event.currentTarget.closest("dialog")?.close();
    },
  }, children);
}
