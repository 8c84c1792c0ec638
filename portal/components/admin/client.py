"""The client components of `assets/manage`, one class each."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import field
from reflex_base.event import no_args_event_spec, passthrough_event_spec
from reflex_components_core.el.elements.base import BaseHTML

from portal.services.admin_views import CueLine
from portal.state.admin.window_state import WindowAnswer

_FRAME = "$/public/manage/frame.js"
_PICKS = "$/public/manage/picks.js"
_WINDOW = "$/public/manage/window_fields.js"
_DRAFT = "$/public/manage/draft_form.js"
_SECTIONS = "$/public/manage/sections.js"
_CUES = "$/public/manage/cues.js"
_UPLOAD = "$/public/manage/upload.js"


class AdminFrame(BaseHTML):
    """Around a page: dialogs, keys, and the line for what was refused."""

    library = _FRAME
    tag = "AdminFrame"


class PickTable(BaseHTML):
    """Around the table: arrow keys and picking."""

    library = _PICKS
    tag = "PickTable"

    done: rx.Var[int] = field(doc="Goes up when what was asked for is done: picks are let go.")


class PickBox(rx.Component):
    """The checkbox of a row."""

    library = _PICKS
    tag = "PickBox"

    movie_id: rx.Var[str] = field(doc="Which film.")
    title: rx.Var[str] = field(doc="Its title.")


class PickAll(rx.Component):
    """The checkbox above all rows."""

    library = _PICKS
    tag = "PickAll"

    movie_ids: rx.Var[list[str]] = field(doc="The films on the page.")


class PickBar(BaseHTML):
    """Says how many films are picked; hidden while none is."""

    library = _PICKS
    tag = "PickBar"


class PickNames(rx.Component):
    """The titles of the picked films, or their number."""

    library = _PICKS
    tag = "PickNames"


class PickForm(BaseHTML):
    """A form whose submission does something to the picked films."""

    library = _PICKS
    tag = "PickForm"

    action: rx.Var[str] = field(doc="What is done.")
    on_act: rx.EventHandler[passthrough_event_spec(str, list[str], dict[str, str])] = field(
        doc="The action, the films' ids, the form's fields."
    )


class WindowFields(rx.Component):
    """Date, time and time zone of both ends of an availability window."""

    library = _WINDOW
    tag = "WindowFields"

    start: rx.Var[str] = field(doc="The stored start as ISO 8601, or none.")
    end: rx.Var[str] = field(doc="The stored end as ISO 8601, or none.")
    answer: rx.Var[WindowAnswer] = field(doc="What the server reads in the fields.")
    on_ask: rx.EventHandler[passthrough_event_spec(dict[str, str])] = field(
        doc="Something else was written: all fields."
    )


class DraftForm(BaseHTML):
    """A form whose text stays in the browser until it is saved."""

    library = _DRAFT
    tag = "DraftForm"

    draft_key: rx.Var[str] = field(doc="Names the draft in the browser.")
    version: rx.Var[int] = field(doc="What the values are of; 0 while they are not known.")
    values: rx.Var[dict[str, str]] = field(doc="The stored texts.")
    labels: rx.Var[dict[str, str]] = field(doc="What people call each field.")
    saved: rx.Var[int] = field(doc="Goes up when what was sent is stored.")
    answered: rx.Var[int] = field(doc="Goes up with each answer to a save.")
    is_new: rx.Var[bool] = field(doc="Nothing is stored yet: everything is sent.")
    save_words: rx.Var[str] = field(doc="What the button says.")
    on_save: rx.EventHandler[passthrough_event_spec(int, dict[str, str])] = field(
        doc="The version that was edited, and the changed texts."
    )
    on_check: rx.EventHandler[passthrough_event_spec(dict[str, str])] = field(
        doc="Texts to look at while somebody types."
    )


class SendForm(BaseHTML):
    """A form that keeps what was typed until `done` goes up."""

    library = _DRAFT
    tag = "SendForm"

    done: rx.Var[int] = field(doc="Goes up when what was sent is done: the fields are emptied.")
    busy: rx.Var[bool] = field(doc="It is being worked on.")
    on_send: rx.EventHandler[passthrough_event_spec(dict[str, str])] = field(doc="The fields.")


class SectionLink(BaseHTML):
    """Shows a section of the page."""

    library = _SECTIONS
    tag = "SectionLink"

    name: rx.Var[str] = field(doc="Which one.")
    first: rx.Var[str] = field(doc="The one that is shown without a fragment.")


class Section(BaseHTML):
    """A section, shown while the address's fragment names it."""

    library = _SECTIONS
    tag = "Section"

    name: rx.Var[str] = field(doc="The fragment; its heading has the id `<name>-title`.")
    first: rx.Var[str] = field(doc="The one that is shown without a fragment.")


class Pulse(rx.Component):
    """Asks again every few seconds."""

    library = _SECTIONS
    tag = "Pulse"

    active: rx.Var[bool] = field(doc="Whether to ask.")
    seconds: rx.Var[float] = field(doc="How often.")
    times: rx.Var[int] = field(doc="At most.")
    on_pulse: rx.EventHandler[no_args_event_spec] = field(doc="It is time.")


class UploadForm(BaseHTML):
    """A file with some fields, sent by HTTP with its progress."""

    library = _UPLOAD
    tag = "UploadForm"

    action: rx.Var[str] = field(doc="The path that takes it.")
    method: rx.Var[str] = field(doc="POST or PUT.")
    accept: rx.Var[str] = field(doc="What the file dialog offers.")
    max_bytes: rx.Var[int] = field(doc="What is refused before it is sent.")
    words: rx.Var[str] = field(doc="What to choose.")
    send_words: rx.Var[str] = field(doc="What the button says.")
    on_done: rx.EventHandler[passthrough_event_spec(str)] = field(doc="It is stored: the track.")


class PictureForm(rx.Component):
    """Uploads a picture, or moves the focal point of the one that is there."""

    library = _UPLOAD
    tag = "PictureForm"

    kind: rx.Var[str] = field(doc="poster or backdrop.")
    action: rx.Var[str] = field(doc="The path that takes it.")
    original: rx.Var[str] = field(doc="Path of the uploaded file, or none.")
    focus_x: rx.Var[float] = field(doc="The stored focal point, from 0 to 1.")
    focus_y: rx.Var[float] = field(doc="The stored focal point, from 0 to 1.")
    busy: rx.Var[bool] = field(doc="It is being cropped.")
    on_done: rx.EventHandler[passthrough_event_spec(str)] = field(doc="It is stored.")
    on_crop: rx.EventHandler[passthrough_event_spec(str, float, float)] = field(
        doc="Which picture, and its new focal point."
    )


class CueEditor(rx.Component):
    """The cues of a track, beside the film that plays in `.cue-film`."""

    library = _CUES
    tag = "CueEditor"

    cues: rx.Var[list[CueLine]] = field(doc="Those of this page.")
    version: rx.Var[int] = field(doc="The version that they are of.")
    first: rx.Var[int] = field(doc="Index of the first one.")
    total: rx.Var[int] = field(doc="How many the track has.")
    page_size: rx.Var[int] = field(doc="How many a page has.")
    language: rx.Var[str] = field(doc="BCP 47.")
    answered: rx.Var[int] = field(doc="Goes up with each answer.")
    saved: rx.Var[int] = field(doc="Goes up with each change that is stored.")

    on_save_cue: rx.EventHandler[passthrough_event_spec(int, int, dict[str, str])] = field(
        doc="Number, version, fields."
    )
    on_add_cue: rx.EventHandler[passthrough_event_spec(int, dict[str, str])] = field(
        doc="Version, fields."
    )
    on_remove_cue: rx.EventHandler[passthrough_event_spec(int, int)] = field(doc="Number, version.")
    on_go_to: rx.EventHandler[passthrough_event_spec(int)] = field(doc="Index of a cue.")
    on_go_to_time: rx.EventHandler[passthrough_event_spec(float)] = field(doc="Seconds.")


def client(component: type[rx.Component], *children: Any, **props: Any) -> rx.Component:
    """One of the components above."""
    return component.create(*children, **props)
