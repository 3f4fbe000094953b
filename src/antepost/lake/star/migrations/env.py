"""Alembic's entry: the versions run on the connection, and in the transaction, that ``revisions`` opened."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="public",
)
context.run_migrations()
