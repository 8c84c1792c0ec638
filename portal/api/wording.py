"""The interface's messages as the browser loads them: one script a language, kept for ever.

A document in another language than English imports it before anything else of the page
(`assets/site/i18n.js` reads what it sets). It holds only messages of code that runs in the browser.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.api.documents import Document
from portal.languages import Language, by_code
from portal.services.translation import catalog

# What runs in the browser; `errors` are told by the player in the words of the API.
_CLIENT = (
    "assets/",
    "portal/components/",
    "portal/pages/",
    "portal/services/errors.py",
    "portal/services/genres.py",
)
_ENGLISH = ("assets/manage/", "portal/components/admin/", "portal/pages/admin/")
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Wording:
    """Messages of a language.

    Attributes:
        path: Where the browser finds them; "" for English, which needs none.
        script: What it finds there; the renderer runs it as well.
    """

    path: str = ""
    script: str = ""


@lru_cache(maxsize=16)
def wording(language: Language) -> Wording:
    """The messages of a language."""
    if not language.prefix:
        return Wording()
    messages = catalog(language)
    words: dict[str, object] = {}
    for message in messages.catalog:
        places = [place for place, _ in message.locations]
        is_shown = any(p.startswith(_CLIENT) and not p.startswith(_ENGLISH) for p in places)
        if not message.id or not is_shown:
            continue
        one = message.id if isinstance(message.id, str) else message.id[0]
        key = f"{message.context}\x04{one}" if message.context else one
        said = messages.plurals.get(key) or messages.texts.get(key)
        if said:
            words[key] = said
    head = json.dumps(
        {"code": language.code, "locale": f"{language.locale}-u-nu-latn"}, separators=(",", ":")
    )
    table = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    script = (
        f"globalThis.__portalWords={{...{head},isolates:{json.dumps(language.is_rtl)},"
        f"plural:n=>Number({messages.plural_rule}),words:{table}}};"
    )
    digest = hashlib.sha256(script.encode()).hexdigest()[:12]
    return Wording(routes.wording(language.code, digest), script)


_ENTRY = '<script type="module" async="">import '
_PRELOAD = '<link rel="modulepreload" href="'
_BASENAME = '"basename":"/"'


def in_language(document: str, language: Language) -> str:
    """A document of the build as one in a language: its router has the prefix of the language,
    its first script is the messages, and it says what it is written in and in which direction.

    Args:
        document: In English, or rendered in the language.
        language: Which.
    """
    if not language.prefix:
        return document
    words = wording(language).path
    says = f'<html lang="{language.code}" dir="{language.direction}"'
    document = document.replace('<html lang="en"', says, 1)
    document = document.replace(_BASENAME, f'"basename":"{language.prefix}"', 1)
    # Imports run in their order: the words are there before whatever asks for them.
    document = document.replace(_ENTRY, f'{_ENTRY}"{words}";import ', 1)
    return document.replace(_PRELOAD, f'{_PRELOAD}{words}"/>{_PRELOAD}', 1)


@lru_cache(maxsize=16)
def _document(language: Language) -> Document:
    document = Document.of(
        wording(language).script,
        media_type="text/javascript; charset=utf-8",
        cache_control=FOR_EVER,
    )
    document.compress_best()
    return document


async def script(request: Request) -> Response:
    """The messages of a language. An older address leads to the present ones."""
    language = by_code(request.path_params["name"])
    if language is None or not language.prefix:
        return Response(status_code=404)
    document = _document(language)
    answer = document.response(request.headers, 200, head=request.method == "HEAD")
    if wording(language).path != request.url.path:
        # Another release is being rolled out: not to be kept under this address.
        answer.headers["cache-control"] = "no-store"
    return answer


ROUTES = [Route(routes.WORDING, script)]
