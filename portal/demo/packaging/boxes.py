"""Read and write the few ISO base media boxes that HLS packaging needs.

Sources: ISO/IEC 14496-12 (boxes, ``moof``, ``traf``, ``trun``), 14496-15 (``avcC``),
14496-1 (``esds``), RFC 6381 (codec strings).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from portal.demo.errors import MalformedMedia

_TFHD_BASE_OFFSET, _TFHD_DESCRIPTION = 0x1, 0x2
_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS = 0x8, 0x10, 0x20
_TFHD_BASE_IS_MOOF = 0x020000
_TRUN_OFFSET, _TRUN_FIRST_FLAGS = 0x1, 0x4
_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_CTS = 0x100, 0x200, 0x400, 0x800

SAMPLE_IS_NON_SYNC = 0x00010000
"""The bit of a sample's flags that says "not a sync sample" (14496-12, 8.8.3.1)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box inside ``data``: its type and where its header and its content are."""

    type: str
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture or audio frame; times in the track's timescale."""

    data: bytes
    duration: int
    composition_offset: int
    flags: int

    @property
    def is_sync(self) -> bool:
        """Whether decoding can start here."""
        return not self.flags & SAMPLE_IS_NON_SYNC


@dataclass(frozen=True, slots=True)
class Fragment:
    """One ``moof`` + ``mdat`` of a single track."""

    track_id: int
    decode_time: int
    samples: tuple[Sample, ...]

    @property
    def duration(self) -> int:
        """Sum of the sample durations, in the track's timescale."""
        return sum(sample.duration for sample in self.samples)


def iterate_boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the boxes that lie side by side in ``data[start:end]``.

    Raises:
        MalformedMedia: A box reaches beyond its parent.
    """
    end = len(data) if end is None else end
    while start < end:
        if start + 8 > end:
            raise MalformedMedia(f"A box header at byte {start} is cut off.")
        size, kind = struct.unpack_from(">I4s", data, start)
        body = start + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise MalformedMedia(f"The box {kind!r} at byte {start} reaches beyond its parent.")
        yield Box(kind.decode("latin-1"), start, body, start + size)
        start += size


def find_box(data: bytes, path: str, start: int = 0, end: int | None = None) -> Box:
    """Return the first box at ``path``, for example ``"moov/trak/mdia/mdhd"``.

    Raises:
        MalformedMedia: There is none.
    """
    found: Box | None = None
    for kind in path.split("/"):
        found = next((box for box in iterate_boxes(data, start, end) if box.type == kind), None)
        if found is None:
            raise MalformedMedia(f"There is no box {path!r} (missing {kind!r}).")
        start, end = found.body, found.end
    assert found is not None
    return found


def split_initialization(data: bytes) -> tuple[bytes, bytes]:
    """Split a fragmented MP4 into its initialization part (``ftyp`` + ``moov``) and the rest."""
    ftyp, moov = find_box(data, "ftyp"), find_box(data, "moov")
    return data[ftyp.start : ftyp.end] + data[moov.start : moov.end], data[moov.end :]


def read_timescale(initialization: bytes) -> int:
    """Return the media timescale of the first track, in units per second."""
    box = find_box(initialization, "moov/trak/mdia/mdhd")
    version = initialization[box.body]
    (timescale,) = struct.unpack_from(">I", initialization, box.body + (20 if version else 12))
    return int(timescale)


def read_codec(initialization: bytes) -> str:
    """Return the RFC 6381 codec string of the first track: ``avc1.PPCCLL`` or ``mp4a.40.N``.

    Raises:
        MalformedMedia: The track is neither H.264 nor AAC.
    """
    stsd = find_box(initialization, "moov/trak/mdia/minf/stbl/stsd")
    entry = next(iterate_boxes(initialization, stsd.body + 8, stsd.end))
    if entry.type in ("avc1", "avc3"):
        avcc = find_box(initialization, "avcC", entry.body + 78, entry.end)
        profile = initialization[avcc.body + 1 : avcc.body + 4]
        return f"{entry.type}.{profile.hex().upper()}"
    if entry.type == "mp4a":
        esds = find_box(initialization, "esds", entry.body + 28, entry.end)
        return f"mp4a.40.{_audio_object_type(initialization[esds.body + 4 : esds.end])}"
    raise MalformedMedia(f"No codec string is known for a track of type {entry.type!r}.")


def read_dimensions(initialization: bytes) -> tuple[int, int]:
    """Return coded width and height of the first (video) track, in pixels."""
    stsd = find_box(initialization, "moov/trak/mdia/minf/stbl/stsd")
    entry = next(iterate_boxes(initialization, stsd.body + 8, stsd.end))
    width, height = struct.unpack_from(">HH", initialization, entry.body + 24)
    return int(width), int(height)


def _audio_object_type(descriptors: bytes) -> int:
    """Walk ES_Descriptor > DecoderConfig > DecoderSpecificInfo to the audio object type."""
    position = 0
    while position < len(descriptors):
        tag = descriptors[position]
        position += 1
        length = 0
        while True:
            byte = descriptors[position]
            position += 1
            length = length << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        if tag == 0x03:  # ES_Descriptor: ES_ID and flags (no optional fields are written)
            position += 3
        elif tag == 0x04:  # DecoderConfigDescriptor: 13 bytes, then the specific info
            position += 13
        elif tag == 0x05:
            return descriptors[position] >> 3
        else:
            position += length
    raise MalformedMedia("The audio track carries no DecoderSpecificInfo.")


def read_fragments(data: bytes) -> Iterator[Fragment]:
    """Yield the fragments of a single-track fragmented MP4, samples included.

    Raises:
        MalformedMedia: A fragment has several tracks or data outside its ``mdat``.
    """
    for box in iterate_boxes(data):
        if box.type == "moof":
            yield _read_fragment(data, box)


def _read_fragment(data: bytes, moof: Box) -> Fragment:
    tracks = [b for b in iterate_boxes(data, moof.body, moof.end) if b.type == "traf"]
    if len(tracks) != 1:
        raise MalformedMedia(f"A fragment has {len(tracks)} tracks where one is expected.")
    traf = tracks[0]
    tfhd = find_box(data, "tfhd", traf.body, traf.end)
    tfdt = find_box(data, "tfdt", traf.body, traf.end)
    flags, track_id = struct.unpack_from(">II", data, tfhd.body)
    flags &= 0xFFFFFF
    at = tfhd.body + 8 + 8 * bool(flags & _TFHD_BASE_OFFSET) + 4 * bool(flags & _TFHD_DESCRIPTION)
    defaults = []
    for bit in (_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS):
        value = struct.unpack_from(">I", data, at)[0] if flags & bit else 0
        at += 4 * bool(flags & bit)
        defaults.append(value)
    layout = ">Q" if data[tfdt.body] else ">I"
    (decode_time,) = struct.unpack_from(layout, data, tfdt.body + 4)
    samples: list[Sample] = []
    for box in iterate_boxes(data, traf.body, traf.end):
        if box.type == "trun":
            samples += _read_run(data, moof.start, box, *defaults)
    return Fragment(track_id, decode_time, tuple(samples))


def _read_run(
    data: bytes, base: int, trun: Box, duration: int, size: int, flags: int
) -> list[Sample]:
    head, count = struct.unpack_from(">II", data, trun.body)
    signed = bool(head >> 24)
    at = trun.body + 8
    offset = 0
    if head & _TRUN_OFFSET:
        (offset,) = struct.unpack_from(">i", data, at)
        at += 4
    first_flags: int | None = None
    if head & _TRUN_FIRST_FLAGS:
        (first_flags,) = struct.unpack_from(">I", data, at)
        at += 4
    position = base + offset
    samples = []
    for index in range(count):
        values = {_TRUN_DURATION: duration, _TRUN_SIZE: size, _TRUN_FLAGS: flags, _TRUN_CTS: 0}
        for bit in values:
            if head & bit:
                layout = ">i" if bit == _TRUN_CTS and signed else ">I"
                (values[bit],) = struct.unpack_from(layout, data, at)
                at += 4
        if index == 0 and first_flags is not None and not head & _TRUN_FLAGS:
            values[_TRUN_FLAGS] = first_flags
        end = position + values[_TRUN_SIZE]
        if end > len(data):
            raise MalformedMedia(f"Sample {index} of a fragment lies beyond the file's end.")
        samples.append(
            Sample(
                data[position:end],
                values[_TRUN_DURATION],
                values[_TRUN_CTS],
                values[_TRUN_FLAGS],
            )
        )
        position = end
    return samples


def make_box(kind: str, *parts: bytes) -> bytes:
    """Return a box of type ``kind`` with ``parts`` as its content."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind.encode("ascii")) + body


def write_fragment(fragment: Fragment, sequence_number: int) -> bytes:
    """Return ``moof`` + ``mdat`` of a fragment, data addressed relative to the ``moof``."""
    run_flags = _TRUN_OFFSET | _TRUN_DURATION | _TRUN_SIZE | _TRUN_FLAGS | _TRUN_CTS
    rows = b"".join(
        struct.pack(">IIIi", s.duration, len(s.data), s.flags, s.composition_offset)
        for s in fragment.samples
    )

    def moof(data_offset: int) -> bytes:
        trun = struct.pack(">IIi", 1 << 24 | run_flags, len(fragment.samples), data_offset)
        return make_box(
            "moof",
            make_box("mfhd", struct.pack(">II", 0, sequence_number)),
            make_box(
                "traf",
                make_box("tfhd", struct.pack(">II", _TFHD_BASE_IS_MOOF, fragment.track_id)),
                make_box("tfdt", struct.pack(">IQ", 1 << 24, fragment.decode_time)),
                make_box("trun", trun, rows),
            ),
        )

    head = moof(len(moof(0)) + 8)
    return head + make_box("mdat", *(sample.data for sample in fragment.samples))
