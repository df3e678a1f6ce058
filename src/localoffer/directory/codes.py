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
