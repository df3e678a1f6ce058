"""The same site as a Wagtail tutorial would build it: the reference of ``bench.pages``.

The same database, models, templates and words, so that what is compared is the way to them. Pages
are found by Wagtail's own walk down the tree; menus, trails, cards and lists are asked of the
database where they are shown; bodies are rendered each time. Nothing here is kept in memory but
what Wagtail and Django keep themselves. It is never installed with the product.
"""
