from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from localoffer.home.models import HomePage
from localoffer.pages import actions
from localoffer.pages.models import Alert, ContentPage, GuidePage, InitiativePage, SectionPage
from tests.factories.authority import make_authority


def text(html="<p>Words.</p>"):
    """The body of a page with one block of text."""
    return [("text", html)]


def make_page(parent, model=ContentPage, *, publish=True, **fields):
    """A page below another, published by the rules unless told otherwise."""
    fields = {"title": "School transport", "summary": "Who can have it and how to ask.", **fields}
    page = model(**fields)
    if publish:
        return actions.add(parent=parent, page=page)
    page.live = False
    return parent.add_child(instance=page)


def make_section(parent, **fields):
    return make_page(parent, SectionPage, **{"title": "Education", **fields})


def make_guide(parent, *, steps=("Ask", "Wait", "Hear"), **fields):
    stream = [("step", {"heading": step, "content": text()}) for step in steps]
    return make_page(
        parent, GuidePage, **{"title": "Ask for an assessment", "steps": stream, **fields}
    )


def make_initiative(parent, **fields):
    return make_page(
        parent,
        InitiativePage,
        **{"title": "Delivering Better Value in SEND", "short_name": "DBV", **fields},
    )


def make_document(name="leaflet.pdf", *, content=b"0123456789", title="Leaflet"):
    document = get_document_model()(title=title, collection=Collection.get_first_root_node())
    document.file.save(name, ContentFile(content))
    return document


def make_image(title="A school"):
    return get_image_model().objects.create(title=title, file=get_test_image_file())


def make_video(**changes):
    """The value of a video block that may be published."""
    return {
        "title": "What a base is",
        "video": make_document("base.mp4"),
        "captions": make_document("base.vtt", content=b"WEBVTT\n"),
        "still": make_image(),
        "transcript": "<p>A base is a place in a school.</p>",
        **changes,
    }


def make_alert(authority, **fields):
    now = timezone.now()
    defaults = {
        "title": "Helpline closed",
        "starts": now - timedelta(hours=1),
        "ends": now + timedelta(hours=1),
    }
    return Alert.objects.create(authority=authority, **{**defaults, **fields})


def make_site(**fields):
    """An authority with a published home page, and that page."""
    authority = make_authority(page_class=_home_page, **fields)
    home = authority.site.root_page.specific
    actions.publish(home)
    return authority, home


def _home_page(**fields):
    return HomePage(summary="Help for families in one place.", **fields)
