"""What a player may say, and what is refused of it."""

from __future__ import annotations

import pytest

from portal.services.qoe.beats import MAX_LINES, BadBeat, parse_beats
from tests.support.qoe import line

SESSION, MOVIE = "0" * 56, "1" * 32


def one(number: int = 1, **more: object) -> str:
    return line(SESSION, MOVIE, number, **more)


def test_a_line_is_read() -> None:
    text = one(
        7, ok=1, msd=523, pl=1000, st=20, ns=1, h=540, rc=3, cc=True, cr=True, cl='"pt-BR"',
        ec='("network")',
    )  # fmt: skip
    [beat] = parse_beats(text)
    assert (beat.number, beat.start_ms, beat.height, beat.tenths) == (7, 523, 540, 3)
    assert (beat.counters.starts, beat.counters.play_ms, beat.counters.stalls) == (1, 1000, 1)
    assert (beat.caption_language, beat.caption_rendered, beat.codes) == (
        "pt-br",
        True,
        ("network",),
    )


def test_keys_that_are_not_ours_are_left_alone() -> None:
    assert parse_beats(one() + ",com.example-x=1,bl=(1000 2000),su")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "nonsense",
        one().replace("v=2", "v=1"),
        one().replace("v=2,", ""),
        one().replace(SESSION, SESSION[:-1]),
        one().replace(SESSION, "../../etc/passwd" + "0" * 40),
        one().replace(f'sid="{SESSION}"', f"sid=t{SESSION}"),
        one().replace(f'cid="{MOVIE}"', 'cid="x"'),
        one(0),
        one(100_001),
        one(1, e="xx"),
        one(1, e='"ps"'),
        one(1, sta="z"),
        one(1, sta="d"),
        one(1, pl=-1),
        one(1, pl=10**14),
        one(1, pl="1.5"),
        one(1, ns=100_001),
        one(1, ns="?1"),
        one(1, rc=1024),
        one(1, h=99999),
        one(1, cc=1),
        one(1, cc=True, cl='"<script>"'),
        one(1, ec="network"),
        one(1, ec='("Bad Code")'),
        one(1, ec="()"),
        one(1, ec="(1)"),
        one(1, msd="fast"),
        one(2) + "\n" + one(1),
        one(1) + "\n" + one(1),
        one(1) + "\n" + line("2" * 56, MOVIE, 2),
        "\n".join(one(n) for n in range(1, MAX_LINES + 2)),
    ],
)
def test_what_no_player_of_ours_sends_is_refused_whole(text: str) -> None:
    with pytest.raises(BadBeat):
        parse_beats(text)


def test_words_of_a_refusal_hold_nothing_of_what_was_sent() -> None:
    with pytest.raises(BadBeat) as refused:
        parse_beats(one(1, ec='("SECRET")'))
    assert "SECRET" not in str(refused.value)
