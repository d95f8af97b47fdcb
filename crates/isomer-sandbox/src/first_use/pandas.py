"""What most programs do with pandas, once: loads what it loads late and fills what it keeps."""

import io

import pandas

frame = pandas.DataFrame({"key": [1, 2, 1], "value": [1.5, 2.5, 3.5], "name": list("abc")})
other = pandas.read_csv(io.StringIO("key,date\n1,2020-01-01\n2,2020-01-02\n"), parse_dates=["date"])
frame.groupby("key")["value"].sum().items()
frame.groupby("key").agg({"value": ["mean", "max"], "name": "first"}).reset_index()
frame.merge(other, on="key").sort_values("value").to_string()
frame.pivot_table(index="key", values="value").describe()
frame[frame["value"] > 2].apply(lambda row: row["value"], axis=1)
pandas.concat([frame, frame]).drop_duplicates().to_csv()
frame["name"].str.upper().value_counts()
