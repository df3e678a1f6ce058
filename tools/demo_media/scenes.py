"""The pictures of the demonstration and the scenes of its short film, one function each."""

from pieces import (
    BRICK,
    BROWN,
    CREAM,
    DEEP,
    FAIR,
    GREEN,
    GREEN_DARK,
    GREEN_PALE,
    HAIR_BROWN,
    HAIR_DARK,
    HAIR_FAIR,
    HAIR_GREY,
    INK,
    MUSTARD,
    PLUM,
    SAND,
    SKY,
    TAN,
    TEAL,
    TEAL_LIGHT,
    WHITE,
    bunting,
    circle,
    hills,
    lamp,
    move,
    mug,
    path,
    person,
    rect,
    school,
    seated,
    sheet,
    svg,
    table,
    tree,
    wheelchair_user,
    words,
)

PICTURE = (1200, 675)
FRAME = (1280, 720)


def outdoors(width, height, ground):
    """Sky, sun, hills and grass."""
    return (
        rect(0, 0, width, height, SKY)
        + circle(width - 170, 130, 62, "#f6d98a")
        + hills(width, ground, 250)
        + rect(0, ground - 1, width, height - ground + 1, GREEN)
    )


def indoors(width, height, floor, wall=CREAM):
    """A plain wall and floor."""
    return rect(0, 0, width, height, wall) + rect(0, floor, width, height - floor, SAND)


def picture_home():
    """A family with children of several ages on a path below the hills."""
    w, h = PICTURE
    return svg(
        w,
        h,
        outdoors(w, h, 455),
        path("M420 675 C520 560 640 520 620 455 H668 C720 530 780 580 860 675Z", SAND),
        tree(110, 520, 300, GREEN_DARK),
        tree(1090, 500, 260, GREEN_DARK),
        tree(985, 478, 160),
        person(430, 628, 330, BROWN, MUSTARD, HAIR_DARK, TEAL, "curls"),
        person(560, 634, 200, TAN, BRICK, HAIR_DARK, INK, "short", phones=True),
        wheelchair_user(700, 634, 235, FAIR, PLUM, HAIR_FAIR, "long"),
        person(850, 626, 320, FAIR, TEAL, HAIR_GREY, INK, "short"),
        person(300, 622, 285, DEEP, WHITE, HAIR_DARK, PLUM, "bun"),
    )


def picture_school():
    """A new school under the hills with young trees and two pupils on the path."""
    w, h = PICTURE
    return svg(
        w,
        h,
        outdoors(w, h, 500),
        school(210, 520),
        path("M420 675 L450 520 H490 L560 675Z", SAND),
        tree(110, 545, 190, GREEN_DARK),
        tree(1060, 540, 150, GREEN_DARK),
        tree(1140, 560, 110),
        person(640, 640, 190, TAN, BRICK, HAIR_DARK, INK, "long"),
        person(730, 646, 215, FAIR, TEAL, HAIR_BROWN, INK, "short", phones=True),
    )


def picture_better_value():
    """People round a table looking at a chart and at notes they have put up together."""
    w, h = PICTURE
    notes = "".join(
        rect(x, y, 62, 56, c, 4)
        for x, y, c in (
            (150, 110, MUSTARD),
            (228, 104, TEAL_LIGHT),
            (306, 116, "#e9b6a4"),
            (150, 182, GREEN_PALE),
            (228, 178, MUSTARD),
            (306, 190, TEAL_LIGHT),
        )
    )
    bars = "".join(
        rect(x, 268 - b, 46, b, c, 4)
        for x, b, c in (
            (770, 60, TEAL_LIGHT),
            (834, 92, TEAL_LIGHT),
            (898, 84, TEAL_LIGHT),
            (962, 126, MUSTARD),
            (1026, 150, BRICK),
        )
    )
    return svg(
        w,
        h,
        indoors(w, h, 540),
        rect(116, 78, 286, 200, WHITE, 10),
        notes,
        rect(730, 78, 380, 214, WHITE, 10),
        path("M756 270 H1086", stroke=INK, width=5),
        bars,
        seated(300, 440, 200, BROWN, TEAL, HAIR_DARK, "curls", chair=GREEN_PALE),
        seated(480, 440, 205, FAIR, BRICK, HAIR_FAIR, "long", chair=GREEN_PALE),
        seated(660, 440, 205, TAN, PLUM, TEAL, "scarf", chair=GREEN_PALE),
        seated(850, 440, 205, FAIR, MUSTARD, HAIR_GREY, "short", chair=GREEN_PALE),
        rect(190, 452, 820, 26, "#c79a68", 10),
        rect(230, 476, 22, 150, "#a87e50", 4),
        rect(948, 476, 22, 150, "#a87e50", 4),
        mug(390, 453, BRICK),
        mug(760, 453, TEAL),
        path("M520 452 l26 -14 h84 l-22 14Z", WHITE),
    )


def picture_events():
    """A calendar with bright days, flags, and people who arrive."""
    w, h = PICTURE
    colours = {3: BRICK, 9: MUSTARD, 12: TEAL, 18: PLUM, 24: GREEN}
    days = "".join(
        rect(446 + (i % 7) * 46, 196 + (i // 7) * 52, 36, 40, colours.get(i, "#e6ecea"), 6)
        for i in range(28)
    )
    return svg(
        w,
        h,
        indoors(w, h, 540),
        bunting(w, 26),
        rect(416, 120, 368, 300, WHITE, 14),
        rect(416, 120, 368, 56, TEAL, 14),
        rect(416, 150, 368, 26, TEAL),
        days,
        person(190, 622, 320, TAN, BRICK, HAIR_DARK, INK, "long"),
        person(300, 630, 205, TAN, MUSTARD, HAIR_DARK, TEAL, "short"),
        wheelchair_user(930, 632, 245, DEEP, GREEN_DARK, HAIR_DARK, "curls"),
        person(1080, 622, 325, FAIR, PLUM, HAIR_BROWN, INK, "short"),
        table(600, 500, 330),
        mug(520, 500, BRICK),
        mug(566, 500, MUSTARD),
        sheet(620, 472, 90, 28, 0),
    )


def picture_forum():
    """Parents and carers in a half circle of chairs, one of them speaking."""
    w, h = PICTURE
    return svg(
        w,
        h,
        indoors(w, h, 470),
        rect(90, 90, 210, 240, SKY, 8),
        path("M195 90 V330 M90 210 H300", stroke=WHITE, width=12),
        rect(900, 90, 210, 240, SKY, 8),
        path("M1005 90 V330 M900 210 H1110", stroke=WHITE, width=12),
        path(
            "M520 120 h220 a26 26 0 0 1 26 26 v70 a26 26 0 0 1 -26 26 h-130 l-34 40 v-40 h-56"
            " a26 26 0 0 1 -26 -26 v-70 a26 26 0 0 1 26 -26Z",
            WHITE,
        ),
        circle(570, 181, 11, TEAL),
        circle(630, 181, 11, MUSTARD),
        circle(690, 181, 11, BRICK),
        seated(180, 470, 210, FAIR, PLUM, HAIR_GREY, "short", chair=TEAL_LIGHT),
        seated(350, 440, 200, DEEP, MUSTARD, HAIR_DARK, "bun", chair=TEAL_LIGHT),
        seated(520, 425, 195, TAN, TEAL, PLUM, "scarf", chair=TEAL_LIGHT),
        seated(690, 425, 195, FAIR, BRICK, HAIR_BROWN, "long", chair=TEAL_LIGHT),
        seated(860, 440, 200, BROWN, GREEN_DARK, HAIR_DARK, "short", chair=TEAL_LIGHT),
        seated(1030, 470, 210, TAN, WHITE, HAIR_DARK, "curls", chair=TEAL_LIGHT),
        '<ellipse cx="600" cy="600" rx="190" ry="30" fill="#a87e50"/>',
        '<ellipse cx="600" cy="592" rx="190" ry="30" fill="#c79a68"/>',
        mug(530, 596, BRICK),
        mug(600, 606, WHITE),
        mug(670, 594, TEAL),
    )


def film_title():
    """A school, and the question the film answers."""
    w, h = FRAME
    return svg(
        w,
        h,
        outdoors(w, h, 560),
        school(260, 590),
        tree(150, 620, 220, GREEN_DARK),
        tree(1150, 615, 200, GREEN_DARK),
        rect(90, 56, 910, 120, WHITE, 20),
        words(545, 131, "What is a mainstream autism base?", 42),
    )


def film_part_of_a_school():
    """The same school with the base picked out by a ring."""
    w, h = FRAME
    return svg(
        w,
        h,
        outdoors(w, h, 560),
        school(260, 590, "#f2c36b"),
        tree(150, 620, 220, GREEN_DARK),
        tree(1180, 615, 180, GREEN_DARK),
        f'<rect x="760" y="352" width="292" height="262" rx="40" fill="none" stroke="{BRICK}" '
        'stroke-width="12"/>',
        person(420, 660, 180, TAN, BRICK, HAIR_DARK, INK, "long"),
        person(520, 668, 200, FAIR, PLUM, HAIR_BROWN, INK, "short"),
        person(900, 664, 190, BROWN, TEAL, HAIR_DARK, INK, "short", phones=True),
    )


def film_calm_room():
    """A calm room: a lamp, a soft seat, a pupil with ear defenders and an adult."""
    w, h = FRAME
    return svg(
        w,
        h,
        indoors(w, h, 540, "#eef1e6"),
        rect(120, 110, 240, 220, SKY, 8),
        path("M240 110 V330 M120 220 H360", stroke=WHITE, width=12),
        lamp(1090, 590),
        f'<ellipse cx="610" cy="636" rx="420" ry="46" fill="{GREEN_PALE}"/>',
        rect(860, 180, 130, 120, WHITE, 8),
        circle(925, 240, 34, TEAL_LIGHT),
        path("M420 610 C400 500 470 440 560 446 C660 450 720 520 706 610Z", MUSTARD),
        seated(
            560, 540, 230, BROWN, TEAL, HAIR_DARK, "short", phones=True, chair=MUSTARD, legs=False
        ),
        person(830, 640, 370, FAIR, PLUM, HAIR_FAIR, INK, "long"),
        rect(190, 470, 120, 130, "#c79a68", 6),
        rect(204, 486, 92, 26, BRICK, 4),
        rect(204, 522, 92, 26, TEAL, 4),
        rect(204, 558, 92, 26, MUSTARD, 4),
    )


def symbol(kind, x, y):
    """A simple picture for one part of a day: base, class, lunch or play."""
    return {
        "base": circle(x, y - 6, 46, "#f9e7b8")
        + path(f"M{x - 40} {y + 10} L{x - 24} {y - 46} H{x + 24} L{x + 40} {y + 10}Z", MUSTARD)
        + rect(x - 4, y + 8, 8, 38, INK, 3),
        "class": rect(x - 56, y - 46, 112, 68, GREEN_DARK, 6)
        + path(f"M{x - 36} {y - 14} h44 M{x - 36} {y + 4} h64", "none", WHITE, 6)
        + rect(x - 30, y + 22, 60, 8, "#a87e50", 4),
        "lunch": circle(x, y, 46, WHITE)
        + circle(x, y, 30, GREEN_PALE)
        + path(f"M{x - 66} {y - 36} v72 M{x + 66} {y - 36} v72", "none", INK, 7),
        "play": circle(x, y, 46, BRICK)
        + path(f"M{x - 44} {y} H{x + 44} M{x} {y - 44} V{y + 44}", "none", WHITE, 6),
    }[kind]


def film_timetable():
    """A pupil beside a picture timetable: base, class, play, class, lunch, base."""
    w, h = FRAME
    kinds = ["base", "class", "play", "class", "lunch", "base"]
    tiles = "".join(
        rect(450 + (i % 3) * 230, 130 + (i // 3) * 210, 200, 180, "#eef1e6", 16)
        + symbol(k, 550 + (i % 3) * 230, 222 + (i // 3) * 210)
        for i, k in enumerate(kinds)
    )
    return svg(
        w,
        h,
        indoors(w, h, 590),
        rect(410, 90, 740, 460, WHITE, 20),
        tiles,
        person(260, 668, 350, BROWN, TEAL, HAIR_DARK, INK, "short", phones=True, arm=(390, 400)),
    )


def film_in_class():
    """The same pupil in an ordinary class, at a desk with the others."""
    w, h = FRAME
    pupils = (
        (230, FAIR, BRICK, HAIR_FAIR, "long", False),
        (500, BROWN, TEAL, HAIR_DARK, "short", True),
        (770, TAN, PLUM, HAIR_DARK, "bun", False),
        (1040, FAIR, MUSTARD, HAIR_BROWN, "short", False),
    )
    return svg(
        w,
        h,
        indoors(w, h, 590),
        rect(460, 60, 560, 190, GREEN_DARK, 10),
        path("M540 110 h240 M540 150 h340 M540 190 h180", "none", "#cfe0cf", 8),
        person(365, 640, 520, DEEP, MUSTARD, HAIR_DARK, INK, "bun", arm=(470, 214)),
        *(
            seated(x, 560, 220, skin, top, hair, style, phones=phones, chair=TEAL_LIGHT)
            + rect(x - 105, 574, 210, 20, "#c79a68", 8)
            + rect(x - 95, 590, 14, 110, "#a87e50", 4)
            + rect(x + 81, 590, 14, 110, "#a87e50", 4)
            + path(f"M{x - 40} 574 l12 -12 h60 l-10 12Z", WHITE)
            for x, skin, top, hair, style, phones in pupils
        ),
    )


def film_plan():
    """A parent, a young person and a case officer at a table with the plan between them."""
    w, h = FRAME
    return svg(
        w,
        h,
        indoors(w, h, 590),
        sheet(520, 90, 240, 300, 6),
        move(
            700, 330, 1, circle(0, 0, 44, MUSTARD), path("M-18 0 l12 14 l24 -28", "none", WHITE, 10)
        ),
        seated(270, 540, 235, BROWN, BRICK, HAIR_DARK, "long", chair=GREEN_PALE),
        seated(450, 545, 205, BROWN, TEAL, HAIR_DARK, "short", phones=True, chair=GREEN_PALE),
        seated(980, 540, 240, FAIR, PLUM, HAIR_GREY, "short", chair=GREEN_PALE),
        rect(150, 556, 960, 26, "#c79a68", 10),
        rect(200, 580, 22, 140, "#a87e50", 4),
        rect(1040, 580, 22, 140, "#a87e50", 4),
        path("M600 556 l30 -18 h110 l-26 18Z", WHITE),
        mug(820, 557, TEAL),
    )


def film_ask():
    """The family outside the school at the end."""
    w, h = FRAME
    return svg(
        w,
        h,
        outdoors(w, h, 560),
        move(110, 100, 0.82, school(20, 590, "#f2c36b")),
        tree(1120, 620, 260, GREEN_DARK),
        person(840, 676, 350, BROWN, BRICK, HAIR_DARK, INK, "long"),
        person(960, 680, 235, BROWN, TEAL, HAIR_DARK, INK, "short", phones=True),
        rect(700, 66, 500, 130, WHITE, 20),
        words(950, 122, "Ask at your child's", 36),
        words(950, 168, "yearly review", 36),
    )


PICTURES = {
    "home": picture_home,
    "new-school-malvern": picture_school,
    "delivering-better-value": picture_better_value,
    "events-week": picture_events,
    "forum-meeting": picture_forum,
}

# Each scene with the seconds it stays; the words that go with it are in the captions file.
FILM = (
    (film_title, 5.0),
    (film_part_of_a_school, 5.5),
    (film_calm_room, 5.5),
    (film_timetable, 6.0),
    (film_in_class, 5.5),
    (film_plan, 7.0),
    (film_ask, 5.5),
)
STILL = film_part_of_a_school
