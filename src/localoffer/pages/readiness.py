"""What stands between a page and its publication. Drafts may be as unfinished as they like.

A block that has something to say about being published has a method ``problems(value)``; the
rest of this module only walks to it.
"""

from collections.abc import Iterator

from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue
from wagtail.blocks.struct_block import StructValue
from wagtail.fields import StreamField
from wagtail.rich_text import RichText

from localoffer.pages.words import paragraphs_of_html


def stream_fields(page) -> Iterator[tuple[str, StreamValue]]:
    """The name and value of each StreamField of a page."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            yield field.name, getattr(page, field.name)


def block_problems(page) -> Iterator[tuple[str, str]]:
    """What the blocks of a page say must be put right: (field, words) pairs."""
    for name, stream in stream_fields(page):
        for block, value in walk(stream):
            if hasattr(block, "problems"):
                for problem in block.problems(value):
                    yield name, problem


def paragraphs(page) -> Iterator[tuple[str, str]]:
    """Each paragraph of a page that readers see, with the name of its field."""
    for name in ["title", "summary"]:
        yield name, getattr(page, name)
    for name, stream in stream_fields(page):
        for _block, value in walk(stream):
            if isinstance(value, RichText):
                yield from ((name, text) for text in paragraphs_of_html(value.source))
            elif isinstance(value, str):
                yield name, value


def walk(value, block=None) -> Iterator[tuple]:
    """Every block inside a StreamField's value with its value, outermost first."""
    if block is not None:
        yield block, value
    if isinstance(value, StreamValue):
        for child in value:
            yield from walk(child.value, child.block)
    elif isinstance(value, ListValue):
        for child in value.bound_blocks:
            yield from walk(child.value, child.block)
    elif isinstance(value, StructValue):
        for child in value.bound_blocks.values():
            yield from walk(child.value, child.block)
