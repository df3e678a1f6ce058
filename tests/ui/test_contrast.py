import pytest

from localoffer.ui import contrast


def test_black_on_white_is_the_greatest_contrast():
    assert contrast.ratio("#000000", "#ffffff") == pytest.approx(21)


def test_a_colour_on_itself_has_no_contrast():
    assert contrast.ratio("#1d5c63", "#1D5C63") == 1


def test_order_does_not_matter():
    assert contrast.ratio("#767676", "#ffffff") == contrast.ratio("#ffffff", "#767676")


@pytest.mark.parametrize(("grey", "enough"), [("#767676", True), ("#777777", False)])
def test_the_lightest_grey_for_text_on_white_is_where_wcag_says(grey, enough):
    assert (contrast.ratio(grey, "#ffffff") >= contrast.AA_TEXT) is enough


@pytest.mark.parametrize("colour", ["", "#fff", "red", "1d5c63", "#1d5c6g", "#1d5c6300"])
def test_anything_but_six_hexadecimal_figures_is_refused(colour):
    with pytest.raises(ValueError, match="is not a colour"):
        contrast.luminance(colour)
