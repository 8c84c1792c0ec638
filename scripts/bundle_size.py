"""What a first visit of each route downloads: brotli bytes of its modules and stylesheets."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / ".web" / "build" / "client"
_STATIC_IMPORT = re.compile(r"""(?:from|import)\s*["'`]\./([\w.\-]+\.js)["'`]""")


@dataclass(frozen=True)
class RouteSize:
    """Bytes after brotli at its best, as the build compresses."""

    route: str
    js: int
    css: int
    modules: tuple[str, ...]


def _brotli(path: Path) -> int:
    return len(brotli.compress(path.read_bytes(), quality=11))


def _closure(start: set[str]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        path = CLIENT / "assets" / name
        if name in seen or not path.exists():
            continue
        seen.add(name)
        todo += _STATIC_IMPORT.findall(path.read_text(errors="ignore"))
    return seen


def _entry_modules() -> set[str]:
    """What every page loads: the entry, the root and the manifest, from the home page's HTML."""
    html = (CLIENT / "index.html").read_text()
    names = set(re.findall(r'/assets/([\w.\-]+\.js)"', html))
    return {name for name in names if not name.startswith("_index-")}


def route_modules() -> dict[str, str]:
    """Route to its own module, from React Router's manifest."""
    manifest = next((CLIENT / "assets").glob("manifest-*.js")).read_text()
    found = re.findall(r'"path":"([^"]*)"[^}]*?"module":"/assets/([\w.\-]+\.js)"', manifest)
    routes = {f"/{path}".replace("//", "/"): module for path, module in found}
    index = re.search(r'"index":true[^}]*?"module":"/assets/(_index-[\w.\-]+\.js)"', manifest)
    if index:
        routes["/"] = index[1]
    return routes


def route_stylesheets() -> dict[str, set[str]]:
    """A route's own module to the stylesheets that come with it, from the manifest."""
    manifest = next((CLIENT / "assets").glob("manifest-*.js")).read_text()
    found = re.findall(
        r'"module":"/assets/([\w.\-]+\.js)","imports":\[[^\]]*\],"css":\[([^\]]*)\]', manifest
    )
    return {module: set(re.findall(r"/assets/([\w.\-]+\.css)", sheets)) for module, sheets in found}


def measure() -> list[RouteSize]:
    """Sizes of all routes of the present build."""
    shared = _entry_modules()
    shared_css = set(re.findall(r"/assets/([\w.\-]+\.css)", (CLIENT / "index.html").read_text()))
    own_css = route_stylesheets()
    sizes = []
    for route, module in sorted(route_modules().items()):
        modules = _closure(shared | {module})
        js = sum(_brotli(CLIENT / "assets" / name) for name in modules)
        css = sum(
            _brotli(CLIENT / "assets" / name) for name in shared_css | own_css.get(module, set())
        )
        sizes.append(RouteSize(route, js, css, tuple(sorted(modules))))
    return sizes


def main() -> None:
    """Print a table; with `-v` the modules too."""
    for size in measure():
        print(f"{size.route:32} JS {size.js / 1024:7.1f} KiB   CSS {size.css / 1024:5.1f} KiB")
        if "-v" in sys.argv:
            for name in size.modules:
                print(f"    {_brotli(CLIENT / 'assets' / name) / 1024:7.1f}  {name}")


if __name__ == "__main__":
    main()
