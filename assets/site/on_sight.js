// Says once that a place in the page is about to be seen.
import { createElement, useEffect, useRef } from "react";

const AHEAD_PX = 600;

/** A place without size; `onSight` runs when it comes near the viewport. */
export function OnSight({ onSight, ...props }) {
  const place = useRef(null);
  const act = useRef(onSight);
  act.current = onSight;
  useEffect(() => {
    const observer = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      observer.disconnect();
      act.current?.();
    }, { rootMargin: `${AHEAD_PX}px 0px` });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return createElement("div", { ...props, ref: place, "aria-hidden": "true" });
}
