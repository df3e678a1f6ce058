"""The public words of a consultation."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from localoffer.pages import fragments, freshness
from localoffer.pages.blocks import BodyBlock, DocumentBlock
from localoffer.pages.models import BasePage, BasePageQuerySet
from localoffer.ui.fields import StreamField

# Addresses below /have-your-say/ that are not consultations (``urls``).
TAKEN = {"come-back", "receipt", "feed.atom", "list.json", "answer", "who-we-asked", "calendar"}
TAKEN |= {"help"}
WAYS = [
    ("phone", "By phone"),
    ("email", "By email"),
    ("post", "By post"),
    ("person", "In person"),
    ("group", "In a group, or through the parent carer forum"),
    ("picture", "With a picture"),
    ("voice", "With a voice message"),
    ("video", "With a video, in British Sign Language too"),
    ("paper", "On paper"),
]


class WayBlock(blocks.StructBlock):
    """One way to answer besides the survey on this site."""

    way = blocks.ChoiceBlock(choices=WAYS)
    how = blocks.CharBlock(max_length=300, help_text="For example: call 01632 960001, 9am to 5pm.")

    class Meta:
        icon = "comment"
        label = "Way to answer"


class ConsultationPage(BasePage):
    """One consultation, on one page from the day it is announced until what came of it is told.

    Its days, surveys, answers and results are records (``Consultation``): they do not come and go
    with drafts of these words. A consultation is never deleted: it is the record of what was asked.
    """

    class Kind(models.TextChoices):
        """What is at stake: a question with no proposal is not a consultation on one."""

        PROPOSAL = "proposal", "Consultation on a proposal"
        ENGAGEMENT = "engagement", "Asking before there is a proposal"
        SATISFACTION = "satisfaction", "Survey of how something works"
        CODESIGN = "codesign", "Designing something together"
        REVIEW = "review", "Review of the Local Offer"

    public_kind = "consultation"
    prose = ["body", "documents", "outcome"]
    parent_page_types = ["consultations.ConsultationIndexPage"]
    subpage_types = []
    # Added with its days, in the list of consultations (``actions.planning.add``).
    is_creatable = False

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ENGAGEMENT)
    body = StreamField(
        BodyBlock(), blank=True, verbose_name="why we ask, and what people should know first"
    )
    can_change = models.TextField(
        "what can change", blank=True, help_text="What people's answers can still alter."
    )
    cannot_change = models.TextField(
        "what cannot change, and why", blank=True, help_text="Say so, and say why."
    )
    consultees = ParentalManyToManyField(
        "taxonomy.Consultee",
        blank=True,
        related_name="+",
        verbose_name="whom the law names that this asks",
        help_text="SEND Regulations 2014, regulation 54. Tick only those whom you do ask.",
    )
    ways = StreamField([("way", WayBlock())], blank=True, verbose_name="other ways to answer")
    documents = StreamField(
        [("document", DocumentBlock())],
        blank=True,
        help_text="The web page that says the same comes first.",
    )
    decision_maker = models.CharField(
        "who decides",
        max_length=120,
        blank=True,
        help_text="A body or a role, such as “the council's cabinet”.",
    )
    decision_on = models.DateField("when they decide", null=True, blank=True)
    initiative = models.ForeignKey(
        "pages.InitiativePage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name="programme it belongs to",
    )
    outcome = StreamField(
        BodyBlock(),
        blank=True,
        verbose_name="what people said and what came of it",
        help_text="Readers see this once the results are published.",
    )

    objects = PageManager.from_queryset(BasePageQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        HelpPanel(
            "The days, the survey and the results are under <b>Consultations</b> in the menu."
        ),
        FieldPanel("kind"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("can_change"), FieldPanel("cannot_change")], "What is at stake"
        ),
        FieldRowPanel([FieldPanel("decision_maker"), FieldPanel("decision_on")], "The decision"),
        FieldPanel("ways"),
        FieldPanel("documents"),
        FieldPanel("initiative"),
        FieldPanel("consultees"),
        FieldPanel("outcome"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("can_change"),
        index.SearchField("cannot_change"),
        index.SearchField("outcome"),
    ]

    class Meta:
        verbose_name = "consultation page"

    def clean(self):
        super().clean()
        if self.slug in TAKEN:
            raise ValidationError(
                {"slug": "This address is used for something else: choose another."}
            )

    def problems(self):
        """As for any page; and its days must be known before anybody reads of it."""
        missing = []
        if self.pk and not self.alias_of_id and not hasattr(self, "record"):
            missing = [("title", "Add it under Consultations: this copy has no days of its own.")]
        return [*super().problems(), *missing]

    @property
    def asked(self):
        """The record of what it asks, on the page of another owner's site too; None for neither."""
        if not self.alias_of_id:
            return getattr(self, "record", None)
        share = getattr(self, "share", None)
        record = share and share.consultation
        if record:
            record.shown_on = self
        return record

    def get_context(self, request, *args, **kwargs):
        record = self.asked
        now = timezone.now()
        context = super().get_context(request, *args, **kwargs)
        if record is None:
            return {**context, "record": None}
        freshness.until(request, *record.moments)
        return context | {
            "record": record,
            "led_by": record.authority.council,
            "state": record.state(now=now),
            "tag": record.tag(now=now),
            "left": record.left(now=now),
            "surveys": record.surveys_to_show(),
            "changes": list(record.changes.all()),
            "owner_changes": list(record.owner_changes.select_related("authority")),
            "result": record.published_result(),
            "consultees": list(self.consultees.all()),
            "asks_audiences": list(self.audiences.all()),
            "initiative": self.initiative if self.initiative_id else None,
            "other_ways": fragments.of(self, "ways", _ways),
        }


def _ways(stream):
    return [(dict(WAYS)[way.value["way"]], way.value["how"]) for way in stream]
