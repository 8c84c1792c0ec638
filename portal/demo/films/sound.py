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


def _hump(count: int) -> Mono:
    """Return half a sine: from 0 to 1 and back."""
    return np.abs(np.sin(np.pi * np.linspace(0, 1, count, dtype=np.float32)))


def shaped_noise(
    rng: np.random.Generator, count: int, gain_of_hertz: Callable[[Mono], Mono]
) -> Mono:
    """Return noise with the given spectrum, scaled to an RMS of 1.

    It repeats every 11 s without a seam: noise made by an inverse FFT is periodic.
    """
    size = min(1 << (count - 1).bit_length(), 1 << 19)
    spectrum = np.fft.rfft(rng.standard_normal(size).astype(np.float32))
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    out = np.resize(np.fft.irfft(spectrum * gain_of_hertz(frequencies), size), count)
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


def master(
    track: Stereo, *, loudness: float = 0.045, fade_in_s: float = 1.5, fade_out_s: float = 3.0
) -> Stereo:
    """Return the track levelled, softly limited and faded at both ends.

    Args:
        track: The mix.
        loudness: RMS to level to; 0.045 is about -24 LUFS for this kind of sound.
        fade_in_s: Length of the fade in.
        fade_out_s: Length of the fade out.
    """
    track = track - track.mean(axis=0)
    track = track * (loudness / (float(np.sqrt((track**2).mean())) or 1.0))
    track = 0.6 * np.tanh(track / 0.6)
    position = _times(len(track))[:, None]
    track = track * np.clip(position / fade_in_s, 0, 1) ** 2
    return np.asarray(track * np.clip(position[::-1] / fade_out_s, 0, 1) ** 2, np.float32)


def add_lap(track: Stereo, rng: np.random.Generator, at_s: float, level: float) -> None:
    """Add one small wave against wood or stone."""
    count = round(1.4 * SAMPLE_RATE)
    first = round(at_s * SAMPLE_RATE)
    if first < 0 or first + count > len(track):
        return
    t = _times(count)
    swell = np.sin(np.pi * np.clip(t / 1.4, 0, 1)) ** 2 * (1 + 0.5 * np.sin(2 * np.pi * 3.1 * t))
    pan = rng.uniform(0.25, 0.75)
    water = shaped_noise(rng, count, band(260, 1300, 2.5)) * swell
    track[first : first + count, 0] += level * (1 - pan) * water
    track[first : first + count, 1] += level * pan * water


def add_bubble(track: Stereo, rng: np.random.Generator, at_s: float, level: float) -> None:
    """Add one rising bubble: a short chirp upwards."""
    count = round(0.09 * SAMPLE_RATE)
    first = round(at_s * SAMPLE_RATE)
    if first < 0 or first + count > len(track):
        return
    t = _times(count)
    base = rng.uniform(320, 900)
    chirp = np.sin(2 * np.pi * (base * t + base * 3.0 * t * t)) * np.sin(np.pi * t / 0.09) ** 2
    pan = rng.uniform(0.15, 0.85)
    track[first : first + count, 0] += level * (1 - pan) * chirp
    track[first : first + count, 1] += level * pan * chirp


def add_rain(track: Stereo, rng: np.random.Generator, level: float) -> None:
    """Add rain: a soft hiss of many drops and the ticks of near ones."""
    count = len(track)
    for channel in (0, 1):
        hiss = shaped_noise(rng, count, band(900, 6500, 1.6))
        track[:, channel] += level * hiss * (0.55 + 0.3 * _wander(rng, count, 4.0))
    tick = shaped_noise(rng, round(0.02 * SAMPLE_RATE), band(1200, 5200, 2))
    tick *= np.exp(-_times(len(tick)) * 260) * np.minimum(1, _times(len(tick)) / 0.0008)
    for first in rng.integers(0, count - len(tick), int(count / SAMPLE_RATE * 26)):
        pan, weight = rng.random(), level * 2.2 * rng.random() ** 3
        track[first : first + len(tick), 0] += weight * (1 - pan) * tick
        track[first : first + len(tick), 1] += weight * pan * tick


def add_passage(
    track: Stereo, rng: np.random.Generator, start_s: float, end_s: float, level: float
) -> None:
    """Add something heavy on rails that comes from the right and leaves to the left."""
    first, last = round(start_s * SAMPLE_RATE), min(len(track), round(end_s * SAMPLE_RATE))
    count = last - first
    if count <= 0:
        return
    along = np.linspace(0, 1, count, dtype=np.float32)
    nearness = np.sin(np.pi * along) ** 2
    hum = shaped_noise(rng, count, band(45, 240, 2.5))
    t = _times(count)
    hum += 0.5 * np.sin(2 * np.pi * 92 * t + 3 * np.sin(2 * np.pi * 0.21 * t))
    sound = level * hum * nearness
    track[first:last, 0] += sound * along
    track[first:last, 1] += sound * (1 - along)


def add_wings(
    track: Stereo, rng: np.random.Generator, start_s: float, end_s: float, level: float
) -> None:
    """Add the rush of a great flock: noise that flutters and swells as it turns overhead."""
    first, last = round(start_s * SAMPLE_RATE), min(len(track), round(end_s * SAMPLE_RATE))
    count = last - first
    if count <= 0:
        return
    t = _times(count)
    swell = _hump(count) ** 0.8
    swell *= 0.25 + 0.75 * _wander(rng, count, 3.2) ** 1.5
    for channel in (0, 1):
        rush = shaped_noise(rng, count, band(420, 2600, 2.2))
        flutter = 0.72 + 0.28 * np.sin(2 * np.pi * 13 * t + rng.uniform(0, 6.28))
        side = 0.5 + 0.5 * np.sin(2 * np.pi * 0.07 * t + np.pi * channel)
        track[first:last, channel] += level * rush * flutter * swell * (0.45 + 0.55 * side)


def add_brush(
    track: Stereo, rng: np.random.Generator, at_s: float, length_s: float, level: float
) -> None:
    """Add one stroke of a soft brush over paper."""
    first, count = round(at_s * SAMPLE_RATE), round(length_s * SAMPLE_RATE)
    if first < 0 or first + count > len(track):
        return
    shape = _hump(count) ** 0.7
    rub = shaped_noise(rng, count, band(1400, 5200, 2)) * shape * (0.6 + 0.4 * _wander(rng, count, 0.06))
    track[first : first + count] += (level * rub)[:, None] * np.array([0.8, 1.0], np.float32)


def add_step(track: Stereo, rng: np.random.Generator, at_s: float, level: float) -> None:
    """Add one footstep in dry snow: a short creak of many grains."""
    first, count = round(at_s * SAMPLE_RATE), round(0.28 * SAMPLE_RATE)
    if first < 0 or first + count > len(track):
        return
    t = _times(count)
    shape = np.minimum(1, t / 0.03) * np.exp(-t * 13)
    grains = shaped_noise(rng, count, band(700, 3400, 2)) * (0.4 + 0.6 * _wander(rng, count, 0.008))
    track[first : first + count] += (level * shape * grains)[:, None]
