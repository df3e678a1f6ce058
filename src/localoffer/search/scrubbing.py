"""Takes out of a search whatever could say who searched. Pure.

What is left may be counted: folded words, at most ``LONGEST`` characters of them, and the first
half of a postcode. It errs towards taking out too much: a count loses little by a missing word.
"""

import re
from dataclasses import dataclass

from localoffer.places import postcodes
from localoffer.search.words import fold

LONGEST = 120  # characters of a search that is worth counting
LONGEST_TYPED = 400  # no family types more than this
MOST_NAMES = 4  # words in a row that may be one person's name
WITHIN = 4  # words from "my" to "son"

# Nobody who looks for help types these; those who look for holes in a site do.
HOSTILE = re.compile(
    r"""[\x00-\x08\x0e-\x1f<>{}\[\]\\|`^=$] | :// | \.\./ | /\* | \*/ | --\s | \bwww\.
      | ' \s* (?:or|and) \s* ' | \b(?:union\s+(?:all\s+)?select|drop\s+table|insert\s+into
      | waitfor\s+delay|etc/passwd|onerror|javascript:)\b""",
    re.IGNORECASE | re.VERBOSE,
)
EMAIL = re.compile(
    r"\S*@\S*|\b\S+\s+at\s+(?:gmail|googlemail|hotmail|outlook|icloud|yahoo)\b\S*", re.IGNORECASE
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE = re.compile(
    rf"""\b\d{{1,2}}\s*[/.\-]\s*\d{{1,2}}\s*[/.\-]\s*\d{{2,4}}\b
       | \b\d{{4}}-\d{{1,2}}-\d{{1,2}}\b
       | \b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTH})[a-z]*\.?,?(?:\s+\d{{2,4}})?\b
       | \b(?:{_MONTH})[a-z]*\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b,?(?:\s+\d{{4}}\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
# Five digits or more, however they are grouped: telephone, NHS and account numbers.
DIGITS = re.compile(r"\+?\(?\d(?:[\s().\-/]*\d){4,}")
# NHS and other numbers with letters among the digits: AB123456C.
REFERENCE = re.compile(r"\b(?=\w*\d\w*\d\w*\d)(?=\w*[A-Za-z])\w{6,}\b")
HOUSE = re.compile(
    r"""\b\d+[a-z]?,?\s+(?:[^\W\d_]+\s+){1,3}
        (?:street|st|road|rd|avenue|ave|lane|close|drive|crescent|gardens|grove|terrace|court|way)
        \b""",
    re.IGNORECASE | re.VERBOSE,
)
# What may be a postcode, and what may be the first half of one.
POSTCODE = re.compile(r"(?<!\w)([A-Za-z]{1,2}\d[A-Za-z\d]?)[\s\-]{0,3}(\d[A-Za-z]{2})(?!\w)")
OUTWARD = re.compile(r"(?<!\w)[A-Za-z]{1,2}\d[A-Za-z\d]?(?!\w)")
TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")  # noqa: RUF001  typed apostrophes

# After these a name may follow; the second kind also begin names of services, so only after "my".
_RELATIVES = """
son sons daughter daughters grandson grandsons granddaughter granddaughters grandchild nephew
niece stepson stepdaughter stepchild godson goddaughter husband wife
"""
RELATIVES = frozenset(_RELATIVES.split())
_CHILDREN = """
child childs children boy boys girl girls baby toddler teenager teen kid kids lad twin twins
brother sister sibling partner mum dad mother father nan pupil student friend friends
"""
CHILDREN = frozenset(_CHILDREN.split())
OWNERS = frozenset(
    {
        "my",
        "our",
        "his",
        "her",
        "their",
        "foster",
        "adopted",
        "disabled",
        "autistic",
        "eldest",
        "youngest",
    }
)
TITLES = frozenset({"mr", "mrs", "dr", "prof", "professor"})
CAPITAL_TITLES = frozenset({"Ms", "Miss", "Master", "Sir"})
CALLED = frozenset({"called", "named"})

# Words that go on with a sentence, so that what follows "my son" is no name.
_ORDINARY = """
a about above absence absences abuse access across activities activity add adhd admission adopted
advice afraid after again age aged aggressive all allergies allergy almost alone also always am an
and anger angry another anxiety anxious any anyone anything appeal appointment are arent asc asd
asking asks asperger aspergers assault assessed assessment asthma at attend attends attendance
autism autistic away awaiting awake back bad bath be because become becoming bed been before
behaviour behavior being between birth bite bites blind both bowel break bullied bullies but by
can cannot cant care carer centre cerebral change child chokes class clinic club clubs college
coming communicate communication complex concentrate constipation cope copes cough could couldnt
cries cry cut cuts daily dance day deaf deafness death dental dentist depressed depression
development developmental diabetes diabetic diagnosed diagnosis did didnt died diet difficult
difficulties difficulty disability disabled dla do doctor does doesnt dont down downs dressed
dribbles drink drinks drive driving dropped dyslexia dyslexic dyspraxia dyspraxic each ear early
eat eats eczema education ehc ehcp eleven else emotional end ends enough epilepsy epileptic
equipment even every excluded exclusion exam exams eye eyes face failed fails falls family feeding
feels feet fell few fidgets fight fights find finds finish finished first fit fits five food for
four free friend friends from full fussy gcse gcses get gets getting girl given gives go goes
going got growth had hadnt hair hand has hasnt hate hates have havent having he head health hear
hearing held help helps her here hes him himself herself his hit hits home hospital hours house
how hurt hurts hyperactive if ill im in incontinent inclusion independence independent into is
isnt it itself job joined joint just keep keeps keyworker kicks kicked knows lacks language last
late learn learns leave leaves leaving left leg less let lets lie lies like likes listen listens
little live lives lonely long look looks lost loves low makes making many me meal meals medical
medication medicine meltdown meltdowns mental might missed misses missing mobility money month
months mood more most motor mouth move moved moves moving much muscular muscle must mute my
nappies nappy near need needs never new next night nine no nobody non nonverbal not nothing now
nursery obese of off often old on one only or other ot our out outside over own pain palsy panic
panics parent part pass passed past pay pda pe physical physio physiotherapy pip place placement
plan play plays please potty primary problem problems pull put pushed question quiet rarely read
reads ready really reception refuse refused refuses refusing relationship requires respite return
review ride right risk routine run runs sad safe said salt same says scared school schools screams
seizure seizures self semh sen senco send sensory separation seven severe severely sex she shes
short should shouts shy sibling sick since sit six size skills skin sleep sleeps slow slower
social some someone something sometimes soon speak speaks special specialist speech spectrum spit
sport sports stammer stammers start started starts statement stay stays steals still stole stop
stopped stops stressed strict struggle struggled struggles stuck stutter stutters such suddenly
suffers suicidal suicide support suspected suspended swim swims take taken takes taking talk
talked talks tantrum tantrums teacher teachers teaching teenage teeth tell tells ten than that the
their them then therapy there they things think thinks this three throws tic tics time tired to
toilet toilets told tongue too took tourette tourettes transfer transition transport travel trauma
treatment tried tube turned turning turns two unable under understand understands unhappy uniform
university unsafe until unwell up upset use used uses verbal very violence violent vision visually
vomits wait waiting waits wakes walk walks want wants was wasnt watch we wears weeks weight well
went were wet wets what wheelchair when where whether which while who whos whose why will with
without wont work works worried worries worry would wouldnt wrong year years yet you young your
"""
ORDINARY = frozenset(_ORDINARY.split())
ALSO_A_NAME = "will"  # with a capital, after "my son", it is one
ENDINGS = ("ing", "tion", "ness", "less", "ful", "ally")  # no first name has one, nearly
SHORTEST_WITH_ENDING = 7


@dataclass(frozen=True)
class Scrubbed:
    """What may be counted of a search. ``words`` is empty where nothing may."""

    words: str = ""
    outward: str = ""


def scrub(text: str) -> Scrubbed:
    """The folded words of a search and the first half of a postcode in it, and nothing else.

    Postcodes leave the words; so do e-mail addresses, telephone and other long numbers, dates,
    addresses of houses, and what may be a name after "my son", "called" or "Mrs". A text that no
    family would type is dropped whole.
    """
    if len(text) > LONGEST_TYPED or HOSTILE.search(text):
        return Scrubbed()
    for pattern in [EMAIL, DATE]:
        text = pattern.sub(" ", text)
    text, outward = _without_postcodes(text)
    for pattern in [REFERENCE, DIGITS, HOUSE]:
        text = pattern.sub(" ", text)
    words = " ".join(_without_names(TOKEN.findall(text)))
    if len(words) > LONGEST or sum(letter.isalpha() for letter in words) < 2:
        return Scrubbed()
    return Scrubbed(words, outward)


def _without_postcodes(text):
    """The text without the postcodes in it, and the first half of the first."""
    found = []

    def whole(match):
        if postcode := postcodes.parse(match[0]):
            found.append(postcodes.outward(postcode))
            return " "
        return match[0]

    def half(match):
        if match[0].upper() == postcodes.parse_outward(match[0]):  # as it is, with nothing mended
            found.append(match[0].upper())
            return " "
        return match[0]

    text = OUTWARD.sub(half, POSTCODE.sub(whole, text))
    return text, found[0] if found else ""


def _without_names(tokens):
    """The folded tokens, without those that may be a name."""
    words = [fold(token) for token in tokens]
    kept, at = [], 0
    while at < len(words):
        kept.append(words[at])
        at += 1
        if _announces_a_name(tokens, words, at - 1):
            at = _after_names(tokens, words, at, kept)
    return [word for word in kept if word]


def _announces_a_name(tokens, words, at):
    word, before = words[at], words[max(at - WITHIN, 0) : at]
    if word in RELATIVES or word in CALLED or word in TITLES or tokens[at] in CAPITAL_TITLES:
        return True
    if word in CHILDREN:
        return not OWNERS.isdisjoint(before)
    if word in {"is", "names"}:  # names: "my name's Jack"
        return "names" in (word, *before[-1:]) or before[-1:] == ["name"]
    if word == "im" or [*before[-1:], word] == ["i", "am"]:
        return tokens[at + 1 : at + 2] != [] and tokens[at + 1].istitle()
    return False


def _after_names(tokens, words, at, kept):
    """Where the words go on after the names that may begin here."""
    start = at
    while at < len(words) and words[at] in {"is", "called", "named"} and at - start < 2:
        if words[at] == "is" and not (at + 1 < len(words) and words[at + 1] in CALLED):
            break
        kept.append(words[at])
        at += 1
    end = _end_of_name(tokens, words, at)
    while end > at and words[end : end + 1] == ["and"]:
        another = _end_of_name(tokens, words, end + 1)
        if another == end + 1:
            break
        end = another
    return end


def _end_of_name(tokens, words, at):
    end = at
    while end < len(words) and end - at < MOST_NAMES and _may_be_name(tokens[end], words[end]):
        end += 1
    return end


def _may_be_name(token, word):
    if any(letter.isdigit() for letter in word):
        return False
    if word == ALSO_A_NAME and token.istitle():
        return True
    if len(word) >= SHORTEST_WITH_ENDING and word.endswith(ENDINGS):
        return False
    return word not in ORDINARY
