"""The synthesis as data, as docs/reference/synthesis.schema.json describes it."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from opinions.synthesis import Synthesis

FORMAT = "ecabinet/synthesis/1"
LISTS = ("classes", "questions", "members", "changes", "papers", "remarks")
OUTCOME = ("branch", "process_by", "report_by", "report", "report_repeats", "office_opinion")
RULES = ("rule_set", "rule_source", "rule_valid_from", "silence", "decided_by")


def spell(facts: Synthesis) -> dict[str, Any]:
    """Plain values: times in UTC, days as days, what there is not as null."""
    values = _plain(asdict(facts))
    lists = {name: values.pop(name) for name in LISTS}
    outcome = {name: values.pop(name) for name in OUTCOME}
    rules = {name: values.pop(name) for name in RULES}
    return {"format": FORMAT, "request": values, "rules": rules, **lists, "outcome": outcome}


def write_json(facts: Synthesis) -> bytes:
    return json.dumps(spell(facts), ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
