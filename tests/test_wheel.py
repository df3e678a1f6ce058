"""The wheel holds all that a council needs and nothing else: installed alone it makes the demo."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "localoffer"
IGNORED = {"__pycache__", ".mypy_cache"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("postgresql" in connection.settings_dict["ENGINE"], reason="once is enough"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as a release is: from the checkout, with nothing fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory, wheel):
    """The commands of a virtual environment that holds the requirements and the wheel alone."""
    venv = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    python = venv / "bin" / "python"
    if not _install_requirements(python):
        # Nothing may be fetched here, and nothing is kept from before: those of this environment.
        ours = next(path for path in sys.path if path.endswith("site-packages"))
        place = run(str(python), "-c", "import site; print(site.getsitepackages()[0])").strip()
        (Path(place) / "ours.pth").write_text(f"{ours}\n")
    _install_wheel(python, wheel)
    return venv / "bin"


def run(*command, **options):
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _install_requirements(python):
    """Install requirements.txt from what uv kept, each file checked against its hash."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        return False
    command = [uv, "pip", "install", "--offline", "--require-hashes", "--python", str(python)]
    ran = subprocess.run(
        [*command, "-r", str(ROOT / "requirements.txt")], capture_output=True, check=False
    )
    return ran.returncode == 0


def _install_wheel(python, wheel):
    """Unpack it, as pip does, and write its command."""
    place = Path(run(str(python), "-c", "import site; print(site.getsitepackages()[0])").strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    script = python.with_name("localoffer")
    script.write_text(f"#!{python}\nfrom localoffer.__main__ import main\nmain()\n")
    script.chmod(0o755)


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel):
    wanted = {
        f"localoffer/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and not IGNORED & set(path.parts)
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert held == wanted
    for kind in [".html", ".css", ".js", ".md", ".csv", ".vtt", ".mp4", ".webp", ".toml"]:
        assert any(name.endswith(kind) for name in held), kind


def test_the_requirements_name_all_that_the_package_needs(wheel):
    """Each is there with its hashes: pip would refuse the file otherwise, or leave it out."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    needs = {
        line.removeprefix("Requires-Dist: ").split(";")[0].split("[")[0].split("~")[0].strip()
        for line in lines
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    listed = {
        line.split("==")[0].split("[")[0]
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }

    assert needs
    assert needs - listed == set()


def test_installed_alone_it_makes_the_demonstration_and_serves_it(empty, tmp_path, db):
    with (
        sqlite3.connect(connection.settings_dict["NAME"]) as ours,
        closing(sqlite3.connect(tmp_path / "db.sqlite3")) as copy,
    ):
        ours.backup(copy)  # every table and nothing in them: migrations have tests of their own
    environment = {
        "PATH": f"{empty}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LOCALOFFER_DATA": str(tmp_path),
    }
    localoffer = str(empty / "localoffer")

    where = run(
        str(empty / "python"),
        "-c",
        "import localoffer; print(localoffer.__file__)",
        env=environment,
        cwd=tmp_path,
    )
    made = run(localoffer, "demo", "--no-serve", env=environment, cwd=tmp_path)

    assert str(empty.parent) in where
    assert "example services" in made
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [localoffer, "demo", "--port", str(port)],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        home = _fetch(f"http://localhost:{port}/")
        style = next(part for part in home.split('"') if part.endswith(".css"))
        assert "Worcestershire" in home
        assert ".govuk-" in _fetch(f"http://localhost:{port}{style}")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _fetch(url):
    for _ in range(240):
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return response.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    raise AssertionError(f"{url} does not answer")
