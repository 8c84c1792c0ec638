// The parts of a film's page. The address's fragment says which one is shown; the others stay in the
// page, so that nothing that was typed is lost on the way.
import { createElement as h, useEffect, useState } from "react";
import { Link, useLocation } from "react-router";

function useSection(first) {
  const { hash } = useLocation();
  const [shown, setShown] = useState(first); // the template that was rendered knows no fragment
  useEffect(() => setShown(decodeURIComponent(hash.slice(1)) || first), [hash]);
  return shown;
}

export function SectionLink({ name, first, children, ...props }) {
  const isCurrent = useSection(first) === name;
  return h(Link, {
    ...props, to: { hash: name }, preventScrollReset: true, "aria-current": isCurrent ? "true" : undefined,
  }, children);
}

export function Section({ name, first, children, ...props }) {
  const isShown = useSection(first) === name;
  return h("section", { ...props, hidden: !isShown, "aria-labelledby": `${name}-title` }, children);
}

/** Asks again every few seconds as long as `active`, and `times` at most. */
export function Pulse({ active, seconds, times, onPulse }) {
  useEffect(() => {
    if (!active) return undefined;
    let left = times;
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) clearInterval(timer);
      onPulse();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [active]);
  return null;
}
