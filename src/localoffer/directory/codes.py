"""Lists of words that records of the directory choose from, with what the public reads."""

from django.db import models


class Access(models.TextChoices):
    """What a place has that makes it possible to go there."""

    STEP_FREE = "step_free", "Step-free way in"
    CHANGING_PLACES = "changing_places", "Changing Places toilet"
    ACCESSIBLE_TOILET = "accessible_toilet", "Accessible toilet"
    HEARING_LOOP = "hearing_loop", "Hearing loop"
    QUIET_SPACE = "quiet_space", "Quiet space"
    LOW_LIGHT = "low_light", "Low lighting"
    BSL = "bsl", "British Sign Language"
    CAPTIONS = "captions", "Captions"
    PARKING = "parking", "Blue Badge or accessible parking"
    PUBLIC_TRANSPORT = "public_transport", "Near public transport"
    ASSISTANCE_DOGS = "assistance_dogs", "Assistance dogs welcome"


class Route(models.TextChoices):
    """Who can ask for a service."""

    SELF = "self", "You can ask yourself"
    GP = "gp", "Your GP"
    SCHOOL = "school", "Your child's school, college or nursery"
    HEALTH_PROFESSIONAL = "health_professional", "A health professional"
    SOCIAL_WORKER = "social_worker", "A social worker"
    PANEL = "panel", "A panel decides"
    COUNCIL = "council", "The council"


class Day(models.TextChoices):
    """Days of the week as RFC 5545 writes them."""

    MO = "MO", "Monday"
    TU = "TU", "Tuesday"
    WE = "WE", "Wednesday"
    TH = "TH", "Thursday"
    FR = "FR", "Friday"
    SA = "SA", "Saturday"
    SU = "SU", "Sunday"


# RFC 5545 counts the weeks of a month before the day: 2TU, -1FR.
WEEKS = {"": "every", "1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
DAYS_OF_A_MONTH = {
    f"{number}{day}": f"{word.capitalize()} {day.label} of the month"
    for number, word in WEEKS.items()
    if number
    for day in Day
}
BYDAY = {day.value: day.label for day in Day} | DAYS_OF_A_MONTH
