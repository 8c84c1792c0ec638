"""Motifs of things that lie on a table."""

from __future__ import annotations

from portal.demo.artwork.shapes import (
    Layer,
    Motif,
    accent,
    arc,
    blob,
    both,
    box,
    curve,
    leaf,
    line,
    main,
    oval,
    paper,
    place,
    poly,
    radial,
    ring,
    second,
    star,
    stroke,
)


def _letter() -> list[Layer]:
    return [
        main(box(-0.92, -0.56, 0.92, 0.62)),
        paper(stroke([(-0.90, -0.54), (0.0, 0.16), (0.90, -0.54)], 0.045)),
        second(poly((-0.92, 0.62), (-0.28, 0.02), (0.0, 0.24), (0.28, 0.02), (0.92, 0.62))),
        accent(oval(0.0, 0.12, 0.17)),
        paper(place(star(0, 0, 0.09, 0.04, 5), 0, 0.12)),
    ]


def _book() -> list[Layer]:
    page = blob((0, -0.40), (0.30, -0.56), (0.94, -0.46), (0.96, 0.46), (0.34, 0.38), (0, 0.56))
    return [
        second(
            poly((-1.0, -0.44), (0, -0.32), (1.0, -0.44), (1.0, 0.62), (0.0, 0.66), (-1.0, 0.62))
        ),
        main(*both(page)),
        paper(
            *(
                line(s * 0.18, y + 0.02, s * 0.80, y - 0.06, 0.03)
                for s in (-1, 1)
                for y in (-0.24, -0.08, 0.08, 0.24)
            ),
            line(0, -0.40, 0, 0.56, 0.025),
        ),
        accent(poly((0.52, -0.54), (0.66, -0.52), (0.66, 0.04), (0.59, -0.06), (0.52, 0.03))),
    ]


def _pen() -> list[Layer]:
    nib = [
        second(poly((-0.20, 0.10), (0.20, 0.10), (0.24, 0.30), (0.0, 0.98), (-0.24, 0.30))),
        paper(line(0, 0.46, 0, 0.94, 0.03), oval(0, 0.42, 0.055)),
        main(poly((-0.17, -1.0), (0.17, -1.0), (0.21, 0.10), (-0.21, 0.10))),
        accent(box(-0.21, -0.02, 0.21, 0.08)),
    ]
    return [
        Layer(item.tone, [place(p, 0.05, -0.05, 0.95, 35) for p in item.polygons]) for item in nib
    ]


def _brush() -> list[Layer]:
    parts = [
        second(poly((-0.075, -1.0), (0.075, -1.0), (0.10, 0.10), (-0.10, 0.10))),
        accent(box(-0.12, 0.08, 0.12, 0.28)),
        main(
            blob(
                (-0.13, 0.28),
                (0.13, 0.28),
                (0.20, 0.52),
                (0.06, 0.84),
                (0.0, 1.05),
                (-0.08, 0.82),
                (-0.20, 0.52),
            )
        ),
    ]
    turned = [
        Layer(item.tone, [place(p, 0.12, -0.08, 0.9, 30) for p in item.polygons]) for item in parts
    ]
    return [
        second(
            stroke(
                curve((-0.98, 0.62), (-0.6, 0.40), (-0.42, 0.70), (-0.62, 0.88), (-0.2, 0.92)),
                0.13,
                0.05,
            )
        ),
        *turned,
    ]


def _typewriter() -> list[Layer]:
    keys = [
        oval(-0.54 + 0.18 * i + 0.05 * (r % 2), 0.34 + 0.15 * r, 0.058)
        for r in range(3)
        for i in range(7)
    ]
    return [
        accent(box(-0.42, -0.92, 0.42, -0.20)),
        second(box(-0.84, -0.34, 0.84, -0.16), oval(-0.88, -0.25, 0.10), oval(0.88, -0.25, 0.10)),
        main(
            blob(
                (-0.62, -0.20),
                (0.62, -0.20),
                (0.78, 0.26),
                (0.92, 0.80),
                (-0.92, 0.80),
                (-0.78, 0.26),
            )
        ),
        paper(
            *keys,
            *(
                line(-0.28, y, 0.28 - 0.1 * k, y, 0.025)
                for k, y in enumerate((-0.76, -0.64, -0.52, -0.40))
            ),
        ),
    ]


def _clock() -> list[Layer]:
    marks = radial(box(-0.025, -0.80, 0.025, -0.68), 12)
    return [
        main(oval(0, 0, 0.96)),
        paper(oval(0, 0, 0.84)),
        main(*marks, line(0, 0.12, 0, -0.58, 0.055), line(-0.08, -0.06, 0.38, 0.26, 0.07)),
        accent(oval(0, 0, 0.09)),
        second(*(radial(box(-0.045, -0.82, 0.045, -0.64), 4))),
    ]


def _key() -> list[Layer]:
    parts = [
        main(
            ring(0, -0.62, 0.26, 0.13),
            box(-0.06, -0.36, 0.06, 0.92),
            box(0.06, 0.72, 0.34, 0.84),
            box(0.06, 0.48, 0.26, 0.60),
        ),
        second(box(-0.11, -0.34, 0.11, -0.26)),
        accent(oval(0, -0.62, 0.10)),
    ]
    return [Layer(item.tone, [place(p, 0, 0, 1.05, 28) for p in item.polygons]) for item in parts]


def _crown() -> list[Layer]:
    return [
        main(
            poly(
                (-0.86, 0.52),
                (-0.96, -0.42),
                (-0.48, 0.02),
                (0, -0.66),
                (0.48, 0.02),
                (0.96, -0.42),
                (0.86, 0.52),
            )
        ),
        second(box(-0.86, 0.36, 0.86, 0.62)),
        accent(
            oval(-0.96, -0.48, 0.10),
            oval(0, -0.74, 0.12),
            oval(0.96, -0.48, 0.10),
            oval(0, 0.49, 0.075),
            oval(-0.44, 0.49, 0.06),
            oval(0.44, 0.49, 0.06),
        ),
    ]


def _coin() -> list[Layer]:
    profile = blob(
        (-0.08, -0.52),
        (0.20, -0.46),
        (0.28, -0.18),
        (0.38, 0.02),
        (0.26, 0.10),
        (0.26, 0.26),
        (0.08, 0.32),
        (0.12, 0.56),
        (-0.38, 0.56),
        (-0.26, 0.16),
        (-0.36, -0.24),
    )
    return [
        main(oval(0, 0, 0.92)),
        second(ring(0, 0, 0.78, 0.05)),
        accent(profile),
        paper(*radial(oval(0, -0.86, 0.022), 24)),
    ]


def _ring() -> list[Layer]:
    return [
        main(ring(0, 0.24, 0.56, 0.15)),
        accent(poly((-0.26, -0.78), (0.26, -0.78), (0.42, -0.56), (0, -0.22), (-0.42, -0.56))),
        second(poly((-0.26, -0.78), (0, -0.56), (0, -0.22), (-0.42, -0.56))),
        paper(line(-0.42, -0.56, 0.42, -0.56, 0.018)),
    ]


def _chest() -> list[Layer]:
    return [
        accent(poly((-0.60, -0.10), (0.60, -0.10), (0.95, -0.98), (-0.95, -0.98))),
        second(poly(*arc(0, -0.02, 0, 0.80, 180, 360))),
        main(box(-0.82, 0.02, 0.82, 0.74)),
        second(box(-0.62, 0.02, -0.50, 0.74), box(0.50, 0.02, 0.62, 0.74)),
        accent(box(-0.13, -0.06, 0.13, 0.24)),
        paper(
            oval(0, 0.06, 0.045), poly((-0.025, 0.06), (0.025, 0.06), (0.04, 0.17), (-0.04, 0.17))
        ),
    ]


def _cup() -> list[Layer]:
    return [
        second(
            *(
                stroke(
                    curve((x, -0.36), (x + 0.10, -0.54), (x - 0.08, -0.72), (x + 0.04, -0.94)),
                    0.05,
                    0.02,
                )
                for x in (-0.28, 0.0, 0.28)
            )
        ),
        main(
            poly(
                (-0.62, -0.22),
                (0.54, -0.22),
                (0.44, 0.46),
                (0.24, 0.66),
                (-0.32, 0.66),
                (-0.52, 0.46),
            ),
            arc(0.58, 0.12, 0.16, 0.26, -80, 100),
        ),
        accent(oval(-0.04, -0.22, 0.58, 0.13)),
        second(blob((-0.92, 0.72), (0.84, 0.72), (0.60, 0.88), (-0.68, 0.88))),
    ]


def _bottle() -> list[Layer]:
    return [
        main(
            blob(
                (-0.14, -0.60),
                (-0.14, -0.40),
                (-0.40, -0.10),
                (-0.42, 0.50),
                (-0.36, 0.90),
                (0.36, 0.90),
                (0.42, 0.50),
                (0.40, -0.10),
                (0.14, -0.40),
                (0.14, -0.60),
            )
        ),
        second(box(-0.15, -0.92, 0.15, -0.58)),
        paper(box(-0.34, 0.10, 0.34, 0.60)),
        accent(leaf(-0.02, 0.52, 0.36, 0.34, -90), oval(0, -0.92, 0.15, 0.06)),
    ]


def _knife() -> list[Layer]:
    parts = [
        main(poly((-0.13, 0.16), (0.13, 0.16), (0.17, -0.52), (0.0, -1.05), (-0.13, -0.6))),
        second(box(-0.24, 0.14, 0.24, 0.24)),
        accent(poly((-0.11, 0.24), (0.11, 0.24), (0.13, 0.92), (-0.13, 0.92))),
        paper(line(0.02, 0.12, 0.03, -0.66, 0.025)),
    ]
    return [Layer(item.tone, [place(p, 0, 0.05, 1, 32) for p in item.polygons]) for item in parts]


def _chess() -> list[Layer]:
    return [
        second(
            *(
                box(-1.0 + 0.5 * i, 0.72 + 0.14 * (i % 2), -0.5 + 0.5 * i, 0.86 + 0.14 * (i % 2))
                for i in range(4)
            )
        ),
        main(
            oval(0, -0.56, 0.28),
            poly((-0.34, -0.32), (0.34, -0.32), (0.24, -0.20), (-0.24, -0.20)),
            blob(
                (-0.16, -0.20),
                (0.16, -0.20),
                (0.22, 0.26),
                (0.40, 0.52),
                (-0.40, 0.52),
                (-0.22, 0.26),
            ),
            box(-0.52, 0.52, 0.52, 0.72),
        ),
        accent(oval(-0.09, -0.64, 0.075)),
    ]


def _cards() -> list[Layer]:
    card = box(-0.40, -0.58, 0.40, 0.58)
    heart = blob(
        (0, 0.26), (-0.26, -0.04), (-0.20, -0.22), (0, -0.12), (0.20, -0.22), (0.26, -0.04)
    )
    return [
        second(place(card, -0.42, 0.06, 1, -24)),
        main(place(card, 0.42, 0.06, 1, 24)),
        paper(place(card, 0.0, -0.08, 1.02, 0)),
        accent(place(heart, 0, -0.08, 1.1)),
        main(
            line(-0.40, -0.67, 0.40, -0.67, 0.02),
            line(-0.40, 0.51, 0.40, 0.51, 0.02),
            line(-0.40, -0.67, -0.40, 0.51, 0.02),
            line(0.40, -0.67, 0.40, 0.51, 0.02),
        ),
    ]


def _ball() -> list[Layer]:
    penta = star(0, 0, 0.30, 0.243, 5)
    return [
        main(oval(0, 0, 0.92)),
        paper(place(penta, 0, 0), *radial(line(0, -0.28, 0, -0.60, 0.035), 5)),
        paper(*radial(place(star(0, 0, 0.26, 0.21, 5, 90), 0, -0.80), 5)),
        second(arc(0, 0, 0.86, 0.98, 20, 160)),
    ]


def _tooth() -> list[Layer]:
    return [
        main(
            blob(
                (-0.56, -0.62),
                (-0.28, -0.78),
                (0, -0.66),
                (0.28, -0.78),
                (0.56, -0.62),
                (0.58, -0.14),
                (0.40, 0.30),
                (0.32, 0.90),
                (0.12, 0.72),
                (0.0, 0.22),
                (-0.12, 0.72),
                (-0.32, 0.90),
                (-0.40, 0.30),
                (-0.58, -0.14),
            )
        ),
        second(stroke(curve((-0.40, -0.44), (-0.44, -0.16), (-0.34, 0.16)), 0.09, 0.03)),
        accent(place(star(0, 0, 0.24, 0.07, 4), 0.60, -0.80)),
    ]


def _thread() -> list[Layer]:
    return [
        second(box(-0.52, -0.86, 0.52, -0.66), box(-0.52, 0.58, 0.52, 0.78)),
        main(poly((-0.42, -0.66), (0.42, -0.66), (0.42, 0.58), (-0.42, 0.58))),
        paper(*(line(-0.42, -0.56 + 0.16 * k, 0.42, -0.48 + 0.16 * k, 0.022) for k in range(7))),
        accent(
            stroke(curve((0.42, 0.46), (0.72, 0.50), (0.62, 0.84), (0.96, 0.92)), 0.03),
            line(0.86, 0.70, 1.02, 1.04, 0.035),
        ),
    ]


OBJECTS: dict[str, Motif] = {
    "letter": _letter,
    "book": _book,
    "pen": _pen,
    "brush": _brush,
    "typewriter": _typewriter,
    "clock": _clock,
    "key": _key,
    "crown": _crown,
    "coin": _coin,
    "ring": _ring,
    "chest": _chest,
    "cup": _cup,
    "bottle": _bottle,
    "knife": _knife,
    "chess": _chess,
    "cards": _cards,
    "ball": _ball,
    "tooth": _tooth,
    "thread": _thread,
}
