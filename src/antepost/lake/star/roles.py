"""Who may do what: three roles without a login, of which a person's or a service's own login is made a member.

Roles belong to a server, their rights to a database. Where we may not make roles the platform works without: whoever
connects then owns everything, and ``arrange`` says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

READER, WRITER, OWNER = "antepost_reader", "antepost_writer", "antepost_owner"

ABOUT: Mapping[str, str] = {
    READER: "reads star and ledger, changes nothing",
    WRITER: "reads; adds and changes facts in star, adds to the ledger, takes nothing from it, makes and drops nothing",
    OWNER: "owns both schemas: migrates, rebuilds star; the ledger refuses its changes too",
}
"""What each role may."""

_MADE = """
DO $$ BEGIN CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""
_ME = """
SELECT rolsuper, rolsuper OR rolcreaterole, quote_ident(current_user), quote_ident(current_database()),
    pg_has_role(current_user, d.datdba, 'USAGE')
FROM pg_roles, pg_database d WHERE rolname = current_user AND d.datname = current_database()
"""
_FOREIGN = """
SELECT 'SCHEMA', nspname::text FROM pg_namespace
WHERE nspname IN ('star', 'ledger') AND nspowner <> :owner ::regrole
UNION ALL SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc
WHERE pronamespace = 'ledger'::regnamespace AND proowner <> :owner ::regrole
UNION ALL SELECT CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass::text FROM pg_class
WHERE relkind IN ('r', 'p', 'v') AND relowner <> :owner ::regrole
AND (relnamespace IN ('star'::regnamespace, 'ledger'::regnamespace) OR oid = 'public.alembic_version'::regclass)
"""
_RIGHTS = (
    f"GRANT USAGE ON SCHEMA star, ledger TO {READER}, {WRITER}",
    f"GRANT SELECT ON ALL TABLES IN SCHEMA star, ledger TO {READER}, {WRITER}",
    f"GRANT SELECT ON public.alembic_version TO {READER}, {WRITER}",
    f"GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA star TO {WRITER}",
    # Both are views through which a row of the ledger could be written.
    f"REVOKE INSERT, UPDATE, DELETE ON star.prediction, star.bet FROM {WRITER}",
    f"GRANT INSERT ON ALL TABLES IN SCHEMA ledger TO {WRITER}",
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA star GRANT SELECT ON TABLES TO {READER}, {WRITER}",
)


def arrange(connection: Connection) -> str | None:
    """Make the roles where there are none and give each its rights here; return what hinders it, None if nothing.

    Twice is once. What hinders it is a sentence with the SQL for whoever may.
    """
    superuser, may_create, me, database, owns = connection.execute(text(_ME)).one()
    missing = missing_roles(connection)
    if missing and not may_create:
        made = " ".join(f"CREATE ROLE {role} NOLOGIN;" for role in missing)
        return f"{me} may not make roles; somebody who may runs: {made} GRANT {OWNER} TO {me};"
    for role in missing:
        connection.execute(text(_MADE.format(role=role)))
    if OWNER in missing and not superuser:
        # Whoever makes a role may grant it, and is no member of it yet.
        connection.execute(text(f"GRANT {OWNER} TO {me}"))
    if not superuser and not _member(connection, OWNER):
        return f"{me} is no member of {OWNER}; somebody who may runs: GRANT {OWNER} TO {me};"
    if owns:
        connection.execute(text(f"GRANT CREATE, TEMPORARY ON DATABASE {database} TO {OWNER}"))
        connection.execute(text(f"GRANT TEMPORARY ON DATABASE {database} TO {WRITER}"))
    elif not _may_create(connection, OWNER):
        return f"{me} does not own the database; its owner runs: GRANT CREATE ON DATABASE {database} TO {OWNER};"
    _hand_over(connection)
    for right in _RIGHTS:
        connection.execute(text(right))
    return None


def missing_roles(connection: Connection) -> Sequence[str]:
    """Return those of the three roles that this server does not have."""
    found = connection.execute(text("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'antepost\\_%'")).scalars()
    there = set(found)
    return [role for role in ABOUT if role not in there]


def held_by_me(connection: Connection) -> list[str]:
    """Return the roles whose rights this connection's user has."""
    missing = missing_roles(connection)
    return [role for role in ABOUT if role not in missing and _member(connection, role)]


def as_owner(connection: Connection) -> None:
    """Go on as the owner until the transaction ends, where this user may: what it makes then belongs to the role."""
    if OWNER not in missing_roles(connection) and _member(connection, OWNER) and _owned(connection):
        connection.execute(text(f"SET LOCAL ROLE {OWNER}"))


def _hand_over(connection: Connection) -> None:
    for kind, name in connection.execute(text(_FOREIGN), {"owner": OWNER}).all():
        connection.execute(text(f"ALTER {kind} {name} OWNER TO {OWNER}"))


def _member(connection: Connection, role: str) -> bool:
    return bool(connection.execute(text("SELECT pg_has_role(current_user, :role, 'USAGE')"), {"role": role}).scalar())


def _may_create(connection: Connection, role: str) -> bool:
    asked = text("SELECT has_database_privilege(:role, current_database(), 'CREATE')")
    return bool(connection.execute(asked, {"role": role}).scalar())


def _owned(connection: Connection) -> bool:
    """Return whether the star belongs to the owner here: a server's roles say nothing of this database."""
    asked = "SELECT pg_get_userbyid(nspowner) = :owner FROM pg_namespace WHERE nspname = 'star'"
    return bool(connection.execute(text(asked), {"owner": OWNER}).scalar())
