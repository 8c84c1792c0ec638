"""Alembic environment. The URL comes from the caller (`portal migrate`) or from the settings."""

from logging.config import fileConfig

from sqlmodel import SQLModel

from alembic import context
from portal.services import (  # noqa: F401  (fill the metadata)
    account_models,
    models,
    shelf_models,
    viewer_models,
)
from portal.services.db_engine import make_engine
from portal.services.qoe import models as qoe_models  # noqa: F401
from portal.settings import load_settings

config = context.config
if config.get_section("loggers"):
    fileConfig(config.config_file_name)


def run() -> None:
    url = config.get_main_option("sqlalchemy.url") or load_settings().sqlalchemy_url()
    engine = make_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            # SQLite cannot ALTER much: Alembic copies the table instead.
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
