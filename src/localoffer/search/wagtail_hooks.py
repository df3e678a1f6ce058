from wagtail import hooks

from localoffer.search.viewsets import SearchGroup, public_item_chooser


@hooks.register("register_admin_viewset")
def register_search():
    return [SearchGroup(), public_item_chooser]
