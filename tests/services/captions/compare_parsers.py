"""Prints what other WebVTT parsers make of the cases in tests/fixtures/webvtt.

    python -m tests.services.captions.compare_parsers              our parser and webvtt-py
    python -m tests.services.captions.compare_parsers --chromium   and Chromium, as a referee

A cue counts as the same if its times and its text are; identifiers and placement are compared for
Chromium only, as webvtt-py does not read them alike.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
from typing import Any

import webvtt as webvtt_py

from portal.services.captions import CaptionError, webvtt
from tests.services.captions import webvtt_cases

Seen = list[tuple[float, float, str]] | str

_CHROMIUM_SCRIPT = """async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const video = document.createElement('video');
  const track = document.createElement('track');
  track.default = true;
  const settled = new Promise((resolve) => {
    track.onload = () => resolve('load');
    track.onerror = () => resolve('refused');
  });
  track.src = URL.createObjectURL(new Blob([bytes], { type: 'text/vtt' }));
  video.append(track);
  document.body.append(video);
  track.track.mode = 'hidden';
  if ((await settled) !== 'load') return 'refused';
  return Array.from(track.track.cues, (c) => [c.startTime, c.endTime, c.text, c.id, c.align, c.line,
    c.snapToLines, c.position, c.size, c.vertical]);
}"""


def expected(name: str) -> Seen:
    case = webvtt_cases.load(name)[1]
    if "error" in case:
        return "refused"
    return [(cue["start_s"], cue["end_s"], cue["text"]) for cue in case["cues"]]


def with_ours(data: bytes) -> Seen:
    try:
        return [(cue.start_s, cue.end_s, cue.text) for cue in webvtt.parse(data).cues]
    except CaptionError:
        return "refused"


def with_webvtt_py(data: bytes) -> Seen:
    try:
        parsed = webvtt_py.from_buffer(io.BytesIO(data))
        # Its `start_in_seconds` is cut to whole seconds; `start` keeps the milliseconds.
        return [(_seconds(c.start), _seconds(c.end), c.raw_text) for c in parsed]
    except webvtt_py.errors.MalformedFileError:
        return "refused"
    except Exception as error:  # it lets several kinds through; each is a finding for the table
        return f"{type(error).__name__}: {error}"


def _seconds(timestamp: str) -> float:
    time_s = webvtt.parse_timestamp(timestamp)
    assert time_s is not None
    return time_s


def describe(seen: Seen, right: Seen) -> str:
    if seen == right:
        return "same"
    if isinstance(seen, str) or isinstance(right, str):
        return seen if isinstance(seen, str) else f"accepted, {len(seen)} cues"
    if len(seen) != len(right):
        return f"{len(seen)} cues instead of {len(right)}"
    differing = [(a, b) for a, b in zip(seen, right, strict=True) if a != b]
    found, wanted = differing[0]
    what = "times" if found[:2] != wanted[:2] else "text"
    part = (found[:2], wanted[:2]) if what == "times" else (found[2], wanted[2])
    return f"{len(differing)} cues differ, e.g. {what} {part[0]!r} instead of {part[1]!r}"


def compare_with_webvtt_py() -> None:
    print(f"| case | expected | ours | webvtt-py {webvtt_py.__version__} |")
    print("| --- | --- | --- | --- |")
    right_ours = right_other = 0
    for name in webvtt_cases.NAMES:
        data, right = webvtt_cases.load(name)[0], expected(name)
        ours, other = (describe(seen(data), right) for seen in (with_ours, with_webvtt_py))
        right_ours += ours == "same"
        right_other += other == "same"
        wanted = right if isinstance(right, str) else f"{len(right)} cues"
        print(f"| {name} | {wanted} | {ours} | {other.replace('|', '/')} |")
    total = len(webvtt_cases.NAMES)
    print(f"\nRight: ours {right_ours} of {total}, webvtt-py {right_other} of {total}.")


def compare_with_chromium() -> None:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM_PATH")
    same = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        for name in webvtt_cases.NAMES:
            data = webvtt_cases.load(name)[0]
            theirs: Any = page.evaluate(_CHROMIUM_SCRIPT, base64.b64encode(data).decode())
            ours = _as_dom(data)
            if theirs == ours:
                same += 1
            elif isinstance(theirs, str) or isinstance(ours, str) or len(theirs) != len(ours):
                print(f"{name}: Chromium {theirs}, ours {ours}")
            else:
                pairs = zip(theirs, ours, strict=True)
                print(f"{name}: " + "; ".join(f"{a} / {b}" for a, b in pairs if a != b))
        version = browser.version
        browser.close()
    print(f"Chromium {version} agrees on {same} of {len(webvtt_cases.NAMES)} files.")


def _as_dom(data: bytes) -> list[list[Any]] | str:
    try:
        document = webvtt.parse(data)
    except CaptionError:
        return "refused"
    in_dom_order = sorted(document.cues, key=lambda cue: (cue.start_s, -cue.end_s))
    return [_cue_as_dom(cue) for cue in in_dom_order]


def _cue_as_dom(cue: webvtt.Cue) -> list[Any]:
    settings = cue.settings
    line = "auto" if settings.line is None else settings.line
    position = "auto" if settings.position is None else settings.position
    placed = [settings.align, line, settings.snap_to_lines, position, settings.size]
    return [cue.start_s, cue.end_s, cue.text, cue.id, *placed, settings.vertical]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chromium", action="store_true")
    arguments = parser.parse_args()
    compare_with_webvtt_py()
    if arguments.chromium:
        compare_with_chromium()
