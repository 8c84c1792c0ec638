// Filters live in the address: a form, a select and a link that read and write its query.
// Client-side, so that the address answers at once and the server only has to load what it says.
import { createElement, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Link, useHref, useLocation, useNavigate } from "react-router";
import { t } from "./i18n.js";

const PAGING = ["page", "from"]; // a filter starts again at the first page
const TYPING_PAUSE_MS = 200;

// A static page is also reached with a slash at its end.
const withoutSlash = (pathname) => pathname.replace(/(.)\/$/, "$1");

// The page may come from a template that was rendered without a query. React does not mend what
// differs at hydration, so the first render here is the template's; the address's follows at once.
// A page that came with its content was rendered for this very address.
const never = () => () => {};
const isRenderedFor = () =>
  typeof document === "undefined" || document.getElementById("portal-seed") !== null;
function useQuery() {
  const { search } = useLocation();
  const shown = useSyncExternalStore(never, () => search, () => (isRenderedFor() ? search : ""));
  return new URLSearchParams(shown);
}

function changed(params, changes) {
  const next = new URLSearchParams(params);
  for (const name of PAGING) if (!(name in changes)) next.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const query = next.toString();
  return query ? `?${query}` : "";
}

/** A GET form: its fields become the address's query, beside what is there already. */
export function QueryForm({ action, children, ...props }) {
  const form = useRef(null);
  const timer = useRef(0);
  const isMounted = useRef(false);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const isHere = withoutSlash(pathname) === action;
  const href = useHref(action); // with the language, for who sends the form without scripts

  const go = ({ typing }) => {
    clearTimeout(timer.current);
    const fields = Object.fromEntries(
      [...new FormData(form.current)].map(([name, value]) => [name, value.trim()]),
    );
    const query = changed(isHere ? search : "", fields);
    if (isHere && query === changed(search, {})) return;
    // Back leads out of a search and not through every letter of it.
    const replace = isHere && typing && new URLSearchParams(search).has("q");
    navigate(action + query, { replace, preventScrollReset: isHere, viewTransition: !isHere });
  };

  useEffect(() => {
    const params = new URLSearchParams(isHere ? search : "");
    let isAsked = false;
    for (const input of form.current.querySelectorAll("input[name]")) {
      const wanted = params.get(input.name) ?? "";
      // What was typed before this script ran, or is being typed, is not taken away.
      const isTyped = isMounted.current ? input === document.activeElement : input.value !== "";
      if (!isTyped) input.value = wanted;
      else if (!isMounted.current && isHere && input.value !== wanted) isAsked = true;
    }
    isMounted.current = true;
    if (isAsked) go({ typing: true });
  }, [isHere, search]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return createElement(
    "form",
    {
      ...props,
      ref: form,
      action: href,
      method: "get",
      onSubmit: (event) => {
        event.preventDefault();
        go({ typing: false });
      },
      onChange: (event) => {
        if (event.target.tagName === "SELECT") go({ typing: false });
        else if (isHere) {
          clearTimeout(timer.current);
          timer.current = setTimeout(() => go({ typing: true }), TYPING_PAUSE_MS);
        }
      },
    },
    children,
  );
}

/**
 * A select whose value is a parameter of the address. It makes its options itself: they come after
 * the value, and React looks for the selected one only when the select itself is rendered.
 */
export function QuerySelect({ name, options, ...props }) {
  const given = useQuery().get(name) ?? "";
  const [value, setValue] = useState(given);
  useEffect(() => setValue(given), [given]);
  const onChange = (event) => setValue(event.target.value);
  const choices = options.map((option) =>
    createElement(
      "option",
      { key: option.value, value: option.value, disabled: option.is_empty },
      option.count || option.is_empty ? `${t(option.label)} (${option.count})` : t(option.label),
    ),
  );
  return createElement("select", { ...props, name, value, onChange }, choices);
}

/** A link that sets one parameter of the address, or takes it out where `value` is empty. */
export function QueryLink({ name, value, children, ...props }) {
  const params = useQuery();
  const pathname = withoutSlash(useLocation().pathname);
  const isCurrent = (params.get(name) ?? "") === value;
  return createElement(
    Link,
    {
      preventScrollReset: true,
      ...props,
      to: { pathname, search: changed(params, { [name]: value }) },
      "aria-current": isCurrent ? "true" : undefined,
    },
    children,
  );
}
