from wagtail import fields


class StreamField(fields.StreamField):
    """Wagtail's StreamField, which migrations see as the plain JSON it is stored as.

    A change of blocks is then no change of schema: without this, each reworded label is a
    migration in every app that uses the block. And a data migration reads and writes an
    ordinary list of dicts.
    """

    def __init__(self, block_types=(), **kwargs):
        super().__init__(block_types, **kwargs)

    def deconstruct(self):
        name, _path, _args, kwargs = super().deconstruct()
        kwargs = {key: kwargs[key] for key in ("blank", "default") if key in kwargs}
        return name, "django.db.models.JSONField", [], kwargs
