"""From ttconv's model of a TTML, SCC or EBU STL file to cues.

ttconv reads these formats; its own WebVTT writer is not used, as it takes time quadratic in the
number of captions (7 s for 2,000), writes "&" and "<" unescaped, and drops ruby and the horizontal
position. What is kept: italics, bold, underline, the text colours, ruby, vertical writing, and the
place on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ttconv import model
from ttconv.style_properties import DisplayType, StyleProperties, VisibilityType

from portal.services.captions.errors import CaptionError
from portal.services.captions.overlaps import flatten
from portal.services.captions.timed_text_context import Context, Placer, with_styles
from portal.services.captions.timed_text_markup import SPACES, Markup, ruby_text
from portal.services.captions.webvtt import Cue, CueSettings, Style, escape_text

DEFAULT_DURATION_S: Final = 5
"""How long a caption without an end is shown, at most until the next one starts."""

MAX_WORK: Final = 4_000_000
"""Timed parts of one paragraph times instants at which they change."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of text, already as cue text, with the time it is shown ("\\n" is a line break)."""

    begin: Fraction
    end: Fraction | None
    text: str
    context: Context


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a model.

    Attributes:
        cues: In order of start time, without overlaps in one place.
        styles: A style sheet for colours that WebVTT has no class for.
        endless: How many captions had no end and were given one.
        before_zero: How many captions would start before the film does, and were left out.
    """

    cues: tuple[Cue, ...]
    styles: tuple[Style, ...]
    endless: int
    before_zero: int


def extract(document: Any, *, boxes_follow_text: bool = False) -> Extracted:
    """Cues from a ttconv `ContentDocument`.

    Args:
        document: The model.
        boxes_follow_text: Regions were made to fit the text (SCC), so text in a box in the middle
            of the screen was meant to be centred, whatever its alignment in the box.
    """
    return _Extractor(document, boxes_follow_text).run()


class _Extractor:
    def __init__(self, document: Any, boxes_follow_text: bool) -> None:
        self._document = document
        self._placer = Placer(document, boxes_follow_text=boxes_follow_text)
        self._markup = Markup()

    def run(self) -> Extracted:
        body = self._document.get_body()
        pieces: list[tuple[Fraction, Fraction | None, str, CueSettings]] = []
        if body is not None:
            root = Context(Fraction(0), None)
            for paragraph, context in self._paragraphs(body, root):
                pieces.extend(self._pieces(paragraph, context))
        starts = sorted({piece[0] for piece in pieces})
        following = dict(pairwise(starts))
        cues: list[Cue] = []
        endless = before_zero = 0
        for begin, own_end, text, settings in sorted(pieces, key=lambda piece: piece[0]):
            end = own_end
            if end is None:
                endless += 1
                end = min(begin + DEFAULT_DURATION_S, following.get(begin, begin + 3600))
            if begin < 0:
                before_zero += 1
            elif begin < end:
                cues.append(Cue("", _to_ms(begin), _to_ms(end), text, settings))
        return Extracted(
            cues=flatten(cues),
            styles=self._markup.styles(),
            endless=endless,
            before_zero=before_zero,
        )

    def _paragraphs(self, element: Any, parent: Context) -> Iterator[tuple[Any, Context]]:
        context = self._enter(element, parent)
        if context is None:
            return
        if isinstance(element, model.P):
            yield element, context
            return
        for child in element:
            yield from self._paragraphs(child, context)

    def _enter(self, element: Any, parent: Context) -> Context | None:
        """The context within an element, or None if nothing of it is ever shown."""
        get = element.get_style
        if get(StyleProperties.Display) is DisplayType.none:
            return None
        if get(StyleProperties.Visibility) is VisibilityType.hidden:
            return None
        begin = parent.begin + (element.get_begin() or 0)
        end = parent.end
        if element.get_end() is not None:
            own_end = parent.begin + element.get_end()
            end = own_end if end is None else min(end, own_end)
        own_region = element.get_region()  # an element without children is false
        region = parent.region if own_region is None else own_region
        context = replace(parent, begin=begin, end=end, region=region)
        if region is not None and region is not parent.region:
            context = with_styles(context, region.get_style)
        return replace(
            with_styles(context, get),
            preserve=element.get_space() is model.WhiteSpaceHandling.PRESERVE,
        )

    def _pieces(
        self, paragraph: Any, context: Context
    ) -> Iterator[tuple[Fraction, Fraction | None, str, CueSettings]]:
        """The paragraph, cut where parts of it appear or disappear."""
        runs = [run for child in paragraph for run in self._runs(child, context)]
        settings = self._placer.settings(context)
        times = {run.begin for run in runs} | {run.end for run in runs if run.end is not None}
        bounds: list[Fraction | None] = [*sorted(times)]
        if any(run.end is None for run in runs):
            bounds.append(None)
        if len(bounds) * len(runs) > MAX_WORK:
            raise CaptionError(
                "One paragraph of the file has too many separately timed parts."
                " Export it with one paragraph for each caption.",
                reason="too-complex",
            )
        for begin, end in pairwise(bounds):
            if begin is None:
                continue
            shown = [r for r in runs if r.begin <= begin and (r.end is None or r.end > begin)]
            text = self._markup.join((run.text, run.context) for run in shown)
            if text:
                yield begin, end, text, settings

    def _runs(self, element: Any, parent: Context) -> Iterator[_Run]:
        if isinstance(element, model.Br):
            yield _Run(parent.begin, parent.end, "\n", parent)
            return
        if isinstance(element, model.Text):
            text = element.get_text()
            text = text.replace("\r", "\n") if parent.preserve else SPACES.sub(" ", text)
            yield _Run(parent.begin, parent.end, escape_text(text), parent)
            return
        context = self._enter(element, parent)
        if context is None:
            return
        if isinstance(element, model.Ruby):
            text = ruby_text(element)
            if text:
                yield _Run(context.begin, context.end, text, context)
            return
        for child in element:
            yield from self._runs(child, context)


def _to_ms(time: Fraction) -> float:
    return round(time * 1000) / 1000
