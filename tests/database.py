"""The test database: migrated once for all workers and runs, then cloned in a fraction of a second."""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Each worker gets a clone of `test_template_…`, which the first of them makes; its name says of what."""
    from django.db import connection

    template = f"test_template_{connection.settings_dict['NAME']}_{digest_migrations()}"
    clone = connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as server:
            server.execute("SELECT pg_advisory_lock(hashtext('test_template'))")
            if template not in list_databases(server):
                drop_old_templates(server, template)
                make_template(server, template)
            clone_template(server, template, clone)
        point_connection_at(clone)
        let_flush_pass_triggers()
    yield
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as server:
            server.execute(f'DROP DATABASE "{clone}" WITH (FORCE)')


def digest_migrations() -> str:
    """Names the state of all migrations, our own and those of the libraries."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    digest = hashlib.sha256()
    for app in sorted(config.label for config in apps.get_app_configs()):
        name, _ = MigrationLoader.migrations_module(app)
        if not has_module(name):
            continue
        for file in sorted(Path(import_module(name).__file__ or "").parent.glob("*.py")):
            digest.update(f"{app}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def has_module(name: str | None) -> bool:
    try:
        return bool(name and import_module(name).__file__)
    except ModuleNotFoundError:
        return False


def list_databases(server: Any) -> set[str]:
    server.execute("SELECT datname FROM pg_database")
    return {name for (name,) in server.fetchall()}


def drop_old_templates(server: Any, template: str) -> None:
    prefix = template.rpartition("_")[0] + "_"
    for name in list_databases(server):
        if name.startswith(prefix):
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def make_template(server: Any, template: str) -> None:
    """Under another name until it is whole, so that an interrupted run leaves nothing that looks finished."""
    from django.core.management import call_command
    from django.db import connection

    begun = f"{template}_begun"
    server.execute(f'CREATE DATABASE "{begun}"')
    point_connection_at(begun)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    server.execute(f'ALTER DATABASE "{begun}" RENAME TO "{template}"')


def clone_template(server: Any, template: str, clone: str) -> None:
    server.execute(f'DROP DATABASE IF EXISTS "{clone}" WITH (FORCE)')
    server.execute(f'CREATE DATABASE "{clone}" TEMPLATE "{template}"')


def point_connection_at(name: str) -> None:
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def let_flush_pass_triggers() -> None:
    """After a test with real transactions the tables are emptied, also those that forbid it by a trigger."""
    from django.db import connection

    operations = type(connection.ops)  # of the class: beside a browser the test has a connection of its own
    empty = operations.execute_sql_flush
    if empty.__name__ != "empty_all":

        def empty_all(self: Any, statements: list[str]) -> None:
            empty(self, ["SET LOCAL session_replication_role = replica", *statements])

        operations.execute_sql_flush = empty_all  # type: ignore[method-assign]
