import numpy as np
import pandas as pd
import pytest
from solution import add_column, double_in_place, moments, names, scale, tops, totals


@pytest.fixture
def frame():
    return pd.DataFrame(
        {"shop": ["a", "b", "a"], "sold": [1, 5, 3], "day": pd.date_range("2020-01-01", periods=3)}
    )


def test_totals(frame):
    expected = pd.DataFrame({"shop": ["a", "b"], "sold": [4, 5]})
    pd.testing.assert_frame_equal(totals(frame), expected)
    assert totals(frame).equals(expected)
    assert (totals(frame)["sold"] == expected["sold"]).all()
    assert isinstance(totals(frame), pd.DataFrame) and len(totals(frame)) == 2


def test_scale():
    result = scale(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(result, [-1.22474487, 0, 1.22474487])
    assert result.shape == (3,) and result.mean() == pytest.approx(0)


def test_in_place(frame):
    values = np.array([1, 2])
    double_in_place(values)
    assert values.tolist() == [2, 4]
    add_column(frame)
    assert frame["twice"].tolist() == [2, 10, 6]


def test_tops(frame):
    assert tops(frame, 2) == ["b", "a"]


def test_moments():
    result = moments(np.array([[1, 2], [3, 4]]))
    assert result["mean"] == 2.5 and result["shape"] == (2, 2)
    assert isinstance(result["mean"], np.floating) and result["type"] == np.int64


def test_names(frame):
    result = names(frame)
    pd.testing.assert_series_equal(
        result, pd.Series(["a", "b", "a"], dtype="category", name="shop")
    )
