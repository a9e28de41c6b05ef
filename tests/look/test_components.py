"""The style guide shows every component; here it is read as a browser without script would read it."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from ecabinet.styleguide import ExampleForm, styleguide


@pytest.fixture
def page(rf, db):
    from django.contrib.auth.models import AnonymousUser

    def show(language: str) -> str:
        request = rf.get("/styleguide/")
        request.user = AnonymousUser()
        with translation.override(language), override_settings(DEBUG=True):
            return styleguide(request).content.decode()

    return show


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_guide_renders_without_a_component_left_over(page, language):
    html = page(language)
    assert "<c-" not in html and "{{" not in html and "{%" not in html
    assert f'<html lang="{language}"' in html


def test_no_id_stands_twice(page):
    ids = re.findall(r'\sid="([^"]+)"', page("vi"))
    assert len(ids) == len(set(ids))


def test_every_label_and_every_description_points_at_something(page):
    html = page("vi")
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    for pointer in re.findall(r'\s(?:for|aria-describedby|aria-controls)="([^"]+)"', html):
        assert set(pointer.split()) <= ids, pointer


def test_a_field_in_error_says_so_in_words_at_its_place():
    form = ExampleForm({"subject": ""})
    with translation.override("vi"):
        html = render_to_string("components/field/index.html", {"field": form["subject"]})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_subject_hint id_subject_error"' in html
    assert "Lỗi" in html


def test_the_options_of_a_vote_are_equal(page):
    cards = re.findall(r'<label class="([^"]*)" for="id_answer_\d"', page("vi"))
    assert cards == ["choice"] * 3


def test_the_guide_is_closed_on_a_real_installation(rf, settings):
    from django.http import Http404

    settings.DEBUG, settings.DEMO = False, False
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))
