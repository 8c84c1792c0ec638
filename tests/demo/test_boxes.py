"""Fragmented MP4: what is written can be read back, and nonsense is refused."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.demo.errors import MalformedMedia
from portal.demo.packaging.boxes import (
    SAMPLE_IS_NON_SYNC,
    Fragment,
    Sample,
    find_box,
    iterate_boxes,
    make_box,
    read_fragments,
    write_fragment,
)

samples = st.builds(
    Sample,
    data=st.binary(max_size=40),
    duration=st.integers(1, 5000),
    composition_offset=st.integers(-5000, 5000),
    flags=st.sampled_from([0x02000000, SAMPLE_IS_NON_SYNC | 0x01000000]),
)
fragments = st.builds(
    Fragment,
    track_id=st.integers(1, 9),
    decode_time=st.integers(0, 2**40),
    samples=st.lists(samples, min_size=1, max_size=6).map(tuple),
)


@given(st.lists(fragments, min_size=1, max_size=4))
def test_fragments_survive_a_round_trip(written: list[Fragment]):
    data = b"".join(write_fragment(fragment, n + 1) for n, fragment in enumerate(written))
    assert list(read_fragments(data)) == written


def test_a_fragment_is_one_moof_and_one_mdat():
    data = write_fragment(Fragment(1, 0, (Sample(b"abc", 10, 0, 0),)), 7)
    boxes = list(iterate_boxes(data))
    assert [box.type for box in boxes] == ["moof", "mdat"]
    assert data[boxes[1].body : boxes[1].end] == b"abc"
    mfhd = find_box(data, "moof/mfhd")
    assert struct.unpack_from(">I", data, mfhd.body + 4) == (7,)


def test_durations_add_up():
    fragment = Fragment(1, 0, (Sample(b"", 10, 0, 0), Sample(b"", 32, 0, 0)))
    assert fragment.duration == 42


def test_a_box_beyond_its_parent_is_refused():
    with pytest.raises(MalformedMedia, match="beyond its parent"):
        list(iterate_boxes(struct.pack(">I4s", 99, b"moof")))


def test_a_cut_off_header_is_refused():
    with pytest.raises(MalformedMedia, match="cut off"):
        list(iterate_boxes(make_box("free") + b"\0\0"))


def test_a_missing_box_is_named():
    with pytest.raises(MalformedMedia, match="'moov'"):
        find_box(make_box("ftyp"), "moov/trak")


def test_samples_beyond_the_end_are_refused():
    data = write_fragment(Fragment(1, 0, (Sample(b"abcdef", 10, 0, 0),)), 1)
    moof = next(iterate_boxes(data))
    with pytest.raises(MalformedMedia, match="beyond the file's end"):
        list(read_fragments(data[: moof.end] + make_box("mdat", b"ab")))
