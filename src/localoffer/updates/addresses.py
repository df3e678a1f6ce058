"""One spelling of each email address. Pure: no name server is asked."""

from email_validator import EmailNotValidError, validate_email

from localoffer.updates.models.people import LONGEST_ADDRESS


class BadAddressError(ValueError):
    """It cannot be an address; the words say what to do about it."""


RIGHT_FORM = "Enter an email address in the correct format, like name@example.com"


def normalised(typed: str) -> tuple[str, str]:
    """The address as it is written to, and as it is compared. Raises BadAddressError.

    What stands before the @ is compared without capitals: strictly a mail server may tell them
    apart, but none that people use does, and the same person must not be two.
    """
    text = typed.strip()
    if len(text) > LONGEST_ADDRESS:
        raise BadAddressError(f"Use an email address of {LONGEST_ADDRESS} characters or fewer")
    if any(character.isspace() for character in text):
        raise BadAddressError("Take the spaces out of the email address")
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise BadAddressError(RIGHT_FORM) from error
    if found.ascii_email is None:
        raise BadAddressError(
            "We cannot send to an address with accents before the @. Use another address"
        )
    if len(found.ascii_email) > LONGEST_ADDRESS:
        raise BadAddressError(f"Use an email address of {LONGEST_ADDRESS} characters or fewer")
    return found.ascii_email, found.ascii_email.casefold()
