"""dialogue: what is said in films, to be searched

Revision ID: 0006
Revises: 0005

The lines are in a full-text index, which is another kind of table on each database: FTS5 on SQLite,
FULLTEXT on MySQL and MariaDB. A job fills it from the caption tracks (services/dialogue_search).
"""

import sqlalchemy as sa

from alembic import op
from portal.services import column_types as types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ON_SQLITE = """
CREATE VIRTUAL TABLE dialogue_line USING fts5(
  words, track_id UNINDEXED, movie_id UNINDEXED, start_ms UNINDEXED,
  tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
)
"""
ON_MYSQL = """
CREATE TABLE dialogue_line (
  id BIGINT NOT NULL PRIMARY KEY,
  track_id VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  movie_id VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  start_ms INT NOT NULL,
  words VARCHAR(500) NOT NULL,
  FULLTEXT KEY ft_dialogue_line_words (words)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
"""


def upgrade() -> None:
    op.create_table(
        "dialogue_track",
        sa.Column("track_id", types.key_string(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_line", sa.BigInteger(), nullable=False),
        sa.Column("last_line", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("track_id"),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("dialogue_track", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dialogue_track_last_line"), ["last_line"], unique=False
        )
    op.execute(ON_SQLITE if op.get_bind().dialect.name == "sqlite" else ON_MYSQL)


def downgrade() -> None:
    op.execute("DROP TABLE dialogue_line")
    op.drop_table("dialogue_track")
