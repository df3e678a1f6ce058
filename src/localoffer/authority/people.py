"""The admin of people who sign in: an administrator sees those of their own authority only."""

from django.contrib.auth.models import Group
from django.http import Http404
from wagtail.users.views.users import IndexView, UserFilterSet, UserViewSet

from localoffer.accounts.models import User
from localoffer.authority.models import Authority
from localoffer.authority.walls import there


def whose_roles_are_all_in(authorities):
    """The people every one of whose roles is in these authorities.

    Someone with a role elsewhere too is for a platform administrator: to set their password here
    would be a way into the other authority.
    """
    return (
        User.objects.filter(is_superuser=False, groups__role__authority__in=authorities)
        .exclude(pk__in=User.objects.filter(groups__role__authority__in=_others(authorities)))
        .distinct()
    )


def _others(authorities):
    return Authority.objects.exclude(pk__in=authorities.values("pk"))


def may_manage(user):
    """Everybody for a platform administrator; else the people of the user's own authorities."""
    if user.is_superuser:
        return User.objects.all()
    theirs = Authority.objects.permitting(user, ["accounts.change_user"])
    return whose_roles_are_all_in(theirs)


def _roles_to_give(user):
    if user.is_superuser:
        return Group.objects.all()
    theirs = Authority.objects.permitting(user, ["accounts.change_user"])
    return Group.objects.filter(role__authority__in=theirs)


class PeopleView:
    """Mixed in to every view of a person. Anyone else does not exist here."""

    keeps_its_wall = True

    def setup(self, request, *args, **kwargs):
        if "pk" in kwargs and not there(may_manage(request.user), kwargs["pk"]):
            raise Http404
        super().setup(request, *args, **kwargs)

    def get_base_queryset(self):
        return super().get_base_queryset().filter(pk__in=may_manage(self.request.user).values("pk"))


class PeopleFormView(PeopleView):
    """A form about a person: roles of one's own authorities to give, and no more power."""

    def get_form(self, *args, **kwargs):
        form = super().get_form(*args, **kwargs)
        if not self.request.user.is_superuser:
            form.fields.pop("is_superuser", None)
            groups = form.fields["groups"]
            groups.queryset = _roles_to_give(self.request.user)
            groups.required = True
            groups.error_messages["required"] = "Choose at least one role."
        return form


class PeopleIndexView(PeopleView):
    """The list of them, which can be narrowed to the roles of one's own authorities."""

    def get_filterset_kwargs(self):
        return {**super().get_filterset_kwargs(), "groups": _roles_to_give(self.request.user)}


class PeopleFilters(UserFilterSet):
    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["group"].queryset = groups


class PeopleViewSet(UserViewSet):
    menu_label = "People"
    filterset_class = PeopleFilters

    def construct_view(self, view_class, **kwargs):
        if issubclass(view_class, IndexView):
            mixin = PeopleIndexView
        else:
            mixin = PeopleFormView if hasattr(view_class, "get_form") else PeopleView
        view = type(view_class.__name__, (mixin, view_class), {})
        return super().construct_view(view, **kwargs)
