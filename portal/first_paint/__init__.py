"""The first response of a page is the page itself: HTML with its content, from the React build.

    renderer.py     a supervised Node process that renders the server bundle which Reflex builds
    worker.mjs      what runs in it
    seeds.py        what a page's own load event puts into its state, as the browser takes it
    documents.py    what the rendered document gets besides: seed, structured data, preloads
    page_cache.py   rendered pages by catalog version and time
    first_paint.py  all of it for one request; `None` where the static template must do

Nothing here is needed for a page to work. Whatever fails, the static template is served, and the
page fills itself over the socket.
"""
