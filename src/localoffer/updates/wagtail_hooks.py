from wagtail import hooks

from localoffer.updates.viewsets import UpdatesGroup, followed_chooser


@hooks.register("register_admin_viewset")
def register_updates():
    return [UpdatesGroup(), followed_chooser]


@hooks.register("register_log_actions")
def name_our_actions(actions):
    for name, label, message in [
        ("edit", "Edit", "Edited"),
        ("submit", "Ask for approval", "Asked for approval"),
        ("take_back", "Take back", "Made a draft again"),
        ("approve", "Approve", "Approved"),
        ("cancel", "Do not send", "Decided not to send it"),
        ("printed", "Print", "Printed and posted the letters"),
        ("urgent", "Send urgently", "Sent urgently"),
    ]:
        actions.register_action(f"updates.{name}", label, message)
