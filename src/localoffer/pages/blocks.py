"""Blocks that know documents, pictures, videos and other pages."""

from pathlib import PurePath

from django.urls import reverse
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from localoffer.pages.words import paragraphs_of_html
from localoffer.ui import blocks as ui

VIDEO_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}
# Formats that read badly on a phone and with a screen reader.
NEEDS_A_PAGE = {".pdf", ".docx"}


def _size(document):
    """The size of a file that was put in place by code, which notes none."""
    try:
        return document.file.size
    except FileNotFoundError:
        return 0


def ending(document):
    """The ending of a document's file name, in lower case: ``.pdf``."""
    return PurePath(document.filename).suffix.lower()


class DocumentBlock(blocks.StructBlock):
    """A document to download, beside the web page that says the same."""

    title = blocks.CharBlock(max_length=120)
    document = DocumentChooserBlock()
    page = blocks.PageChooserBlock(
        required=False,
        label="The page that says the same",
        help_text="Many people cannot read a PDF or Word file.",
    )
    why_no_page = blocks.BooleanBlock(
        required=False,
        label="There is no such page, and the reason is below",
    )
    reason = blocks.CharBlock(
        required=False,
        max_length=200,
        label="Why there is no page",
        help_text="For example: it is the form itself, to print and sign. Readers see this.",
    )

    class Meta:
        icon = "doc-full"
        template = "pages/blocks/document.html"

    def problems(self, value):
        document, title = value.get("document"), value.get("title")
        if document is None:
            yield f"Document “{title}”: choose the file."
            return
        explained = value.get("why_no_page") and (value.get("reason") or "").strip()
        if ending(document) in NEEDS_A_PAGE and not value.get("page") and not explained:
            yield (
                f"Document “{title}”: choose the web page that says the same, or tick that "
                "there is none and say why."
            )

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        document = value.get("document")
        if document:
            context["format"] = ending(document).removeprefix(".").upper()
            context["size"] = document.file_size or _size(document)
        return context


class VideoBlock(blocks.StructBlock):
    """A short film of the council's own. It can be published only when everyone can follow it."""

    title = blocks.CharBlock(max_length=120)
    video = DocumentChooserBlock(help_text="An MP4 or WebM file.")
    captions = DocumentChooserBlock(required=False, help_text="A WebVTT file (.vtt).")
    still = ImageChooserBlock(required=False, help_text="Shown until the video is played.")
    transcript = blocks.RichTextBlock(
        required=False,
        features=["bold", "ol", "ul"],
        help_text="What is said, and what is shown that matters.",
    )

    class Meta:
        icon = "media"
        template = "pages/blocks/video.html"

    def problems(self, value):
        video, captions = value.get("video"), value.get("captions")
        transcript = getattr(value.get("transcript"), "source", "")
        wanted = [
            (video, "choose the video file"),
            (captions, "add captions (a .vtt file)"),
            (value.get("still"), "choose a still picture"),
            (paragraphs_of_html(transcript), "write the transcript"),
        ]
        missing = [what for there, what in wanted if not there]
        if video and ending(video) not in VIDEO_TYPES:
            missing.append("choose an MP4 or WebM file")
        if captions and ending(captions) != ".vtt":
            missing.append("choose captions that are a .vtt file")
        if missing:
            yield f"Video “{value.get('title')}”: {', '.join(missing)}."

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        if video := value.get("video"):
            context["src"] = address(video)
            context["type"] = VIDEO_TYPES.get(ending(video), "")
        if captions := value.get("captions"):
            context["captions"] = address(captions)
        return context


def address(document):
    """Where a video or its captions are served, so that a browser can ask for a part."""
    return reverse("pages:film", args=[document.pk, document.filename])


class AdviceBlock(blocks.StaticBlock):
    """The authority's independent advice service, from one record."""

    class Meta:
        icon = "help"
        label = "Independent advice (SENDIASS)"
        admin_text = "Shows how to reach the advice service, from the authority's own settings."
        template = "pages/blocks/advice.html"


class InitiativeBlock(blocks.StructBlock):
    """A programme told once: what this shows comes from the programme's own page."""

    initiative = blocks.PageChooserBlock(page_type="pages.InitiativePage")

    class Meta:
        icon = "folder-open-1"
        label = "Programme"
        template = "pages/blocks/initiative.html"

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        page = value["initiative"]
        context["programme"] = page.specific if page and page.live else None
        return context


class PagesBlock(blocks.ListBlock):
    """Links to other pages."""

    def __init__(self, **kwargs):
        super().__init__(blocks.PageChooserBlock(), **kwargs)

    class Meta:
        icon = "link"
        label = "Links to pages"
        template = "pages/blocks/pages.html"


class BodyBlock(ui.BodyBlock):
    """What the body of a page may be made of."""

    document = DocumentBlock()
    video = VideoBlock()
    advice = AdviceBlock()
    initiative = InitiativeBlock()
    pages = PagesBlock()


class StepBlock(blocks.StructBlock):
    """One step of a guide."""

    heading = blocks.CharBlock(max_length=120)
    content = BodyBlock()

    class Meta:
        icon = "list-ol"
