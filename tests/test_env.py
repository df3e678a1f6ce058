import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from localoffer import env


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (lambda: env.flag("X"), "yes"),
        (lambda: env.number("X", 5), "many"),
        (lambda: env.number("X", 5), "0"),
        (lambda: env.number("X", 5), "٣"),
        (lambda: env.choice("X", "a", among=("a", "b")), "c"),
        (lambda: env.address("X", "http://localhost"), "localhost"),
        (lambda: env.address("X", "http://localhost"), "https://x.example/path"),
        (lambda: env.folder("X", "."), "/proc/nowhere"),
    ],
)
def test_a_wrong_value_stops_and_names_the_variable(monkeypatch, read, wrong):
    monkeypatch.setenv("LOCALOFFER_X", wrong)

    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_X must be") as stopped:
        read()

    assert repr(wrong) in str(stopped.value)


def test_words_are_split_and_trimmed(monkeypatch):
    monkeypatch.setenv("LOCALOFFER_X", " a, b,,c ")

    assert env.words("X") == ["a", "b", "c"]


def test_a_secret_is_made_once_and_only_we_can_read_it(tmp_path):
    file = tmp_path / "secret"

    first, second = env.secret("X", kept_in=file), env.secret("X", kept_in=file)

    assert first == second
    assert len(first) >= 50
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_command_stops_with_the_name_of_the_variable(tmp_path):
    environment = {**os.environ, "LOCALOFFER_DATA": str(tmp_path), "LOCALOFFER_DEBUG": "perhaps"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    ran = subprocess.run(
        [sys.executable, "-m", "localoffer", "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1
    assert ran.stderr == "localoffer: LOCALOFFER_DEBUG must be one of true, false, not 'perhaps'\n"
