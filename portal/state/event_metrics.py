"""How often each handler runs, and how long: Reflex runs each event in a task of its own."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from reflex.middleware import Middleware
from reflex.state import BaseState, StateUpdate

from portal.services.telemetry import metrics

if TYPE_CHECKING:
    from reflex.app import App
    from reflex_base.event import Event


class EventMetrics(Middleware):
    """Measures events from their turn to the end of their task."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Begin to measure; only events of handlers that exist come here, so names are bounded."""
        del app, state
        task = asyncio.current_task() if metrics.is_on() else None
        if task is not None:
            began = time.monotonic()
            handler = ".".join(event.name.split(".")[-2:]).rpartition("____")[2]
            task.add_done_callback(
                lambda _: metrics.socket_event(handler, time.monotonic() - began)
            )
        return None
