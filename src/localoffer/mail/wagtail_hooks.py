from wagtail import hooks

from localoffer.mail.viewsets import MessagesViewSet


@hooks.register("register_admin_viewset")
def register_mail():
    return MessagesViewSet()


@hooks.register("register_log_actions")
def name_our_actions(actions):
    actions.register_action("mail.write", "Write a message", "Written")
    actions.register_action("mail.again", "Send again", "Sent again what may have been sent")
    actions.register_action("mail.leave", "Leave", "Left what may not have been sent")
    actions.register_action("mail.lift", "Write again", "Mail to an address allowed again")
