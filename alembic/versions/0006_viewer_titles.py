"""what viewers keep: my list, and what they took from continue watching

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "viewer_title",
        sa.Column("viewer_id", types.key_string(32), nullable=False),
        sa.Column("movie_id", types.key_string(32), nullable=False),
        sa.Column("saved_at", types.Instant(), nullable=True),
        sa.Column("dismissed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["movie_id"], ["movie.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("viewer_id", "movie_id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("viewer_title", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_viewer_title_movie_id"), ["movie_id"], unique=False)


def downgrade() -> None:
    op.drop_table("viewer_title")
