"""catalog, viewing sessions, accounts, audit

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("email", types.key_string(254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", types.key_string(16), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("disabled_at", types.Instant(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("actor_id", types.key_string(32), nullable=False),
        sa.Column("actor_label", sa.String(length=254), nullable=False),
        sa.Column("address", types.key_string(45), nullable=False),
        sa.Column("action", types.key_string(64), nullable=False),
        sa.Column("entity", types.key_string(32), nullable=False),
        sa.Column("entity_id", types.key_string(32), nullable=False),
        sa.Column("before_state", sa.JSON(), nullable=True),
        sa.Column("after_state", sa.JSON(), nullable=True),
        sa.Column("correlation_id", types.key_string(64), nullable=False),
        sa.Column("previous_hash", types.key_string(64), nullable=False),
        sa.Column("hash", types.key_string(64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "movie",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("slug", types.key_string(120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_key", types.key_string(400), nullable=False),
        sa.Column("tagline", sa.String(length=200), nullable=False),
        sa.Column("synopsis", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("runtime_s", sa.Integer(), nullable=False),
        sa.Column("genres", sa.JSON(), nullable=False),
        sa.Column("director", sa.String(length=200), nullable=False),
        sa.Column("cast_names", sa.JSON(), nullable=True),
        sa.Column("country", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=80), nullable=False),
        sa.Column("content_rating", sa.String(length=16), nullable=False),
        sa.Column("art_key", types.key_string(32), nullable=False),
        sa.Column("color", sa.String(length=7), nullable=False),
        sa.Column("has_storyboard", sa.Boolean(), nullable=False),
        sa.Column("featured", sa.Integer(), nullable=False),
        sa.Column("visibility", types.key_string(10), nullable=False),
        sa.Column("available_from", types.Instant(), nullable=True),
        sa.Column("available_until", types.Instant(), nullable=True),
        sa.Column("added_at", types.Instant(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
        sa.UniqueConstraint("title_key"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("movie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_movie_added_at"), ["added_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_movie_art_key"), ["art_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_movie_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index("ix_movie_visibility_added", ["visibility", "added_at"], unique=False)

    op.create_table(
        "caption_track",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("language", types.key_string(35), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("kind", types.key_string(12), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("vtt", types.long_text(), nullable=False),
        sa.Column("cue_count", sa.Integer(), nullable=False),
        sa.Column("original", types.long_blob(), nullable=True),
        sa.Column("original_format", types.key_string(12), nullable=False),
        sa.Column("original_name", sa.String(length=200), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["movie_id"], ["movie.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("caption_track", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caption_track_movie_id"), ["movie_id"], unique=False)

    op.create_table(
        "stream_source",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("url_ciphertext", sa.Text(), nullable=False),
        sa.Column("url_key_id", types.key_string(32), nullable=False),
        sa.Column("url_fingerprint", types.key_string(64), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("status", types.key_string(16), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("checked_at", types.Instant(), nullable=True),
        sa.Column("created_at", types.Instant(), nullable=False),
        sa.Column("updated_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["movie_id"], ["movie.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("movie_id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("stream_source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stream_source_url_fingerprint"), ["url_fingerprint"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_stream_source_url_key_id"), ["url_key_id"], unique=False
        )

    op.create_table(
        "viewing_session",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("viewer_id", types.key_string(32), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("last_seen_at", types.Instant(), nullable=False),
        sa.Column("position_s", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["movie_id"], ["movie.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("viewing_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_viewing_session_last_seen_at"), ["last_seen_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_viewing_session_movie_id"), ["movie_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_viewing_session_started_at"), ["started_at"], unique=False
        )
        batch_op.create_index(
            "ix_viewing_session_viewer_movie", ["viewer_id", "movie_id"], unique=False
        )


def downgrade() -> None:
    # Indexes go with their tables; MySQL refuses to drop one that a foreign key still needs.
    op.drop_table("viewing_session")
    op.drop_table("stream_source")
    op.drop_table("caption_track")
    op.drop_table("movie")
    op.drop_table("audit_event")
    op.drop_table("account")
