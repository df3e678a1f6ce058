"""The words that an authority searches with. A stand-in: there are none yet."""


def thesaurus_of(authority):
    """The thesaurus of one authority."""
    return ()
