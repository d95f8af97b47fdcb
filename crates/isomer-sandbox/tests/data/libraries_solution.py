import json, csv, os, re, sqlite3, random, logging, collections, datetime, subprocess, itertools
import numpy as np, pandas as pd
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from scipy import stats, sparse
import urllib.request


def plot(df):
    fig, ax = plt.subplots()
    ax.bar(df["a"], df["b"])
    ax.set_title("T")
    ax.set_xlabel("x")
    return ax


def plot2(v):
    fig = plt.figure()
    ax = fig.add_subplot()
    ax.plot(v)
    return fig, ax


def train(X, y):
    return LinearRegression().fit(X, y)


def pipe():
    return make_pipeline(StandardScaler(), LinearRegression())


def describe(x):
    return stats.describe(x)


def ttest(a, b):
    return stats.ttest_ind(a, b)


def sp():
    return sparse.csr_matrix(np.eye(3))


def fetch(url):
    with urllib.request.urlopen(url, timeout=3) as answer:
        return json.loads(answer.read())["v"]


def load(path):
    with open(path) as f:
        return json.load(f)


def read_csv(path):
    return pd.read_csv(path)


def rows(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def db(path):
    c = sqlite3.connect(path)
    c.execute("create table t(a)")
    c.execute("insert into t values(1)")
    c.commit()
    return c


def shuffle(l, seed=None):
    rng = random.Random(seed)
    l = list(l)
    rng.shuffle(l)
    return l


def sample(rng, n):
    return rng.normal(size=n)


def groups(df):
    return df.groupby("k")


def pivot(df):
    return df.pivot_table(index="k", columns="j", values="v", aggfunc="sum")


def today():
    return datetime.datetime.now().date()


class Tool:
    registry = {}

    @classmethod
    def register(cls, name):
        def deco(fn):
            cls.registry[name] = fn
            return fn

        return deco

    @classmethod
    def run(cls, name, **kw):
        return cls.registry[name](**kw)


class Pipe:
    def __init__(self):
        self.steps = []

    def add(self, f):
        self.steps.append(f)
        return self

    def __or__(self, f):
        return self.add(f)

    def run(self, x):
        for s in self.steps:
            x = s(x)
        return x


def retry(f, times=3):
    for i in range(times):
        try:
            return f()
        except ConnectionError:
            if i == times - 1:
                raise


def parse_log(text):
    return [m.groupdict() for m in re.finditer(r"(?P<l>\w+): (?P<m>.*)", text)]


def match(t):
    return re.match(r"(\w)(\d)", t)


def run_cmd(c):
    return subprocess.run(c, capture_output=True, text=True).stdout


def counter(s):
    return collections.Counter(s)


def writer(fp, rows):
    w = csv.writer(fp)
    w.writerows(rows)


def stream(lines):
    for l in lines:
        yield l.strip()


def schema(fn):
    import inspect

    return {
        "name": fn.__name__,
        "doc": fn.__doc__,
        "params": {n: p.annotation.__name__ for n, p in inspect.signature(fn).parameters.items()},
    }
