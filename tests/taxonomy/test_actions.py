import csv
import shutil

import pytest
from django.core.management import call_command

from localoffer.taxonomy import actions
from localoffer.taxonomy.models import (
    AgeBand,
    Audience,
    Concept,
    ConceptWord,
    Duty,
    LoadedFile,
    Need,
    ServiceType,
    Topic,
)
from tests.factories.taxonomy import make_topic

pytestmark = pytest.mark.django_db

NEEDS = "SLCN ASD SPLD MLD SLD PMLD SEMH HI VI MSI PD OTH NSA DS"
AGE_BANDS = "0-4 5-10 11-15 16-17 18-25"
AUDIENCES = "parents children-11-15 young-people-16-25 schools health-care providers"
TOPICS = (
    "autism-adhd ehc-plans sen-support speech-language mental-health sensory-physical learning "
    "early-years school-places post-16 transport short-breaks money health social-care "
    "transitions parent-carer-voice improvement childcare-leisure whole-local-offer"
)
SERVICE_TYPES = (
    "early_years maintained_school academy nmss post16 s41 pru commissioned_service "
    "special_school special_post16 resource_base outreach alternative_provision apprenticeship "
    "training_provider preparing_for_adulthood health therapy mental_health social_care "
    "short_break ias parent_forum support_group childcare leisure charity helpline mediation "
    "disagreement_resolution transport travel_training money_advice equipment employment"
)


@pytest.fixture
def folder(tmp_path):
    """A copy of the data files that a test may change."""
    return shutil.copytree(actions.DATA, tmp_path / "data")


def change(path, change_row):
    """Rewrite a data file with each row changed, or left out where None comes back."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in map(change_row, rows) if row)


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        (Need, NEEDS),
        (AgeBand, AGE_BANDS),
        (Audience, AUDIENCES),
        (Topic, TOPICS),
        (ServiceType, SERVICE_TYPES),
    ],
)
def test_list_holds_the_codes_that_others_rely_on_and_no_more(model, codes):
    assert {row.code for row in model.objects.all()} == set(codes.split())


def test_every_paragraph_of_schedule_2_is_a_duty():
    assert Duty.objects.filter(code__startswith="S2-").count() == 50
    assert Duty.objects.filter(reference__startswith="Schedule 2, paragraph").count() == 50


def test_duties_of_the_act_the_regulations_and_their_neighbours_are_there():
    codes = set(Duty.objects.values_list("code", flat=True))

    assert len([code for code in codes if code.startswith("CFA-")]) == 12
    assert len([code for code in codes if code.startswith("R")]) == 14
    assert {"SB-01", "TR-01", "AS-01", "FIS-01", "CL-01"} <= codes
    assert len(codes) == 81


def test_every_duty_says_where_it_is_written_and_what_meets_it():
    for duty in Duty.objects.all():
        assert duty.source_url.startswith("https://www.legislation.gov.uk/"), duty.code
        assert set(duty.kinds) <= set(Duty.Kind.values), duty.code
        assert duty.kinds, duty.code
        assert duty.text.endswith("."), duty.code


def test_codes_in_the_files_are_unique():
    for name in actions.LOADERS:
        lines = (actions.DATA / name).read_text(encoding="utf-8").splitlines()
        codes = [row["code"] for row in csv.DictReader(x for x in lines if not x.startswith("#"))]
        assert len(codes) == len(set(codes)), name


def test_every_file_says_when_and_by_whom():
    for name in actions.LOADERS:
        first = (actions.DATA / name).read_text(encoding="utf-8").partition("code")[0]
        assert "2026" in first, name


def test_there_are_242_concepts_in_plain_words():
    assert Concept.objects.count() == 242
    assert not Concept.objects.filter(plain="").exists()


def test_every_concept_has_words():
    assert not Concept.objects.filter(words=None).exists()


def test_hurtful_words_are_found_and_never_shown():
    words = ConceptWord.objects.filter(text__in=["retarded", "statemented", "senko"])

    assert [word.shown for word in words] == [False, False, False]


def test_every_kind_of_service_meets_a_duty():
    assert not ServiceType.objects.filter(duties=None).exists()


def test_each_of_the_eight_providers_of_paragraph_1_has_a_kind_of_service():
    meeting = set(
        ServiceType.objects.filter(duties="S2-01", category="education-health-care").values_list(
            "code", flat=True
        )
    )

    assert meeting >= {
        "early_years",
        "maintained_school",
        "academy",
        "nmss",
        "post16",
        "s41",
        "pru",
        "commissioned_service",
    }


def test_loading_again_reads_nothing(django_assert_num_queries):
    with django_assert_num_queries(len(actions.LOADERS)):
        assert actions.load_reference_data() == []


def test_changed_file_updates_its_rows_in_place(folder):
    change(folder / "topics.csv", lambda row: {**row, "name": row["name"].upper()})

    read = actions.load_reference_data(folder=folder)

    assert read == ["topics.csv"]
    assert Topic.objects.get(code="money").name == "MONEY AND BENEFITS"
    assert Topic.objects.count() == len(TOPICS.split())


def test_row_that_leaves_its_file_is_retired_and_comes_back(folder):
    change(folder / "topics.csv", lambda row: row if row["code"] != "money" else None)
    actions.load_reference_data(folder=folder)
    retired = Topic.objects.get(code="money").retired

    actions.load_reference_data()

    assert retired
    assert not Topic.objects.get(code="money").retired


def test_row_that_was_never_in_a_file_is_retired_too(folder):
    make_topic()
    change(folder / "topics.csv", lambda row: {**row, "plain": row["plain"] + " "})

    actions.load_reference_data(folder=folder)

    assert Topic.objects.get(code="bell-ringing").retired


def test_changed_words_take_the_place_of_the_old_ones(folder):
    change(folder / "concepts.csv", lambda row: {**row, "words": "", "dated": "oldword"})

    actions.load_reference_data(folder=folder)

    assert [c.code for c in Concept.objects.called("oldword").order_by("order")][:1] == ["send"]
    assert not ConceptWord.objects.filter(text="senko").exists()


def test_broken_file_leaves_the_old_rows(folder):
    (folder / "duties.csv").write_text("code,source\nXX-01,Bell Ringing Act\n")

    with pytest.raises(KeyError):
        actions.load_reference_data(folder=folder)

    assert Duty.objects.count() == 81
    assert not Duty.objects.filter(code="XX-01").exists()


def test_migrating_loads_what_is_missing():
    LoadedFile.objects.all().delete()
    Topic.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert Topic.objects.count() == len(TOPICS.split())
