"""StreamField blocks that any page may use. A block renders the template of the tag of its name."""

import re

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from localoffer.ui.symbols import SYMBOLS

# A number, a percentage or money; "c", a figure kept back; or a dash, no figure.
NUMBER = re.compile(r"[-\u2212]?£?[\d,]+(\.\d+)?%?|c|[-\u2013]?")
INLINE = ["bold", "italic", "link", "document-link"]
PROSE = ["h2", "h3", "ol", "ul", *INLINE]
LISTS = ["ol", "ul", *INLINE]


class ComponentBlock(blocks.StructBlock):
    """Hands its values to the template by name, as a tag's arguments are."""

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context=parent_context), **value}


class LinkValue(blocks.StructValue):
    @property
    def url(self):
        """Where the link leads; empty when its page is gone."""
        return self["address"] or (self["page"].url if self["page"] else "") or ""


class LinkBlock(ComponentBlock):
    """A page of this site or an address elsewhere, and the words that lead there."""

    text = blocks.CharBlock(max_length=100, help_text="Say where it leads, not “click here”.")
    page = blocks.PageChooserBlock(required=False)
    address = blocks.URLBlock(required=False, label="Or a web address")

    def clean(self, value):
        value = super().clean(value)
        if bool(value["page"]) == bool(value["address"]):
            problem = ValidationError("Choose a page or give a web address: one of the two.")
            raise blocks.StructBlockValidationError(block_errors={"address": problem})
        return value

    class Meta:
        icon = "link"
        value_class = LinkValue


class ButtonBlock(LinkBlock):
    """A link that looks like a button: the one thing to do on the page."""

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context=parent_context), "href": value.url}

    class Meta:
        icon = "link"
        label = "Button"
        template = "ui/button.html"


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, lists and headings. ``body`` gives the headings ids for the contents list."""

    def __init__(self, **kwargs):
        kwargs.setdefault("features", PROSE)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "ui/prose.html"


class NoticeBlock(ComponentBlock):
    """A banner around something that has changed or must be known."""

    title = blocks.CharBlock(default="Important", max_length=80)
    content = blocks.RichTextBlock(features=INLINE)

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context=parent_context)
        # Two banners on a page need two ids. The words of one make it, so it is always the same.
        return {**context, "kind": "information", "id": slugify(f"notice {value['title']}")}

    class Meta:
        icon = "warning"
        template = "ui/notice.html"


class DetailsBlock(ComponentBlock):
    """Words that most readers can do without, behind a line to press."""

    summary = blocks.CharBlock(max_length=120, help_text="What is inside, in a few words.")
    content = blocks.RichTextBlock(features=LISTS)

    class Meta:
        icon = "collapse-down"
        label = "Details to open"
        template = "ui/details.html"


class InsetBlock(ComponentBlock):
    """An example, or words from elsewhere, set apart."""

    content = blocks.RichTextBlock(features=LISTS)

    class Meta:
        icon = "indent"
        label = "Inset text"
        template = "ui/inset_text.html"


class WarningBlock(ComponentBlock):
    """Something with consequences: a deadline, a right that is lost."""

    text = blocks.CharBlock(max_length=300)

    class Meta:
        icon = "warning"
        template = "ui/warning_text.html"


class QuoteBlock(ComponentBlock):
    """What somebody said. People are named by their part, never by name, unless they agreed."""

    text = blocks.TextBlock(max_length=1000)
    by = blocks.CharBlock(max_length=100, required=False, help_text="For example: parent carer")

    class Meta:
        icon = "openquote"
        template = "ui/quote.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120)
    text = blocks.RichTextBlock(features=LISTS, required=False)

    class Meta:
        icon = "list-ol"


class StepsBlock(ComponentBlock):
    """What happens, in order."""

    items = blocks.ListBlock(StepBlock(), min_num=2, label="Steps")

    class Meta:
        icon = "list-ol"
        template = "ui/steps.html"


class CardBlock(LinkBlock):
    summary = blocks.CharBlock(max_length=200, required=False, help_text="One short sentence.")
    symbol = blocks.ChoiceBlock(
        required=False, choices=[(name, name.replace("-", " ").capitalize()) for name in SYMBOLS]
    )

    class Meta:
        icon = "doc-empty"


class CardsBlock(ComponentBlock):
    """A few choices. More than nine is a list, not a choice."""

    cards = blocks.ListBlock(CardBlock(), min_num=2, max_num=9)

    class Meta:
        icon = "grip"
        template = "ui/cards_block.html"


class FactBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=60, label="What")
    value = blocks.RichTextBlock(features=INLINE, label="Answer")


class FactsBlock(ComponentBlock):
    """Facts in two columns: "Cost: free"."""

    rows = blocks.ListBlock(FactBlock(), label="Facts")

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context=parent_context), "lines": True}

    class Meta:
        icon = "list-ul"
        template = "ui/summary_list.html"


class TableValue(blocks.StructValue):
    @property
    def grid(self):
        """Every line as a list of its cells, the line of headings first."""
        lines = [line for line in self["cells"].splitlines() if line.strip()]
        mark = "\t" if any("\t" in line for line in lines) else "|"
        return [[cell.strip() for cell in line.split(mark)] for line in lines]


class TableBlock(ComponentBlock):
    """Numbers or short words in rows and columns, pasted from a spreadsheet."""

    caption = blocks.CharBlock(max_length=200, help_text="What the table shows.")
    cells = blocks.TextBlock(
        help_text=(
            "Paste cells from a spreadsheet, or put | between them. One row on a line, "
            "the headings first."
        )
    )
    row_headers = blocks.BooleanBlock(
        required=False, default=True, label="The first cell of each row names the row"
    )

    def clean(self, value):
        value = super().clean(value)
        grid = value.grid
        if len(grid) < 2:
            problem = "A table needs a line of headings and at least one row."
        elif uneven := [line for line in grid if len(line) != len(grid[0])]:
            problem = (
                f"The headings have {len(grid[0])} cells and this line has {len(uneven[0])}: "
                f"{' | '.join(uneven[0])}"
            )
        else:
            return value
        raise blocks.StructBlockValidationError(block_errors={"cells": ValidationError(problem)})

    def get_context(self, value, parent_context=None):
        head, *rows = value.grid or [[]]
        first = 1 if value["row_headers"] else 0  # a year that names its row is not a number
        formats = [
            "numeric" if column >= first and rows and _are_numbers(rows, column) else ""
            for column in range(len(head))
        ]

        def cells(line):
            return [
                {"text": text, "format": format_}
                for text, format_ in zip(line, formats, strict=False)
            ]

        context = super().get_context(value, parent_context=parent_context)
        return {**context, "head": cells(head), "rows": [cells(row) for row in rows]}

    class Meta:
        icon = "table"
        value_class = TableValue
        template = "ui/table_block.html"


class PictureBlock(ComponentBlock):
    """A picture, with its words for those who do not see it."""

    image = ImageBlock()
    caption = blocks.CharBlock(max_length=250, required=False)

    class Meta:
        icon = "image"
        template = "ui/picture.html"


class BodyBlock(blocks.StreamBlock):
    """What any page may be made of. An app adds its own: ``class NewsBody(BodyBlock): ...``."""

    text = TextBlock()
    notice = NoticeBlock()
    warning = WarningBlock()
    inset = InsetBlock()
    details = DetailsBlock()
    steps = StepsBlock()
    button = ButtonBlock()
    cards = CardsBlock()
    facts = FactsBlock()
    table = TableBlock()
    quote = QuoteBlock()
    picture = PictureBlock()


def _are_numbers(rows, column):
    return all(NUMBER.fullmatch(cell) for row in rows for cell in row[column : column + 1])
