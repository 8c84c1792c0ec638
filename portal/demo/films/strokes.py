"""Small drawn things that several films share."""

from __future__ import annotations

import numpy as np

from portal.demo.films.canvas import Plane, Planes, over, smoothstep


def patch(canvas: Planes, x: float, y: float, radius: float) -> tuple[Planes, Plane, Plane] | None:
    """Return the part of a picture around a point and the offsets of its pixels from it.

    Args:
        canvas: The picture.
        x: Centre in pixels.
        y: Centre in pixels.
        radius: Half the side of the square, in pixels.

    Returns:
        A view into ``canvas``, ``dx`` (a row) and ``dy`` (a column) in pixels, or ``None``
        when the square lies outside.
    """
    height, width = canvas.shape[1:]
    left, right = max(0, int(x - radius)), min(width, int(x + radius) + 2)
    top, bottom = max(0, int(y - radius)), min(height, int(y + radius) + 2)
    if left >= right or top >= bottom:
        return None
    dx = (np.arange(left, right, dtype=np.float32) - np.float32(x))[None, :]
    dy = (np.arange(top, bottom, dtype=np.float32) - np.float32(y))[:, None]
    return canvas[:, top:bottom, left:right], dx, dy


def draw_disc(
    canvas: Planes, x: float, y: float, radius: float, colour: Plane, alpha: float = 1.0
) -> None:
    """Draw an antialiased disc; positions and radius in pixels."""
    found = patch(canvas, x, y, radius + 1.5)
    if found is None:
        return
    view, dx, dy = found
    distance = np.sqrt(dx * dx + dy * dy)
    over(view, np.clip(radius - distance + 0.5, 0, 1) * np.float32(alpha), colour)


def draw_glow(
    canvas: Planes, x: float, y: float, radius: float, colour: Plane, strength: float
) -> None:
    """Add a soft glow that ends at ``radius`` pixels."""
    found = patch(canvas, x, y, radius)
    if found is None:
        return
    view, dx, dy = found
    fall = np.clip(1 - (dx * dx + dy * dy) / (radius * radius), 0, 1) ** 3
    view += fall * (colour * np.float32(strength))[:, None, None]


def draw_bird(
    canvas: Planes, x: float, y: float, span: float, beat: float, colour: Plane, alpha: float = 1.0
) -> None:
    """Draw a gliding or flapping bird as two bent wings.

    Args:
        canvas: The picture.
        x: Body, in pixels.
        y: Body, in pixels.
        span: Half the wing span, in pixels.
        beat: Wing position, -1 (down) to 1 (up).
        colour: Its colour.
        alpha: Its opacity.
    """
    found = patch(canvas, x, y, span + 3)
    if found is None:
        return
    view, dx, dy = found
    u = np.abs(dx) / span
    wing = -span * (0.42 * beat + 0.12) * np.sin(np.clip(u, 0, 1) * 2.1) + 0.16 * span * u * u
    thickness = np.maximum(0.35, span * 0.13 * np.clip(1 - u, 0, 1) ** 0.7) + 0.02 * span
    mask = np.clip(thickness - np.abs(dy - wing) + 0.5, 0, 1) * smoothstep(1.02, 0.9, u)
    over(view, mask * np.float32(alpha), colour)
