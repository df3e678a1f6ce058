"""What people type. The admin's forms are at the end."""

import uuid
from collections import Counter
from datetime import timedelta

from django import forms
from django.utils import timezone

from localoffer.authority.models import PublicItem
from localoffer.places.models import Area
from localoffer.taxonomy.models import AgeBand, Audience, Topic
from localoffer.ui.forms import Checkboxes, GovukForm, Radios
from localoffer.updates import addresses, slowing
from localoffer.updates.actions.joining import Choices, Settings
from localoffer.updates.models import Channel, Format, Frequency

NOT_WHOLE = "This form was open for a long time, or did not arrive whole. Send it again."
AS_IT_IS = ""
BY_MAIL = [choice for choice in Format.choices if choice[0] != Format.POST]
PAUSES = {"14": "2 weeks", "30": "1 month", "90": "3 months"}  # days


def topics():
    return Topic.objects.current()


def districts(authority):
    """The districts of an authority that has some to choose among."""
    codes = authority.districts or []
    return (
        Area.objects.filter(pk__in=codes).order_by("name")
        if len(codes) > 1
        else Area.objects.none()
    )


def pairs(rows):
    return [(row.pk, str(row)) for row in rows]


class GuardedForm(GovukForm, forms.Form):
    """A form that mails an address which may not be the sender's: see ``slowing``."""

    form = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": NOT_WHOLE}, max_length=200
    )
    email = forms.CharField(
        label="Your email address",
        widget=forms.EmailInput,
        help_text="We send one email to it, with a button to press. Nothing starts before that.",
        error_messages={"required": "Enter your email address"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].initial = slowing.new_form

    def clean_form(self):
        try:
            slowing.read_form(self.cleaned_data["form"])
        except slowing.StaleFormError as error:
            raise forms.ValidationError(NOT_WHOLE) from error
        return self.cleaned_data["form"]

    def clean_email(self):
        try:
            address, key = addresses.normalised(self.cleaned_data["email"])
        except addresses.BadAddressError as error:
            raise forms.ValidationError(str(error)) from error
        self.cleaned_data["address_key"] = key
        return address

    def renew(self):
        """Give the form a new number where the one that came is of no use."""
        if self.errors.get("form"):
            self.data = self.data.copy()
            self.data["form"] = slowing.new_form()

    @property
    def sent(self):
        """Who is to be mailed, and from which form."""
        return {
            "address": self.cleaned_data["email"],
            "address_key": self.cleaned_data["address_key"],
            "form": slowing.read_form(self.cleaned_data["form"]),
        }


class LinkForm(GuardedForm):
    """Send me the address of my own page."""

    email = forms.CharField(
        label="Your email address",
        widget=forms.EmailInput,
        help_text="The one that you get our updates at.",
        error_messages={"required": "Enter your email address"},
    )


def frequency_field(**options):
    return forms.ChoiceField(
        label="How often do you want to hear from us?",
        choices=Frequency,
        initial=Frequency.WEEKLY,
        widget=Radios(hints={Frequency.URGENT: "You get urgent news whichever you choose."}),
        error_messages={"required": "Choose how often"},
        **options,
    )


class FollowForm(GuardedForm):
    """Follow one thing."""

    frequency = frequency_field()
    field_order = ["form", "frequency", "email"]

    def choices(self, item) -> Choices:
        return Choices(item=item.pk, frequency=self.cleaned_data["frequency"])


class WantsForm(GovukForm, forms.Form):
    """What somebody wants to hear of. It never asks for a name, a birthday or a diagnosis."""

    topics = forms.MultipleChoiceField(
        label="What do you want to hear about?",
        widget=Checkboxes,
        help_text="Choose all that you want.",
        error_messages={"required": "Choose at least one subject"},
    )
    audiences = forms.MultipleChoiceField(
        label="Who are you?",
        required=False,
        widget=Checkboxes,
        help_text="We leave out what is for others. Choose nothing to get all of it.",
    )
    ages = forms.MultipleChoiceField(
        label="Which ages matter to you?",
        required=False,
        widget=Checkboxes,
        help_text="Choose nothing to hear about every age.",
    )
    areas = forms.MultipleChoiceField(
        label="Which areas matter to you?",
        required=False,
        widget=Checkboxes,
        help_text="Choose nothing to hear about everywhere.",
    )
    frequency = frequency_field()
    format = forms.ChoiceField(
        label="How do you want to read it?",
        choices=BY_MAIL,
        initial=Format.HTML,
        widget=Radios,
        error_messages={"required": "Choose how you want to read it"},
    )
    promotional = forms.BooleanField(
        label="You may also tell me about things that advertise something, such as paid events",
        required=False,
    )

    def __init__(self, *args, authority, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = pairs(topics())
        self.fields["audiences"].choices = pairs(Audience.objects.current())
        self.fields["ages"].choices = pairs(AgeBand.objects.current())
        if areas := pairs(districts(authority)):
            self.fields["areas"].choices = areas
        else:
            del self.fields["areas"]

    @property
    def settings(self) -> dict:
        wanted = ["format", "areas", "ages", "audiences", "promotional"]
        return {name: self.cleaned_data[name] for name in wanted if name in self.cleaned_data}


class SignUpForm(WantsForm, GuardedForm):
    """Sign up for topics."""

    field_order = [
        "form",
        "topics",
        "audiences",
        "ages",
        "areas",
        "frequency",
        "format",
        "promotional",
        "email",
    ]

    @property
    def choices(self) -> Choices:
        return Choices(
            topics=self.cleaned_data["topics"],
            frequency=self.cleaned_data["frequency"],
            settings=Settings(**self.settings),
        )


class ChangeForm(WantsForm):
    """Change what somebody gets. ``follows``: their living subscriptions."""

    def __init__(self, *args, subscriber, follows, **kwargs):
        self.follows = follows
        often = Counter(one.frequency for one in follows)
        mixed = len(often) > 1
        kwargs["initial"] = {
            "topics": [one.topic_id for one in follows if one.topic_id],
            "audiences": subscriber.audiences,
            "ages": subscriber.ages,
            "areas": subscriber.areas,
            "format": subscriber.format,
            "promotional": subscriber.promotional,
            "frequency": AS_IT_IS if mixed else next(iter(often), Frequency.WEEKLY),
        }
        super().__init__(*args, authority=subscriber.authority, **kwargs)
        self.fields["topics"].required = False
        if mixed:
            self.fields["frequency"].choices = [
                (AS_IT_IS, "Different for each, as it is now"),
                *Frequency.choices,
            ]
            self.fields["frequency"].required = False
        if subscriber.format == Format.POST:
            self.fields["format"].choices = [(Format.POST, Format.POST.label)]

    def clean_topics(self):
        chosen = self.cleaned_data["topics"]
        if not chosen and not any(one.item_id for one in self.follows):
            raise forms.ValidationError(
                "Choose at least one subject. Or go back, and choose Stop everything"
            )
        return chosen


class PauseForm(GovukForm, forms.Form):
    """For how long to send nothing."""

    days = forms.ChoiceField(
        label="For how long?",
        choices=list(PAUSES.items()),
        widget=Radios,
        error_messages={"required": "Choose for how long"},
    )

    @property
    def until(self):
        return timezone.localdate() + timedelta(days=int(self.cleaned_data["days"]))


# The admin


class EditionForm(forms.Form):
    """The words above an edition's list, when it goes, and what it tells of."""

    introduction = forms.CharField(
        label="Introduction",
        required=False,
        max_length=1_500,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="A few words above the list. Plain text; an empty line begins a new paragraph.",
    )
    send_at = forms.SplitDateTimeField(
        label="Send at",
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Send at: day"},
            time_attrs={"type": "time", "aria-label": "Send at: time"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        help_text="UK time. Leave empty to send it as soon as it is approved.",
    )
    items = forms.MultipleChoiceField(
        label="What it tells of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Take the tick off what should not be in it. Nobody is told of that.",
    )

    def __init__(self, *args, edition, **kwargs):
        rows = [row for row in edition.items.all() if not row.catch_up]
        kwargs["initial"] = {
            "introduction": edition.introduction,
            "send_at": edition.send_at,
            "items": [str(row.pk) for row in rows if row.included],
        }
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [
            (str(row.pk), f"{row.heading}: {row.title}") for row in rows
        ]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why"},
    )


class UrgentForm(forms.Form):
    """Something that cannot wait for an edition. ``items``: what it may be about."""

    item = forms.ModelChoiceField(PublicItem.objects.none(), label="Page or service it is about")
    title = forms.CharField(
        label="What has happened, in a few words",
        max_length=120,
        help_text="The subject of the email. For example: The Malvern drop-in is off today",
    )
    text = forms.CharField(
        label="What people need to know, and what to do",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reason = forms.CharField(
        label="Why it cannot wait for the next edition",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the notice. It is not sent.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, items, chooser, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].widget = chooser
        self.fields["item"].queryset = items
        self.fields["token"].initial = uuid.uuid4


def ticks(label):
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple
    )


class PersonWantsForm(forms.Form):
    """What somebody asks staff for. ``among``: the authorities whose areas they may choose."""

    format = forms.ChoiceField(label="How they get it", choices=Format, widget=forms.RadioSelect)
    postal_name = forms.CharField(label="Name for the envelope", required=False, max_length=120)
    postal_address = forms.CharField(
        label="Postal address",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only for those who get letters.",
    )
    topics = ticks("What they want to hear about")
    frequency = forms.ChoiceField(
        label="How often", choices=Frequency, initial=Frequency.WEEKLY, widget=forms.RadioSelect
    )
    audiences = ticks("Who they are")
    ages = ticks("Ages that matter to them")
    areas = ticks("Areas that matter to them")
    promotional = forms.BooleanField(
        label="They also want what advertises something", required=False
    )

    def __init__(self, *args, among, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = pairs(topics())
        self.fields["audiences"].choices = pairs(Audience.objects.current())
        self.fields["ages"].choices = pairs(AgeBand.objects.current())
        codes = {code for authority in among for code in authority.districts or []}
        if codes:
            areas = Area.objects.filter(pk__in=codes).order_by("name")
            self.fields["areas"].choices = pairs(areas)
        else:
            del self.fields["areas"]

    @property
    def by_post(self):
        return self.cleaned_data.get("format") == Format.POST

    def clean(self):
        found = super().clean()
        written = found.get("postal_address") or "postal_address" in self.errors
        if self.by_post and not written:
            self.add_error("postal_address", "Enter the address to post it to")
        return found

    @property
    def settings(self) -> dict:
        found = self.cleaned_data
        wanted = ["format", "areas", "ages", "audiences", "promotional"]
        return {name: found[name] for name in wanted if name in found}

    @property
    def envelope(self) -> dict:
        """What is kept of an address for letters: nothing, where none are sent."""
        names = ["postal_name", "postal_address"]
        return {name: self.cleaned_data[name] if self.by_post else "" for name in names}


class PersonForm(PersonWantsForm):
    """Add somebody who rang, wrote or spoke to us."""

    authority = forms.ModelChoiceField(queryset=None, empty_label=None)
    channel = forms.ChoiceField(
        label="How they said yes",
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(
        label="They heard or read the words above, and said yes",
        error_messages={"required": "They must hear the words and say yes first"},
    )
    email = forms.CharField(label="Email address", required=False, widget=forms.EmailInput)
    field_order = ["authority", "channel", "agreed", "format", "email"]

    def __init__(self, *args, among, **kwargs):
        super().__init__(*args, among=among, **kwargs)
        self.fields["topics"].required = True
        self.fields["topics"].error_messages["required"] = "Choose at least one subject"
        self.fields["authority"].queryset = among
        self.fields["authority"].initial = among.first()

    def clean_email(self):
        self.cleaned_data["address_key"] = ""
        if not (typed := self.cleaned_data["email"]):
            return ""
        try:
            address, self.cleaned_data["address_key"] = addresses.normalised(typed)
        except addresses.BadAddressError as error:
            raise forms.ValidationError(str(error)) from error
        return address

    def clean(self):
        found = super().clean()
        written = found.get("email") or "email" in self.errors
        if found.get("format") and not self.by_post and not written:
            self.add_error("email", "Enter the address to send it to")
        return found

    @property
    def person(self):
        """What ``actions.joining.add_by_staff`` takes."""
        found = self.cleaned_data
        return {
            "authority": found["authority"],
            "address": found["email"],
            "address_key": found["address_key"],
            **self.envelope,
            "channel": Channel(found["channel"]),
            "choices": Choices(
                topics=found["topics"],
                frequency=found["frequency"],
                settings=Settings(**self.settings),
            ),
        }


class PersonChangeForm(PersonWantsForm):
    """Change what somebody gets, as they asked. ``follows``: their living subscriptions."""

    def __init__(self, *args, subscriber, follows, **kwargs):
        self.subscriber = subscriber
        often = Counter(one.frequency for one in follows)
        names = ["format", "postal_name", "postal_address", "audiences", "ages", "areas"]
        kwargs["initial"] = {name: getattr(subscriber, name) for name in names} | {
            "topics": [one.topic_id for one in follows if one.topic_id],
            "promotional": subscriber.promotional,
            "frequency": AS_IT_IS if len(often) > 1 else next(iter(often), Frequency.WEEKLY),
        }
        super().__init__(*args, among=[subscriber.authority], **kwargs)
        if len(often) > 1:
            self.fields["frequency"].choices = [
                (AS_IT_IS, "Different for each, as it is now"),
                *Frequency.choices,
            ]
            self.fields["frequency"].required = False
        if not subscriber.address:
            self.fields["format"].choices = [(Format.POST, Format.POST.label)]

    @property
    def settings(self):
        return {**super().settings, **self.envelope}
