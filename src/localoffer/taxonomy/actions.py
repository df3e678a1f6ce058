"""Loads the reference data."""


def load_after_migrate(**kwargs):
    pass
