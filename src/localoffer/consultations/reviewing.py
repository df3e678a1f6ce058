"""What the law asks when a Local Offer is reviewed: five questions (SEND Regulations 2014, 55)."""

from localoffer.consultations.questions import Document, Kind, Question, new_code

TITLE = "What do you think of the Local Offer?"
SUMMARY = (
    "Our review of the Local Offer. The law asks five questions about this site and the services "
    "on it. Answer one or all of them."
)
# In the order of regulation 55, (a) to (e).
FIVE = [
    "Which services do you need that are not here?",
    "How should the information be set out?",
    "How should people who do not use the internet get it?",
    "How can we make it easy to use for people with special educational needs or a disability?",
    "How would you like to tell us what you think?",
]


def questions() -> Document:
    """The five questions with codes of their own, for an officer to go on from."""
    return Document(tuple(Question(code=new_code(), kind=Kind("long"), text=text) for text in FIVE))
