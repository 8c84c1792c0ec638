"""Puts into a rendered document what React does not: the seed, structured data, what loads first.

The places matter. React hydrates the whole document: its own elements must stay as they are, and
in their order. Links at the top of the head and scripts at the end of the body are not paired with
anything of its tree; a stray one elsewhere makes it build the document anew (error 418).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from portal.api.wording import in_language
from portal.components.seed import SEED_ID
from portal.first_paint.renderer import NotRendered
from portal.first_paint.seeds import script_json
from portal.languages import ENGLISH, LANGUAGES, Language

# Before it a phone's viewport counts as 980 px wide, and media queries choose the wrong picture.
_VIEWPORT = '<meta content="width=device-width, initial-scale=1" name="viewport"/>'
_BODY_END = "</body></html>"
_MODULES = re.compile(r'<link rel="modulepreload" href="([^"]+)"/>')
_ENTRY = re.compile(r'<script type="module" async="">(import .*?)</script>', re.DOTALL)
_BOOT_ID = "portal-boot"

# The scripts of the page compete with its picture for a thin line and a slow processor. They are
# fetched when the picture is there, before what stands further down, and they run when the page has
# been painted, or at the first touch; links and forms work without them.
_LATE_BOOT = """<script>(()=>{const boot=document.getElementById("BOOT");let fetched=0,run=0;
const fetchAll=()=>{if(!fetched++)for(const href of JSON.parse(boot.dataset.modules)){
const link=document.createElement("link");link.rel="modulepreload";link.href=href;
document.head.append(link)}},go=()=>{fetchAll();if(run++)return;
const script=document.createElement("script");script.type="module";
script.textContent=boot.textContent;document.body.append(script)},
seen=()=>{fetchAll();requestAnimationFrame(()=>requestAnimationFrame(()=>setTimeout(go)))},
picture=document.querySelector("img[fetchpriority=high]");
!picture||picture.complete?seen():["load","error"].map(on=>picture.addEventListener(on,seen));
setTimeout(go,3000);for(const on of["pointerdown","keydown","touchstart"])
addEventListener(on,go,{once:true,capture:true,passive:true})})()</script>"""
_LATE_BOOT = _LATE_BOOT.replace("\n", "").replace("BOOT", _BOOT_ID)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is wanted before the stylesheet says so.

    Attributes:
        href: For browsers that do not know `srcset`.
        srcset: As in the element that shows it.
        sizes: As in the element that shows it.
        media: Where it is shown; "" everywhere.
    """

    href: str
    srcset: str = ""
    sizes: str = ""
    media: str = ""

    def link(self) -> str:
        """The preload."""
        attributes = {
            "rel": "preload",
            "as": "image",
            "type": "image/avif",
            "fetchpriority": "high",
            "href": self.href,
            "imagesrcset": self.srcset,
            "imagesizes": self.sizes,
            "media": self.media,
        }
        given = " ".join(f'{n}="{escape(v)}"' for n, v in attributes.items() if v)
        return f"<link {given}/>"


@dataclass(frozen=True, slots=True)
class Extras:
    """What a page's document has besides what React renders.

    Attributes:
        pictures: What is preloaded.
        structured_data: schema.org things, as JSON-LD.
        late_boot: Whether the scripts wait until the page is seen.
        address: Path and query of the page itself, without a language; "" where it is not to be
            found in any.
    """

    pictures: list[Picture] = field(default_factory=list)
    structured_data: list[dict[str, Any]] = field(default_factory=list)
    late_boot: bool = True
    address: str = ""


def alternates(origin: str, address: str) -> str:
    """The links by which search engines find a page in each language."""
    named = [(language.code, language.path(address)) for language in LANGUAGES]
    return "".join(
        f'<link rel="alternate" hreflang="{code}" href="{escape(origin + path)}"/>'
        for code, path in [*named, ("x-default", address)]
    )


def finish(
    document: str, seed: str, extras: Extras, origin: str = "", language: Language = ENGLISH
) -> str:
    """The document as it is sent.

    Args:
        document: What React rendered.
        seed: JSON of the state that it was rendered from.
        extras: What it has besides.
        origin: Scheme and host of links that leave the site.
        language: What it is written in.

    Raises:
        NotRendered: The document is not one that the browser could go on with.
    """
    if _VIEWPORT not in document or not document.endswith(_BODY_END):
        raise NotRendered("the document has another shape than this version of Reflex gives it")
    links = "".join(picture.link() for picture in extras.pictures)
    if extras.address:
        links += alternates(origin, extras.address)
    document = in_language(document, language)
    document = document.replace(_VIEWPORT, _VIEWPORT + links, 1)
    data = "".join(
        f'<script type="application/ld+json">{script_json(item)}</script>'
        for item in extras.structured_data
    )
    seeded = f'<script type="application/json" id="{SEED_ID}">{seed}</script>'
    body = document.removesuffix(_BODY_END)
    if extras.late_boot:
        body = _with_late_boot(body)
    return body + data + seeded + _BODY_END


def _with_late_boot(document: str) -> str:
    modules = _MODULES.findall(document)
    if not modules or len(_ENTRY.findall(document)) != 1:
        return document
    names = escape(json.dumps(modules))
    document = _MODULES.sub("", document)
    return _ENTRY.sub(
        lambda entry: (
            f'<script type="text/plain" id="{_BOOT_ID}" data-modules="{names}">{entry[1]}</script>'
            + _LATE_BOOT
        ),
        document,
    )
