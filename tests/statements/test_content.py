"""The canonical bytes of a statement: one way to write it, and nothing else is read."""

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.statements.content import BadStatement, Content, decode, encode

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
NONCE = "0123456789abcdef" * 2
ANSWER = Content(
    "opinions.answer",
    7,
    AT,
    {"voter": "Nguyễn Hữu Đức", "answers": [{"question": 1, "position": "agree"}], "comment": None},
    NONCE,
)
BYTES = (
    '{"form":"ecabinet statement v1","kind":"opinions.answer","target":7,"at":"2026-11-27T09:30:00Z",'
    f'"nonce":"{NONCE}","body":{{"answers":[{{"position":"agree","question":1}}],"comment":null,'
    '"voter":"Nguyễn Hữu Đức"}}'
).replace('"}}', '"}}', 1)


def test_a_statement_is_these_bytes():
    assert encode(ANSWER).decode() == BYTES
    assert decode(BYTES.encode()) == Content(ANSWER.kind, 7, AT, json.loads(BYTES)["body"], NONCE)


def test_the_order_of_names_the_zone_and_the_form_of_letters_make_no_difference():
    other = Content(
        "opinions.answer",
        7,
        AT.astimezone(timezone(timedelta(hours=7))),
        {
            "comment": None,
            "answers": [{"position": "agree", "question": 1}],
            "voter": unicodedata.normalize("NFD", "Nguyễn Hữu Đức"),
        },
        NONCE,
    )
    assert encode(other) == encode(ANSWER)


def test_two_equal_answers_are_two_statements():
    assert encode(Content("a", 1, AT, {})) != encode(Content("a", 1, AT, {}))


@pytest.mark.parametrize(
    "body",
    [
        {"a": 1.0},
        {"a": float("nan")},
        {"a": 2**53},
        {"a": "\0"},
        {"a": "\r"},
        {"a": "left\u202eright"},
        {"a": "\ud800"},
        {1: "a"},
        {"a": b"bytes"},
        {"a": AT},
        {"a": (1, 2)},
        {"\u00e9": 1, "e\u0301": 2},
        {"a": "x" * 70_000},
        {"a": [[[[[[[[1]]]]]]]]},
    ],
)
def test_what_has_no_canonical_form_is_refused(body):
    with pytest.raises(BadStatement):
        encode(Content("a", 1, AT, body, NONCE))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(":7,", ": 7,"),
        lambda text: text.replace(":7,", ":7.0,"),
        lambda text: text.replace(":7,", ":7e0,"),
        lambda text: text.replace(":7,", ":true,"),
        lambda text: text.replace('"comment":null', '"comment":1.5'),
        lambda text: text.replace('"comment":null', '"comment":NaN'),
        lambda text: text.replace('"comment":null,', '"comment":null,"comment":null,'),
        lambda text: text.replace("09:30:00Z", "09:30:00+00:00"),
        lambda text: text.replace("09:30:00Z", "9:30:00Z"),
        lambda text: text.replace("ễ", "e\u0302\u0303"),
        lambda text: text.replace("ễ", "\\u1ec5"),
        lambda text: text.replace("agree", "\\u0061gree"),
        lambda text: text.replace('"position":"agree","question":1', '"question":1,"position":"agree"'),
        lambda text: text.replace("v1", "v2"),
        lambda text: text.replace(NONCE, NONCE.upper()),
        lambda text: text.replace('"target":7,"at"', '"at":1,"target"'),
        lambda text: text.replace("agree", "agree\\r\\n"),
        lambda text: text + "\n",
        lambda text: "\ufeff" + text,
        lambda text: text[:-1],
        lambda text: "[" * 9_000,
        lambda text: "[]",
        lambda text: text + " " * 70_000,
    ],
)
def test_another_way_to_write_it_is_not_read(change):
    changed = change(BYTES)
    assert changed != BYTES
    with pytest.raises(BadStatement):
        decode(changed.encode())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=9), VALUES, max_size=4), st.text(max_size=20), st.integers())
def test_what_is_written_is_read_and_written_again(body, kind, target):
    try:
        data = encode(Content(kind, target, AT, body))
    except BadStatement:
        return
    assert encode(decode(data)) == data


@given(st.binary(max_size=300))
def test_no_other_bytes_are_a_statement(data):
    with pytest.raises(BadStatement):
        decode(data)
