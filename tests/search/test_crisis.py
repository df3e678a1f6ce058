import pytest

from localoffer.search.analysis import words
from localoffer.search.crisis import is_crisis


@pytest.mark.parametrize(
    "text",
    [
        "suicidal",
        "my daughter is self harming",
        "she keeps hurting herself",
        "he doesn't want to be here",
        "I want to die",
        "need help tonight",
        "abuse",
        "being abused at home",
        "my son hits me",
        "teenager violent to mum",
        "I can't cope",
        "domestic violence",
        "he has run away",
        "KILL MYSELF",
        "not safe at home",
    ],
)
def test_words_of_somebody_in_danger(text):
    assert is_crisis(words(text))


@pytest.mark.parametrize(
    "text",
    ["respite", "swimming lessons", "harmless fun", "self care", "haircut", "killing time", ""],
)
def test_other_words(text):
    assert not is_crisis(words(text))
