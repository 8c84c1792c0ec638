"""Motifs of music, film and the stage."""

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
    line,
    main,
    oval,
    paper,
    place,
    poly,
    ring,
    second,
    stroke,
)


def _record() -> list[Layer]:
    return [
        main(oval(0, 0, 0.95)),
        paper(*(ring(0, 0, r, 0.014) for r in (0.86, 0.76, 0.66, 0.56, 0.46))),
        accent(oval(0, 0, 0.33)),
        second(poly(*arc(0, 0, 0.44, 0.92, 205, 235)), poly(*arc(0, 0, 0.44, 0.92, 25, 55))),
        paper(oval(0, 0, 0.055)),
    ]


def _piano() -> list[Layer]:
    whites = [box(-0.96 + 0.275 * k, -0.72, -0.70 + 0.275 * k, 0.78) for k in range(7)]
    blacks = [box(x - 0.085, -0.72, x + 0.085, 0.18) for x in (-0.69, -0.41, 0.14, 0.41, 0.69)]
    return [
        second(box(-1.04, -0.86, 1.04, 0.84)),
        paper(*whites),
        main(*blacks),
        accent(whites[4]),
        main(blacks[3], blacks[2]),
        second(box(-1.04, -0.92, 1.04, -0.70)),
    ]


def _violin() -> list[Layer]:
    parts = [
        main(
            blob(
                (0, -0.30),
                (0.30, -0.22),
                (0.34, 0.0),
                (0.22, 0.20),
                (0.38, 0.42),
                (0.40, 0.70),
                (0.0, 0.96),
                (-0.40, 0.70),
                (-0.38, 0.42),
                (-0.22, 0.20),
                (-0.34, 0.0),
                (-0.30, -0.22),
            )
        ),
        second(box(-0.06, -0.90, 0.06, 0.34), oval(0, -0.93, 0.10)),
        accent(box(-0.16, 0.46, 0.16, 0.51)),
        paper(
            *both(stroke(curve((0.14, 0.24), (0.19, 0.36), (0.16, 0.50)), 0.035)),
            line(-0.02, -0.85, -0.02, 0.74, 0.012),
            line(0.02, -0.85, 0.02, 0.74, 0.012),
        ),
    ]
    bow = second(line(-0.72, -0.78, 0.82, 0.72, 0.035))
    return [
        bow,
        *(Layer(item.tone, [place(p, 0, 0, 1, 22) for p in item.polygons]) for item in parts),
    ]


def _guitar() -> list[Layer]:
    parts = [
        second(box(-0.07, -0.98, 0.07, 0.12), box(-0.11, -1.05, 0.11, -0.82)),
        main(
            blob(
                (0, -0.10),
                (0.30, -0.06),
                (0.34, 0.18),
                (0.28, 0.34),
                (0.46, 0.56),
                (0.44, 0.86),
                (0.0, 1.0),
                (-0.44, 0.86),
                (-0.46, 0.56),
                (-0.28, 0.34),
                (-0.34, 0.18),
                (-0.30, -0.06),
            )
        ),
        paper(oval(0, 0.30, 0.15)),
        second(oval(0, 0.30, 0.11)),
        accent(box(-0.18, 0.70, 0.18, 0.76)),
        paper(*(line(x, -0.80, x, 0.70, 0.011) for x in (-0.04, 0.0, 0.04))),
    ]
    return [
        Layer(item.tone, [place(p, 0, -0.02, 0.96, 24) for p in item.polygons]) for item in parts
    ]


def _accordion() -> list[Layer]:
    folds = [
        poly(
            (-0.44 + 0.125 * k, -0.62 + 0.05 * (k % 2)),
            (-0.32 + 0.125 * k, -0.57 - 0.05 * (k % 2)),
            (-0.32 + 0.125 * k, 0.62),
            (-0.44 + 0.125 * k, 0.67),
        )
        for k in range(7)
    ]
    return [
        second(*folds[::2]),
        accent(*folds[1::2]),
        main(box(-0.92, -0.74, -0.44, 0.74), box(0.44, -0.74, 0.92, 0.74)),
        paper(
            *(box(-0.84, -0.60 + 0.19 * k, -0.62, -0.46 + 0.19 * k) for k in range(7)),
            *(oval(x, -0.54 + 0.21 * k, 0.055) for k in range(6) for x in (0.58, 0.76)),
        ),
    ]


def _trumpet() -> list[Layer]:
    parts = [
        main(
            box(-0.95, -0.06, 0.45, 0.06),
            blob(
                (0.40, -0.06),
                (0.74, -0.20),
                (0.98, -0.48),
                (0.98, 0.48),
                (0.74, 0.20),
                (0.40, 0.06),
            ),
            box(-1.02, -0.10, -0.92, 0.10),
        ),
        second(
            arc(-0.38, 0.20, 0.16, 0.26, 90, 270),
            arc(0.26, 0.20, 0.16, 0.26, -90, 90),
            box(-0.38, 0.36, 0.26, 0.46),
        ),
        accent(
            *(box(x - 0.055, -0.34, x + 0.055, 0.40) for x in (-0.20, -0.03, 0.14)),
            *(oval(x, -0.36, 0.075) for x in (-0.20, -0.03, 0.14)),
        ),
    ]
    return [Layer(item.tone, [place(p, 0, 0, 1, -24) for p in item.polygons]) for item in parts]


def _drum() -> list[Layer]:
    return [
        second(
            place(box(-0.05, -0.62, 0.05, 0.62), -0.40, -0.56, 1, -52),
            place(box(-0.05, -0.62, 0.05, 0.62), 0.40, -0.56, 1, 52),
        ),
        main(box(-0.74, -0.20, 0.74, 0.62), oval(0, 0.62, 0.74, 0.22)),
        accent(oval(0, -0.20, 0.74, 0.22)),
        paper(
            *(line(-0.74 + 0.37 * k, 0.04, -0.555 + 0.37 * k, 0.66, 0.03) for k in range(4)),
            *(line(-0.37 + 0.37 * k, 0.04, -0.555 + 0.37 * k, 0.66, 0.03) for k in range(4)),
        ),
    ]


def _bell() -> list[Layer]:
    return [
        second(oval(0, 0.72, 0.16), arc(0, -0.86, 0.07, 0.14, 0, 360)),
        main(
            blob(
                (0, -0.80),
                (0.34, -0.62),
                (0.44, -0.1),
                (0.56, 0.36),
                (0.84, 0.62),
                (0.0, 0.64),
                (-0.84, 0.62),
                (-0.56, 0.36),
                (-0.44, -0.1),
                (-0.34, -0.62),
            )
        ),
        accent(poly((-0.50, 0.14), (0.50, 0.14), (0.54, 0.28), (-0.54, 0.28))),
        paper(stroke(curve((-0.26, -0.50), (-0.30, -0.2), (-0.36, 0.04)), 0.05, 0.02)),
    ]


def _microphone() -> list[Layer]:
    return [
        second(
            arc(0, -0.22, 0.46, 0.54, 0, 180),
            line(0, 0.28, 0, 0.80, 0.07),
            box(-0.40, 0.78, 0.40, 0.88),
        ),
        main(
            blob(
                (-0.28, -0.62),
                (0, -0.96),
                (0.28, -0.62),
                (0.32, -0.2),
                (0.26, 0.06),
                (0.0, 0.16),
                (-0.26, 0.06),
                (-0.32, -0.2),
            )
        ),
        paper(*(line(-0.22, y, 0.22, y, 0.045) for y in (-0.62, -0.48, -0.34))),
        accent(box(-0.32, -0.18, 0.32, -0.08)),
    ]


def _camera() -> list[Layer]:
    return [
        second(
            poly((-0.30, -0.44), (-0.20, -0.68), (0.24, -0.68), (0.34, -0.44)),
            box(-0.78, -0.52, -0.54, -0.42),
        ),
        main(box(-0.94, -0.42, 0.94, 0.62)),
        second(box(-0.94, -0.18, 0.94, -0.10)),
        paper(oval(0, 0.12, 0.44)),
        main(oval(0, 0.12, 0.37)),
        accent(oval(0, 0.12, 0.22), box(0.62, -0.34, 0.80, -0.24)),
        paper(oval(-0.09, 0.02, 0.06)),
    ]


def _frame() -> list[Layer]:
    return [
        main(box(-0.84, -0.92, 0.84, 0.92)),
        paper(box(-0.62, -0.70, 0.62, 0.70)),
        accent(oval(0.20, -0.26, 0.20)),
        second(
            poly(
                (-0.62, 0.70),
                (-0.62, 0.26),
                (-0.16, -0.10),
                (0.14, 0.24),
                (0.34, 0.08),
                (0.62, 0.36),
                (0.62, 0.70),
            )
        ),
        second(
            *(
                place(poly((0, -0.08), (0.08, 0), (0, 0.08), (-0.08, 0)), x, y)
                for x in (-0.73, 0.73)
                for y in (-0.81, 0.81)
            )
        ),
    ]


def _mask() -> list[Layer]:
    face = blob(
        (-0.72, -0.66),
        (0, -0.54),
        (0.72, -0.66),
        (0.72, 0.10),
        (0.38, 0.66),
        (0.0, 0.86),
        (-0.38, 0.66),
        (-0.72, 0.10),
    )
    return [
        main(face),
        second(
            poly((0, -0.54), (0.72, -0.66), (0.74, -0.2), (0.70, 0.14), (0.38, 0.66), (0, 0.86))
        ),
        paper(
            *both(blob((0.16, -0.16), (0.34, -0.30), (0.54, -0.20), (0.36, -0.08))),
            blob(
                (-0.34, 0.34), (0.0, 0.46), (0.34, 0.34), (0.20, 0.58), (0.0, 0.64), (-0.20, 0.58)
            ),
        ),
        accent(*both(oval(0.42, 0.16, 0.10)), poly((-0.06, 0.16), (0.06, 0.16), (0, -0.14))),
    ]


def _telephone() -> list[Layer]:
    return [
        main(
            blob(
                (-0.90, -0.34),
                (-0.78, -0.66),
                (0.0, -0.74),
                (0.78, -0.66),
                (0.90, -0.34),
                (0.60, -0.26),
                (0.50, -0.44),
                (0.0, -0.50),
                (-0.50, -0.44),
                (-0.60, -0.26),
            )
        ),
        second(
            poly(
                (-0.34, -0.44),
                (0.34, -0.44),
                (0.78, 0.66),
                (0.70, 0.78),
                (-0.70, 0.78),
                (-0.78, 0.66),
            )
        ),
        paper(oval(0, 0.24, 0.36)),
        main(*(place(oval(0, -0.25, 0.058), 0, 0.24, 1, 36 * k) for k in range(9))),
        accent(oval(0, 0.24, 0.13)),
    ]


MUSIC: dict[str, Motif] = {
    "record": _record,
    "piano": _piano,
    "violin": _violin,
    "guitar": _guitar,
    "accordion": _accordion,
    "trumpet": _trumpet,
    "tuba": _trumpet,
    "drum": _drum,
    "bell": _bell,
    "microphone": _microphone,
    "camera": _camera,
    "frame": _frame,
    "mask": _mask,
    "telephone": _telephone,
}
