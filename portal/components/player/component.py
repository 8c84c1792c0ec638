"""`StreamPlayer`: hls.js inside media-chrome, wrapped as a Reflex component.

All client code lives in the `.js` files and the stylesheet beside this module. The component reads
the film's slug from the route (`/watch/[movie_slug]`) and needs no state and no socket: it plays
over HTTP alone, and its props only name what plays.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

import reflex as rx
from reflex_base.components.component import field
from reflex_base.event import no_args_event_spec, passthrough_event_spec

HLS_JS = "hls.js@1.7.4"
MEDIA_CHROME = "media-chrome@4.19.4"
MEDIA_TRACKS = "media-tracks@0.3.5"
_HERE = Path(__file__).parent
# In the order of their use: each file only needs those before it when it is loaded.
_SCRIPTS = (
    "play_trace.js",
    "token_source.js",
    "hls_setup.js",
    "recovery.js",
    "tracks.js",
    "qoe.js",
    "film.js",
    "caption_style.js",
    "transcript.js",
    "stream_player.js",
)


@lru_cache(maxsize=16)
def source(name: str) -> str:
    """Text of one of the client files beside this module."""
    return (_HERE / name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """The player's styles without comments and line breaks, as they stand in its script."""
    text = re.sub(r"/\*.*?\*/", "", source("stream_player.css"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).strip()


def side_effect(path: str) -> rx.ImportVar:
    """An import of one of media-chrome's elements for its registration alone."""
    return rx.ImportVar(tag=None, package_path=f"/dist/{path}.js")


class StreamPlayer(rx.Component):
    """A film with what a viewer must be told of it; children are media-chrome elements.

    Event arguments are scalars. Errors and notices are shown by the player itself.
    """

    library = None
    tag = "StreamPlayer"

    movie: rx.Var[str] = field(doc="Id or slug of the film, where the address does not name it.")
    title: rx.Var[str] = field(
        doc="The film's title, for screen readers and the system's media controls."
    )
    art: rx.Var[str] = field(doc="Base path of the film's artwork; its backdrop is the poster.")
    auto_play: rx.Var[bool] = field(doc="Start as soon as there is something to show.")
    muted: rx.Var[bool] = field(doc="Start without sound.")
    start_at: rx.Var[float] = field(
        doc="Where to start, in seconds, unless the address says `?t=`; else where the viewer left."
    )
    back_href: rx.Var[str] = field(doc="Path where leaving the film leads.")
    next_title: rx.Var[str] = field(doc="The film that is offered after the end, if any.")
    next_href: rx.Var[str] = field(doc="Path where it plays.")
    next_art: rx.Var[str] = field(doc="Base path of its artwork.")
    browse_href: rx.Var[str] = field(doc="Path to other films, for one that is not available.")

    on_playing: rx.EventHandler[no_args_event_spec] = field(doc="The film moves.")
    on_ended: rx.EventHandler[no_args_event_spec] = field(doc="The film has ended.")
    on_failed: rx.EventHandler[passthrough_event_spec(str)] = field(
        doc="The film cannot go on by itself: the words that the viewer reads."
    )
    on_position: rx.EventHandler[passthrough_event_spec(float, float)] = field(
        doc="Every 10 s while it plays: position and duration in seconds."
    )

    def add_imports(self) -> dict[str, object]:
        """Libraries of the client code."""
        return {
            "react": ["useEffect", "useLayoutEffect", "useRef", "useState"],
            "react-router": ["Link", "useParams"],
            "@emotion/react": ["jsx"],
            "$/public/site/i18n.js": ["known", "t", "tn"],
            # Before the elements, which ask for their words when they are made.
            "$/public/site/media_words.js": rx.ImportVar(tag=None),
            HLS_JS: rx.ImportVar(tag="Hls", is_default=True),
            MEDIA_TRACKS: rx.ImportVar(tag=None, package_path="/polyfill"),
            MEDIA_CHROME: [
                side_effect("media-controller"),
                # Without it the menus show, but the keyboard does not reach their items.
                side_effect("menu/media-chrome-menu-item"),
            ],
        }

    def add_custom_code(self) -> list[str]:
        """The client code, once a module."""
        css = f"const STREAM_PLAYER_CSS = {json.dumps(stylesheet())};"
        return [css, *(source(name) for name in _SCRIPTS)]


class MediaElement(rx.Component):
    """One of media-chrome's custom elements, registered by an import of its own file."""

    library = None
    _is_tag_in_global_scope = True
    _file: str = ""

    slot: rx.Var[str] = field(doc="Where in the player: top-chrome, centered-chrome, preview, ...")
    noautohide: rx.Var[bool] = field(doc="Stays when the controls hide.")
    showduration: rx.Var[bool] = field(doc="Time display: the film's length as well.")
    seekoffset: rx.Var[int] = field(doc="Seek buttons: seconds.")
    rates: rx.Var[str] = field(doc="Speed menu: the choices, with spaces between.")
    anchor: rx.Var[str] = field(doc="Menus: `auto` stands above their own button.")
    hidden: rx.Var[bool] = field(doc="Menus: closed at first.")

    def add_imports(self) -> dict[str, object]:
        """The file that registers the element."""
        return {MEDIA_CHROME: [side_effect(self._file)]}


def media(tag: str, *children: rx.Component, menu: bool = False, **props: object) -> rx.Component:
    """A media-chrome element by its tag: `media("media-play-button")`.

    Args:
        tag: The custom element's name.
        *children: What stands in it.
        menu: Its file lies in media-chrome's folder of menus.
        **props: Props of `MediaElement`.
    """
    file = f"menu/{tag}" if menu else tag
    made = type(
        tag.title().replace("-", ""),
        (MediaElement,),
        {"tag": tag, "_file": file, "__module__": __name__, "__annotations__": {}},
    )
    return made.create(*children, **props)
