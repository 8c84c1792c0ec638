"""Builds small caption files in the formats that are awkward to write by hand."""

from __future__ import annotations

TIMES = "00:00:01.000 --> 00:00:03.000"

TTML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ttp:frameRate="25" xml:lang="en">
 <head>
  <styling><style xml:id="orange" tts:color="#ff8800"/></styling>
  <layout>
   <region xml:id="bottom" tts:origin="10% 80%" tts:extent="80% 15%" tts:displayAlign="after"
           tts:textAlign="center"/>
   <region xml:id="top" tts:origin="10% 5%" tts:extent="80% 15%" tts:displayAlign="before"
           tts:textAlign="center"/>
   <region xml:id="left" tts:origin="10% 5%" tts:extent="40% 15%" tts:displayAlign="before"/>
   <region xml:id="tategaki" tts:origin="80% 5%" tts:extent="10% 90%" tts:writingMode="tbrl"/>
  </layout>
 </head>
"""


def ttml(paragraphs: str) -> bytes:
    return f"{TTML_HEAD}<body><div>{paragraphs}</div></body></tt>".encode()


def scc(*lines: str) -> bytes:
    return "\n\n".join(["Scenarist_SCC V1.0", *lines]).encode() + b"\n"


def scc_text(text: str) -> str:
    """Words for EIA-608 text: two characters each, with odd parity."""
    data = text.encode("ascii")
    data += b"\0" * (len(data) % 2)
    with_parity = [byte | (0x80 if byte.bit_count() % 2 == 0 else 0) for byte in data]
    return " ".join(
        f"{with_parity[i]:02x}{with_parity[i + 1]:02x}" for i in range(0, len(with_parity), 2)
    )


def stl(
    *subtitles: tuple[tuple[int, int, int, int], tuple[int, int, int, int], bytes],
    start: bytes = b"10000000",
    row: int = 20,
) -> bytes:
    """An EBU STL file (EBU Tech 3264) at 25 frames a second, open subtitling, Latin."""
    general = bytearray(b" " * 1024)
    for position, value in (
        (0, b"437STL25.01"),
        (11, b"0"),
        (12, b"00"),
        (14, b"09"),
        (238, b"%05d" % len(subtitles)),
        (243, b"%05d" % len(subtitles)),
        (248, b"001"),
        (251, b"40"),
        (253, b"23"),
        (255, b"1"),
        (256, start),
        (264, start),
    ):
        general[position : position + len(value)] = value
    blocks = b""
    for number, (begin, end, text) in enumerate(subtitles):
        head = bytes([0, *number.to_bytes(2, "little"), 255, 0, *begin, *end, row, 2, 0])
        blocks += head + text.ljust(112, b"\x8f")
    return bytes(general) + blocks
