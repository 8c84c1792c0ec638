// The page without network: which pages this device has kept.
addEventListener("online", () => location.reload());
document.getElementById("again").addEventListener("click", (event) => {
  event.preventDefault();
  location.reload();
});
(async () => {
  const list = document.querySelector("#kept ul");
  for (const name of (await caches.keys()).filter((each) => each.startsWith("pages-"))) {
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).reverse()) {
      const html = await (await cache.match(request)).text();
      const title = new DOMParser().parseFromString(html, "text/html").title;
      const link = Object.assign(document.createElement("a"), { href: request.url, textContent: title });
      const entry = document.createElement("li");
      entry.append(link);
      list.append(entry);
    }
  }
  document.getElementById("kept").hidden = !list.children.length;
})().catch(() => {});
