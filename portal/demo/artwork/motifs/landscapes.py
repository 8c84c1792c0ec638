"""Motifs of land, water, sky and weather."""

from __future__ import annotations

from portal.demo.artwork.shapes import (
    Layer,
    Motif,
    accent,
    arc,
    blob,
    box,
    curve,
    line,
    main,
    oval,
    paper,
    place,
    poly,
    radial,
    second,
    star,
    stroke,
)


def _mountain() -> list[Layer]:
    return [
        accent(oval(0.42, -0.52, 0.30)),
        second(poly((-0.15, 0.8), (0.42, -0.18), (0.56, 0.02), (0.64, -0.08), (1.1, 0.8))),
        main(poly((-1.1, 0.8), (-0.28, -0.62), (-0.1, -0.30), (0.02, -0.42), (0.72, 0.8))),
        paper(
            poly(
                (-0.28, -0.62),
                (-0.1, -0.30),
                (0.02, -0.42),
                (0.13, -0.20),
                (0.0, -0.08),
                (-0.10, -0.22),
                (-0.24, 0.0),
                (-0.36, -0.16),
                (-0.52, -0.02),
                (-0.55, -0.13),
            )
        ),
    ]


def _sea() -> list[Layer]:
    def wave(y: float, shift: float) -> list[tuple[float, float]]:
        crest = curve(*[(-1.2 + 0.3 * i + shift, y + (0.09 if i % 2 else -0.09)) for i in range(9)])
        return [*crest, (1.3, 1), (-1.3, 1)]

    return [
        accent(oval(0.25, -0.35, 0.36)),
        second(wave(0.02, 0.0)),
        main(wave(0.30, 0.15)),
        paper(
            stroke(
                curve(*[(-1.0 + 0.3 * i, 0.56 + (0.07 if i % 2 else -0.07)) for i in range(8)]),
                0.035,
            )
        ),
        paper(
            stroke(
                curve(*[(-1.15 + 0.3 * i, 0.78 + (0.07 if i % 2 else -0.07)) for i in range(9)]),
                0.035,
            )
        ),
    ]


def _river() -> list[Layer]:
    left = curve((-0.06, -0.5), (0.22, -0.30), (-0.22, -0.05), (0.30, 0.30), (-0.55, 0.95))
    right = curve((0.02, -0.5), (0.38, -0.30), (0.06, -0.05), (0.86, 0.34), (0.55, 0.95))
    return [
        accent(oval(-0.42, -0.55, 0.24)),
        second(
            poly(
                (-1.1, -0.28),
                (-0.55, -0.62),
                (0.0, -0.44),
                (0.5, -0.72),
                (1.1, -0.3),
                (1.1, -0.1),
                (-1.1, -0.1),
            )
        ),
        main(
            poly(
                (-1.1, -0.28), (-0.4, -0.40), (0.4, -0.44), (1.1, -0.26), (1.1, 0.95), (-1.1, 0.95)
            )
        ),
        paper([*left, *reversed(right)]),
    ]


def _desert() -> list[Layer]:
    return [
        accent(oval(0.30, -0.38, 0.34)),
        second(
            blob(
                (-1.2, 0.5),
                (-0.6, 0.02),
                (0.1, 0.24),
                (0.7, -0.06),
                (1.2, 0.3),
                (1.2, 1),
                (-1.2, 1),
            )
        ),
        main(blob((-1.2, 0.62), (-0.35, 0.30), (0.35, 0.62), (1.2, 0.42), (1.2, 1.1), (-1.2, 1.1))),
        main(
            stroke([(-0.5, 0.45), (-0.5, -0.40)], 0.15),
            oval(-0.5, -0.40, 0.075),
            stroke(curve((-0.5, 0.12), (-0.75, 0.10), (-0.78, -0.16)), 0.11),
            oval(-0.78, -0.16, 0.055),
            stroke(curve((-0.5, 0.0), (-0.26, -0.02), (-0.24, -0.24)), 0.11),
            oval(-0.24, -0.24, 0.055),
        ),
    ]


def _sun() -> list[Layer]:
    return [
        second(*radial(poly((-0.07, -0.60), (0.07, -0.60), (0.0, -0.98)), 16)),
        main(oval(0, 0, 0.52)),
        accent(oval(0, 0, 0.36)),
    ]


def _moon() -> list[Layer]:
    return [
        accent(oval(0, 0, 0.80)),
        second(
            oval(-0.28, -0.22, 0.17),
            oval(0.22, 0.20, 0.24),
            oval(0.34, -0.34, 0.10),
            oval(-0.30, 0.38, 0.11),
        ),
        main(
            *(
                place(star(0, 0, 1, 0.28, 4), x, y, s)
                for x, y, s in ((-0.9, -0.66, 0.12), (0.92, -0.5, 0.09), (0.86, 0.66, 0.13))
            )
        ),
    ]


def _star() -> list[Layer]:
    return [
        second(star(0, 0, 0.98, 0.16, 4, -45)),
        main(star(0, 0, 1.0, 0.22, 4)),
        accent(oval(0, 0, 0.17)),
        main(
            *(
                place(star(0, 0, 1, 0.28, 4), x, y, s)
                for x, y, s in ((-0.72, -0.70, 0.10), (0.74, 0.66, 0.13), (0.62, -0.72, 0.07))
            )
        ),
    ]


def _planet() -> list[Layer]:
    band = place(arc(0, 0, 0.78, 1.0, 0, 360), 0, 0)
    tilted = [(x * 1.0, y * 0.30) for x, y in band]
    front = [(x, y * 0.30) for x, y in arc(0, 0, 0.78, 1.0, 0, 180)]
    return [
        second(place(tilted, 0, 0, 1, -18)),
        main(oval(0, 0, 0.56)),
        paper(
            place(poly((-0.53, -0.17), (0.53, -0.17), (0.55, -0.08), (-0.55, -0.08)), 0, 0, 1, -18)
        ),
        accent(place(oval(0.16, -0.34, 0.12, 0.07), 0, 0, 1, -18)),
        second(place(front, 0, 0, 1, -18)),
        accent(oval(0.72, -0.70, 0.10), oval(-0.86, 0.62, 0.06)),
    ]


def _comet() -> list[Layer]:
    tail = [
        poly((0.35 + dx, 0.38 + dy), (0.52 + dx, 0.22 + dy), (-0.95, -0.85 + 0.45 * k))
        for k, dx, dy in ((0, 0, -0.1), (1, 0, 0.05))
    ]
    return [second(*tail), accent(oval(0.48, 0.36, 0.34)), main(oval(0.48, 0.36, 0.22))]


def _cloud() -> list[Layer]:
    puff = [
        oval(-0.45, 0.12, 0.34),
        oval(-0.08, -0.16, 0.44),
        oval(0.40, 0.0, 0.36),
        box(-0.45, 0.1, 0.45, 0.46),
        oval(-0.45, 0.16, 0.30),
        oval(0.46, 0.14, 0.32),
    ]
    return [
        accent(oval(0.30, -0.40, 0.38)),
        main(*puff),
        second(box(-0.62, 0.30, 0.62, 0.40)),
        second(*(line(x, 0.58, x - 0.10, 0.82, 0.045) for x in (-0.4, -0.1, 0.2, 0.5))),
    ]


def _rain() -> list[Layer]:
    drop = blob((0, -1), (0.42, -0.1), (0.55, 0.42), (0, 1), (-0.55, 0.42), (-0.42, -0.1))
    spots = (
        (-0.5, -0.6, 0.26),
        (0.28, -0.42, 0.34),
        (-0.18, 0.22, 0.42),
        (0.62, 0.42, 0.24),
        (-0.70, 0.66, 0.18),
    )
    tones = (second, main, main, accent, second)
    return [tone(place(drop, x, y, s)) for tone, (x, y, s) in zip(tones, spots, strict=True)]


def _snowflake() -> list[Layer]:
    arm = [
        line(0, 0, 0, -0.95, 0.075),
        line(0, -0.62, 0.22, -0.84, 0.06),
        line(0, -0.62, -0.22, -0.84, 0.06),
        line(0, -0.36, 0.24, -0.52, 0.06),
        line(0, -0.36, -0.24, -0.52, 0.06),
    ]
    return [
        main(*(p for part in arm for p in radial(part, 6))),
        accent(*radial(place(star(0, 0, 0.1, 0.1, 3), 0, -0.17), 6), oval(0, 0, 0.11)),
    ]


def _road() -> list[Layer]:
    return [
        accent(oval(0.0, -0.40, 0.36)),
        second(
            poly((-1.1, -0.06), (-0.5, -0.42), (0.0, -0.06)),
            poly((0.0, -0.06), (0.55, -0.50), (1.1, -0.06)),
        ),
        main(poly((-0.05, -0.06), (0.05, -0.06), (0.80, 0.95), (-0.80, 0.95))),
        paper(
            *(
                poly((-w, y0), (w, y0), (w * 1.5, y1), (-w * 1.5, y1))
                for w, y0, y1 in ((0.008, 0.02, 0.12), (0.016, 0.20, 0.36), (0.03, 0.48, 0.80))
            )
        ),
        second(line(-1.1, -0.05, 1.1, -0.05, 0.03)),
    ]


def _bridge() -> list[Layer]:
    cable = curve((-1.15, -0.30), (-0.52, -0.62), (0.0, 0.16), (0.52, -0.62), (1.15, -0.30))
    hangers = [
        line(x, 0.26, x, y, 0.022)
        for x, y in (
            (-0.36, -0.28),
            (-0.24, -0.06),
            (-0.12, 0.10),
            (0.12, 0.10),
            (0.24, -0.06),
            (0.36, -0.28),
            (-0.7, -0.46),
            (-0.88, -0.36),
            (0.7, -0.46),
            (0.88, -0.36),
        )
    ]
    return [
        accent(oval(0.0, -0.30, 0.30)),
        main(
            box(-0.57, -0.66, -0.47, 0.72),
            box(0.47, -0.66, 0.57, 0.72),
            box(-1.2, 0.24, 1.2, 0.32),
            stroke(cable, 0.035),
            *hangers,
        ),
        second(
            box(-1.2, 0.72, 1.2, 0.80),
            *(line(x, 0.90, x + 0.3, 0.90, 0.03) for x in (-0.9, -0.3, 0.4)),
        ),
    ]


LANDSCAPES: dict[str, Motif] = {
    "mountain": _mountain,
    "sea": _sea,
    "river": _river,
    "lake": _river,
    "desert": _desert,
    "sun": _sun,
    "moon": _moon,
    "star": _star,
    "planet": _planet,
    "comet": _comet,
    "cloud": _cloud,
    "rain": _rain,
    "snowflake": _snowflake,
    "road": _road,
    "bridge": _bridge,
}
