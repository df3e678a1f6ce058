"""HTML in a feed's text becomes plain paragraphs: nothing of it is ever shown as markup."""

import re
from html.parser import HTMLParser

LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#?\w{2,32});")
UNSEEN = {"script", "style", "template", "head", "title", "object", "iframe", "svg"}
PARAGRAPHS = {
    "p", "div", "section", "article", "ul", "ol", "table", "blockquote", "pre",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
LINES = {"br", "tr", "dt", "dd"}
SPACES = re.compile(r"[^\S\n]+")
BLANK_LINES = re.compile(r"\n{3,}")


class _Paragraphs(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces = []
        self.unseen = []

    def handle_starttag(self, tag, attrs):
        if tag in UNSEEN:
            self.unseen.append(tag)
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in LINES:
            self.pieces.append("\n")
        elif tag in PARAGRAPHS:
            self.pieces.append("\n\n")

    def handle_startendtag(self, tag, attrs):
        if tag not in UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in self.unseen:
            while self.unseen.pop() != tag:
                pass
        elif tag in PARAGRAPHS:
            self.pieces.append("\n\n")

    def handle_data(self, data):
        if not self.unseen:
            self.pieces.append(data)


def is_markup(text: str) -> bool:
    return bool(LOOKS_LIKE_MARKUP.search(text))


def to_text(html: str) -> str:
    """The words of some HTML, one paragraph or list item a line, without tags or scripts."""
    parser = _Paragraphs()
    try:
        parser.feed(html)
        parser.close()
        text = "".join(parser.pieces)
    except AssertionError:  # html.parser's answer to declarations such as "<![x["
        text = re.sub(r"<[^<>]*>", " ", html)
    lines = [SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
