"""Mail as files in the data folder: for the demonstration, and to try things out."""

import os
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from localoffer.mail.backends.base import Backend, Handed, TryLaterError
from localoffer.mail.composing import Mail


class Folder(Backend):
    """One ``.eml`` file for each mail, named by its reference: sent twice, it is one file."""

    name = "folder"

    def __init__(self, path: Path):
        self.path = path

    @contextmanager
    def session(self):
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise TryLaterError(f"{self.path}: {error.strerror}", whole=True) from error
        yield self

    def send(self, mail: Mail) -> Handed:
        file = self.file(mail.reference)
        try:
            file.parent.mkdir(exist_ok=True, mode=0o700)
            half = file.with_suffix(f".{os.getpid()}")
            half.write_bytes(mail.content)
            half.rename(file)
        except OSError as error:
            raise TryLaterError(f"{file}: {error.strerror}", whole=True) from error
        return Handed(reference=file.name)

    def file(self, reference: str) -> Path:
        """Where the mail with this reference is. Folders of a few thousand files stay quick."""
        return self.path / reference[:2] / f"{reference}.eml"

    def forget_before(self, moment: datetime) -> None:
        """Delete what is older, such as Django's own mail, which has no row."""
        for file in self.path.glob("*/*.eml"):
            if file.stat().st_mtime < moment.timestamp():
                file.unlink(missing_ok=True)

    def forget(self, reference: str) -> None:
        self.file(reference).unlink(missing_ok=True)
