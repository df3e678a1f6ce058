from django.db import models

from localoffer.directory.models.sourced import Sourced


class Organisation(Sourced):
    """Who runs services: a council, a school, a charity. Never a private person."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        SCHOOL = "school", "School, college or nursery"
        NHS = "nhs", "NHS"
        CHARITY = "charity", "Charity or community group"
        COMPANY = "company", "Company"
        OTHER = "other", "Other"

    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    url = models.URLField("website", max_length=500, blank=True)
    email = models.EmailField("email address", blank=True)
    phone = models.CharField("phone number", max_length=60, blank=True)
    identifiers = models.JSONField(
        default=list,
        blank=True,
        help_text='Pairs of an org-id.guide code and a number, such as [["GB-CHC", "1234567"]].',
    )

    class Meta(Sourced.Meta):
        ordering = ["name"]
        indexes = [models.Index(fields=["authority", "name"])]

    def __str__(self):
        return self.name
