"""Open Local Offer: the software of a SEND Local Offer."""
