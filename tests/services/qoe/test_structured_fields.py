"""Dictionaries of structured fields: the RFC's own examples, and what must be refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.qoe.structured_fields import (
    MAX_CHARS,
    Date,
    InnerList,
    Item,
    MalformedField,
    Token,
    parse_dictionary,
)

GOOD = {
    "": {},
    "   ": {},
    'en="Applepie", da=:w4ZibGV0w6ZydGU=:': {
        "en": Item("Applepie"),
        "da": Item("Æbletærte".encode()),
    },
    "a=?0, b, c; foo=bar": {
        "a": Item(False),
        "b": Item(True),
        "c": Item(True, {"foo": Token("bar")}),
    },
    "rating=1.5, feelings=(joy sadness)": {
        "rating": Item(1.5),
        "feelings": InnerList((Item(Token("joy")), Item(Token("sadness")))),
    },
    "a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid": {
        "a": InnerList((Item(1), Item(2))),
        "b": Item(3),
        "c": Item(4, {"aa": Token("bb")}),
        "d": InnerList((Item(5), Item(6)), {"valid": True}),
    },
    "a=1,\t b=-2.125": {"a": Item(1), "b": Item(-2.125)},
    "a=1, b=2, a=3": {"b": Item(2), "a": Item(3)},
    "at=@1659578233": {"at": Item(Date(1659578233))},
    'x=%"f%c3%bc%c3%bc"': {"x": Item("füü")},
    r'x="a\"b\\c"': {"x": Item(r"a\"b\c".replace(r"\"", '"'))},
    "x=()": {"x": InnerList(())},
    "n=999999999999999": {"n": Item(999_999_999_999_999)},
}


@pytest.mark.parametrize("text", GOOD)
def test_what_the_rfc_allows_is_read(text: str) -> None:
    assert parse_dictionary(text) == GOOD[text]


BAD = [
    "a=1,", "a=1 b=2", "a=1,,b=2", ",a=1", "A=1", "1=1", "=1", "a=", "a= 1", "a =1",
    "a=1000000000000000", "a=1.", "a=.5", "a=1.2345", "a=1234567890123.1", "a=--1", "a=-", "a=+1",
    'a="', 'a="\\x"', 'a="\\', 'a="\x7f"', 'a="é"', 'a="\n"', "a=?2", "a=?", "a=:w4ZibGV0w6ZydGU=",
    "a=:!:", "a=:A:", "a=(1", "a=(1,2)", "a=(1\t2)", 'a=(1"x")', "a=1;", "a=1;B=2", "a=1; ",
    "a=@1.5", "a=@x", 'a=%"%C3"', 'a=%"%c3"', 'a=%"%c"', "a=%x", "é=1", "a=\x00", "a=1\n", "\ta=1",
    "a=" + "(" * 50, "a", "a",
][:-2]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_anything_else_fails_the_whole(text: str) -> None:
    with pytest.raises(MalformedField):
        parse_dictionary(text)


def test_what_is_too_much_is_refused_before_it_is_read() -> None:
    for text in (
        "a=" + "1" * MAX_CHARS,
        ",".join(f"k{n}" for n in range(65)),
        "a=(" + " ".join("1" * 33) + ")",
        "a=1" + "".join(f";k{n}" for n in range(65)),
    ):
        with pytest.raises(MalformedField):
            parse_dictionary(text)


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        parse_dictionary(text)
    except MalformedField:
        return


@given(
    st.text(alphabet='abz09=(),;"\\?:@%.-_* \t', max_size=80),
)
def test_no_text_of_its_own_characters_does_either(text: str) -> None:
    try:
        parse_dictionary(text)
    except MalformedField:
        return
