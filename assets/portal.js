// Shelves: arrow buttons scroll, arrow keys move between cards. Delegated, so that it needs no
// hydration and no socket; it adds to what is there and nothing depends on it.
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const railOf = (element) => document.getElementById(element.getAttribute("aria-controls"));
  const update = (rail) => {
    const end = rail.scrollWidth - rail.clientWidth - 4;
    for (const button of document.querySelectorAll(`[aria-controls="${rail.id}"]`)) {
      const back = button.dataset.scroll === "-1";
      button.setAttribute("aria-disabled", String(back ? rail.scrollLeft < 4 : rail.scrollLeft > end));
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-scroll]");
    const rail = button && railOf(button);
    if (!rail) return;
    const step = Math.max(rail.clientWidth * 0.85, 200) * Number(button.dataset.scroll);
    const right = getComputedStyle(rail).direction === "rtl" ? -1 : 1;
    rail.scrollBy({ left: step * right, behavior: calm.matches ? "auto" : "smooth" });
  });
  document.addEventListener("scroll", (event) => {
    if (event.target.classList?.contains("rail")) requestAnimationFrame(() => update(event.target));
  }, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const card = event.target.closest?.(".rail a");
    if (!card) return;
    const rail = card.closest(".rail");
    const cards = [...rail.querySelectorAll("a")];
    const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const across = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    let next = null;
    if (along) {
      const right = getComputedStyle(rail).direction === "rtl" ? -1 : 1;
      next = cards[cards.indexOf(card) + along * right];
    } else if (event.key === "Home") next = cards[0];
    else if (event.key === "End") next = cards[cards.length - 1];
    else if (across) {
      const rails = [...document.querySelectorAll(".rail")];
      const other = rails[rails.indexOf(rail) + across];
      if (other) {
        const x = card.getBoundingClientRect().x;
        const near = (a) => Math.abs(a.getBoundingClientRect().x - x);
        next = [...other.querySelectorAll("a")].sort((a, b) => near(a) - near(b))[0];
      }
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
})();
