"""The insights page's state behind its flag."""

from __future__ import annotations

from typing import Any

import pytest

from portal.services.errors import NotFound
from portal.services.flags import INSIGHTS
from portal.state.admin.insights_state import InsightsState
from tests.support.people import Person


async def test_switched_off_its_handlers_refuse_and_no_page_leads_there(
    open_as: Any, manager: Person, switch_off: Any
) -> None:
    state = await open_as(InsightsState, "/admin/insights", manager)
    await state.load()
    assert state.is_loaded
    switch_off(INSIGHTS)
    state = await open_as(InsightsState, "/admin/insights", manager)
    with pytest.raises(NotFound):
        await state.load()
