"""quality of experience: sessions, and sums by hour and day

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SESSION_COUNTS = (
    "attempts", "starts", "start_failures", "later_failures", "early_exits", "play_ms", "stall_ms",
    "degraded_ms", "stalls", "switches", "errors", "tenths",
)  # fmt: skip
SUMS = (
    *SESSION_COUNTS[:-1], "caption_sessions", "caption_rendered",
    *(f"tenth_{number}" for number in range(1, 11)),
)  # fmt: skip
MYSQL = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    op.create_table(
        "qoe_session",
        sa.Column("id", types.key_string(32), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("viewer_id", types.key_string(32), nullable=False),
        sa.Column("browser", types.key_string(20), nullable=False),
        sa.Column("opened_at", types.Instant(), nullable=False),
        sa.Column("last_seen_at", types.Instant(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("state", types.key_string(1), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=True),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in SESSION_COUNTS],
        sa.Column("failure", types.key_string(40), nullable=False),
        sa.Column("caption_language", types.key_string(35), nullable=False),
        sa.Column("captions_on", sa.Boolean(), nullable=False),
        sa.Column("caption_rendered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **MYSQL,
    )
    with op.batch_alter_table("qoe_session", schema=None) as batch_op:
        for name in ("movie_id", "viewer_id", "last_seen_at"):
            batch_op.create_index(batch_op.f(f"ix_qoe_session_{name}"), [name], unique=False)

    op.create_table(
        "qoe_rollup",
        sa.Column("scope", types.key_string(16), nullable=False),
        sa.Column("grain", types.key_string(1), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("part", types.key_string(20), nullable=False),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in SUMS],
        sa.PrimaryKeyConstraint("scope", "grain", "hour", "movie_id", "part"),
        sqlite_with_rowid=False,
        **MYSQL,
    )
    op.create_index("ix_qoe_rollup_movie", "qoe_rollup", ["movie_id", "scope", "grain", "hour"])

    op.create_table(
        "qoe_tally",
        sa.Column("kind", types.key_string(10), nullable=False),
        sa.Column("grain", types.key_string(1), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("part", types.key_string(20), nullable=False),
        sa.Column("name", types.key_string(40), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "grain", "hour", "movie_id", "part", "name"),
        sqlite_with_rowid=False,
        **MYSQL,
    )
    op.create_index("ix_qoe_tally_movie", "qoe_tally", ["movie_id", "kind", "grain", "hour"])


def downgrade() -> None:
    op.drop_table("qoe_tally")
    op.drop_table("qoe_rollup")
    op.drop_table("qoe_session")
