"""slug history, caption versions, the end of the audit's chain

Revision ID: 0003
Revises: 0001
"""

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slug_history",
        sa.Column("slug", types.key_string(120), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["movie_id"], ["movie.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("slug_history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slug_history_movie_id"), ["movie_id"], unique=False)
    op.create_table(
        "caption_version",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("track_id", types.key_string(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_upload", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", sa.String(length=254), nullable=False),
        sa.Column("vtt", types.long_text(), nullable=False),
        sa.Column("cue_count", sa.Integer(), nullable=False),
        sa.Column("original", types.long_blob(), nullable=True),
        sa.Column("original_format", types.key_string(12), nullable=False),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("replaced_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["caption_track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("track_id", "version", name="uq_caption_version_track_version"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", types.key_string(64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    events = sa.table("audit_event", sa.column("seq"), sa.column("hash"))
    last = op.get_bind().scalar(sa.select(events.c.hash).order_by(events.c.seq.desc()).limit(1))
    op.bulk_insert(head, [{"id": 1, "hash": last or "0" * 64}])


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("caption_version")
    op.drop_table("slug_history")
