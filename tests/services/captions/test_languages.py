"""Language tags, names, direction, kinds and labels."""

from __future__ import annotations

import pytest

from portal.services.captions import CaptionError
from portal.services.captions.languages import (
    CaptionKind,
    display_name,
    language_choices,
    normalise_language,
    suggest_label,
    text_direction,
)


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        ("en", "en"),
        (" EN-us ", "en-US"),
        ("pt_BR", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("iw", "he"),
        ("es-419", "es-419"),
        ("sgn-ase", "sgn-ase"),
        ("qaa", "qaa"),
    ],
)
def test_tags_are_brought_into_canonical_form(tag: str, normal: str) -> None:
    assert normalise_language(tag) == normal


@pytest.mark.parametrize(
    "tag", ["", " ", "english", "xx", "en-", "en--US", "ü", "a" * 99, "en-XX-XX"]
)
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(CaptionError, match="not a language tag") as caught:
        normalise_language(tag)
    assert "language" in caught.value.fields


@pytest.mark.parametrize(
    ("tag", "name", "own_name"),
    [
        ("en", "English", "English"),
        ("pt-BR", "Portuguese (Brazil)", "Português (Brasil)"),
        ("zh-Hant-HK", "Chinese (Traditional, Hong Kong)", "中文 (繁體, 香港)"),
        ("de-LI", "German (LI)", "Deutsch (LI)"),
        ("tlh", "tlh", "tlh"),
        ("not a tag", "not a tag", "not a tag"),
    ],
)
def test_names(tag: str, name: str, own_name: str) -> None:
    assert display_name(tag) == name
    assert display_name(tag, own=True) == own_name


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-AF", "rtl"), ("ur", "rtl"), ("dv", "rtl"),
        ("az", "ltr"), ("az-Arab", "rtl"), ("ks-Deva", "ltr"), ("ja", "ltr"), ("???", "ltr"),
    ],
)  # fmt: skip
def test_direction(tag: str, direction: str) -> None:
    assert text_direction(tag) == direction


@pytest.mark.parametrize(
    ("tag", "kind", "label"),
    [
        ("en", CaptionKind.SUBTITLES, "English"),
        ("en", CaptionKind.CAPTIONS, "English (captions)"),
        ("en", CaptionKind.SDH, "English (SDH)"),
        ("de", CaptionKind.FORCED, "German (forced)"),
        ("pt-BR", CaptionKind.SDH, "Portuguese (Brazil, SDH)"),
    ],
)
def test_labels(tag: str, kind: CaptionKind, label: str) -> None:
    assert suggest_label(tag, kind) == label


def test_kinds() -> None:
    assert [kind.label for kind in CaptionKind] == ["Captions", "Subtitles", "SDH", "Forced"]
    assert [kind.html_kind for kind in CaptionKind] == [
        "captions",
        "subtitles",
        "captions",
        "subtitles",
    ]
    assert [kind for kind in CaptionKind if not kind.is_full] == [CaptionKind.FORCED]
    assert CaptionKind.SDH.hls_characteristics
    assert not CaptionKind.SUBTITLES.hls_characteristics


def test_every_choice_is_a_canonical_tag_with_names() -> None:
    choices = language_choices()
    for choice in choices:
        assert normalise_language(choice.tag) == choice.tag
        assert choice.name != choice.tag
        assert choice.own_name
    assert len({choice.name for choice in choices}) == len(choices)
    assert [choice.name for choice in choices] == sorted(choice.name for choice in choices)
