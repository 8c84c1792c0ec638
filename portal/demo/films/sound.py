"""Quiet synthesised sound: pads, plucks, bells, wind, water, room."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from portal.demo.packaging.hls import SAMPLE_RATE

Mono = NDArray[np.float32]
Stereo = NDArray[np.float32]


def silence(duration_s: float) -> Stereo:
    """Return an empty stereo track."""
    return np.zeros((round(duration_s * SAMPLE_RATE), 2), np.float32)


def hertz(note: float) -> float:
    """Return the frequency of a MIDI note number (69 is A4, 440 Hz)."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def _times(count: int) -> Mono:
    return np.arange(count, dtype=np.float32) / SAMPLE_RATE


def _wander(rng: np.random.Generator, count: int, period_s: float) -> Mono:
    """Return a slow random curve, 0..1, that moves about once in ``period_s``."""
    knots = max(4, int(count / SAMPLE_RATE / period_s) + 4)
    at = np.linspace(0, knots - 1, count, dtype=np.float32)
    index = at.astype(np.int32).clip(0, knots - 2)
    part = at - index
    part = part * part * (3 - 2 * part)
    values = rng.random(knots, dtype=np.float32)
    return np.asarray(values[index] * (1 - part) + values[index + 1] * part)


def shaped_noise(
    rng: np.random.Generator, count: int, gain_of_hertz: Callable[[Mono], Mono]
) -> Mono:
    """Return noise with the given spectrum, scaled to an RMS of 1."""
    size = 1 << (count - 1).bit_length()
    spectrum = np.fft.rfft(rng.standard_normal(size).astype(np.float32))
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    out = np.fft.irfft(spectrum * gain_of_hertz(frequencies), size)[:count]
    return np.asarray(out / (out.std() + 1e-9), np.float32)


def band(low: float, high: float, slope: float = 2.0) -> Callable[[Mono], Mono]:
    """Return a band-pass spectrum between two corner frequencies, in hertz."""

    def gain(frequencies: Mono) -> Mono:
        f = np.maximum(frequencies, 1.0)
        return np.asarray(1 / (1 + (low / f) ** slope) / (1 + (f / high) ** slope), np.float32)

    return gain


def add_wind(
    track: Stereo, rng: np.random.Generator, level: float, low: float, high: float
) -> None:
    """Add gusts: two bands of noise whose strengths wander, wide in stereo."""
    count = len(track)
    for channel in (0, 1):
        gusts = 0.25 + 0.75 * _wander(rng, count, 3.5) ** 2
        body = shaped_noise(rng, count, band(low, high)) * gusts
        whistle = shaped_noise(rng, count, band(high * 0.9, high * 1.5, 6))
        track[:, channel] += level * (body + 0.18 * whistle * _wander(rng, count, 5.0) ** 3)


def add_pad(
    track: Stereo,
    rng: np.random.Generator,
    level: float,
    chords: Sequence[Sequence[float]],
    *,
    overlap_s: float = 3.0,
    brightness: float = 0.5,
) -> None:
    """Add sustained chords, each crossfading into the next, spread over the whole track.

    Args:
        track: Where to add.
        rng: Detuning and phases.
        level: Loudness, about the peak of one voice.
        chords: MIDI notes per chord.
        overlap_s: How long a chord fades into the next.
        brightness: Weight of the overtones, 0..1.
    """
    count = len(track)
    step = count / len(chords)
    fade = overlap_s * SAMPLE_RATE
    for number, chord in enumerate(chords):
        first = max(0, int(number * step - fade / 2))
        last = min(count, int((number + 1) * step + fade / 2))
        t = _times(last - first)
        position = np.arange(last - first, dtype=np.float32)
        envelope = np.minimum(1, position / fade) * np.minimum(1, position[::-1] / fade)
        envelope = np.sin(envelope * np.pi / 2).astype(np.float32)
        for note in chord:
            for side in (0, 1):
                base = hertz(note) * (1 + rng.normal(0, 0.0012))
                swell = 0.75 + 0.25 * np.sin(
                    2 * np.pi * rng.uniform(0.05, 0.13) * t + rng.uniform(0, 6.28)
                )
                voice = np.zeros_like(t)
                for overtone in (1, 2, 3, 4):
                    weight = brightness ** (overtone - 1) / overtone
                    phase = rng.uniform(0, 6.28)
                    voice += weight * np.sin(2 * np.pi * base * overtone * t + phase)
                loudness = level * (60 / max(note, 36)) ** 0.5 / len(chord) ** 0.5
                track[first:last, side] += loudness * voice * envelope * swell


def add_tone(
    track: Stereo,
    at_s: float,
    note: float,
    level: float,
    *,
    decay_s: float = 2.0,
    pan: float = 0.0,
    partials: Sequence[tuple[float, float, float]] = ((1, 1, 1), (2, 0.35, 0.6), (3, 0.12, 0.4)),
    attack_s: float = 0.006,
) -> None:
    """Add one struck or plucked tone.

    Args:
        track: Where to add.
        at_s: Start, in seconds.
        note: MIDI note.
        level: Peak loudness.
        decay_s: Time to fall to 1/e.
        pan: -1 (left) to 1 (right).
        partials: ``(ratio, weight, relative decay)`` of each partial.
        attack_s: Rise time; a soft one keeps clicks away.
    """
    first = round(at_s * SAMPLE_RATE)
    count = min(len(track) - first, round(decay_s * 5 * SAMPLE_RATE))
    if count <= 0 or first < 0:
        return
    t = _times(count)
    voice = np.zeros(count, np.float32)
    for ratio, weight, length in partials:
        frequency = hertz(note) * ratio
        if frequency < SAMPLE_RATE / 2.5:
            voice += weight * np.sin(2 * np.pi * frequency * t) * np.exp(-t / (decay_s * length))
    voice *= np.minimum(1, t / attack_s) * np.minimum(1, t[::-1] / 0.05)
    angle = (pan + 1) * np.pi / 4
    track[first : first + count, 0] += level * np.cos(angle) * voice
    track[first : first + count, 1] += level * np.sin(angle) * voice


BELL = ((1, 1, 1), (2.0, 0.5, 0.7), (2.76, 0.35, 0.5), (5.4, 0.15, 0.25), (8.9, 0.05, 0.12))
KALIMBA = ((1, 1, 1), (2.0, 0.18, 0.4), (5.8, 0.08, 0.08))
GLASS = ((1, 1, 1), (2.32, 0.3, 0.6), (4.25, 0.14, 0.4), (6.63, 0.07, 0.25))
STRING = ((1, 1, 1), (2, 0.5, 0.7), (3, 0.33, 0.5), (4, 0.2, 0.4), (5, 0.12, 0.3), (6, 0.08, 0.2))


def add_room(track: Stereo, rng: np.random.Generator, seconds: float, wet: float) -> Stereo:
    """Return the track in a room: convolved with decaying, darkening noise."""
    count = round(seconds * SAMPLE_RATE)
    t = _times(count)
    size = 1 << (len(track) + count - 1).bit_length()
    out = track.copy()
    for channel in (0, 1):
        tail = shaped_noise(rng, count, band(120, 3200, 1.4)) * np.exp(-t * 5.5 / seconds)
        tail *= np.minimum(1, t / 0.012)
        tail /= np.sqrt((tail**2).sum())
        spectrum = np.fft.rfft(track[:, channel], size) * np.fft.rfft(tail, size)
        out[:, channel] += wet * np.fft.irfft(spectrum, size)[: len(track)]
    return out.astype(np.float32)


def master(track: Stereo, *, peak: float = 0.5, fade_in_s: float = 1.5, fade_out_s: float = 3.0) -> Stereo:
    """Return the track without rumble, levelled to ``peak``, softly limited, faded at both ends."""
    track = track - track.mean(axis=0)
    loud = float(np.percentile(np.abs(track), 99.7)) or 1.0
    track = np.tanh(track * (peak / loud))
    position = _times(len(track))[:, None]
    track = track * np.clip(position / fade_in_s, 0, 1) ** 2
    return np.asarray(track * np.clip(position[::-1] / fade_out_s, 0, 1) ** 2, np.float32)
