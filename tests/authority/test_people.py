from django.urls import reverse

from localoffer.accounts.models import User
from localoffer.authority.models import Role
from tests.factories.authority import make_officer, make_user


def test_someone_with_a_role_elsewhere_too_is_not_ours_to_change(admin, authority, neighbour):
    both = make_officer(authority, email="both@example.org")
    both.groups.add(Role.objects.get(authority=neighbour, code="plan_officer").group)

    assert admin.get(reverse("wagtailusers_users:edit", args=[both.pk])).status_code == 404
    assert b"both@example.org" not in admin.get(reverse("wagtailusers_users:index")).content


def details(**changes):
    return {
        "email": "new@example.org",
        "first_name": "New",
        "last_name": "Officer",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
        **changes,
    }


def test_an_administrator_adds_someone_to_a_role_of_their_own(admin, authority):
    group = Role.objects.get(authority=authority, code="plan_officer").group

    admin.post(reverse("wagtailusers_users:add"), details(groups=[group.pk]))

    assert list(User.objects.get(email="new@example.org").groups.all()) == [group]


def test_an_administrator_gives_no_role_elsewhere_and_no_power_over_the_platform(
    admin, authority, neighbour
):
    theirs = Role.objects.get(authority=neighbour, code="plan_officer").group
    own = Role.objects.get(authority=authority, code="plan_officer").group

    refused = admin.post(reverse("wagtailusers_users:add"), details(groups=[theirs.pk]))
    admin.post(reverse("wagtailusers_users:add"), details(groups=[own.pk], is_superuser="on"))

    assert refused.status_code == 200
    assert "groups" in refused.context["form"].errors
    assert not User.objects.get(email="new@example.org").is_superuser


def test_bulk_actions_on_people_are_off(admin, neighbour):
    stranger = make_officer(neighbour)

    response = admin.post(f"/admin/bulk/accounts/user/delete/?id={stranger.pk}")

    assert response.status_code == 404
    assert User.objects.filter(pk=stranger.pk).exists()


def test_nobody_enters_the_admin_without_a_second_factor(authority, client):
    user = make_user(email="new@example.org", second_factor=False, is_superuser=True)
    client.force_login(user)

    assert client.get("/admin/").url == reverse("mfa_index")


def test_a_stranger_is_sent_to_sign_in(authority, client):
    assert client.get("/admin/users/").url == "/accounts/login/?next=/admin/users/"


def test_nobody_signs_themselves_up(authority, client):
    client.post("/accounts/signup/", {"email": "x@example.org", "password1": "correct horse"})

    assert not User.objects.exists()


def test_one_address_is_one_person_however_it_is_typed(authority, client):
    make_user(email="Someone@Example.org")

    response = client.post(
        "/accounts/login/", {"login": "SOMEONE@example.ORG", "password": "correct horse battery"}
    )

    assert response.status_code == 302
