from localoffer.mail import actions, addresses
from localoffer.mail.models import Suppression


def make_message(authority, **fields):
    """A message to a list, not released."""
    values = {
        "key": "edition 1",
        "kind": "edition",
        "subject": "What is new in Barsetshire",
        "text": "Hello {{ name }},\n\n{{ parts }}\n\nThe Local Offer team",
        "html": "<p>Hello {{ name }},</p>\n{{ parts }}",
        "parts": {
            "one": {"text": "A new club.", "html": "<p>A new club.</p>"},
            "two": {"text": "A new school.", "html": "<p>A new school.</p>"},
        },
        "stream": "updates",
        **fields,
    }
    return actions.write(authority=authority, **values)


def make_recipients(number=3, **fields):
    """So many people, each with a name, a way to leave and an address of their own."""
    return [
        actions.Recipient(
            person=f"person-{at}",
            address=f"person-{at}@example.org",
            **{
                "personal": {"name": f"Person {at}"},
                "leave_url": f"https://barsetshire.example/updates/leave/{at}/",
                "leave_mailto_token": f"token-{at}",
                **fields,
            },
        )
        for at in range(number)
    ]


def make_sent(authority, number=3, **fields):
    """A released message with rows for so many people."""
    message = make_message(authority, **fields)
    actions.address(message, make_recipients(number))
    actions.release(message)
    return message


def make_stopped(authority, address="gone@example.org", **fields):
    """An address that takes no mail from an authority."""
    values = {"reason": Suppression.Reason.HARD_BOUNCE, "evidence": "550 5.1.1", **fields}
    return Suppression.objects.create(
        authority=authority, address_hash=addresses.hashed(address), **values
    )
