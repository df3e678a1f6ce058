"""The demonstration's pages: made empty first, so that they can link to each other, then filled."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Page

from localoffer.authority.models import Authority
from localoffer.consultations.actions import planning
from localoffer.consultations.models import ConsultationIndexPage, ConsultationPage
from localoffer.demo.building.consultations import Asked
from localoffer.demo.building.files import FOLDER, Files
from localoffer.demo.building.reading import BadContentError, Entry, data, entries, entry
from localoffer.home.models import HomePage, HubPage, LawPage
from localoffer.news.models import NewsIndexPage, NewsPage
from localoffer.pages import from_markdown
from localoffer.pages.from_markdown import block
from localoffer.pages.models import ContentPage, GuidePage, InitiativePage, SectionPage
from localoffer.updates.models import UpdatesPage

OWN_MODELS = {
    "have-your-say": ConsultationIndexPage,
    "how-this-site-meets-the-law": LawPage,
    "updates": UpdatesPage,
}
# Addresses of ours that are not pages.
VIEWS = {"find-help", "news/feed.atom", "feedback", "find-help/shortlist"}
KINDS = ("/guide:", "/page:", "/news:", "/initiative:", "/consultation:")
HOUR = time(9, 0)


class Tree:
    """Builds the pages of one authority."""

    def __init__(self, *, home, collection, today: date, taxonomy, words: dict[str, str]):
        self.home, self.today, self.taxonomy, self.words = home, today, taxonomy, words
        self.pages: dict[str, Page] = {"page:": home}
        self.fill: list[tuple[Page, Callable, datetime]] = []
        self.files = Files(collection, today, self.resolve)

    # Pass one: every page in its place, empty.

    def add(self, key, parent, model, source: Entry, fill, **fields):
        """Add a page under ``parent``, to be filled by ``fill(page)`` and published."""
        page = model(
            title=source.head["title"],
            slug=source.slug,
            summary=source.get("summary"),
            symbol=source.get("symbol"),
            owner_team=source.get("owner", "Local Offer team"),
            words=source.get("words"),
            live=False,
            **fields,
        )
        checked = self.today - timedelta(days=source.get("checked_days_ago", 30))
        page.checked_on = checked
        page.review_due = checked + timedelta(days=source.get("review_in_days", 180))
        page.topics = self.taxonomy.of("topics", source.get("topics", []))
        page.audiences = self.taxonomy.of("audiences", source.get("audience", []))
        page.age_bands = self.taxonomy.of("age_bands", source.get("age_bands", []))
        page.needs = self.taxonomy.of("needs", source.get("needs", []))
        page.duties = self.taxonomy.of("duties", source.get("duties", []))
        parent.add_child(instance=page)
        self.pages[key] = page
        published = source.day("published", self.today) or checked
        self.fill.append((page, fill, _moment(published)))
        return page

    def guides(self, sections: str, folder: str):
        """The sections of ``sections`` and, in them, the guides of ``folder``."""
        head = Entry(
            "guides",
            {
                "title": "Guides",
                "summary": "Plain guides to the help there is, and to your rights, by subject.",
                "symbol": "book",
            },
            "",
        )
        top = self.add("page:guides", self.home, SectionPage, head, _nothing, show_in_menus=True)
        for section in entries(sections, self.today, self.words):
            self.add(f"section:{section.slug}", top, SectionPage, section, self._body(section))
        for guide in entries(folder, self.today, self.words):
            parent = self.pages[f"section:{guide.head['section']}"]
            if guide.get("kind", "guide") == "guide":
                self.add(f"guide:{guide.slug}", parent, GuidePage, guide, self._steps(guide))
            else:
                self.add(f"guide:{guide.slug}", parent, ContentPage, guide, self._body(guide))

    def standing(self, own: str, menu: list[str]):
        """Pages with an address of their own, at the top of the site.

        What an authority says itself stands in ``pages/OWN``, in place of the shared page.
        """
        sources = {
            source.slug: source
            for place in ["pages", f"pages/{own}"]
            for source in entries(place, self.today, self.words)
        }
        for source in sources.values():
            self.add(
                f"page:{source.slug}",
                self.home,
                OWN_MODELS.get(source.slug, ContentPage),
                source,
                self._body(source),
                show_in_menus=source.slug in menu,
            )

    def initiatives(self, folder: str, title: str, summary: str):
        """Programmes, and the pages that say what their documents say."""
        head = Entry("programmes", {"title": title, "summary": summary, "symbol": "chart"}, "")
        top = self.add("page:programmes", self.home, SectionPage, head, _nothing)
        twins = set()
        for source in entries(folder, self.today):
            for key in source.get("documents", []):
                if key not in twins:
                    twin = entry(FOLDER / self.files.about(key)["html_twin"], self.today)
                    self.add(f"twin:{key}", top, ContentPage, twin, self._body(twin))
                    twins.add(key)
            self.add(
                f"initiative:{source.slug}",
                top,
                InitiativePage,
                source,
                self._programme(source),
                short_name=source.get("short_name"),
                starts=source.get("starts") or None,
                ends=source.get("ends") or None,
                bodies="\n".join(source.get("bodies", [])),
            )

    def news(self, folder: str):
        """The news index and its stories."""
        head = Entry(
            "news",
            {
                "title": "News",
                "summary": "What has changed, what was decided and what you can take part in.",
                "symbol": "news",
            },
            "",
        )
        index = self.add("page:news", self.home, NewsIndexPage, head, _nothing)
        stories = entries(folder, self.today)
        for story in sorted(
            stories, key=lambda story: story.day("event", self.today) or self.today
        ):
            pinned = story.head.get("pinned_days")
            initiative = story.get("initiative")
            self.add(
                f"news:{story.slug}",
                index,
                NewsPage,
                story,
                self._story(story),
                kind=story.head["kind"],
                event_date=story.day("event", self.today),
                pinned_until=self.today + timedelta(days=pinned) if pinned else None,
                place=story.get("area"),
                initiative=self.pages[f"initiative:{initiative}"] if initiative else None,
                opens=_moment(story.day("opens", self.today)),
                closes=_moment(story.day("closes", self.today), at=time(23, 59)),
            )

    def consultations(self, folder: str, authority: Authority) -> list[Asked]:
        """The pages of consultations, with their days; their surveys come once they are filled."""
        found = []
        for source in entries(folder, self.today):
            initiative = source.get("initiative")
            page = self.add(
                f"consultation:{source.slug}",
                self.pages["page:have-your-say"],
                ConsultationPage,
                source,
                self._consultation(source),
                kind=source.head["kind"],
                can_change=source.get("can_change"),
                cannot_change=source.get("cannot_change"),
                decision_maker=source.get("decision_maker"),
                decision_on=source.day("deciding", self.today),
                initiative=self.pages[f"initiative:{initiative}"] if initiative else None,
            )
            page.consultees = self.taxonomy.of("consultees", source.get("consultees", []))
            page.save()
            record = planning.give_days(
                page,
                authority=authority,
                opens_on=source.day("opens", self.today),
                closes_on=source.day("closes", self.today),
                results_due=source.day("results_due", self.today),
                threshold=source.get("threshold", 10),
            )
            found.append(Asked(record, source, self.files))
        return found

    def hub(self, source: Entry):
        self.add(
            "page:news-updates-and-feedback",
            self.home,
            HubPage,
            source,
            self._body(source),
            show_in_menus=True,
        )

    # Pass two: what the pages say.

    def publish(self):
        """Fill and publish every page, in the order in which they were added."""
        for page, fill, published in self.fill:
            fill(page)
            page.first_published_at = published
            try:
                page.save_revision(log_action=False).publish(log_action=False)
            except ValidationError as error:
                raise BadContentError(f"{page.title}: {error}") from error
            type(page).objects.filter(pk=page.pk).update(last_published_at=published)

    def home_page(self, about: dict):
        """Fill the home page, whose cards lead to the pages made by now."""

        def fill(page):
            page.tasks = json.dumps([block("task", self._task(task)) for task in about["tasks"]])
            page.body = self._blocks(about.get("body", ""))

        self.fill.append((self.home, fill, _moment(self.today - timedelta(days=400))))

    def resolve(self, address: str) -> str:
        """The attributes of a link to a page of ours or elsewhere. Raises BadContentError."""
        if not address.startswith(KINDS):
            return f'href="{address}"'
        key = address.strip("/")
        if key.startswith("page:") and key.removeprefix("page:") in VIEWS:
            path = key.removeprefix("page:")
            return f'href="/{path}"' if "." in path else f'href="/{path}/"'
        if key not in self.pages:
            raise BadContentError(f"there is no {address}")
        return f'linktype="page" id="{self.pages[key].pk}"'

    def _blocks(self, text):
        return json.dumps(from_markdown.blocks_of(text, self.resolve))

    def _body(self, source):
        def fill(page):
            page.body = self._blocks(source.body)
            page.related = self._related(source)

        return fill

    def _steps(self, source):
        def fill(page):
            introduction, parts = from_markdown.parts_of(source.body)
            page.introduction = self._blocks(introduction)
            page.steps = json.dumps(
                [
                    block(
                        "step",
                        {
                            "heading": heading,
                            "content": from_markdown.blocks_of(text, self.resolve),
                        },
                    )
                    for heading, text in parts
                ]
            )
            page.related = self._related(source)

        return fill

    def _programme(self, source):
        def fill(page):
            found = from_markdown.blocks_of(source.body, self.resolve)
            if key := source.get("picture"):
                found.insert(0, self.files.picture(key))
            page.body = json.dumps(found)
            page.documents = json.dumps(
                [
                    self.files.document(key, self.pages[f"twin:{key}"])
                    for key in source.get("documents", [])
                ]
            )

        return fill

    def _story(self, source):
        def fill(page):
            found = from_markdown.blocks_of(source.body, self.resolve)
            if key := source.get("picture"):
                found.insert(0, self.files.picture(key))
            if key := source.get("video"):
                found.insert(0, self.files.film(key))
            if key := source.get("document"):
                found.append(self.files.document(key, self.pages[f"twin:{key}"]))
            if page.initiative_id:
                found.append(block("initiative", {"initiative": page.initiative_id}))
            page.body = json.dumps(found)
            page.related = self._related(source)

        return fill

    def _consultation(self, source):
        def fill(page):
            page.body = self._blocks(source.body)
            page.outcome = self._blocks(source.get("outcome"))
            page.ways = json.dumps([block("way", way) for way in source.get("ways", [])])
            page.documents = json.dumps(
                [
                    self.files.document(key, self.pages[f"twin:{key}"])
                    for key in source.get("documents", [])
                ]
            )
            page.related = self._related(source)

        return fill

    def _related(self, source):
        found = []
        for slug in source.get("related", []):
            page = self.pages.get(f"guide:{slug}") or self.pages.get(f"news:{slug}")
            if page is None:
                raise BadContentError(f"{source.slug}: nothing related is called {slug}")
            found.append(block("page", page.pk))
        return json.dumps(found)

    def _task(self, task):
        page = self.pages[task["page"]].pk if "page" in task else None
        return {
            "title": task["title"],
            "text": task.get("text", ""),
            "symbol": task.get("symbol", ""),
            "page": page,
            "address": task.get("address", ""),
        }


def build(*, authority: Authority, folder: str, home, collection, today, taxonomy):
    """Build the pages of one authority from its YAML file.

    Returns how many, and the consultations whose surveys are still to be made.
    """
    about = data(f"{folder}.yaml", today)
    words = {"team_phone": authority.phone, "team_email": authority.email}
    tree = Tree(home=home, collection=collection, today=today, taxonomy=taxonomy, words=words)
    hub = about["hub"]
    tree.hub(Entry("news-updates-and-feedback", hub, hub["body"]))
    tree.guides("pages/sections", "guides")
    tree.standing(own=folder, menu=about["menu"])
    if "programmes" in about:
        tree.initiatives(**about["programmes"])
    folder_of_asked = about.get("consultations")
    asked = tree.consultations(folder_of_asked, authority) if folder_of_asked else []
    tree.news(about["news"])
    tree.home_page(about["home"])
    tree.publish()
    return len(tree.fill), asked


def new_home(about: dict) -> HomePage:
    """An authority's home page, not yet filled, at the top of the tree."""
    home = HomePage(
        title=about["authority"]["name"],
        slug=about["authority"]["name"].lower(),
        summary=about["home"]["summary"],
        hero_title=about["home"]["hero_title"],
        hero_text=about["home"]["hero_text"],
    )
    return Page.get_first_root_node().add_child(instance=home)


def _nothing(page):
    """A page that shows its children and has no words of its own."""


def _moment(day, *, at=HOUR):
    """A moment of a London day, or None."""
    return timezone.make_aware(datetime.combine(day, at)) if day else None
