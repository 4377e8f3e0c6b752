import numpy as np
from skimage.measure import label as reference_label

from darkroom.regions import label, without_haze_inside, without_specks


def test_parts_are_those_of_a_reference_implementation() -> None:
    random = np.random.default_rng(3)
    for density in (0.2, 0.5, 0.6, 0.8):
        mask = random.random((57, 43)) < density
        ours, theirs = label(mask), reference_label(mask, connectivity=1)  # type: ignore[no-untyped-call]
        pairs = set(zip(ours.ravel().tolist(), theirs.ravel().tolist(), strict=True))
        assert len(pairs) == len(set(ours.ravel())) == len(set(theirs.ravel()))
        assert ((ours == 0) == ~mask).all()


def test_nothing_and_everything() -> None:
    assert label(np.zeros((4, 5), bool)).max() == 0
    assert (label(np.ones((4, 5), bool)) == 1).all()


def test_small_parts_and_lone_haze_go_and_others_stay() -> None:
    matte = np.zeros((100, 100), np.float32)
    matte[:50, :50] = 1
    matte[50:55, :50] = 0.3
    matte[80:88, 80:88] = 1
    kept = matte.copy()
    matte[70:73, 5:8] = 1
    matte[5:30, 70:95] = 0.4
    assert (without_specks(matte) == kept).all()


def test_haze_alone_is_left() -> None:
    matte = np.full((20, 20), 0.3, np.float32)
    assert (without_specks(matte) == matte).all()


def test_haze_inside_is_filled_and_true_holes_and_edges_stay() -> None:
    matte = np.zeros((60, 60), np.float32)
    matte[10:50, 10:50] = 1
    matte[9, 10:50] = 0.5
    matte[30:36, 30:36] = 0.4
    matte[15:20, 15:20] = 0
    matte[15:20, 20] = 0.5
    expected = matte.copy()
    expected[30:36, 30:36] = 1
    assert (without_haze_inside(matte) == expected).all()


def test_haze_at_the_border_stays() -> None:
    matte = np.ones((20, 20), np.float32)
    matte[:5, :5] = 0.5
    assert (without_haze_inside(matte) == matte).all()
    assert (without_haze_inside(np.ones((5, 5), np.float32)) == 1).all()
