"""The demonstration's pictures, films and documents."""

from datetime import date

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from localoffer.demo.building.reading import CONTENT, BadContentError, data, entry
from localoffer.pages.from_markdown import Block, Resolve, block, html

FOLDER = CONTENT / "media"


class Files:
    """Files of ``content/media``, put into an authority's collection when first asked for."""

    def __init__(self, collection, today: date, resolve: Resolve):
        self.collection, self.today, self.resolve = collection, today, resolve
        self.described = data("media/media.yaml", today)
        self.made: dict[str, object] = {}

    def about(self, key):
        if key not in self.described:
            raise BadContentError(f"media.yaml has nothing called {key}")
        return self.described[key]

    def picture(self, key) -> Block:
        """A picture block."""
        about = self.about(key)
        image = {"image": self.image(key).pk, "alt_text": about["alt"], "decorative": False}
        return block("picture", {"image": image, "caption": about.get("caption", "")})

    def film(self, key) -> Block:
        """A video block, with its captions, still and transcript."""
        about = self.about(key)
        transcript = entry(FOLDER / about["transcript"], self.today)
        return block(
            "video",
            {
                "title": about["title"],
                "video": self._document(about["file"], about["title"]).pk,
                "captions": self._document(about["captions"], f"{about['title']}: captions").pk,
                "still": self.image(about["still"]).pk,
                "transcript": html(transcript.body, self.resolve),
            },
        )

    def document(self, key, page) -> Block:
        """A document block with the page that says the same."""
        about = self.about(key)
        return block(
            "document",
            {
                "title": about["title"],
                "document": self._document(about["file"], about["title"]).pk,
                "page": page.pk,
                "why_no_page": False,
                "reason": "",
            },
        )

    def image(self, key):
        """A picture of the library."""
        if key not in self.made:
            about = self.about(key)
            with (FOLDER / about["file"]).open("rb") as file:
                self.made[key] = get_image_model().objects.create(
                    title=about["title"],
                    file=File(file, name=about["file"]),
                    collection=self.collection,
                    description=about["alt"],
                )
        return self.made[key]

    def _document(self, name, title):
        if name not in self.made:
            with (FOLDER / name).open("rb") as file:
                self.made[name] = get_document_model().objects.create(
                    title=title, file=File(file, name=name), collection=self.collection
                )
        return self.made[name]
