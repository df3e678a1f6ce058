from wagtail import hooks
from wagtail.permissions import register_permission_policy

from localoffer.taxonomy.viewsets import ListsViewSetGroup, ReadOnlyPolicy

for viewset in ListsViewSetGroup.items:
    register_permission_policy(viewset.model, ReadOnlyPolicy(viewset.model), exact_class=True)


@hooks.register("register_admin_viewset")
def register_lists():
    return ListsViewSetGroup()
