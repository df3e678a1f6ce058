from django.db import models
from django.utils import timezone


class Demonstration(models.Model):
    """The mark of a database that the demonstration made: one row, or none."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    made_on = models.DateField(default=timezone.localdate)
    complete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="demo_one_mark"),
        ]

    def __str__(self):
        return f"Demonstration made on {self.made_on}"
