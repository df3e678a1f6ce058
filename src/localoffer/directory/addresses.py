"""Web addresses of services, made from their names."""

from collections.abc import Iterable

from django.utils.text import slugify

LONGEST = 100


def stem(name: str) -> str:
    """The address a name would have if nothing else had it."""
    return slugify(name)[:80].strip("-") or "service"


class Taken:
    """The addresses that are in use in one authority."""

    def __init__(self, slugs: Iterable[str]):
        self.slugs = set(slugs)

    def choose(self, name: str) -> str:
        """A free address for this name, which is then taken: ``name``, ``name-2``, ``name-3``…"""
        wanted = stem(name)
        slug, number = wanted, 1
        while slug in self.slugs:
            number += 1
            slug = f"{wanted}-{number}"
        self.slugs.add(slug)
        return slug
