"""The flat, warm shapes that the demonstration's pictures and film are made of, as SVG text.

Every function returns a piece of SVG. Lengths are in the units of the picture (pixels of a
1280 by 720 frame). Nothing here moves, flashes or holds words that a reader would need.
"""

CREAM = "#fbf3e4"
SAND = "#f0dfc2"
SKY = "#dcebec"
TEAL = "#2f6f73"
TEAL_LIGHT = "#7fb2b0"
GREEN = "#7da87b"
GREEN_DARK = "#55825f"
GREEN_PALE = "#b9d1a8"
MUSTARD = "#e3a63a"
BRICK = "#c9694a"
BRICK_DARK = "#a9523a"
PLUM = "#7b5470"
INK = "#2b3a42"
WHITE = "#fffdf8"
FAIR, TAN, BROWN, DEEP = "#f0c7a3", "#cf9a6c", "#94623f", "#74492f"
HAIR_DARK, HAIR_BROWN, HAIR_FAIR, HAIR_GREY = "#2c2522", "#6b4428", "#c99a4b", "#a9a49c"


def rect(x, y, w, h, fill, r=0):
    """A rectangle with corners of radius `r`."""
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{r}" fill="{fill}"/>'


def circle(x, y, r, fill):
    """A filled circle."""
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}"/>'


def path(d, fill="none", stroke="none", width=0):
    """Any path; lines have round ends."""
    return (
        f'<path d="{d}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def move(x, y, scale, *parts):
    """The parts, moved and scaled together."""
    return f'<g transform="translate({x} {y}) scale({scale})">{"".join(parts)}</g>'


def words(x, y, text, size=44, fill=INK, anchor="middle", weight="bold"):
    """A line of words; used for titles inside the film only."""
    return (
        f'<text x="{x}" y="{y}" font-family="DejaVu Sans" font-size="{size}" fill="{fill}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{text}</text>'
    )


def svg(width, height, *parts):
    """A whole picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )


def hills(width, base, height):
    """Three rows of rounded hills like those above Malvern, `base` being the ground line."""
    w, b, t = width, base, base - height
    far = (
        f"M0 {b} V{t + 90} C{w * 0.1} {t + 40} {w * 0.16} {t - 10} {w * 0.26} {t + 20} "
        f"C{w * 0.34} {t + 50} {w * 0.38} {t - 30} {w * 0.5} {t - 34} "
        f"C{w * 0.62} {t - 34} {w * 0.64} {t + 60} {w * 0.74} {t + 40} "
        f"C{w * 0.84} {t + 10} {w * 0.9} {t + 30} {w} {t + 80} V{b} Z"
    )
    near = (
        f"M0 {b} V{t + 150} C{w * 0.2} {t + 90} {w * 0.34} {t + 130} {w * 0.5} {t + 150} "
        f"C{w * 0.7} {t + 170} {w * 0.8} {t + 90} {w} {t + 130} V{b} Z"
    )
    return path(far, "#a9c3ae") + path(near, GREEN_PALE)


def tree(x, ground, height, leaf=GREEN):
    """A round tree standing on `ground`."""
    r = height * 0.3
    return (
        rect(x - height * 0.035, ground - height * 0.5, height * 0.07, height * 0.5, "#8a6547", 4)
        + circle(x, ground - height * 0.68, r, leaf)
        + circle(x - r * 0.6, ground - height * 0.52, r * 0.72, leaf)
        + circle(x + r * 0.62, ground - height * 0.54, r * 0.7, leaf)
    )


def face(x, y, r, skin, hair, style):
    """A head with hair; `style` is short, long, bun, curls or scarf."""
    back = {
        "long": rect(x - r * 1.16, y - r * 0.5, r * 0.56, r * 1.9, hair, r * 0.28)
        + rect(x + r * 0.6, y - r * 0.5, r * 0.56, r * 1.9, hair, r * 0.28),
        "bun": circle(x, y - r * 1.15, r * 0.45, hair),
        "curls": "".join(
            circle(x + dx * r, y + dy * r, r * 0.55, hair)
            for dx, dy in ((-0.8, -0.2), (-0.6, -0.75), (0, -1), (0.6, -0.75), (0.8, -0.2))
        ),
        "scarf": circle(x, y, r * 1.22, hair)
        + path(
            f"M{x - r * 1.2} {y} L{x - r * 1.35} {y + r * 1.7} H{x + r * 1.35} L{x + r * 1.2} {y}Z",
            hair,
        ),
    }.get(style, "")
    fringe = (
        ""
        if style == "scarf"
        else path(
            f"M{x - r * 1.04} {y - r * 0.1} A{r * 1.04} {r * 1.04} 0 0 1 {x + r * 1.04} "
            f"{y - r * 0.1} C{x + r * 0.6} {y - r * 0.55} {x - r * 0.3} {y - r * 0.6} "
            f"{x - r * 1.04} {y - r * 0.1}Z",
            hair,
        )
    )
    eyes = circle(x - r * 0.36, y + r * 0.12, r * 0.09, INK) + circle(
        x + r * 0.36, y + r * 0.12, r * 0.09, INK
    )
    smile = path(
        f"M{x - r * 0.3} {y + r * 0.46} Q{x} {y + r * 0.7} {x + r * 0.3} {y + r * 0.46}",
        stroke=INK,
        width=max(1.6, r * 0.09),
    )
    return back + circle(x, y, r, skin) + fringe + eyes + smile


def headphones(x, y, r, colour=BRICK):
    """Ear defenders for a head of radius `r` at x, y."""
    return (
        path(
            f"M{x - r * 1.05} {y} A{r * 1.08} {r * 1.12} 0 0 1 {x + r * 1.05} {y}",
            stroke=colour,
            width=r * 0.2,
        )
        + rect(x - r * 1.25, y - r * 0.3, r * 0.42, r * 0.75, colour, r * 0.18)
        + rect(x + r * 0.83, y - r * 0.3, r * 0.42, r * 0.75, colour, r * 0.18)
    )


def person(
    x, ground, height, skin, top, hair=HAIR_DARK, legs=INK, style="short", phones=False, arm=None
):
    """Somebody standing on `ground`; `arm` is a point that the right hand reaches for."""
    h = height
    r = h * (0.11 if h > 240 else 0.14)
    neck = ground - h + 2 * r
    hip = ground - h * 0.4
    half = h * 0.13
    body = path(
        f"M{x - half} {hip + h * 0.03} V{neck + half * 1.1} Q{x - half} {neck + h * 0.01} "
        f"{x - half * 0.3} {neck + h * 0.01} H{x + half * 0.3} Q{x + half} {neck + h * 0.01} "
        f"{x + half} {neck + half * 1.1} V{hip + h * 0.03}Z",
        top,
    )
    leg = rect(x - half * 0.9, hip, half * 0.78, h * 0.4, legs, 6) + rect(
        x + half * 0.12, hip, half * 0.78, h * 0.4, legs, 6
    )
    shoulder = neck + h * 0.06
    left = path(
        f"M{x - half * 0.95} {shoulder} Q{x - half * 1.5} {shoulder + h * 0.12} "
        f"{x - half * 1.25} {hip - h * 0.02}",
        stroke=top,
        width=h * 0.065,
    ) + circle(x - half * 1.25, hip, h * 0.036, skin)
    hand = arm or (x + half * 1.25, hip)
    right = path(
        f"M{x + half * 0.9} {shoulder} Q{x + half * 1.5} {shoulder + h * 0.12} {hand[0]} {hand[1]}",
        stroke=top,
        width=h * 0.065,
    ) + circle(hand[0], hand[1], h * 0.036, skin)
    head = face(x, ground - h + r, r, skin, hair, style)
    ears = headphones(x, ground - h + r, r) if phones else ""
    return (
        leg + left + right + body + rect(x - r * 0.3, neck - r * 0.4, r * 0.6, r * 0.6, skin) + head
    ) + ears


def seated(
    x, seat, size, skin, top, hair=HAIR_DARK, style="short", phones=False, chair=SAND, legs=True
):
    """Somebody who sits facing us; `seat` is the height of the chair, `size` of head and trunk.

    A soft seat has no chair `legs`.
    """
    r = size * 0.2
    half = size * 0.27
    neck = seat - size + 2 * r
    return (
        rect(x - half * 1.25, seat - size * 0.5, half * 2.5, size * 0.62, chair, 14)
        + (
            rect(x - half * 1.1, seat + size * 0.1, size * 0.07, size * 0.5, INK, 3)
            + rect(x + half * 0.85, seat + size * 0.1, size * 0.07, size * 0.5, INK, 3)
            if legs
            else ""
        )
        + rect(x - half * 0.8, seat + size * 0.02, half * 0.7, size * 0.55, INK, 8)
        + rect(x + half * 0.1, seat + size * 0.02, half * 0.7, size * 0.55, INK, 8)
        + path(
            f"M{x - half} {seat + size * 0.08} V{neck + half} Q{x - half} {neck} {x} {neck} "
            f"Q{x + half} {neck} {x + half} {neck + half} V{seat + size * 0.08}Z",
            top,
        )
        + circle(x - half * 0.55, seat + size * 0.03, size * 0.07, skin)
        + circle(x + half * 0.55, seat + size * 0.03, size * 0.07, skin)
        + face(x, seat - size + r, r, skin, hair, style)
        + (headphones(x, seat - size + r, r) if phones else "")
    )


def wheelchair_user(x, ground, size, skin, top, hair=HAIR_BROWN, style="short"):
    """A young person in a wheelchair, seen from the side and a little from the front."""
    seat = ground - size * 0.42
    r = size * 0.17
    return (
        path(
            f"M{x - size * 0.3} {seat - size * 0.42} L{x - size * 0.24} {seat + size * 0.1} "
            f"H{x + size * 0.26} L{x + size * 0.4} {ground - size * 0.06} H{x + size * 0.5}",
            stroke=INK,
            width=size * 0.045,
        )
        + path(
            f"M{x - size * 0.14} {seat + size * 0.02} H{x + size * 0.24} "
            f"L{x + size * 0.38} {ground - size * 0.1}",
            stroke=TEAL,
            width=size * 0.15,
        )
        + path(
            f"M{x - size * 0.24} {seat + size * 0.06} V{seat - size * 0.28} "
            f"Q{x - size * 0.2} {seat - size * 0.42} {x - size * 0.02} {seat - size * 0.42} "
            f"Q{x + size * 0.16} {seat - size * 0.42} {x + size * 0.16} {seat - size * 0.22} "
            f"V{seat + size * 0.06}Z",
            top,
        )
        + face(x - size * 0.03, seat - size * 0.55, r, skin, hair, style)
        + f'<circle cx="{x - size * 0.08}" cy="{ground - size * 0.27}" r="{size * 0.25}" '
        f'fill="none" stroke="{INK}" stroke-width="{size * 0.045}"/>'
        + circle(x - size * 0.08, ground - size * 0.27, size * 0.05, INK)
        + circle(x + size * 0.34, ground - size * 0.07, size * 0.065, INK)
        + path(
            f"M{x + size * 0.06} {seat - size * 0.3} Q{x + size * 0.2} {seat - size * 0.12} "
            f"{x + size * 0.1} {seat + size * 0.06}",
            stroke=top,
            width=size * 0.09,
        )
        + circle(x + size * 0.1, seat + size * 0.07, size * 0.05, skin)
    )


def windows(x, y, columns, rows, fill=SKY, w=54, h=64, gap=34):
    """A grid of windows with white frames."""
    return "".join(
        rect(x + c * (w + gap) - 5, y + r * (h + gap) - 5, w + 10, h + 10, WHITE, 6)
        + rect(x + c * (w + gap), y + r * (h + gap), w, h, fill, 3)
        for c in range(columns)
        for r in range(rows)
    )


def school(x, ground, wing=TEAL_LIGHT):
    """A two-storey school with one wing in another colour, 760 wide."""
    return (
        rect(x, ground - 250, 520, 250, "#e5c08e", 4)
        + path(
            f"M{x - 20} {ground - 250} L{x + 60} {ground - 320} H{x + 460} "
            f"L{x + 540} {ground - 250}Z",
            BRICK,
        )
        + windows(x + 40, ground - 216, 2, 2)
        + windows(x + 336, ground - 216, 2, 2)
        + rect(x + 218, ground - 140, 84, 140, TEAL, 6)
        + rect(x + 228, ground - 128, 30, 60, SKY, 3)
        + rect(x + 262, ground - 128, 30, 60, SKY, 3)
        + rect(x + 200, ground - 158, 120, 14, WHITE, 4)
        + circle(x + 260, ground - 204, 26, WHITE)
        + path(
            f"M{x + 260} {ground - 204} V{ground - 222} M{x + 260} {ground - 204} h12",
            "none",
            INK,
            4,
        )
        + rect(x + 520, ground - 170, 240, 170, wing, 4)
        + path(
            f"M{x + 508} {ground - 170} L{x + 548} {ground - 214} H{x + 740} "
            f"L{x + 772} {ground - 170}Z",
            TEAL,
        )
        + windows(x + 552, ground - 130, 2, 1, "#f7e3b0", 60, 66, 50)
    )


def table(x, top, width, colour="#c79a68"):
    """A table seen from the front."""
    return (
        rect(x - width / 2, top, width, 22, colour, 8)
        + rect(x - width / 2 + 26, top + 20, 18, 130, "#a87e50", 4)
        + rect(x + width / 2 - 44, top + 20, 18, 130, "#a87e50", 4)
    )


def mug(x, y, colour=WHITE):
    """A mug that stands on y."""
    return rect(x - 13, y - 28, 26, 28, colour, 5) + path(
        f"M{x + 13} {y - 22} q14 6 0 16", stroke=colour, width=5
    )


def sheet(x, y, w, h, lines=4, mark=TEAL):
    """A page of paper with lines that stand for writing, and a coloured heading."""
    step = (h - 60) / max(lines, 1)
    return (
        rect(x, y, w, h, WHITE, 6)
        + rect(x + 16, y + 16, w * 0.55, 12, mark, 6)
        + "".join(
            rect(x + 16, y + 46 + i * step, (w - 32) * (1 if i % 3 else 0.8), 7, "#c9d3d3", 3)
            for i in range(lines)
        )
    )


def bunting(width, y, colours=(BRICK, MUSTARD, TEAL, GREEN, PLUM)):
    """A string of flags across the top."""
    flags = "".join(
        path(f"M{x} {y + s} h44 l-22 44Z", colours[i % len(colours)])
        for i, (x, s) in enumerate(
            (x, 40 * (1 - ((x - width / 2) / (width / 2)) ** 2)) for x in range(20, width - 40, 74)
        )
    )
    return path(f"M0 {y} Q{width / 2} {y + 82} {width} {y}", stroke="#8a7a63", width=4) + flags


def lamp(x, ground):
    """A floor lamp with a soft pool of light."""
    return (
        circle(x, ground - 262, 92, "#f9e7b8")
        + rect(x - 4, ground - 250, 8, 250, "#8a7a63", 4)
        + rect(x - 40, ground - 8, 80, 10, "#8a7a63", 5)
        + path(
            f"M{x - 46} {ground - 232} L{x - 26} {ground - 300} H{x + 26} "
            f"L{x + 46} {ground - 232}Z",
            MUSTARD,
        )
    )
