"""The tables around `Account`: how somebody signs in, and what they gave themselves to do so.

No row holds a secret in the clear: what we gave out is stored as its SHA-256, what we must be able
to compute with is encrypted.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, String, Text
from sqlmodel import Field, SQLModel

from portal.services.column_types import Instant, key_string
from portal.services.models import TABLE, Account, new_id


def _instant(*, nullable: bool = False) -> Column[datetime]:
    return Column(Instant(), nullable=nullable)


def _account_ref(*, unique: bool = False) -> Column[str]:
    return Column(
        key_string(32),
        ForeignKey(f"{Account.__tablename__}.id", ondelete="CASCADE"),
        nullable=False,
        unique=unique,
        index=not unique,
    )


class LoginSession(SQLModel, table=True):
    """A browser that signed in. The cookie's secret is stored as its SHA-256 only."""

    __tablename__ = "login_session"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref())
    token_hash: str = Field(sa_column=Column(key_string(64), unique=True, nullable=False))
    method: str = Field(
        sa_column=Column(key_string(16), nullable=False),
        description="password | password+code | passkey | oidc",
    )
    address: str = Field(default="", sa_column=Column(key_string(45), nullable=False))
    user_agent: str = Field(default="", sa_column=Column(String(200), nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    last_seen_at: datetime = Field(sa_column=_instant())
    expires_at: datetime = Field(sa_column=_instant())
    revoked_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class ApiToken(SQLModel, table=True):
    """A personal token of the HTTP API, stored as its SHA-256 only."""

    __tablename__ = "api_token"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref())
    token_hash: str = Field(sa_column=Column(key_string(64), unique=True, nullable=False))
    name: str = Field(sa_column=Column(String(80), nullable=False))
    role: str = Field(sa_column=Column(key_string(16), nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    expires_at: datetime = Field(sa_column=_instant())
    last_used_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class TotpSecret(SQLModel, table=True):
    """What an account's authenticator app computes its codes from, encrypted."""

    __tablename__ = "totp_secret"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref(unique=True))
    secret_ciphertext: str = Field(sa_column=Column(Text(), nullable=False))
    secret_key_id: str = Field(sa_column=Column(key_string(32), nullable=False, index=True))
    last_step: int = Field(
        default=0,
        sa_column=Column(BigInteger(), nullable=False),
        description="time step of the last code that was taken: none is taken twice",
    )
    created_at: datetime = Field(sa_column=_instant())
    confirmed_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class RecoveryCode(SQLModel, table=True):
    """A code on paper for somebody whose phone is gone, stored as its SHA-256 only."""

    __tablename__ = "recovery_code"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref())
    code_hash: str = Field(sa_column=Column(key_string(64), nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    used_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class Passkey(SQLModel, table=True):
    """A WebAuthn credential: its public key."""

    __tablename__ = "passkey"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref())
    credential_hash: str = Field(
        sa_column=Column(key_string(64), unique=True, nullable=False),
        description="SHA-256 of the credential's id, which may be longer than an index allows",
    )
    credential_id: str = Field(sa_column=Column(Text(), nullable=False), description="base64url")
    public_key: str = Field(sa_column=Column(Text(), nullable=False), description="COSE, base64url")
    sign_count: int = Field(default=0, sa_column=Column(BigInteger(), nullable=False))
    transports: list[str] = Field(default_factory=list, sa_column=Column(JSON(), nullable=False))
    name: str = Field(sa_column=Column(String(80), nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    last_used_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))


class ExternalIdentity(SQLModel, table=True):
    """Who somebody is at an OpenID Connect provider: issuer and subject name an account."""

    __tablename__ = "external_identity"
    __table_args__ = TABLE

    id: str = Field(default_factory=new_id, sa_column=Column(key_string(32), primary_key=True))
    account_id: str = Field(sa_column=_account_ref())
    identity_hash: str = Field(
        sa_column=Column(key_string(64), unique=True, nullable=False),
        description="SHA-256 of issuer and subject",
    )
    issuer: str = Field(sa_column=Column(String(255), nullable=False))
    subject: str = Field(sa_column=Column(String(255), nullable=False))
    created_at: datetime = Field(sa_column=_instant())
    last_used_at: datetime | None = Field(default=None, sa_column=_instant(nullable=True))
