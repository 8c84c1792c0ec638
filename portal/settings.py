"""One frozen settings object from `PORTAL_*` variables; says what is wrong, all at once.

No variable is needed for the embedded default. Values that are secrets are `SecretStr`: they do not
show up in `repr`, in errors or in `portal doctor`.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# A Unix socket's address holds 108 bytes, one of them the NUL at its end.
_MAX_SOCKET_PATH = 104
_SENTINEL = r"(\[[0-9a-fA-F:]+\]|[^@/,:\s]+)(:\d+)?"
_SENTINELS = re.compile(
    rf"rediss?\+sentinel://([^@/]*@)?{_SENTINEL}(,{_SENTINEL})*/[^/?]+(/\d+)?(\?.*)?$"
)

Environment = Literal["demo", "development", "production"]


class SettingsError(Exception):
    """One or more `PORTAL_*` variables cannot be used. The text lists all of them with the fix."""


class Settings(BaseSettings):
    """Everything an operator may set, as `PORTAL_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", frozen=True, extra="ignore")

    environment: Environment = Field(
        "demo",
        description="demo fills an empty catalog with films; production refuses unsafe settings",
    )
    site_name: str = Field("Lumen", min_length=1, max_length=40, description="shown in the header")
    public_url: str = Field(
        "", description="https://films.example: canonical links, and the Origin that is accepted"
    )

    data_dir: Path = Field(Path("data"), description="database, keys, artwork, caches")
    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 for all")
    port: int = Field(3000, ge=1, le=65535, description="pages, socket, API and HLS")
    workers: int = Field(1, ge=1, le=64, description="server processes; more than one needs Redis")

    database_url: SecretStr = Field(
        SecretStr(""), description="mysql+pymysql://user:password@host/name; empty: SQLite"
    )
    database_replica_url: SecretStr = Field(
        SecretStr(""), description="the catalog is read from here as far as it is up to date"
    )
    database_password_file: Path | None = Field(
        None, description="file with the password that the database URLs leave out"
    )
    redis_url: SecretStr = Field(
        SecretStr(""), description="redis://host:6379/0; empty: a private one is started"
    )
    redis_password_file: Path | None = Field(
        None, description="file with the password that the Redis URL leaves out"
    )
    keys_file: Path | None = Field(
        None, description="JSON key ring; empty: made in the data folder (not in production)"
    )

    oidc_issuer: str = Field(
        "", description="https://id.example: people may sign in at this OpenID Connect provider"
    )
    oidc_client_id: str = Field("", description="what the provider calls this portal")
    oidc_client_secret_file: Path | None = Field(
        None, description="file with the client's secret; none for a public client"
    )
    oidc_label: str = Field(
        "your organisation", max_length=40, description="button: Sign in with ..."
    )
    oidc_new_role: Literal["", "editor", "manager"] = Field(
        "", description="role for people without an account; empty: an owner makes accounts"
    )

    stream_token_ttl_s: int = Field(300, ge=5, le=300, description="life of a stream token")
    max_streams_per_viewer: int = Field(3, ge=1, le=100, description="films at once")
    viewer_requests_per_min: int = Field(120, ge=1, description="per viewer, else per address")
    admin_requests_per_min: int = Field(20, ge=1, description="per admin account")
    trusted_proxy_hops: int = Field(
        0, ge=0, le=10, description="proxies in front whose X-Forwarded-For entry is believed"
    )

    origin_allowed_hosts: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="comma-separated hosts (or host:port) that may be plain http or private",
    )
    edge_signer: Literal["portal", "cloudfront", "cat"] = Field(
        "portal", description="what an edge checks: the token in the path, or signed cookies"
    )
    edge_signer_key_file: Path | None = Field(
        None, description="cloudfront: RSA private key in PEM; cat: at least 32 bytes in hex"
    )
    edge_signer_key_id: str = Field("", max_length=200, description="the key's name at the CDN")
    flags_file: Path | None = Field(None, description="JSON file of feature flags")
    segment_cache_mb: int = Field(1024, ge=0, description="disk cache of origin segments; 0: off")
    render_pages: bool = Field(
        True, description="answer with the pages' content, rendered by Node; false: templates only"
    )
    qoe_session_days: int = Field(
        90, ge=1, le=3650, description="days that what a viewing session was like is kept"
    )
    qoe_sum_days: int = Field(
        800, ge=15, le=36500, description="days that sums of viewing, which name nobody, are kept"
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Prometheus asks here for /metrics; 0: nothing is counted"
    )
    metrics_host: str = Field(
        "127.0.0.1", description="address of the metrics port; keep it off the internet"
    )
    demo_origin: bool = Field(True, description="serve the demo films' own origin")

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="auto: text on a terminal, JSON elsewhere"
    )

    @field_validator("origin_allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            message = "must start with https:// (or http:// for a local test)"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("database_url", "database_replica_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not url.startswith(("mysql+pymysql://", "sqlite:///")):
            message = "must be mysql+pymysql://user:password@host/name, or empty for SQLite"
            raise ValueError(message)
        return value

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        schemes = ("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://")
        if url and not url.startswith(schemes):
            message = (
                "must be redis://, rediss://, unix:// or redis+sentinel://, or empty for a private"
                " Redis"
            )
            raise ValueError(message)
        if "+sentinel://" in url and not _SENTINELS.match(url):
            message = "must be redis+sentinel://host:26379,host:26379/name-of-the-master[/db]"
            raise ValueError(message)
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if value and parts.scheme != "https" and not (local and parts.scheme == "http"):
            message = "must start with https:// (http:// only on this machine, for a test)"
            raise ValueError(message)
        return value

    @field_validator("database_password_file", "redis_password_file", "oidc_client_secret_file")
    @classmethod
    def _readable(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                value.read_text()
            except (OSError, UnicodeDecodeError):
                message = "is not a file that the portal can read"
                raise ValueError(message) from None
        return value

    @model_validator(mode="after")
    def _production_is_explicit(self) -> Settings:
        if self.environment == "production":
            missing = [
                f"PORTAL_{name}"
                for name, given in (
                    ("DATABASE_URL", self.database_url.get_secret_value()),
                    ("REDIS_URL", self.redis_url.get_secret_value()),
                    ("KEYS_FILE", self.keys_file),
                    ("PUBLIC_URL", self.public_url),
                )
                if not given
            ]
            if missing:
                message = f"production needs {', '.join(missing)} to be set"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _provider_knows_us(self) -> Settings:
        if self.oidc_issuer and not self.oidc_client_id:
            message = "PORTAL_OIDC_ISSUER needs PORTAL_OIDC_CLIENT_ID"
            raise ValueError(message)
        return self

    @property
    def oidc_client_secret(self) -> str:
        """The secret of the OpenID Connect client, "" for none."""
        file = self.oidc_client_secret_file
        return file.read_text().strip() if file else ""

    @property
    def embedded_redis(self) -> bool:
        """Whether the portal starts a private Redis itself."""
        return not self.redis_url.get_secret_value()

    @property
    def demo_dir(self) -> Path:
        """Where the demo films and their artwork are made."""
        return self.data_dir / "demo"

    @property
    def artwork_dir(self) -> Path:
        """One folder of pictures per movie, named by its unguessable artwork key."""
        return self.data_dir / "artwork"

    @property
    def redis_socket(self) -> Path:
        """Unix socket of the private Redis, or of the relay to the one behind Sentinel."""
        path = self.data_dir.resolve() / "redis" / "redis.sock"
        if len(str(path)) < _MAX_SOCKET_PATH:
            return path
        short = hashlib.sha256(str(path).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"portal-{short}" / "redis.sock"

    def sqlalchemy_url(self) -> str:
        """The database to use; SQLite in the data folder unless one is set."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.data_dir.resolve() / 'portal.sqlite3'}"
        return _with_password(url, self.database_password_file)

    def replica_url(self) -> str:
        """The database that the catalog may be read from; "" for none."""
        url = self.database_replica_url.get_secret_value()
        return url and _with_password(url, self.database_password_file)

    def effective_redis_url(self) -> str:
        """The Redis to use; the private one's socket unless one is set."""
        url = self.redis_url.get_secret_value()
        if not url:
            return f"unix://{self.redis_socket}"
        return _with_password(url, self.redis_password_file)

    def origin_base(self) -> str:
        """Where the gateway reaches the demo's own HTTP origin: this portal, by loopback."""
        everywhere = {"0.0.0.0", "::", "localhost"}  # noqa: S104  # nosec B104
        host = "127.0.0.1" if self.host in everywhere else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def _with_password(url: str, file: Path | None) -> str:
    """A URL with the password of a file, if it names none itself."""
    parts = urlsplit(url)
    if file is None or parts.password is not None or not parts.netloc:
        return url
    user, _, host = parts.netloc.rpartition("@")
    password = quote(file.read_text().strip(), safe="")
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))


def describe(error: ValidationError) -> str:
    """All problems of a validation, one a line, by variable name and without any value."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        words = problem["msg"].removeprefix("Value error, ")
        lines.append(f"  PORTAL_{name}: {words}" if name else f"  {words}")
    return "\n".join(lines)


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: Lists every variable that cannot be used, without its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        message = f"These settings cannot be used:\n{describe(error)}"
        raise SettingsError(message) from None


@lru_cache(maxsize=1)
def current_settings() -> Settings:
    """The process's settings, read once."""
    return load_settings()
