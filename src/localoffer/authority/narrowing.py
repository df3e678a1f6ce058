"""Forms of the admin in which only the user's own authorities' records can be chosen."""

from django.contrib.auth.models import Group
from django.db.models import Q
from django.forms import ModelChoiceField
from wagtail.models import CollectionMember, Page
from wagtail.permissions import policy_registry

from localoffer.authority.models import Authority, Owned


def narrow(form, *, user, authorities):
    """Leave in each choice of a form, and of the forms inside it, only what is theirs to choose.

    A record of another authority, posted by its key, is then a field error like any other value
    that is not among the choices.
    """
    for field in form.fields.values():
        if isinstance(field, ModelChoiceField):
            field.queryset = _theirs(field.queryset, user, authorities)
            if field.queryset.model is Authority:
                field.empty_label = None
                field.initial = field.initial or authorities.first()
    for formset in getattr(form, "formsets", {}).values():
        for inner in [*formset.forms, formset.empty_form]:
            narrow(inner, user=user, authorities=authorities)


def _theirs(queryset, user, authorities):
    model = queryset.model
    if model is Authority:
        return queryset.filter(pk__in=authorities)
    if model is Group:
        return queryset.filter(role__authority__in=authorities)
    if issubclass(model, Owned):
        return queryset.filter(authority__in=authorities)
    if issubclass(model, Page):
        below = Q(pk__in=[])
        for path in authorities.values_list("site__root_page__path", flat=True):
            below |= Q(path__startswith=path)
        return queryset.filter(below)
    if issubclass(model, CollectionMember) and not user.is_superuser:
        policy = policy_registry.get_by_type(model)
        allowed = policy.instances_user_has_any_permission_for(user, ["choose", "change"])
        return queryset.filter(pk__in=allowed.values("pk"))
    return queryset
