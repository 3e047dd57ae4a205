"""Draws bars as SVG. Each axis begins at zero. The picture has its own background, so that it can be read on any page."""

import dataclasses
import html
import math

WIDTH, PAD = 400, 12
SPAN = WIDTH - 2 * PAD
# A phone shows the picture a fifth smaller, a computer a third larger.
SHOWN_WIDTH = 540
BAR, ROW_GAP = 9, 10

# Colour-blind people can tell blue and orange apart. The bars have a contrast of at least 3 to both backgrounds and to
# the lines on them.
STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: #1f2328 }
.title { font-size: 14px; font-weight: 600 }
.panel { font-weight: 600 }
.tick { font-size: 11px; fill: #59636e }
.end { text-anchor: end }
.middle { text-anchor: middle }
.back { fill: #ffffff }
.ours { fill: #2b8cc4 }
.second { fill: #c96a1a }
.other { fill: #768390 }
.grid { stroke: #d1d9e0 }
.line { stroke: #1f2328; stroke-width: 1.5; fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.tick { fill: #9198a1 }
.back { fill: #0d1117 }
.grid { stroke: #3d444d }
.line { stroke: #f0f6fc }
}
"""


@dataclasses.dataclass
class Bar:
    """A value and, if it is known, its range. The kind is `ours`, `second` or `other`."""

    kind: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclasses.dataclass
class Row:
    label: str
    text: str
    bars: list[Bar]


@dataclasses.dataclass
class Panel:
    """Rows with one axis. `line` is a value to compare with."""

    title: str
    rows: list[Row]
    line: float | None = None


def ticks(largest):
    """Round numbers from zero to at least the largest."""
    step = 10 ** math.floor(math.log10(largest))
    step = next(it for it in (step / 5, step / 2, step, 2 * step) if largest / it <= 5)
    return [step * number for number in range(math.ceil(largest / step) + 1)]


def text(x, y, words, kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{html.escape(words)}</text>'


def whisker(left, right, y):
    return f'<path class="line" d="M{left:.1f} {y - 4:.1f}v8m0 -4H{right:.1f}m0 -4v8"/>'


def panel(it, top):
    """The parts of a panel, and where it ends."""
    largest = max(it.line or 0, *(bar.high or bar.value for row in it.rows for bar in row.bars))
    marks = ticks(largest)
    scale = SPAN / marks[-1]
    parts, y = [text(PAD, top + 16, it.title, "panel")], top + 26
    bottom = y + sum(20 + len(row.bars) * (BAR + 2) + ROW_GAP for row in it.rows)
    for mark in marks:
        x = PAD + mark * scale
        parts.append(f'<path class="grid" d="M{x:.1f} {y}V{bottom}"/>')
        kind = "" if mark == 0 else "end" if mark == marks[-1] else "middle"
        parts.append(text(x, bottom + 14, f"{mark:,g}", f"tick {kind}"))
    for row in it.rows:
        # The words cover the lines of the axis.
        parts.append(f'<rect class="back" x="{PAD}" y="{y}" width="{SPAN}" height="18"/>')
        parts += [text(PAD, y + 14, row.label), text(PAD + SPAN, y + 14, row.text, "end")]
        y += 20
        for bar in row.bars:
            parts.append(f'<rect class="{bar.kind}" x="{PAD}" y="{y}" width="{bar.value * scale:.1f}" height="{BAR}"/>')
            if bar.low is not None:
                parts.append(whisker(PAD + bar.low * scale, PAD + bar.high * scale, y + BAR / 2))
            y += BAR + 2
        y += ROW_GAP
        if it.line is not None:
            x, height = PAD + it.line * scale, len(row.bars) * (BAR + 2) + 6
            parts.append(f'<path class="line" stroke-dasharray="2 2" d="M{x:.1f} {y - ROW_GAP + 2}v{-height}"/>')
    return parts, bottom + 26


def chart(title, legend, panels):
    """A picture of panels below each other. The legend names the kinds of bars."""
    parts, y = [text(PAD, 26, title, "title")], 36
    x = PAD
    for kind, words in legend.items():
        parts += [f'<rect class="{kind}" x="{x}" y="{y + 5}" width="{BAR}" height="{BAR}"/>', text(x + 14, y + 14, words)]
        x += 30 + 7 * len(words)
    y += 22
    for it in panels:
        drawn, y = panel(it, y)
        parts += drawn
    words = (f"{it.title}: " + "; ".join(f"{row.label}: {row.text}" for row in it.rows) + "." for it in panels)
    back = f'<rect class="back" width="{WIDTH}" height="{y}" rx="6"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{SHOWN_WIDTH}" '
        f'height="{round(y * SHOWN_WIDTH / WIDTH)}" role="img" aria-labelledby="title description">\n'
        f'<title id="title">{html.escape(title)}</title>\n'
        f'<desc id="description">{html.escape(" ".join(words))}</desc>\n'
        f"<style>{STYLE}</style>\n" + "\n".join([back, *parts]) + "\n</svg>\n"
    )
