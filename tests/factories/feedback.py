import uuid

from localoffer.feedback.models import Comment, State


def make_comment(authority, **fields):
    """A comment that waits."""
    defaults = {
        "kind": Comment.Kind.WRONG,
        "text": "The number is wrong.",
        "token": uuid.uuid4(),
        "state": State.RECEIVED,
    }
    return Comment.objects.create(authority=authority, **{**defaults, **fields})
