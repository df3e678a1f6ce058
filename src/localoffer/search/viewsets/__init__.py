"""The admin of searching: what people look for, an authority's own words, and gaps."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from localoffer.search.viewsets.asked import AskedViewSet
from localoffer.search.viewsets.gaps import GapViewSet, public_item_chooser
from localoffer.search.viewsets.own_words import OwnWordsViewSet

__all__ = ["SearchGroup", "public_item_chooser"]


class SearchGroup(ModelViewSetGroup):
    """The menu of those who care for what people find."""

    menu_label = "Find help"
    menu_icon = "search"
    menu_order = 230
    items = (AskedViewSet(), OwnWordsViewSet(), GapViewSet())
