"""Where things lie: short socket paths, folders that the database's account can reach."""

import os
from types import SimpleNamespace

import pytest

from ecabinet.standalone import places
from ecabinet.standalone.places import (
    Places,
    choose_socket_folder,
    everybody_may_enter,
    find_account,
    find_lodging,
)

LONGEST_SOCKET = "postgres/.s.PGSQL.5432"


@pytest.fixture
def as_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.fixture
def as_user(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def make_deep(folder, length):
    while len(str(folder)) < length:
        folder = folder / "sâu"
    return folder


def test_sockets_lie_in_the_project_when_its_path_is_short(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LONGEST_SOCKET_FOLDER", 1000)
    assert choose_socket_folder(tmp_path, tmp_path / "record") == tmp_path / "run" / "sockets"


def test_a_long_path_gives_a_short_folder_that_is_found_again(tmp_path):
    deep, record = make_deep(tmp_path, 120), tmp_path / "record"
    folder = choose_socket_folder(deep, record)
    try:
        assert len(os.fsencode(folder / LONGEST_SOCKET)) < 107
        assert choose_socket_folder(deep, record) == folder
    finally:
        folder.rmdir()


def test_a_noted_folder_that_is_gone_is_made_anew(tmp_path):
    deep, record = make_deep(tmp_path, 120), tmp_path / "record"
    record.write_text("/tmp/ecabinet-gone")
    folder = choose_socket_folder(deep, record)
    assert folder.is_dir() and record.read_text() == str(folder)
    folder.rmdir()


def test_the_limit_leaves_room_for_the_longest_socket_name():
    assert places.LONGEST_SOCKET_FOLDER + 1 + len(LONGEST_SOCKET) <= 107


def test_a_closed_folder_above_keeps_everybody_out(tmp_path):
    inner = tmp_path / "closed" / "open"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    assert not everybody_may_enter(inner)


def test_an_ordinary_user_keeps_the_database_in_the_project(tmp_path, as_user):
    tmp_path.chmod(0o700)
    assert find_lodging(Places(tmp_path)) == tmp_path / "var"
    assert find_account(tmp_path) is None


def test_root_lodges_the_database_elsewhere_when_its_account_cannot_enter(tmp_path, as_root):
    tmp_path.chmod(0o700)
    lodging = find_lodging(Places(tmp_path))
    assert lodging.is_relative_to("/var/lib") and lodging.name == "main"
    assert lodging == find_lodging(Places(tmp_path))
    assert lodging != find_lodging(Places(tmp_path / "other"))


def test_root_lends_an_account_that_is_not_root(tmp_path, as_root):
    account = find_account(tmp_path / "not there yet")
    assert account and account.uid != 0


def test_the_owner_of_the_data_keeps_it(tmp_path, as_root, monkeypatch):
    owner = SimpleNamespace(pw_name="owner", pw_uid=4711, pw_gid=4712)
    monkeypatch.setattr(places.pwd, "getpwuid", lambda uid: owner)
    monkeypatch.setattr(type(tmp_path), "stat", lambda self, **_: SimpleNamespace(st_uid=4711))
    assert find_account(tmp_path).uid == 4711


def test_the_instances_share_nothing():
    homes = {Places(instance=name).home for name in places.INSTANCES}
    assert len(homes) == 3
