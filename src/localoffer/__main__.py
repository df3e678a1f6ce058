"""The ``localoffer`` command: django-admin with our settings already chosen.

Commands are typed with hyphens (``import-services``); Python modules cannot be named so.
"""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main(argv=None):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    name, *arguments = argv or sys.argv
    if arguments and not arguments[0].startswith("-"):
        arguments[0] = arguments[0].replace("-", "_")
    try:
        execute_from_command_line([name, *arguments])
    except ImproperlyConfigured as error:
        sys.exit(f"localoffer: {error}")


if __name__ == "__main__":
    main()
