"""Papers in an object store: a server of the S3 protocol, reached by the variables of a real one."""

import runpy
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from moto.server import ThreadedMotoServer

from core.work import WorkState
from documents import actions, storage, tasks
from documents.models import DocumentVersion, object_name
from tests.documents.hostile import GOOD
from tests.documents.samples import make_pdf

pytestmark = pytest.mark.django_db
BUCKET = "ecabinet"


@pytest.fixture(scope="module")
def address():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(address, keep_files_apart, monkeypatch, settings):
    monkeypatch.setenv("S3_BUCKET", BUCKET)
    monkeypatch.setenv("S3_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.S3_BUCKET, settings.X_ACCEL_PREFIX = BUCKET, "/stored"  # as docker-compose.yml sets it
    settings.STORAGES = runpy.run_path(Path(settings.BASE_DIR, "ecabinet", "settings.py"))["STORAGES"]
    default_storage.bucket.create()
    yield default_storage.bucket
    default_storage.bucket.objects.all().delete()
    default_storage.bucket.delete()


@pytest.fixture
def dossier(cast, bucket):
    return actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ")


def names(bucket):
    return [one.key for one in bucket.objects.all()]


def add(dossier, by, content):
    return actions.add_paper(dossier, by=by, upload=ContentFile(content, "tờ trình.pdf"))


def test_a_paper_from_the_upload_to_the_erasing(
    cast, dossier, bucket, sign_in, no_workers, django_capture_on_commit_callbacks
):
    paper = add(dossier, cast.secretary, GOOD)
    version = paper.version
    assert names(bucket) == [object_name(version.sha256)]
    with version.open_file() as file:
        assert file.read() == GOOD

    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert (version.work_state, version.pages) == (WorkState.DONE, 1)

    browser = sign_in(cast.secretary)
    address = reverse("documents:download_version", args=[version.pk])
    assert b"".join(browser.get(address).streaming_content) == GOOD
    part = browser.get(address, headers={"Range": "bytes=5-20"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 5-20/{len(GOOD)}")
    assert b"".join(part.streaming_content) == GOOD[5:21]

    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(paper, by=cast.secretary)
    assert names(bucket) == []


def test_equal_bytes_are_one_object_and_stay_while_one_paper_has_them(
    cast, dossier, bucket, no_workers, django_capture_on_commit_callbacks
):
    content = make_pdf()
    first = add(dossier, cast.secretary, content)
    other = actions.create_dossier(by=cast.secretary, body=cast.body, title="Hồ sơ khác")
    add(other, cast.secretary, content)
    assert len(names(bucket)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_paper(first, by=cast.secretary)
    assert len(names(bucket)) == 1


def test_an_object_without_a_row_is_swept_and_a_lost_one_is_told(cast, dossier, bucket, no_workers):
    storage.keep_content(b"%PDF-1.7 of a transaction that was rolled back")
    version = add(dossier, cast.secretary, make_pdf()).version
    assert storage.sweep() == 1
    assert names(bucket) == [object_name(version.sha256)]

    bucket.objects.all().delete()
    tasks.read_version(version.pk)
    lost = DocumentVersion.objects.get(pk=version.pk)
    assert (lost.work_state, lost.work_error) == (WorkState.FAILED, "file_missing")
