// What needs no server: shelves scroll by arrow buttons and arrow keys, the hero by swiping, menus
// close, `/` leads to the search field. Delegated to the document, so it works before hydration and
// without the socket; it adds to what is there and nothing depends on it.
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const forward = (element) => (getComputedStyle(element).direction === "rtl" ? -1 : 1);
  const closest = (event, selector) => event.target.closest?.(selector);

  // Shelves.
  const railOf = (button) => document.getElementById(button.getAttribute("aria-controls"));
  const update = (rail) => {
    const at = Math.abs(rail.scrollLeft);
    const end = rail.scrollWidth - rail.clientWidth - 4;
    for (const button of document.querySelectorAll(`[aria-controls="${rail.id}"]`)) {
      const back = button.dataset.scroll === "-1";
      button.setAttribute("aria-disabled", String(back ? at < 4 : at > end));
    }
  };
  const scrollShelf = (button) => {
    const rail = railOf(button);
    const step = Math.max(rail.clientWidth * 0.85, 200) * Number(button.dataset.scroll);
    rail.scrollBy({ left: step * forward(rail), behavior: calm.matches ? "auto" : "smooth" });
  };
  document.addEventListener("scroll", (event) => {
    if (event.target.classList?.contains("rail")) requestAnimationFrame(() => update(event.target));
  }, { capture: true, passive: true });
  document.addEventListener("pointerover", (event) => {
    const rail = closest(event, ".shelf")?.querySelector(".rail");
    if (rail) update(rail);
  }, { passive: true });

  // Arrow keys, as a remote control has them: along a shelf, and from any link or button of a catalog
  // page to the nearest one in that direction. Where there is none, the page scrolls as ever.
  const STOPS = "a[href], button, summary, select, input";
  const placeOf = (element) => {
    const box = element.getBoundingClientRect();
    // The header sticks to the screen: it counts as standing at the top of the page.
    const lift = element.closest(".site-header") ? -scrollY : 0;
    return { left: box.left, right: box.right, top: box.top + lift, bottom: box.bottom + lift };
  };
  const apart = (from, to, toEnd, fromEnd) => Math.max(0, from - toEnd, to - fromEnd);
  const towards = (from, key, among) => {
    const here = placeOf(from);
    let best, least = Infinity;
    for (const element of among) {
      const there = placeOf(element);
      if (element === from || element.tabIndex < 0 || !element.checkVisibility()) continue;
      const ahead = {
        ArrowDown: there.top - here.bottom, ArrowUp: here.top - there.bottom,
        ArrowRight: there.left - here.right, ArrowLeft: here.left - there.right,
      }[key];
      if (ahead < -4) continue;
      const aside = /Up|Down/.test(key)
        ? apart(here.left, there.left, there.right, here.right) + Math.abs(here.left - there.left) / 50
        : apart(here.top, there.top, there.bottom, here.bottom) * 20;
      if (ahead + aside < least) [best, least] = [element, ahead + aside];
    }
    return best;
  };
  const neighbour = (from, key) => {
    const rail = from.closest(".rail");
    const cards = rail && [...rail.querySelectorAll("a.card")];
    const along = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (rail && along) return cards[cards.indexOf(from) + along * forward(rail)];
    if (key === "Home") return cards?.[0];
    if (key === "End") return cards?.at(-1);
    return towards(from, key, document.querySelector(".page").querySelectorAll(STOPS));
  };

  // Who comes to a page by keyboard stands at its start, on no element yet.
  const firstStop = (main) => [...main.querySelectorAll(STOPS)].find(
    (element) => element.tabIndex >= 0 && element.checkVisibility(),
  );

  // A poster stays on screen while its movie's page comes.
  const carryPoster = (card) => {
    const art = card.querySelector(".card-art");
    const picture = art?.querySelector("img")?.currentSrc;
    if (!picture) return;
    document.documentElement.style.setProperty("--arriving-poster", `url("${picture}")`);
    // A name may be there once: the poster of the page that is left gives it up.
    for (const left of document.querySelectorAll(".movie-poster")) left.style.viewTransitionName = "none";
    art.style.viewTransitionName = "poster";
    setTimeout(() => { art.style.viewTransitionName = ""; }, 700);
  };

  // "Load more": the focus goes to the first film that was not there before.
  const focusFirstNew = (button) => {
    const grid = document.querySelector(".grid");
    const before = grid?.children.length;
    if (!grid) return;
    const watch = new MutationObserver(() => {
      if (grid.children.length <= before) return;
      watch.disconnect();
      const focused = document.activeElement;
      if (focused === button || focused === document.body) {
        grid.children[before].querySelector("a").focus({ preventScroll: true });
      }
    });
    watch.observe(grid, { childList: true });
    setTimeout(() => watch.disconnect(), 10000);
  };

  // Another language is another document: with the same question, and as good as chosen for good.
  const chooseLanguage = (link) => {
    const { language } = link.dataset;
    document.cookie = `portal_language=${language}; path=/; max-age=34560000; samesite=lax`;
    link.search = location.search;
  };

  document.addEventListener("click", (event) => {
    const language = closest(event, "[data-language]");
    if (language) chooseLanguage(language);
    const arrow = closest(event, "[data-scroll]");
    if (arrow) scrollShelf(arrow);
    const more = closest(event, "[data-more]");
    if (more) focusFirstNew(more);
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const card = closest(event, "a.card");
    if (card && isPlain) carryPoster(card);
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (!menu.contains(event.target) || closest(event, ".menu a")) menu.open = false;
    }
  }, { capture: true });

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape") {
      // The browser empties a search field at Escape; an empty one is left.
      if (event.target.type === "search" && !event.target.value) event.target.blur();
      const menu = document.querySelector(".menu[open]");
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key === "/") {
      const field = document.getElementById("site-search");
      if (!field || closest(event, "input, textarea, select, [contenteditable], media-controller")) return;
      event.preventDefault();
      field.focus();
    } else if (/^(Arrow|Home$|End$)/.test(event.key)) {
      const from = closest(event, ".page:not(.admin) :is(a[href], button, summary)");
      const stands = event.target.id === "main" && !closest(event, ".admin") && /^Arrow/.test(event.key);
      const next = from ? neighbour(from, event.key) : stands && firstStop(event.target);
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });

  // A page that came without a load of the document: say its title, and leave nobody at its end.
  const SETTLES_MS = 250; // the title follows the address, and the film's own title follows that
  const BELONGS_MS = 5000;
  let here = { path: location.pathname, title: document.title, since: -BELONGS_MS };
  let line = null;
  let settling = 0;
  const announce = () => {
    if (document.title === here.title) return;
    here.title = document.title;
    if (performance.now() - here.since > BELONGS_MS) return; // a filter, which has its own words
    if (!line) {
      line = document.createElement("div");
      line.className = "sr-only";
      line.setAttribute("role", "status");
      document.body.append(line);
    }
    line.textContent = here.title;
    if (document.activeElement === document.body) {
      document.getElementById("main")?.focus({ preventScroll: true });
    }
  };
  new MutationObserver(() => {
    if (location.pathname !== here.path) {
      here = { ...here, path: location.pathname, since: performance.now() };
    }
    clearTimeout(settling);
    settling = setTimeout(announce, SETTLES_MS);
  }).observe(document.head, { childList: true, subtree: true, characterData: true });

  // The browser's own bars have the page's colour.
  const paintBars = () => {
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--color-bg").trim();
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", colour);
  };
  new MutationObserver(paintBars).observe(document.documentElement, { attributeFilter: ["class"] });
  if (document.documentElement.classList.contains("light")) addEventListener("load", paintBars);

  // Without network a link loads a document: the service worker has those that were seen, and a page
  // for the others. React would wait for a socket.
  addEventListener("click", (event) => {
    const to = navigator.onLine ? null : closest(event, "a[href^='/']");
    if (to) event.stopPropagation();
  }, { capture: true });
  // Last of all: the first visit needs the line for itself.
  if ("serviceWorker" in navigator && !/\/admin(\/|$)/.test(location.pathname)) {
    addEventListener("load", () => setTimeout(() => {
      navigator.serviceWorker.register("/service-worker.js").catch(() => {}); // forbidden: no harm
    }, 2500));
  }

  // Hero: a swipe chooses the next featured film.
  let start = null;
  document.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    start = event.touches.length === 1 && closest(event, ".home-hero")
      ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    const touch = event.changedTouches[0];
    if (!start || !touch) return;
    const x = touch.clientX - start.x;
    const y = touch.clientY - start.y;
    start = null;
    if (Math.abs(x) < 48 || Math.abs(x) < 2 * Math.abs(y)) return;
    const hero = closest(event, ".home-hero");
    const choices = [...hero.querySelectorAll(".picker input")];
    const chosen = choices.findIndex((choice) => choice.checked);
    const step = (x < 0 ? 1 : -1) * forward(hero);
    choices[(chosen + step + choices.length) % choices.length]?.click();
  }, { passive: true });
})();
