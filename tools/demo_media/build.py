"""Draw the demonstration's pictures, film and leaflet again: a maintainer's tool.

    .venv/bin/python tools/demo_media/build.py [pictures] [easy] [film] [leaflet]

Needs Chromium and ffmpeg. What it makes is committed, so nobody else has to run it. The film has
no sound, no movement but slow fades of 0.8 s between scenes, and nothing that flashes
(WCAG 2.2, 2.3.1).
"""

import argparse
import io
import shutil
import subprocess
import tempfile
from pathlib import Path

import markdown
from PIL import Image
from playwright.sync_api import sync_playwright
from scenes import FILM, FRAME, PICTURE, PICTURES, STILL

from localoffer.ui.symbols import SYMBOLS

ROOT = Path(__file__).parents[2]
MEDIA = ROOT / "src/localoffer/demo/content/media"
EASY = ["book", "heart", "people", "person", "speech", "star", "video", "young-people"]
FADE = 0.8
RATE = 12

LEAFLET_STYLE = """
@page { size: A4; margin: 22mm 20mm }
body { font: 13.5pt/1.5 "Liberation Sans", sans-serif; color: #2b3a42 }
h1 { font-size: 26pt; line-height: 1.2; color: #1f5458; margin: 0 0 8mm }
h2 { font-size: 17pt; color: #1f5458; margin: 8mm 0 2mm; break-after: avoid }
p, li { margin: 0 0 3mm; break-inside: avoid }

footer { margin-top: 10mm; padding-top: 4mm; border-top: 1pt solid #2f6f73; font-size: 11.5pt }
"""


def png(page, picture, size):
    """The bytes of a PNG of one SVG picture, `size` pixels."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{picture}")
    return page.screenshot()


def draw_pictures(page):
    """The five pictures as WebP, and the still of the film as JPEG."""
    for name, picture in PICTURES.items():
        image = Image.open(io.BytesIO(png(page, picture(), PICTURE))).convert("RGB")
        image.save(MEDIA / f"{name}.webp", quality=86, method=6)
    still = Image.open(io.BytesIO(png(page, STILL(), FRAME))).convert("RGB")
    still.save(MEDIA / "mainstream-autism-bases-still.jpg", quality=84, optimize=True)


def draw_easy(page):
    """The pictures beside choices of the Easy Read survey: our symbols, large and in one colour."""
    for name in EASY:
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="240" viewBox="-4 -4 40 40"'
            ' fill="none" stroke="#1f5458" stroke-width="2" stroke-linecap="round"'
            f' stroke-linejoin="round">{SYMBOLS[name]}</svg>'
        )
        image = Image.open(io.BytesIO(png(page, drawing, (240, 240)))).convert("RGB")
        image.save(MEDIA / f"easy-{name}.webp", quality=86, method=6)


def draw_film(page):
    """The film as MP4 (H.264), which every browser plays, without sound."""
    with tempfile.TemporaryDirectory() as folder:
        command = [shutil.which("ffmpeg") or "ffmpeg", "-y", "-loglevel", "error"]
        filters, start, last = [], 0.0, "[0]"
        for number, (scene, seconds) in enumerate(FILM):
            frame = Path(folder) / f"{number}.png"
            frame.write_bytes(png(page, scene(), FRAME))
            shown = seconds + (FADE if number < len(FILM) - 1 else 0)
            command += ["-loop", "1", "-t", str(shown), "-r", str(RATE), "-i", str(frame)]
            if number:
                start += FILM[number - 1][1]
                filters.append(
                    f"{last}[{number}]xfade=transition=fade:duration={FADE}:offset={start}[f{number}]"
                )
                last = f"[f{number}]"
        graph = ";".join([*filters, f"{last}format=yuv420p[out]"])
        command += ["-filter_complex", graph, "-map", "[out]", "-an", "-map_metadata", "-1"]
        command += ["-c:v", "libx264", "-preset", "veryslow", "-crf", "24"]
        command += ["-movflags", "+faststart", str(MEDIA / "mainstream-autism-bases.mp4")]
        subprocess.run(command, check=True)  # noqa: S603


def print_leaflet(page):
    """The leaflet as a tagged PDF, from the same Markdown as its twin on the website."""
    text = (MEDIA / "dbv-leaflet.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    body = markdown.markdown(text, extensions=["tables"])
    page.goto("about:blank")
    page.set_content(
        '<html lang="en-GB"><head><title>Delivering Better Value in SEND: a short introduction'
        f"</title><style>{LEAFLET_STYLE}</style></head><body><h1>Delivering Better Value in SEND: "
        f"a short introduction</h1>{body}</body></html>"
    )
    page.pdf(
        path=MEDIA / "dbv-leaflet.pdf",
        prefer_css_page_size=True,
        tagged=True,
        outline=True,
    )


def main():
    """Make what was asked for, or everything."""
    parts = {
        "pictures": draw_pictures,
        "easy": draw_easy,
        "film": draw_film,
        "leaflet": print_leaflet,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="what to make; all if none")
    wanted = parser.parse_args().parts or list(parts)
    MEDIA.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for name in wanted:
            parts[name](page)
        browser.close()
    for path in sorted(MEDIA.iterdir()):
        print(f"{path.stat().st_size:>9,}  {path.name}")


if __name__ == "__main__":
    main()
