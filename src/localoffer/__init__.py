"""Open Local Offer: the software of a SEND Local Offer."""

from importlib.metadata import version

__version__ = version("localoffer")
