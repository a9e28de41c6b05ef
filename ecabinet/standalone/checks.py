"""`./run check`: everything that a machine can see without running the tests."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ecabinet.standalone import system
from ecabinet.standalone.console import say
from ecabinet.standalone.environment import make_environment, read_port
from ecabinet.standalone.packages import provide_packages
from ecabinet.standalone.places import CACHE, PROJECT, PYTHON, VENV, Places
from ecabinet.standalone.services import running_services

SCHEMA = "docs/reference/openapi.yaml"
OFFICE = {  # as an office would set it: `check --deploy` looks at these
    "DEBUG": "false",
    "DEMO": "false",
    "SITE_URL": "https://cabinet.example.gov.vn",
    "STATIC_ROOT": "/srv/static",
    "ALLOWED_HOSTS": "cabinet.example.gov.vn",
    "CSRF_TRUSTED_ORIGINS": "https://cabinet.example.gov.vn",
}


@dataclass(frozen=True)
class Check:
    """One command that must succeed, and what to type when it does not."""

    name: str
    command: Sequence[str]
    remedy: str = ""
    settings: Mapping[str, str] | None = None


def module(name: str, *arguments: str) -> list[str]:
    return [str(PYTHON), "-m", name, *arguments]


def manage(*arguments: str) -> list[str]:
    return [str(PYTHON), "manage.py", *arguments]


CHECKS = (
    Check("types", module("mypy")),
    Check("format", module("ruff", "format", "--check"), "var/venv/bin/ruff format"),
    Check("style", module("ruff", "check"), "var/venv/bin/ruff check --fix"),
    Check("templates", module("djlint", "templates", "--lint", "--quiet")),
    Check(
        "imports",
        [str(PYTHON), str(VENV / "bin" / "lint-imports"), "--cache-dir", str(CACHE / "import-linter")],
    ),
    Check("migrations", manage("makemigrations", "--check", "--dry-run"), "./run manage makemigrations"),
    Check("settings", manage("check", "--deploy", "--fail-level", "WARNING"), settings=OFFICE),
    Check("rulebook", manage("rulebook", "--check"), "./run manage rulebook"),
    Check("API schema", manage("check_schema", SCHEMA), f"./run manage check_schema {SCHEMA} --write"),
    Check("translations", manage("check_translations")),
    Check(
        "compose file",
        module("check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
    ),
    Check("Dockerfile", [str(VENV / "bin" / "hadolint"), "Dockerfile"]),
)


def run_checks() -> int:
    provide_packages("dev")
    system.name_missing(system.provide([system.PDF_RENDERING, system.GETTEXT]))
    places = Places(instance="test")
    with running_services(places, durable=False) as services:
        environment = make_environment(places, services.database_url, services.redis_url, read_port())
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = pool.map(lambda check: run_check(check, environment), CHECKS)
            failed = [
                check for check, outcome in zip(CHECKS, outcomes, strict=True) if not tell(check, outcome)
            ]
    say(f"{len(failed)} of {len(CHECKS)} checks failed." if failed else f"All {len(CHECKS)} checks passed.")
    return int(bool(failed))


def run_check(check: Check, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        check.command,
        cwd=PROJECT,
        env={**environment, **(check.settings or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def tell(check: Check, outcome: subprocess.CompletedProcess[str]) -> bool:
    """A line for the check; what it said when it failed."""
    if outcome.returncode == 0:
        say(f"ok      {check.name}")
        return True
    say(f"FAILED  {check.name}")
    say(outcome.stdout.rstrip())
    if check.remedy:
        say(f"To mend it, type: {check.remedy}")
    return False
