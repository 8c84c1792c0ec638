"""The films themselves: pictures that move, fade and are not empty; sound without faults."""

from __future__ import annotations

import numpy as np
import pytest

from portal.demo.films import FILMS
from portal.demo.films.film import Film
from portal.demo.packaging.hls import FRAME_RATE, SAMPLE_RATE, SEGMENT_S

SIZE = (320, 180)


@pytest.fixture(scope="module", params=list(FILMS))
def film(request: pytest.FixtureRequest) -> Film:
    return FILMS[request.param](*SIZE)


def test_there_are_eight_of_30_to_60_seconds():
    assert len(FILMS) >= 8
    for kind in FILMS.values():
        assert 30 <= kind.duration_s <= 60
        assert kind.duration_s % SEGMENT_S == 0
        assert 0 < kind.still_s < kind.duration_s
        assert kind.render_size[0] * 9 == pytest.approx(kind.render_size[1] * 16, rel=0.01)


def test_pictures_have_depth_and_colour(film: Film):
    frame = film.frame(film.still_s, fades=False)
    assert frame.shape == (3, SIZE[1], SIZE[0])
    assert frame.dtype == np.uint8
    assert frame.std() > 15
    assert np.unique(frame).size > 100
    assert (np.ptp(frame.astype(int), axis=0)).mean() > 4, "not a grey picture"


def test_it_moves_gently(film: Film):
    time = film.still_s
    first = film.frame(time, fades=False).astype(float)
    next_one = film.frame(time + 1 / FRAME_RATE, fades=False).astype(float)
    later = film.frame(time + 4, fades=False).astype(float)
    step, distance = np.abs(next_one - first).mean(), np.abs(later - first).mean()
    assert step < 6, "no flicker from frame to frame"
    assert distance > 0.8, "but something happens"


def test_it_begins_and_ends_in_one_colour(film: Film):
    for time in (0.0, film.length_s):
        frame = film.frame(time).astype(float)
        assert frame.std() < 4
        assert abs(frame.mean() - 255 * film.fade_to) < 4


def test_a_picture_is_the_same_each_time(film: Film):
    again = type(film)(*SIZE)
    assert np.array_equal(film.frame(5.0), again.frame(5.0))


@pytest.mark.parametrize("key", FILMS)
def test_sound_is_quiet_whole_and_without_clicks(key: str):
    sound = FILMS[key].sound(12)
    assert sound.shape == (12 * SAMPLE_RATE, 2)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 0.9
    loudness = 20 * np.log10(np.sqrt((sound**2).mean()))
    assert -34 < loudness < -22
    assert np.abs(sound[:50]).max() < 1e-3
    assert np.abs(sound[-50:]).max() < 1e-3
    assert np.abs(np.diff(sound, axis=0)).max() < 0.25, "no jump from sample to sample"
    assert np.corrcoef(sound.T)[0, 1] < 0.98, "stereo"


def test_a_shortened_film_still_has_its_arc():
    short = FILMS["dusk"](*SIZE, 12)
    whole = FILMS["dusk"](*SIZE)
    assert short.arc(6) == whole.arc(whole.duration_s / 2) == 0.5
