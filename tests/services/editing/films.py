"""A small HLS film on a test origin."""

from __future__ import annotations

from tests.support.origin import Origin

MULTIVARIANT = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English",LANGUAGE="en",URI="subs/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=700000,RESOLUTION=640x360,\
FRAME-RATE=25.000,CODECS="avc1.64001e,mp4a.40.2",SUBTITLES="subs"
low/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2800000,AVERAGE-BANDWIDTH=2500000,RESOLUTION=1920x1080,\
FRAME-RATE=25.000,CODECS="avc1.640028,mp4a.40.2",SUBTITLES="subs"
high/index.m3u8
"""
SUBTITLES = """#EXTM3U
#EXT-X-TARGETDURATION:12
#EXT-X-PLAYLIST-TYPE:VOD
#EXTINF:12.0,
all.vtt
#EXT-X-ENDLIST
"""
INIT = b"\x00\x00\x00\x18ftypiso6" + bytes(100)
SEGMENT = b"\x00\x00\x00\x18stypmsdh" + bytes(range(256)) * 40


def media(segments: int = 2, *, duration_s: float = 6.0, end: bool = True) -> str:
    """A media playlist with its initialization section."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{round(duration_s)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        '#EXT-X-MAP:URI="init.mp4"',
    ]
    for number in range(1, segments + 1):
        lines += [f"#EXTINF:{duration_s:.3f},", f"seg-{number}.m4s"]
    return "\n".join([*lines, "#EXT-X-ENDLIST"] if end else lines) + "\n"


def put_film(origin: Origin, folder: str = "/film", *, segments: int = 2) -> str:
    """Serve a film of `segments` times 6 s; its address."""
    origin.put(f"{folder}/main.m3u8", MULTIVARIANT, "application/vnd.apple.mpegurl")
    origin.put(f"{folder}/subs/index.m3u8", SUBTITLES.replace("12", str(6 * segments)))
    origin.put(f"{folder}/subs/all.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n", "text/vtt")
    for size in ("low", "high"):
        origin.put(f"{folder}/{size}/index.m3u8", media(segments))
        origin.put(f"{folder}/{size}/init.mp4", INIT, "video/mp4")
        for number in range(1, segments + 1):
            origin.put(f"{folder}/{size}/seg-{number}.m4s", SEGMENT, "video/iso.segment")
    return origin.url(f"{folder}/main.m3u8")
