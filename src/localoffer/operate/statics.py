"""Static files: named by their content, and our own compressed once."""

from django.conf import settings
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

import localoffer


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compresses what the public loads. Wagtail's admin files would take ten seconds more."""

    def compress_files(self, paths):
        public = [path for path in paths if not path.startswith("wagtail")]
        return super().compress_files(public)


def collect() -> bool:
    """Collect static files into the data folder, unless this release has; say whether it did."""
    stamp = settings.STATIC_ROOT / ".collected"
    release = _release()
    if stamp.exists() and stamp.read_text() == release:
        return False
    call_command("collectstatic", interactive=False, clear=False, verbosity=0)
    stamp.write_text(release)
    return True


def _release():
    """The newest change of any file of ours, so that a checkout is collected again when edited."""
    files = settings.PACKAGE.glob("*/static/**/*")
    newest = max((file.stat().st_mtime_ns for file in files if file.is_file()), default=0)
    return f"{localoffer.__version__} {newest}"
