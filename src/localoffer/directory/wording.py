"""Facts of a service as a parent reads them: ages, waits, prices, phone numbers."""

import re

SHORTEST = 3  # 999, 111
POUNDS = {"GBP": "£", "EUR": "€"}


def ages(minimum: int | None, maximum: int | None) -> str:
    """The ages, in years, that a service takes. No limits: all ages."""
    if minimum in (None, 0) and maximum is None:
        return "All ages"
    if maximum is None:
        return f"{minimum} and over"
    if minimum in (None, 0):
        return f"Up to {maximum}"
    if minimum == maximum:
        return f"{minimum} only"
    return f"{minimum} to {maximum}"


def wait(value: int | None, unit: str) -> str:
    """A usual wait: "about 12 weeks", "no wait"."""
    if value is None:
        return ""
    if value == 0:
        return "No wait"
    return f"About {value} {unit if value != 1 else unit.removesuffix('s')}"


def price(amount, currency: str = "GBP") -> str:
    """An amount of money, without pence where there are none."""
    if amount is None:
        return ""
    if amount == 0:
        return "Free"
    number = f"{amount:,.2f}".removesuffix(".00")
    sign = POUNDS.get(currency)
    return f"{sign}{number}" if sign else f"{number} {currency}"


def dialled(phone: str) -> str:
    """What a phone dials for a number as people write it, or nothing when there is no number.

    Only the first number of several, and none of the words around it.
    """
    for found in re.finditer(r"\+?\(?\d[\d\s()\-.]+", phone.replace("(0)", " ")):
        number = re.sub(r"[^\d+]", "", found[0])
        if len(number) >= SHORTEST:
            return number
    return ""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
