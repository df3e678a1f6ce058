"""The admin of updates: editions, urgent notices, the people who follow, the words they hear."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from localoffer.updates.viewsets.consent import ConsentTextViewSet
from localoffer.updates.viewsets.editions import EditionViewSet
from localoffer.updates.viewsets.notices import UrgentNoticeViewSet, followed_chooser
from localoffer.updates.viewsets.subscribers import SubscriberViewSet

__all__ = ["UpdatesGroup", "followed_chooser"]


class UpdatesGroup(ModelViewSetGroup):
    """The menu of those who tell people what is new."""

    menu_label = "Updates"
    menu_icon = "mail"
    menu_order = 235
    items = (EditionViewSet(), UrgentNoticeViewSet(), SubscriberViewSet(), ConsentTextViewSet())
