# SPDX-License-Identifier: GPL-2.0
"""Curves as SVG: cost per packet against the number of mobile nodes, both on
logarithmic scales."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 70, 330, 50, 60
COLOURS = ("#d62728", "#ff7f0e", "#8c564b", "#1f77b4", "#17becf", "#2ca02c", "#98df8a",
           "#9467bd", "#c5b0d5", "#e377c2", "#f7b6d2")


def _ticks(low, high):
    """1, 2 and 5 times powers of ten, from at most LOW to at least HIGH."""
    ticks = [base * 10 ** power
             for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
             for base in (1, 2, 5)]
    first = max(at for at, tick in enumerate(ticks) if tick <= low)
    last = min(at for at, tick in enumerate(ticks) if tick >= high)
    return ticks[first:last + 1]


class _Scale:
    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value):
        span = math.log(self.high / self.low) or 1
        return self.start + math.log(value / self.low) / span * (self.end - self.start)


def _text(x, y, words, anchor="start", size=13, more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
            f'font-size="{size}"{more}>{escape(words)}</text>')


def _line(x1, y1, x2, y2, colour="#ddd"):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"/>')


def _axes(x, y, x_ticks, y_ticks):
    for tick in x_ticks:
        yield _line(x(tick), TOP, x(tick), HEIGHT - BOTTOM)
        yield _text(x(tick), HEIGHT - BOTTOM + 20, f"{tick:,}", "middle")
    for tick in y_ticks:
        yield _line(LEFT, y(tick), WIDTH - RIGHT, y(tick))
        yield _text(LEFT - 8, y(tick) + 4, f"{tick:,}", "end")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "mobile nodes", "middle")
    yield _text(18, (TOP + HEIGHT - BOTTOM) / 2, "ns a packet", "middle", more=(
        f' transform="rotate(-90 18 {(TOP + HEIGHT - BOTTOM) / 2})"'))


def _curve(x, y, points, colour, dashes):
    places = [(x(p["mobile_nodes"]), y(p["ns"])) for p in points]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in places)
    yield (f'<polyline points="{path}" fill="none" stroke="{colour}" '
           f'stroke-width="2"{dashes}/>')
    for (px, py), p in zip(places, points):
        yield _line(px, y(p["ns_low"]), px, y(p["ns_high"]), colour)
        yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>'


def svg(curves, title):
    """The picture; CURVES as in the results, by what they are of."""
    points = [point for curve in curves.values() for point in curve]
    if not points:
        raise ValueError("no curves")
    counts = [point["mobile_nodes"] for point in points]
    x_ticks = [10 ** n for n in range(math.ceil(math.log10(max(max(counts), 10))) + 1)]
    y_ticks = _ticks(min(p["ns_low"] for p in points), max(p["ns_high"] for p in points))
    x = _Scale(1, x_ticks[-1], LEFT, WIDTH - RIGHT)
    y = _Scale(y_ticks[0], y_ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
             f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">',
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
             _text(LEFT, 28, title, size=16), *_axes(x, y, x_ticks, y_ticks)]
    for at, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[at % len(COLOURS)]
        dashes = ' stroke-dasharray="6 4"' if name.endswith("same") else ""
        parts += _curve(x, y, curve, colour, dashes)
        row = TOP + 10 + at * 24
        parts.append(f'<line x1="{WIDTH - RIGHT + 20}" y1="{row}" x2="{WIDTH - RIGHT + 50}" '
                     f'y2="{row}" stroke="{colour}" stroke-width="2"{dashes}/>')
        parts.append(_text(WIDTH - RIGHT + 58, row + 4, name))
    return "\n".join([*parts, "</svg>"]) + "\n"
