from wagtail import hooks

from localoffer.feedback.models import State
from localoffer.feedback.viewsets import CommentViewSet


@hooks.register("register_admin_viewset")
def register_comments():
    return CommentViewSet()


@hooks.register("register_log_actions")
def name_our_actions(actions):
    actions.register_action(f"feedback.{State.ANSWERED}", "Answer", "Answered")
    actions.register_action(f"feedback.{State.CLOSED}", "Close", "Closed without an answer")
