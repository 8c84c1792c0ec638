"""shelves of the home page; the first ones are the rows that it had

Revision ID: 0007
Revises: 0006
"""

from datetime import UTC, datetime

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# An upgraded portal looks as it did: the newest, what leaves, two genres, what comes, more genres.
_FIRST = (
    ("new", "New on the portal", "new", ""),
    ("leaving", "Leaving soon", "leaving", ""),
    ("genres-first", "", "largest-genres", "1-2"),
    ("coming", "Coming soon", "coming", ""),
    ("genres-more", "", "largest-genres", "3-9"),
)


def upgrade() -> None:
    shelf = op.create_table(
        "shelf",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("kind", types.key_string(16), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("movie_ids", sa.JSON(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("starts_at", types.Instant(), nullable=True),
        sa.Column("ends_at", types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        shelf,
        [
            {
                "id": name, "title": title, "kind": kind, "value": value, "movie_ids": [],
                "place": place, "size": 18, "is_visible": True, "starts_at": None,
                "ends_at": None, "version": 1, "created_at": now, "updated_at": now,
            }
            for place, (name, title, kind, value) in enumerate(_FIRST)
        ],
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("shelf")
