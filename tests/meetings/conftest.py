"""Tests of this app read refusals in English."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def speak_english():
    with translation.override("en"):
        yield
