// The search field with its answers as one types: an ARIA combobox with a list below it. The field
// itself is plain HTML that works before and without this script, inside of a form that leads to the
// page with all results. On that page the page itself answers, and no list is opened.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { t, tn } from "./i18n.js";

const PAUSE_MS = 160; // of typing, before anything is asked
// Asking is counted like looking at pages, 120 a minute: a few at once, then one a second, and a
// fast typist has half of them left.
const BURST = 8;
const REFILL_MS = 1000;
const KEPT_MS = 10000; // an answer that is older is asked for again
const RECENT = "portal-searches";
const MOST_RECENT = 5;
const LIST = "site-search-list";

const recent = {
  all() {
    try {
      const found = JSON.parse(localStorage.getItem(RECENT));
      return Array.isArray(found) ? found.filter((text) => typeof text === "string") : [];
    } catch {
      return [];
    }
  },
  keep(texts) {
    try {
      localStorage.setItem(RECENT, JSON.stringify(texts.slice(0, MOST_RECENT)));
    } catch {
      // storage is forbidden: nothing is remembered
    }
  },
  add(text) {
    if (text) recent.keep([text, ...recent.all().filter((other) => other !== text)]);
  },
};

const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return whole < 3600
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
};

// A style sheet of its own, when somebody is about to search: the first page does without it.
let isStyled = false;
const addStyles = () => {
  if (isStyled) return;
  isStyled = true;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = "/site/search.css";
  document.head.append(sheet);
};

const withoutSlash = (pathname) => pathname.replace(/(.)\/$/, "$1");

function groupsOf(answer, text) {
  const query = encodeURIComponent(text);
  return [
    {
      name: t("Films"),
      options: answer.movies.slice(0, 5).map((film) => ({
        key: film.movieId, kind: "film", to: `/movie/${film.slug}`, film,
      })),
    },
    {
      name: t("People"),
      options: answer.people.map((person) => ({
        key: person.name, kind: "person", to: `/browse?person=${encodeURIComponent(person.name)}`, person,
      })),
    },
    {
      name: t("Said in films"),
      options: answer.lines.slice(0, 4).map((line) => ({
        key: `${line.movieId} ${line.startS}`, kind: "line",
        to: `/watch/${line.slug}?t=${Math.max(0, line.startS - 0.5)}`, line,
      })),
    },
    {
      name: "",
      options: answer.movies.length + answer.lines.length
        ? [{ key: "all", kind: "all", to: `/browse?q=${query}`, total: answer.total }] : [],
    },
  ].filter((group) => group.options.length);
}

function Words({ option }) {
  const { kind, film, person, line } = option;
  if (kind === "film") {
    return [
      h("span", { key: "art", className: "found-art", style: { background: film.color } },
        film.art && h("img", { src: `${film.art}/poster-160.avif`, alt: "", loading: "lazy" })),
      h("span", { key: "words" }, h("b", { dir: "auto" }, film.title),
        h("small", null, [film.year, film.genres[0] && t(film.genres[0])].filter(Boolean).join(" · "))),
    ];
  }
  if (kind === "person") {
    return h("span", null, h("b", { dir: "auto" }, person.name),
      h("small", null, tn("{n} film", "{n} films", person.films)));
  }
  if (kind === "line") {
    return h("span", null,
      h("q", { lang: line.language, dir: "auto" }, line.before, h("mark", null, line.match), line.after),
      h("small", null, h("bdi", null, line.title), " · ", clock(line.startS)));
  }
  if (kind === "recent") return h("span", { dir: "auto" }, option.text);
  return h("b", null, option.words ?? t("All results"));
}

/** The field of a search form, with its list. */
export function SearchField({ action, api, ...props }) {
  const field = useRef(null);
  const work = useRef({ timer: 0, asked: null, tokens: BURST, filled: 0, kept: new Map() }).current;
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState(null);
  const [isOpen, setOpen] = useState(false);
  const [isLate, setLate] = useState(false);
  const [active, setActive] = useState(-1);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isPage = withoutSlash(pathname) === action;

  const close = () => {
    clearTimeout(work.timer);
    work.asked?.abort();
    setOpen(false);
    setActive(-1);
  };

  const wait = () => {
    const now = Date.now();
    const more = Math.floor((now - work.filled) / REFILL_MS);
    if (more > 0) {
      work.tokens = Math.min(BURST, work.tokens + more);
      work.filled = now;
    }
    return work.tokens > 0 ? 0 : REFILL_MS - (now - work.filled);
  };

  const ask = async (wanted) => {
    const known = work.kept.get(wanted);
    if (known && Date.now() - known.at < KEPT_MS) {
      setAnswer(known.answer);
      return;
    }
    const pause = wait();
    if (pause > 0) {
      work.timer = setTimeout(() => ask(wanted), pause);
      return;
    }
    work.tokens -= 1;
    work.asked?.abort();
    const asked = new AbortController();
    work.asked = asked;
    try {
      const query = new URLSearchParams({ q: wanted, language: document.documentElement.lang });
      const response = await fetch(`${api}?${query}`, { signal: asked.signal });
      if (!response.ok) throw new Error(String(response.status));
      const found = { ...(await response.json()), text: wanted };
      if (asked.signal.aborted) return; // somebody typed on
      if (work.kept.size > 50) work.kept.clear();
      work.kept.set(wanted, { at: Date.now(), answer: found });
      setAnswer(found);
      setLate(false);
    } catch {
      if (!asked.signal.aborted) setLate(true);
    }
  };

  const typed = () => {
    const wanted = field.current.value.trim();
    clearTimeout(work.timer);
    work.asked?.abort();
    setText(wanted);
    setActive(-1);
    setLate(false);
    if (isPage) return;
    setOpen(true);
    if (!wanted) setAnswer(null);
    else work.timer = setTimeout(() => ask(wanted), PAUSE_MS);
  };

  // What was typed before this script ran is answered, too.
  useEffect(() => {
    if (document.activeElement !== field.current) return;
    addStyles();
    if (field.current.value) typed();
  }, []);
  useEffect(close, [pathname, search]);
  useEffect(() => () => close(), []);

  const past = !text && isOpen ? recent.all() : [];
  const groups = !isOpen ? []
    : !text ? past.length ? [{
      name: t("Searched lately"),
      options: [
        ...past.map((each) => ({
          key: each, kind: "recent", text: each, to: `/browse?q=${encodeURIComponent(each)}`,
        })),
        { key: "forget", kind: "forget", words: t("Forget these") },
      ],
    }] : []
    : answer ? groupsOf(answer, text) : [];
  const options = groups.flatMap((group) => group.options);
  const isShown = isOpen && !isPage && (groups.length > 0 || (text !== "" && (answer !== null || isLate)));

  const take = (option) => {
    if (option.kind === "forget") {
      recent.keep([]);
      close();
      return;
    }
    recent.add(option.kind === "recent" ? option.text : text);
    close();
    field.current.blur();
    navigate(option.to);
  };

  const onKeyDown = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      if (isShown && active >= 0 && options[active]) {
        event.preventDefault();
        take(options[active]);
      } else {
        recent.add(field.current.value.trim());
        close();
      }
    } else if (event.key === "Escape" && isShown) {
      event.preventDefault(); // the list closes and the text stays
      event.stopPropagation();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !isPage) {
      event.preventDefault();
      if (!isOpen) {
        setOpen(true);
        if (text) ask(text);
        return;
      }
      const size = options.length + 1; // the field is one of the places
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = ((active + 1 + step + size) % size) - 1;
      setActive(next);
      document.getElementById(`${LIST}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
  };

  const isFound = answer && answer.movies.length + answer.people.length + answer.lines.length > 0;
  const says = !isShown ? ""
    : isLate ? t("The search does not answer. Press Enter for all results.")
    : !text ? ""
    : isFound
      ? [
        tn("{n} film", "{n} films", answer.total),
        tn("{n} person", "{n} people", answer.people.length),
        tn("{n} line", "{n} lines", answer.lines.length),
      ].join(", ")
    : t("Nothing like “{text}” here. Try fewer letters, a name, or words that are said.", { text });

  let place = -1;
  return [
    h("input", {
      ...props,
      key: "field",
      ref: field,
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": isShown && options.length > 0,
      "aria-controls": LIST,
      "aria-activedescendant": active >= 0 ? `${LIST}-${active}` : undefined,
      onFocus: () => {
        addStyles();
        if (!field.current.value && !isPage) {
          setText("");
          setOpen(true);
        }
      },
      onBlur: close,
      onInput: typed,
      onKeyDown,
    }),
    h("span", { key: "says", role: "status", className: "sr-only" }, says),
    h("div", {
      key: "list",
      className: "found",
      hidden: !isShown,
      // The field keeps the focus when something is pressed here.
      onMouseDown: (event) => event.preventDefault(),
    },
      isShown && !options.length && h("p", { className: "found-none" }, says),
      h("div", { id: LIST, role: "listbox", "aria-label": t("Search results") },
        groups.map((group, number) =>
          h("div", { key: group.name || number, role: "group", "aria-label": group.name || t("All results") },
            group.name && h("p", { className: "found-group", "aria-hidden": true }, group.name),
            group.options.map((option) => {
              place += 1;
              const here = place;
              return h("div", {
                key: option.key,
                id: `${LIST}-${here}`,
                role: "option",
                className: `found-one found-${option.kind}`,
                "aria-selected": here === active,
                onMouseMove: () => active !== here && setActive(here),
                onClick: () => take(option),
              }, h(Words, { option }));
            }))))),
  ];
}
