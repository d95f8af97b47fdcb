import json, io, os, csv, random, subprocess, unittest, logging
from unittest.mock import patch, MagicMock, mock_open
import numpy as np, pandas as pd, pytest
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline
from sklearn.base import BaseEstimator
from sklearn.metrics import r2_score
import solution
from solution import *

DF = pd.DataFrame({"a": ["x", "y"], "b": [1, 2]})


@pytest.fixture
def df():
    return pd.DataFrame({"k": ["p", "q", "p"], "j": ["m", "m", "n"], "v": [1.5, 2, 3]})


class TestPlot(unittest.TestCase):
    def tearDown(self):
        plt.close("all")

    def test_ax(self):
        ax = plot(DF)
        self.assertIsInstance(ax, plt.Axes)
        self.assertEqual(ax.get_title(), "T")
        self.assertEqual(len(ax.patches), 2)
        self.assertEqual([p.get_height() for p in ax.patches], [1, 2])
        self.assertEqual([t.get_text() for t in ax.get_xticklabels()], ["x", "y"])

    def test_fig(self):
        fig, ax = plot2([1, 2, 3])
        assert isinstance(fig, plt.Figure)
        assert ax.lines[0].get_ydata().tolist() == [1, 2, 3] and fig.axes[0] is ax


def test_model():
    X = np.arange(10.0).reshape(-1, 1)
    y = X[:, 0] * 2 + 1
    m = train(X, y)
    assert isinstance(m, LinearRegression) and isinstance(m, BaseEstimator)
    assert (
        m.coef_[0] == pytest.approx(2)
        and m.predict([[20.0]])[0] == pytest.approx(41)
        and r2_score(y, m.predict(X)) > 0.99
        and m.score(X, y) > 0.9
    )
    assert hasattr(m, "coef_")


def test_pipe():
    p = pipe()
    assert isinstance(p, Pipeline) and list(p.named_steps) == ["standardscaler", "linearregression"]
    assert isinstance(p.steps[-1][1], LinearRegression)


def test_stats():
    d = describe([1, 2, 3])
    assert d.mean == 2 and d.nobs == 3
    t = ttest([1, 2, 3], [4, 5, 6])
    assert t.pvalue < 0.05
    s, p = t
    assert p == t.pvalue


def test_sparse():
    s = sp()
    assert s.shape == (3, 3) and s.nnz == 3 and s.toarray().sum() == 3


def test_fetch():
    for target in ("urllib.request.urlopen", "solution.urllib.request.urlopen"):
        with patch(target) as g:
            g.return_value.__enter__.return_value.read.return_value = b'{"v":5}'
            assert fetch("u") == 5
            g.assert_called_once_with("u", timeout=3)
            g.return_value.__enter__.return_value.read.side_effect = ValueError("x")
            with pytest.raises(ValueError):
                fetch("u")


@patch("urllib.request.urlopen")
def test_deco(g):
    g.return_value.__enter__.return_value.read.return_value = '{"v":8}'
    assert fetch("z") == 8
    assert g.call_args[0][0] == "z"


def test_open():
    with patch("builtins.open", mock_open(read_data='{"a":1}')) as m:
        assert load("f") == {"a": 1}
    m.assert_called_once_with("f")


def test_files(tmp_path):
    p = tmp_path / "a.json"
    p.write_text('{"a":[1]}')
    assert load(p) == {"a": [1]}
    c = tmp_path / "a.csv"
    DF.to_csv(c, index=False)
    pd.testing.assert_frame_equal(read_csv(c), DF)
    assert rows(c)[0] == {"a": "x", "b": "1"}
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "no")


def test_db(tmp_path):
    c = db(str(tmp_path / "d.sqlite"))
    assert c.execute("select a from t").fetchall() == [(1,)]
    c.close()


def test_rng():
    assert shuffle([1, 2, 3], 1) == shuffle([1, 2, 3], 1)
    assert sample(np.random.default_rng(0), 3) == pytest.approx(
        np.random.default_rng(0).normal(size=3)
    )


def test_groups(df):
    g = groups(df)
    assert g.ngroups == 2
    assert g.get_group("p")["v"].sum() == 4.5
    pd.testing.assert_frame_equal(
        pivot(df), df.pivot_table(index="k", columns="j", values="v", aggfunc="sum")
    )


def test_today():
    import datetime

    with patch("solution.datetime") as d:
        d.datetime.now.return_value = datetime.datetime(2020, 1, 2)
        assert today() == datetime.date(2020, 1, 2)


def test_tool():
    @Tool.register("add")
    def add(a: int, b: int):
        return a + b

    assert Tool.run("add", a=1, b=2) == 3 and "add" in Tool.registry and Tool.registry["add"] is add
    assert Tool.registry["add"](a=1, b=3) == 4


def test_pipe_ops():
    p = Pipe().add(lambda x: x + 1) | str
    assert p.run(1) == "2" and len(p.steps) == 2


def test_retry():
    m = MagicMock(side_effect=[ConnectionError(), ConnectionError(), 5])
    assert retry(m) == 5 and m.call_count == 3
    with pytest.raises(ConnectionError):
        retry(MagicMock(side_effect=ConnectionError("x")))


def test_re():
    assert parse_log("A: b\nC: d") == [{"l": "A", "m": "b"}, {"l": "C", "m": "d"}]
    m = match("a1")
    assert m.group(1) == "a" and m.groups() == ("a", "1") and match("zz") is None
    import re

    assert isinstance(m, re.Match)


def test_cmd():
    with patch("subprocess.run") as r:
        r.return_value = MagicMock(stdout="hi")
        assert run_cmd(["x"]) == "hi"


def test_counter():
    assert counter("aab").most_common(1) == [("a", 2)] and counter("a") == {"a": 1}


def test_writer():
    f = io.StringIO()
    writer(f, [[1, 2]])
    assert f.getvalue() == "1,2\r\n"


def test_stream():
    assert list(stream(io.StringIO("a \nb\n"))) == ["a", "b"]
    assert next(stream(iter(["q "]))) == "q"


def test_schema():
    def tool(x: int, y: str):
        "Does."

    assert schema(tool) == {"name": "tool", "doc": "Does.", "params": {"x": "int", "y": "str"}}


def test_self_type():
    assert isinstance(plot2([1])[1].figure, plt.Figure)
    assert type(train(np.eye(2), [1, 2])).__name__ == "LinearRegression"
