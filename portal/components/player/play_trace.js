// The trace of one press of play (W3C Trace Context): requests until the first frame carry it, and
// whoever meets an error can name it. The head script begins it when a link is pressed.

const hexOf = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (n) => n.toString(16).padStart(2, "0")).join("");

// { parent, id, headers() }: `parent` goes with requests, `id` is what a viewer is told.
function playTrace(slug) {
  const early = window.__portalEarly;
  const parent = (early?.slug === slug && early.trace) || `00-${hexOf(16)}-${hexOf(8)}-01`;
  let isOpen = true;
  return {
    parent,
    id: parent.slice(3, 35),
    headers: () => (isOpen ? { traceparent: parent } : {}),
    close: () => { isOpen = false; },
  };
}
