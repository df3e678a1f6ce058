from localoffer.ui.headings import with_ids


def test_each_second_level_heading_gets_an_address_made_of_its_words():
    html, headings = with_ids("<h2>Who can <b>ask</b></h2><p>x</p><h3>Deeper</h3>")

    assert html == '<h2 id="who-can-ask">Who can <b>ask</b></h2><p>x</p><h3>Deeper</h3>'
    assert [(heading.id, heading.text) for heading in headings] == [("who-can-ask", "Who can ask")]


def test_headings_with_the_same_words_get_addresses_of_their_own():
    _, headings = with_ids("<h2>Money</h2><h2>Money</h2><h2>Money</h2>")

    assert [heading.id for heading in headings] == ["money", "money-2", "money-3"]


def test_an_address_in_use_on_the_page_is_left_to_its_owner():
    _, headings = with_ids('<p id="money">x</p><h2>Money</h2>')

    assert headings[0].id == "money-2"


def test_a_heading_that_titles_a_component_is_not_a_part_of_the_page():
    html, headings = with_ids('<h2 id="notice-title">Important</h2><h2>  </h2>')

    assert headings == []
    assert html == '<h2 id="notice-title">Important</h2><h2>  </h2>'


def test_words_in_other_letters_still_get_an_address():
    _, headings = with_ids("<h2>支援</h2>")

    assert headings[0].id == "part"


def test_escaped_words_stay_escaped():
    _, headings = with_ids("<h2>Health &amp; care &lt;now&gt;</h2>")

    assert headings[0].text == "Health &amp; care &lt;now&gt;"
