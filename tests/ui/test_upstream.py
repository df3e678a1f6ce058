"""Our components produce the HTML that GOV.UK Frontend says they should.

The examples come with the vendored release, so an upgrade that changes the markup of a component
fails here until our template follows. An example that uses an option we do not offer is left out.
"""

import copy

import pytest

from tests.ui.upstream import COMPONENTS, FIXTURES, NotOfferedError, Options, canonical, fixtures


def draw(component, fixture):
    return COMPONENTS[component](Options(copy.deepcopy(fixture["options"])))


def is_offered(component, fixture):
    try:
        draw(component, fixture)
    except NotOfferedError:
        return False
    return True


EXAMPLES = [
    pytest.param(component, fixture, id=f"{component}: {fixture['name']}")
    for component in COMPONENTS
    for fixture in fixtures(component)
    if is_offered(component, fixture)
]


@pytest.mark.parametrize(("component", "fixture"), EXAMPLES)
def test_component_is_drawn_as_upstream_draws_it(component, fixture):
    assert canonical(draw(component, fixture)) == canonical(fixture["html"])


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_compared_at_least_once(component):
    assert [example for example in EXAMPLES if example.values[0] == component]


def test_every_vendored_component_is_compared():
    assert {folder.name for folder in FIXTURES.iterdir()} == set(COMPONENTS)
