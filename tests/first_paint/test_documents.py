"""What a rendered document gets besides, and that nothing in it can end a script."""

from __future__ import annotations

import json
import re

import pytest

from portal.first_paint.documents import Extras, Picture, finish
from portal.first_paint.renderer import NotRendered
from portal.first_paint.seeds import script_json

HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/>'
    '<meta content="width=device-width, initial-scale=1" name="viewport"/>'
    '<link rel="modulepreload" href="/assets/a.js"/><link rel="modulepreload" href="/assets/b.js"/>'
)
BODY = (
    "</head><body><main>Film</main>"
    '<script type="module" async="">import "/assets/a.js";\nimport("/assets/b.js");</script>'
    "</body></html>"
)


def test_scripts_wait_until_the_page_is_seen() -> None:
    document = finish(HEAD + BODY, "{}", Extras())
    assert '<link rel="modulepreload"' not in document
    boot = re.search(r'<script type="text/plain" id="portal-boot" data-modules="(.+?)">(.+?)</sc',
                     document, re.DOTALL)  # fmt: skip
    assert boot is not None
    assert json.loads(boot[1].replace("&quot;", '"')) == ["/assets/a.js", "/assets/b.js"]
    assert boot[2] == 'import "/assets/a.js";\nimport("/assets/b.js");'
    assert "\n" not in document.split("</script>")[1]


def test_a_page_that_cannot_wait_keeps_its_scripts() -> None:
    document = finish(HEAD + BODY, "{}", Extras(late_boot=False))
    assert document.count('<link rel="modulepreload"') == 2
    assert "portal-boot" not in document


def test_a_document_of_an_unknown_shape_keeps_its_scripts_or_is_refused() -> None:
    two = BODY.replace("<main>", '<script type="module" async="">import "/x.js";</script><main>')
    assert "portal-boot" not in finish(HEAD + two, "{}", Extras())
    for broken in (HEAD.replace("viewport", "other") + BODY, HEAD + BODY + "<!-- more -->"):
        with pytest.raises(NotRendered):
            finish(broken, "{}", Extras())


def test_pictures_come_after_the_viewport_and_data_at_the_end() -> None:
    picture = Picture("/a.avif", srcset="/a.avif 1x", media="(max-width: 640px)")
    film = {"@type": "Movie", "name": 'A </script><b>"film"'}
    document = finish(HEAD + BODY, '{"a":1}', Extras([picture], [film]))
    assert document.index('name="viewport"') < document.index('as="image"')
    assert 'media="(max-width: 640px)"' in document
    data = re.search(r'<script type="application/ld\+json">(.+?)</script>', document)
    assert data is not None
    assert json.loads(data[1]) == film
    assert document.endswith('id="portal-seed">{"a":1}</script></body></html>')


def test_nothing_in_a_seed_ends_its_script() -> None:
    nasty = {"title": "</script><script>alert(1)</script><!-- \u2028\u2029"}
    text = script_json(nasty)
    assert not re.search("[<>\u2028\u2029]", text)
    assert json.loads(text) == nasty
