"""All services of a process, made once from the settings.

`running(settings)` is entered by the server's lifespan (and by tests); `services()` gives what is
running to states and routes. Nothing here happens at import: a build needs no server.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from redis.asyncio import Redis

from portal import routes
from portal.services import background
from portal.services.accounts import Accounts, Provider, make_accounts
from portal.services.actors import Role
from portal.services.audit_log import AuditLog
from portal.services.catalog import Catalog
from portal.services.clock import utc_now
from portal.services.db import Database
from portal.services.dialogue_search import DialogueIndexing, DialogueSearch, open_lines
from portal.services.edge_signing import EdgeSigner, make_signer
from portal.services.editing import Editing
from portal.services.editing.artwork import ArtworkEditing
from portal.services.editing.captions import CaptionEditing
from portal.services.editing.movies import MovieEditing
from portal.services.editing.publishing import Publishing
from portal.services.editing.shelves import ShelfEditing
from portal.services.editing.source_checks import SourceExaminer
from portal.services.editing.source_sweep import SourceSweep
from portal.services.editing.sources import SourceEditing
from portal.services.editing.writing import CatalogWriter
from portal.services.explaining import Explaining
from portal.services.explaining.refusals import Refusals
from portal.services.flags import DIALOGUE_SEARCH, REGISTRATION, Flags
from portal.services.hls_gateway import HlsGateway
from portal.services.hls_references import ReferenceSealer
from portal.services.insights import Insights
from portal.services.keyring import (
    HLS_REFERENCE,
    ORIGIN,
    QA_BYPASS,
    STREAM_TOKEN,
    TOTP_SECRET,
    VIEWER,
    Keyring,
)
from portal.services.last_served import LastServed
from portal.services.movie_listing import MovieListing
from portal.services.my_titles import MyTitlesService
from portal.services.origin_fetcher import FetchPolicy, OriginFetcher
from portal.services.playback import Playback
from portal.services.previews import Previews
from portal.services.qa_bypass import QaBypass
from portal.services.qoe import Qoe
from portal.services.qoe.watching import NowWatching
from portal.services.rate_limits import Policy, RateLimiter
from portal.services.redis_client import make_redis
from portal.services.secrets_box import SecretsBox
from portal.services.segment_cache import SegmentCache
from portal.services.stream_token import StreamTokenSigner
from portal.services.telemetry import metrics, traces
from portal.services.viewers import ViewerIds
from portal.services.viewing_sessions import ViewingSessions
from portal.settings import Settings

ORIGIN_KEY_HEADER = "x-portal-origin-key"
# One renewal each three minutes is normal; a flaky network may need many more.
RENEWALS_PER_MIN = 60


@dataclass(frozen=True)
class Services:
    """What states and routes call."""

    settings: Settings
    flags: Flags
    edge_signer: EdgeSigner
    qa: QaBypass
    keyring: Keyring
    db: Database
    redis: Redis
    catalog: Catalog
    accounts: Accounts
    editing: Editing
    listing: MovieListing
    my_titles: MyTitlesService
    audit_log: AuditLog
    playback: Playback
    sessions: ViewingSessions
    gateway: HlsGateway
    segments: SegmentCache
    served: LastServed
    qoe: Qoe
    insights: Insights
    explaining: Explaining
    refusals: Refusals
    dialogue: DialogueSearch
    indexing: DialogueIndexing
    box: SecretsBox
    limiter: RateLimiter
    viewer_ids: ViewerIds
    viewer_policy: Policy
    admin_policy: Policy
    origin_key: str


class _Running:
    current: Services | None = None


def services() -> Services:
    """The process's services.

    Raises:
        RuntimeError: Called outside of `running`.
    """
    if _Running.current is None:
        message = "the portal's services are not running yet"
        raise RuntimeError(message)
    return _Running.current


def load_keyring(settings: Settings) -> Keyring:
    """The key ring of these settings; made on first use unless a file is named."""
    if settings.keys_file is not None:
        return Keyring.load(settings.keys_file)
    return Keyring.load_or_create(settings.data_dir / "keys.json")


def origin_key(keyring: Keyring) -> str:
    """What the gateway shows to the demo's own origin."""
    return keyring[ORIGIN].active_key.hex()


def fetch_policy(settings: Settings, key: str) -> FetchPolicy:
    """What may be fetched: public https, the hosts an operator allows, and the demo's origin."""
    hosts = frozenset(entry.partition(":")[0] for entry in settings.origin_allowed_hosts)
    ports = frozenset(
        int(port)
        for entry in settings.origin_allowed_hosts
        if (port := entry.partition(":")[2]).isdecimal()
    )
    demo = f"{settings.origin_base()}{routes.DEMO_ORIGIN}/"
    trusted = frozenset({demo}) if settings.demo_origin else frozenset()
    return FetchPolicy(
        plain_http_hosts=hosts,
        allow_private_hosts=hosts,
        allowed_ports=frozenset({443}) | ports,
        trusted_origins=trusted,
        trusted_headers={demo: {ORIGIN_KEY_HEADER: key}} if settings.demo_origin else {},
    )


def oidc_provider(settings: Settings) -> Provider | None:
    """The OpenID Connect provider of these settings, if they name one."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        label=settings.oidc_label,
        new_role=Role(settings.oidc_new_role) if settings.oidc_new_role else None,
    )


def make_editing(
    settings: Settings,
    *,
    db: Database,
    catalog: Catalog,
    redis: Redis,
    box: SecretsBox,
    examiner: SourceExaminer,
) -> Editing:
    """The editing services on these servers."""
    writer = CatalogWriter(db, catalog)
    return Editing(
        movies=MovieEditing(writer),
        publishing=Publishing(writer),
        captions=CaptionEditing(writer),
        sources=SourceEditing(writer, box, examiner),
        source_sweep=SourceSweep(writer, redis, box, examiner),
        artwork=ArtworkEditing(writer, settings.artwork_dir),
        shelves=ShelfEditing(writer),
    )


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Services]:
    """Make all services, keep their background work going, and close them in the end."""
    metrics.start()
    traces.start()
    keyring = load_keyring(settings)
    flags = Flags(settings.flags_file)
    db = Database(settings.sqlalchemy_url(), replica_url=settings.replica_url())
    redis = make_redis(settings.effective_redis_url())
    key = origin_key(keyring)
    limiter = RateLimiter(redis)
    viewer_ids = ViewerIds(keyring[VIEWER])
    catalog = Catalog(db, redis)
    sessions = ViewingSessions(
        redis,
        db,
        max_streams=settings.max_streams_per_viewer,
        token_ttl_s=settings.stream_token_ttl_s,
    )
    viewer_policy = Policy("viewer", settings.viewer_requests_per_min)
    box = SecretsBox.of(keyring)
    accounts = make_accounts(
        db,
        redis,
        limiter,
        SecretsBox.of(keyring, TOTP_SECRET),
        provider=oidc_provider(settings),
        may_register=lambda: flags.is_on(REGISTRATION),
    )
    segments = SegmentCache(
        settings.data_dir / "cache" / "segments", max_bytes=settings.segment_cache_mb * 2**20
    )
    segments.open()
    search_folder = settings.data_dir / "search"
    lines = open_lines(search_folder)
    previews = Previews(redis)
    refusals = Refusals(redis)
    qoe = Qoe(
        db=db,
        catalog=catalog,
        viewer_ids=viewer_ids,
        limiter=limiter,
        previews=previews,
        watching=NowWatching(redis),
        redis=redis,
        session_days=settings.qoe_session_days,
        sum_days=settings.qoe_sum_days,
    )
    limiter.on_refused = lambda limit: qoe.throttled(limit, utc_now())
    traces.instrument(*(engine for engine in (db.engine, db.replica) if engine))
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(traces.flush)
        stack.callback(db.close)
        stack.callback(lines.close)
        stack.callback(accounts.passwords.close)
        stack.push_async_callback(redis.aclose)
        fetcher = await stack.enter_async_context(OriginFetcher(fetch_policy(settings, key)))
        demo_url = f"{settings.origin_base()}{routes.DEMO_ORIGIN}/" if settings.demo_origin else ""
        examiner = SourceExaminer(fetcher, demo_origin_url=demo_url)
        editing = make_editing(
            settings, db=db, catalog=catalog, redis=redis, box=box, examiner=examiner
        )
        found = Services(
            settings=settings,
            flags=flags,
            edge_signer=make_signer(settings),
            qa=QaBypass(keyring[QA_BYPASS]),
            keyring=keyring,
            db=db,
            redis=redis,
            catalog=catalog,
            accounts=accounts,
            editing=editing,
            listing=MovieListing(),
            my_titles=MyTitlesService(db, redis, catalog, sessions, viewer_ids),
            audit_log=AuditLog(db),
            playback=Playback(
                catalog=catalog,
                sessions=sessions,
                signer=StreamTokenSigner(keyring[STREAM_TOKEN], ttl_s=settings.stream_token_ttl_s),
                viewer_ids=viewer_ids,
                limiter=limiter,
                previews=previews,
                refusals=refusals,
                open_policy=viewer_policy,
                renew_policy=Policy("renewal", RENEWALS_PER_MIN),
            ),
            explaining=Explaining(
                db=db,
                catalog=catalog,
                sessions=sessions,
                viewer_ids=viewer_ids,
                limiter=limiter,
                viewer_policy=viewer_policy,
                refusals=refusals,
            ),
            refusals=refusals,
            sessions=sessions,
            gateway=HlsGateway(
                db,
                box,
                ReferenceSealer(keyring[HLS_REFERENCE]),
                fetcher,
                demo_origin_url=demo_url,
            ),
            segments=segments,
            served=LastServed(redis),
            qoe=qoe,
            insights=Insights(db, catalog, qoe.watching),
            dialogue=DialogueSearch(lines, catalog),
            indexing=DialogueIndexing(
                db, lines, catalog, search_folder, lambda: flags.is_on(DIALOGUE_SEARCH)
            ),
            box=box,
            limiter=limiter,
            viewer_ids=viewer_ids,
            viewer_policy=viewer_policy,
            admin_policy=Policy("admin", settings.admin_requests_per_min),
            origin_key=key,
        )
        await stack.enter_async_context(catalog.following())
        await stack.enter_async_context(sessions.writing())
        await stack.enter_async_context(qoe.writing())
        await stack.enter_async_context(
            background.running(
                editing.source_sweep.run_for_ever(),
                editing.artwork.collect_for_ever(),
                found.served.flush_for_ever(),
                found.indexing.run_for_ever(),
            )
        )
        _Running.current = found
        stack.callback(_forget)
        yield found


def _forget() -> None:
    _Running.current = None
