"""Loads areas and postcodes."""


def load_after_migrate(**kwargs):
    pass
