"""Dates as people say them, with the weekday: "Friday 28 April 2023"."""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "l j F Y, g:i a"
SHORT_DATETIME_FORMAT = "j F Y, g:i a"
TIME_FORMAT = "g:i a"
