"""A paper that two ministers were given."""

import pytest

from documents.models import Document
from tests.reading.samples import add_version, give


@pytest.fixture
def paper(cast):
    return Document.objects.create(body=cast.body, title="Tờ trình về phí bảo hiểm y tế")


@pytest.fixture
def version(cast, paper):
    version = add_version(paper)
    version.test_secretary = cast.secretary
    give(version, cast.minister, cast.other_minister)
    return version
