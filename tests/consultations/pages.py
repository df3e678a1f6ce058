"""The pages of a survey as a person meets them: what to press, and what stands there."""

from bs4 import BeautifulSoup

START = "/have-your-say/answer/what-about-clubs/parents/"


def at(code):
    return f"{START}q/{code}/"


def post(client, url, **data):
    """Send the form that is on a page, with these fields filled in."""
    page = client.get(url)
    soup = BeautifulSoup(page.content, "html.parser")
    hidden = {
        field["name"]: field.get("value", "") for field in soup.select("main input[type=hidden]")
    }
    return client.post(url, {**hidden, **data})


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def begin(client):
    return client.post(START)


def receipt_on(response):
    soup = BeautifulSoup(response.content, "html.parser")
    return soup.select_one(".govuk-panel strong").text


def whole(client, **given):
    """Answer everything and send it. Returns the page with the receipt."""
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    post(client, at("WORDS"), answer="More swimming", **given)
    return client.post(f"{START}check/", follow=True)
