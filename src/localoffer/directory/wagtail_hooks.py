from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from localoffer.directory.viewsets import (
    DirectoryGroup,
    location_chooser,
    organisation_chooser,
)

register_snippet(DirectoryGroup)


@hooks.register("register_admin_viewset")
def register_choosers():
    return [organisation_chooser, location_chooser]


@hooks.register("register_log_actions")
def register_actions(log_actions):
    @log_actions.register_action("localoffer.checked")
    class Checked(LogFormatter):
        label = "Checked"

        def format_message(self, log_entry):
            return "Read the whole page and found it true"
