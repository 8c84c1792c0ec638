"""Once an hour every stored source is looked at, by one worker of all.

A source that fails is tried a second time before it is said to have failed; what plays goes on
playing. The result is in the catalog table; a change of it is in the audit.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from redis.asyncio import Redis
from sqlmodel import Session

from portal.services import audit
from portal.services.actors import Actor, Role
from portal.services.clock import utc_now
from portal.services.editing.source_checks import SourceExaminer
from portal.services.editing.source_reports import SourceCheck
from portal.services.editing.sources import place_of, put_check
from portal.services.editing.writing import CatalogWriter
from portal.services.errors import OriginFailed
from portal.services.models import StreamSource
from portal.services.redis_client import SOURCE_SWEEP, answer
from portal.services.repositories import editing as rows
from portal.services.secrets_box import SecretsBox, SecretUnreadable

log = structlog.get_logger(__name__)

EVERY_S: Final = 3600
FIRST_AFTER_S: Final = 90.0
MOST_AT_A_TIME: Final = 5_000
SECOND_TRY_AFTER_S: Final = 5.0
_AT_ONCE: Final = 4

CHECKER: Final = Actor("", "hourly source check", Role.OWNER)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a round found.

    Attributes:
        checked: Different addresses looked at.
        failed: How many of them failed.
        changed: Movies whose source has another status than before.
    """

    checked: int
    failed: int
    changed: int


class SourceSweep:
    """Looks at all sources in the background."""

    def __init__(
        self,
        writer: CatalogWriter,
        redis: Redis,
        box: SecretsBox,
        examiner: SourceExaminer,
        *,
        second_try_after_s: float = SECOND_TRY_AFTER_S,
    ) -> None:
        self._writer = writer
        self._redis = redis
        self._box = box
        self._examiner = examiner
        self._second_try_after_s = second_try_after_s

    async def run_for_ever(self) -> None:
        """A round an hour, while this worker is the one that got the lock."""
        await asyncio.sleep(FIRST_AFTER_S * random.uniform(0.5, 1.5))
        while True:
            try:
                await self.run_if_due()
            except Exception as error:
                log.warning("sources.sweep_failed", error=type(error).__name__)
            await asyncio.sleep(EVERY_S / 6 * random.uniform(0.8, 1.2))

    async def run_if_due(self) -> SweepResult | None:
        """A round, unless some worker began one within the hour.

        Raises:
            Unavailable: Redis or the database is away.
        """
        life_s = EVERY_S - 60
        if not await answer(self._redis.set(SOURCE_SWEEP, "1", nx=True, ex=life_s)):
            return None
        return await self.run(utc_now())

    async def run(self, now: datetime) -> SweepResult:
        """Look at every source that was not looked at within the last hour.

        Raises:
            Unavailable: The database is away.
        """
        before = now - timedelta(seconds=EVERY_S - 120)
        sources = await self._writer.read(
            lambda session: rows.sources_to_check(session, before, MOST_AT_A_TIME)
        )
        slots = asyncio.Semaphore(_AT_ONCE)
        failed = changed = 0

        async def look(source: StreamSource) -> None:
            nonlocal failed, changed
            async with slots:
                check = await self._look(source)
                failed += check.status == "failed"
                changed += await self._store(source.url_fingerprint, check)

        async with asyncio.TaskGroup() as group:
            for source in sources:
                group.create_task(look(source))
        if sources:
            log.info("sources.swept", checked=len(sources), failed=failed, changed=changed)
        return SweepResult(len(sources), failed, changed)

    async def _look(self, source: StreamSource) -> SourceCheck:
        try:
            url = self._box.open(source.url_ciphertext, place_of(source.id))
        except SecretUnreadable:
            return self._examiner.failed(
                "The stored address cannot be decrypted with the present keys."
            )
        check = await self._look_once(url)
        if check.status == "failed":
            await asyncio.sleep(self._second_try_after_s)
            check = await self._look_once(url)
        return check

    async def _look_once(self, url: str) -> SourceCheck:
        try:
            return await self._examiner.examine(url)
        except OriginFailed as error:
            return self._examiner.failed(error.detail)

    async def _store(self, fingerprint: str, check: SourceCheck) -> int:
        """Give all sources with this address the result; how many have another status now."""
        now = utc_now()

        def work(session: Session) -> int:
            changed = 0
            for source in rows.sources_with_fingerprint(session, fingerprint):
                before = {
                    "status": source.status,
                    "message": (source.report or {}).get("message", ""),
                }
                put_check(source, check, str((source.report or {}).get("host", "")), now)
                session.flush()
                if before["status"] == check.status:
                    continue
                changed += 1
                audit.record(
                    session,
                    CHECKER,
                    "source.check",
                    entity="movie",
                    entity_id=source.movie_id,
                    before=before,
                    after={"status": check.status, "message": check.message},
                    now=now,
                )
            return changed

        return await self._writer.write(work, announce=bool)
