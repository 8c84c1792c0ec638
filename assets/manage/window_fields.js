// Date, time and time zone of an availability window. The server reads them and says what they mean.
import { createElement as h, useEffect, useId, useRef, useState } from "react";

const PAUSE_MS = 250;
const ZONE_KEY = "portal-time-zone";
const OWN_ZONE = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const keptZone = () => {
  try {
    return localStorage.getItem(ZONE_KEY) || OWN_ZONE();
  } catch {
    return OWN_ZONE();
  }
};
const zones = () => ["UTC", ...(Intl.supportedValuesOf?.("timeZone") ?? [])];

// An instant on a zone's clock: what the two fields show.
function onClock(iso, zone) {
  if (!iso) return { day: "", clock: "" };
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit",
    }).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return { day: `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}`, clock: `${parts.hour}:${parts.minute}` };
}

function Moment({ name, legend, none, value, answer, onChange }) {
  const id = useId();
  const problem = answer.problem;
  const set = (changes) => onChange({ ...value, choice: "", ...changes });
  const field = (key, type, label) =>
    h("label", null,
      h("span", null, label),
      h("input", {
        type, name: `${name}_${key}`, value: value[key], className: "input",
        onChange: (event) => set({ [key]: event.target.value }),
        "aria-invalid": problem ? "true" : undefined,
        "aria-describedby": id,
      }));
  return h("fieldset", { className: "moment" },
    h("legend", null, legend),
    h("div", { className: "moment-fields" },
      field("day", "date", "Date"),
      field("clock", "time", "Time"),
      (value.day || value.clock) &&
        h("button", { type: "button", className: "mini", onClick: () => set({ day: "", clock: "" }) }, "Clear")),
    h("input", { type: "hidden", name: `${name}_choice`, value: value.choice }),
    h("p", { id, className: problem ? "field-problem" : "hint", role: "status" },
      problem || answer.words || none),
    answer.choices.length > 0 && answer.choices[0].value.includes(":") &&
      h("button", {
        type: "button", className: "mini",
        onClick: () => set({ clock: answer.choices[0].value }),
      }, answer.choices[0].words),
    answer.choices.length > 1 &&
      h("div", { role: "radiogroup", "aria-label": "Which one", className: "choices" },
        answer.choices.map((choice) =>
          h("label", { key: choice.value, className: "radio" },
            h("input", {
              type: "radio", name: `${name}_which`, checked: value.choice === choice.value,
              onChange: () => onChange({ ...value, choice: choice.value }),
            }),
            choice.words))));
}

const EMPTY = { day: "", clock: "", choice: "" };

/**
 * Both ends of a window. `start` and `end` are the stored instants (ISO 8601, "" for none);
 * `answer` is what the server says of what is written now.
 */
export function WindowFields({ start, end, answer, onAsk }) {
  const [zone, setZone] = useState("UTC");
  const [from, setFrom] = useState(EMPTY);
  const [until, setUntil] = useState(EMPTY);
  const timer = useRef(0);
  const list = useId();
  const [allZones, setAllZones] = useState([]);

  const ask = (values, at) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onAsk({
      zone: values.zone,
      from_day: values.from.day, from_clock: values.from.clock, from_choice: values.from.choice,
      until_day: values.until.day, until_clock: values.until.clock, until_choice: values.until.choice,
    }), at);
  };
  useEffect(() => {
    const kept = keptZone();
    const known = zones().includes(kept) ? kept : "UTC";
    const values = {
      zone: known, from: { ...EMPTY, ...onClock(start, known) }, until: { ...EMPTY, ...onClock(end, known) },
    };
    setAllZones(zones());
    setZone(values.zone);
    setFrom(values.from);
    setUntil(values.until);
    ask(values, 0);
    return () => clearTimeout(timer.current);
  }, [start, end]);

  const change = (changes) => {
    const values = { zone, from, until, ...changes };
    setZone(values.zone);
    setFrom(values.from);
    setUntil(values.until);
    if (changes.zone && zones().includes(changes.zone)) {
      try {
        localStorage.setItem(ZONE_KEY, changes.zone);
      } catch { /* private mode: it is asked for again next time */ }
    }
    ask(values, PAUSE_MS);
  };
  return h("div", { className: "window-fields" },
    h("label", { className: "zone" },
      h("span", null, "Time zone"),
      h("input", {
        name: "zone", list, value: zone, className: "input", autoComplete: "off", spellCheck: false,
        onChange: (event) => change({ zone: event.target.value }),
      }),
      h("datalist", { id: list }, allZones.map((each) => h("option", { key: each, value: each })))),
    h(Moment, {
      name: "from", legend: "From", none: "No start: from the moment it is shown.", value: from,
      answer: answer.start, onChange: (value) => change({ from: value }),
    }),
    h(Moment, {
      name: "until", legend: "Until", none: "No end.", value: until,
      answer: answer.end, onChange: (value) => change({ until: value }),
    }),
    answer.summary && h("p", { className: "window-summary", role: "status" }, answer.summary));
}
