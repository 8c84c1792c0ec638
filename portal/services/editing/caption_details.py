"""Language, kind, label and default of a caption track: what may be stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from portal.services.captions.languages import CaptionKind, normalise_language, suggest_label
from portal.services.editing import fields
from portal.services.editing.caption_changes import make_default, require_free_label
from portal.services.errors import InvalidInput
from portal.services.models import CaptionTrack

MAX_LABEL: Final = 80


def clean(given: Mapping[str, Any]) -> dict[str, Any]:
    """Language, kind, label and `is_default` as they are stored.

    Raises:
        InvalidInput: Names each that is wrong.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        try:
            found[name] = _clean_detail(name, value)
        except InvalidInput as error:
            wrong |= error.fields
        except fields.BadValue as error:
            wrong[name] = str(error)
    if wrong:
        raise InvalidInput(wrong)
    return found


def _clean_detail(name: str, value: Any) -> Any:
    match name:
        case "language":
            return normalise_language(value if isinstance(value, str) else "")
        case "kind" if value in [kind.value for kind in CaptionKind]:
            return value
        case "kind":
            kinds = ", ".join(kind.value for kind in CaptionKind)
            raise fields.BadValue(f"Choose one of {kinds}.")
        case "label":
            return fields.clean_line("label", value, MAX_LABEL)
        case "is_default" if isinstance(value, bool):
            return value
        case _:
            raise fields.BadValue("A track has a language, a label, a kind and is_default.")


def put(track: CaptionTrack, details: dict[str, Any], others: list[CaptionTrack]) -> None:
    """Give a track its details.

    Raises:
        InvalidInput: The label is another track's, or a forced track would be the default.
    """
    is_default = details.get("is_default")
    for name in ("language", "kind"):
        if name in details:
            setattr(track, name, details[name])
    if "label" in details:
        label = details["label"] or suggest_label(track.language, CaptionKind(track.kind))
        require_free_label(others, label)
        track.label = label
    if track.kind == CaptionKind.FORCED:
        if is_default:
            raise InvalidInput(
                {"is_default": "Forced subtitles are not what everybody sees by default."}
            )
        track.is_default = False
    elif is_default:
        make_default(track, others)
    elif is_default is False:
        track.is_default = False
