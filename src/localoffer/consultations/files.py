"""The pictures and films of a survey's versions: which there are, and how they are shown.

A version names them by their keys in the libraries of the site: an officer chose them there, of
those that are the officer's to choose. People are shown a picture that was made anew from the file,
with nothing of the camera in it. One that has been deleted since leaves the words alone.
"""

from dataclasses import dataclass

from django.utils.html import format_html
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from localoffer.consultations.questions import Wording
from localoffer.pages.blocks import VIDEO_TYPES, address, ending

BESIDE_A_CHOICE = "max-120x120"
ABOVE_A_QUESTION = "max-640x400"


@dataclass(frozen=True)
class Shown:
    """What stands beside the words of one question."""

    picture: str = ""
    film: dict | None = None
    choices: dict[str, str] | None = None

    def label(self, code, label):
        """The words of a choice, with its picture before them where it has one."""
        picture = (self.choices or {}).get(code)
        if not picture:
            return label
        return format_html('<span class="lo-choice">{}<span>{}</span></span>', picture, label)


def beside(wording: Wording) -> Shown:
    """The pictures and the film that a version shows with a question."""
    keys = {wording.picture, *(each.picture for each in wording.choices)} - {None}
    images = {}
    if keys:
        found = get_image_model().objects.filter(pk__in=keys)
        found = found.prefetch_renditions(BESIDE_A_CHOICE, ABOVE_A_QUESTION)
        images = {each.pk: each for each in found}
    film = None
    if wording.video and (document := _film(wording.video)):
        film = {"src": address(document), "type": VIDEO_TYPES.get(ending(document), "video/mp4")}
    return Shown(
        picture=_picture(images.get(wording.picture), ABOVE_A_QUESTION, wording.alt),
        film=film,
        choices={
            each.code: _picture(images.get(each.picture), BESIDE_A_CHOICE, each.alt)
            for each in wording.choices
        },
    )


def _picture(image, size, alt):
    if image is None:
        return ""
    look = "lo-choice__picture" if size == BESIDE_A_CHOICE else "lo-asked__picture"
    return image.get_rendition(size).img_tag({"alt": alt, "class": look})


def _film(key):
    return get_document_model().objects.filter(pk=key).first()


def missing(survey) -> bool:
    """Whether a version names a picture or a film that is not there."""
    document = survey.document
    for keys, model in [
        (document.pictures, get_image_model()),
        (document.videos, get_document_model()),
    ]:
        if keys and model.objects.filter(pk__in=keys).count() < len(keys):
            return True
    return False
