"""The leaf of an entry as the database computes it; `verifier/log/entries.py` says what it is."""

from verifier.log.entries import HEADER


def leaf_of(row: str) -> str:
    """SQL for the leaf hash of a row that has its salt."""
    names = f"substr({row}.salt, 1, 16) || {_text(f'{row}.actor_name')} || {_text(f'{row}.target_name')}"
    details = f"substr({row}.salt, 17, 16) || {_text(f'{row}.details::text')}"
    fields = (
        _number(f"{row}.id"),
        _time(f"{row}.at"),
        _text(f"{row}.action"),
        _number(f"{row}.actor_id"),
        _number(f"{row}.body_id"),
        _text(f"{row}.target_type"),
        _number(f"{row}.target_id"),
        _text(f"{row}.case_type"),
        _number(f"{row}.case_id"),
        _time(f"{row}.sealed_until"),
        _hash(names),
        _hash(details),
    )
    return f"sha256('\\x00{HEADER.hex()}'::bytea || {' || '.join(fields)})"


def _text(value: str) -> str:
    """Databases are in UTF-8, so that a text has its length in bytes before it is encoded."""
    return f"int4send(octet_length({value})) || convert_to({value}, 'UTF8')"


def _number(value: str) -> str:
    return f"COALESCE('\\x00000008'::bytea || int8send({value}), '\\xffffffff'::bytea)"


def _time(value: str) -> str:
    return f"COALESCE('\\x00000008'::bytea || timestamptz_send({value}), '\\xffffffff'::bytea)"


def _hash(content: str) -> str:
    return f"'\\x00000020'::bytea || sha256({content})"


NEW_SALT = "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())"
SET_LEAF = f"""
    NEW.salt := {NEW_SALT};
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.leaf_hash := {leaf_of("NEW")};
    RETURN NEW;
"""
