"""`./run test`: every test, on a database and a broker of their own; a running system is not disturbed."""

import os
import subprocess
from collections.abc import Mapping, Sequence

from ecabinet.standalone import system
from ecabinet.standalone.console import say
from ecabinet.standalone.environment import make_environment, read_port
from ecabinet.standalone.packages import provide_packages
from ecabinet.standalone.places import CACHE, PROJECT, PYTHON, Places
from ecabinet.standalone.processes import hand_over
from ecabinet.standalone.services import running_services

BROWSER = "tests/browser"  # two at once: each has a browser, a server and a database of its own
WALKS = "tests/browser/demonstration"  # long walks through one demonstration, told once for all of them
SYSTEM = "tests/system"  # a whole running system at a time
INTERRUPTED = 2  # pytest's code for Ctrl-C
BROWSERS = PROJECT / "var" / "browsers"


def run_tests(arguments: Sequence[str]) -> int:
    provide_packages("dev")
    missing = system.provide(
        [*system.READING, system.VIRUS_SCANNER, system.SEAL_MODULE, system.BROWSER_DRIVER]
    )
    if not provide_browser():
        missing.append(system.BROWSER)
    system.name_missing(missing)
    places = Places(instance="test")
    with running_services(places, durable=False) as services:
        environment = make_environment(places, services.database_url, services.redis_url, read_port())
        environment = adapt_to_tests(environment)
        if arguments:
            return run_pytest(environment, arguments)
        return run_all(environment)


def adapt_to_tests(environment: Mapping[str, str]) -> dict[str, str]:
    """The same settings everywhere, whatever a developer has set for other ends."""
    adapted = {
        **environment,
        "DJANGO_SETTINGS_MODULE": "ecabinet.settings_test",
        "SITE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "*",
        "DEBUG": "false",
        "DEMO": "true",
        "STATIC_ROOT": "",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
    }
    if browser := system.find_browser():
        adapted["CHROMIUM"] = browser
    elif BROWSERS.exists():
        adapted["PLAYWRIGHT_BROWSERS_PATH"] = str(BROWSERS)
    return adapted


def provide_browser() -> bool:
    """The system's Chromium, or where we may not install it the one that Playwright brings."""
    if not system.provide([system.BROWSER]) or any(BROWSERS.glob("chromium*/INSTALLATION_COMPLETE")):
        return True
    say("Fetching a browser for the browser tests")
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    fetch = [str(PYTHON), "-m", "playwright", "install", "chromium"]
    return subprocess.run(fetch, env=environment, capture_output=True).returncode == 0


def run_all(environment: Mapping[str, str]) -> int:
    """Most tests side by side, then those that need more of the machine; all, whatever fails."""
    worst = 0
    for arguments in (
        ["-n", "auto", f"--ignore={BROWSER}", f"--ignore={SYSTEM}"],
        ["-n", "2", BROWSER, f"--ignore={WALKS}"],
        [SYSTEM],
        ["-n", "2", WALKS],
    ):
        code = run_pytest(environment, arguments)
        if code == INTERRUPTED:
            return code
        worst = worst or code
    return worst


def run_pytest(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    return hand_over([str(PYTHON), "-m", "pytest", *arguments], environment)
