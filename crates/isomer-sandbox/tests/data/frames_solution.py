import numpy as np
import pandas as pd


def totals(frame):
    return frame.groupby("shop", as_index=False)["sold"].sum()


def scale(values):
    return (values - values.mean()) / values.std()


def double_in_place(values):
    values *= 2


def add_column(frame):
    frame["twice"] = frame["sold"] * 2


def tops(frame, count):
    return frame.nlargest(count, "sold")["shop"].tolist()


def moments(values):
    return {"mean": np.mean(values), "shape": values.shape, "type": values.dtype}


def names(frame):
    return frame["shop"].astype("category")
