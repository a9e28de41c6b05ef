"""Print the rulebooks as a manual: who may do what, in which state, and what the object then becomes."""

import importlib
import inspect
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from core.workflow import Rule, Rulebook

TARGET = Path("docs") / "reference" / "rules.md"
HEAD = (
    "# Rules\n\nMade from the code by `./run manage rulebook`. "
    "Who may do what, in which state, and what the object then becomes.\n"
)


class Command(BaseCommand):
    help = "Write docs/reference/rules.md from the rulebooks; with --check only compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        target = Path(settings.BASE_DIR) / TARGET
        with translation.override("en"):
            text = write_manual()
        if check:
            if not target.exists() or target.read_text() != text:
                raise CommandError(f"{TARGET} differs from the code. Write it anew: ./run manage rulebook")
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        self.stdout.write(str(TARGET))


def write_manual() -> str:
    parts = [HEAD]
    for config in apps.get_app_configs():
        rules = _import_rules(config.name)
        for name, value in vars(rules).items() if rules else ():
            if isinstance(value, Rulebook):
                parts.append(_write_rulebook(config.name, name, value))
    return "\n".join(parts)


def _import_rules(app: str) -> Any | None:
    if not (Path(settings.BASE_DIR) / app / "rules.py").exists():
        return None
    return importlib.import_module(f"{app}.rules")


def _write_rulebook(app: str, name: str, rulebook: Rulebook) -> str:
    lines = [f"## {app}: {name.lower().replace('_', ' ')}", ""]
    lines += ["| action | who | when | then | guards |", "| --- | --- | --- | --- | --- |"]
    lines += [_write_rule(action, rule) for action, rule in rulebook.rules.items()]
    moves = [
        f"    {state or '[*]'} --> {rule.then}: {action}"
        for action, rule in rulebook.rules.items()
        if rule.then is not None
        for state in sorted(rule.when) or [""]
        if state != rule.then
    ]
    if moves:
        lines += ["", "```mermaid", "stateDiagram-v2", f"    [*] --> {rulebook.initial}", *moves, "```"]
    return "\n".join([*lines, ""])


def _write_rule(action: str, rule: Rule) -> str:
    when = ", ".join(str(state) for state in sorted(rule.when)) or "any"
    guards = "; ".join(_name(guard) for guard in rule.guards)
    return f"| `{action}` | {_name(rule.who)} | {when} | {rule.then or ''} | {guards} |"


def _name(function: Any) -> str:
    """A predicate's name as words; those of `any_of` joined by "or"."""
    if function.__name__ == "<lambda>":
        closure = inspect.getclosurevars(function).nonlocals
        return " or ".join(_name(who) for who in closure.get("who", ())) or "see the code"
    return function.__name__.replace("_", " ")
