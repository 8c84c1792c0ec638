"""Plane geometry for motifs: everything is a polygon in the square from -1 to 1, y downwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

Point = tuple[float, float]
Polygon = list[Point]


@dataclass(frozen=True, slots=True)
class Layer:
    """Polygons of one tone: ``main``, ``second``, ``accent`` or ``paper`` (cut out)."""

    tone: str
    polygons: list[Polygon]


Motif = Callable[[], list[Layer]]
"""Draws a motif: its layers from back to front."""


def main(*polygons: Polygon) -> Layer:
    """Return a layer in the motif's main tone."""
    return Layer("main", list(polygons))


def second(*polygons: Polygon) -> Layer:
    """Return a layer in the motif's second tone."""
    return Layer("second", list(polygons))


def accent(*polygons: Polygon) -> Layer:
    """Return a layer in the accent tone."""
    return Layer("accent", list(polygons))


def paper(*polygons: Polygon) -> Layer:
    """Return a layer that is cut out of what lies below."""
    return Layer("paper", list(polygons))


def poly(*points: Point) -> Polygon:
    """Return a polygon."""
    return list(points)


def box(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """Return an upright rectangle."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def oval(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0) -> Polygon:
    """Return an ellipse; ``turn`` in degrees."""
    ry = rx if ry is None else ry
    t = turn * pi / 180
    points = []
    for step in range(48):
        a = step * pi / 24
        px, py = rx * cos(a), ry * sin(a)
        points.append((x + px * cos(t) - py * sin(t), y + px * sin(t) + py * cos(t)))
    return points


def arc(x: float, y: float, inner: float, outer: float, start: float, end: float) -> Polygon:
    """Return a sector of a ring; angles in degrees, clockwise from the right."""
    steps = max(6, int(abs(end - start) / 6))
    angles = [(start + (end - start) * i / steps) * pi / 180 for i in range(steps + 1)]
    out = [(x + outer * cos(a), y + outer * sin(a)) for a in angles]
    return out + [(x + inner * cos(a), y + inner * sin(a)) for a in reversed(angles)]


def blob(*points: Point) -> Polygon:
    """Return a smooth closed curve through the points (Catmull-Rom)."""
    count = len(points)
    out: Polygon = []
    for i in range(count):
        p0, p1, p2, p3 = (points[(i + k - 1) % count] for k in range(4))
        for step in range(10):
            t = step / 10
            out.append(
                (
                    _spline(p0[0], p1[0], p2[0], p3[0], t),
                    _spline(p0[1], p1[1], p2[1], p3[1], t),
                )
            )
    return out


def curve(*points: Point) -> list[Point]:
    """Return a smooth open curve through the points, to be stroked."""
    padded = [points[0], *points, points[-1]]
    out: list[Point] = []
    for i in range(len(points) - 1):
        p0, p1, p2, p3 = padded[i : i + 4]
        for step in range(12):
            t = step / 12
            out.append(
                (
                    _spline(p0[0], p1[0], p2[0], p3[0], t),
                    _spline(p0[1], p1[1], p2[1], p3[1], t),
                )
            )
    return [*out, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def stroke(points: Sequence[Point], width: float, end_width: float | None = None) -> Polygon:
    """Return a line of some width, which may taper, as a polygon."""
    end = width if end_width is None else end_width
    left: Polygon = []
    right: Polygon = []
    last = len(points) - 1
    for i, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(0, i - 1)], points[min(last, i + 1)]
        length = hypot(x1 - x0, y1 - y0) or 1.0
        half = (width + (end - width) * i / max(1, last)) / 2
        nx, ny = -(y1 - y0) / length * half, (x1 - x0) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def line(x0: float, y0: float, x1: float, y1: float, width: float) -> Polygon:
    """Return a straight line of some width as a polygon."""
    return stroke([(x0, y0), (x1, y1)], width)


def star(x: float, y: float, outer: float, inner: float, points: int, turn: float = -90) -> Polygon:
    """Return a star."""
    out = []
    for i in range(points * 2):
        a = turn * pi / 180 + i * pi / points
        r = outer if i % 2 == 0 else inner
        out.append((x + r * cos(a), y + r * sin(a)))
    return out


def ring(x: float, y: float, radius: float, width: float) -> Polygon:
    """Return a circle's outline as one polygon."""
    return arc(x, y, radius - width / 2, radius + width / 2, 0, 360)


def mirror(polygon: Polygon) -> Polygon:
    """Return the polygon mirrored left to right."""
    return [(-x, y) for x, y in polygon]


def both(polygon: Polygon) -> tuple[Polygon, Polygon]:
    """Return the polygon and its mirror image."""
    return polygon, mirror(polygon)


def place(polygon: Polygon, x: float, y: float, scale: float = 1, turn: float = 0) -> Polygon:
    """Return the polygon scaled, turned (degrees) and moved."""
    c, s = cos(turn * pi / 180) * scale, sin(turn * pi / 180) * scale
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in polygon]


def radial(polygon: Polygon, count: int) -> list[Polygon]:
    """Return the polygon repeated around the origin."""
    return [place(polygon, 0, 0, 1, 360 * i / count) for i in range(count)]


def leaf(x: float, y: float, length: float, width: float, turn: float) -> Polygon:
    """Return a leaf that starts at ``x, y``; ``turn`` in degrees, 0 points right."""
    shape = blob((0, 0), (0.25, -0.42), (0.6, -0.40), (1, 0), (0.6, 0.40), (0.25, 0.42))
    scaled = [(px * length, py * width) for px, py in shape]
    return place(scaled, x, y, 1, turn)


def direction(a: Point, b: Point) -> float:
    """Return the direction from ``a`` to ``b`` in degrees."""
    return atan2(b[1] - a[1], b[0] - a[0]) * 180 / pi
