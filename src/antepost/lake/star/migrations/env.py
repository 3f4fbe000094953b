"""Alembic's entry: the versions run on the connection, and in the transaction, that ``revisions`` opened."""

from __future__ import annotations

from alembic import context

from antepost.lake.star.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_schemas=True,
    version_table_schema="public",
)
context.run_migrations()
