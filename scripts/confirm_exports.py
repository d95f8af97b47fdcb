#!/usr/bin/env python3
"""Do the consumers' own graders agree with an export?

    confirm_exports.py TASKS.JSONL FOLDER [FORMAT...]

FOLDER holds what `isomer export TASKS.JSONL --format all -o FOLDER` wrote. Every file is opened with
`datasets.load_dataset`, alone and as the card names it; the reference and every near-miss of every row are then judged by the grader
from the consumer's own package, for the formats named or for all. Prints one line a check, and fails if any of them does.

The programs run without a jail here: call it through `scripts/walled`, with tasks you trust.
"""

import asyncio
import importlib.util
import json
import multiprocessing
import pathlib
import subprocess
import sys
import types

TASKS, FOLDER, ONLY = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
FORMATS = sorted(path for path in FOLDER.iterdir() if path.suffix in {".jsonl", ".parquet"} and "left-out" not in path.name)


def as_text(source):
    """Programs are exported for harnesses that replace standard input by text."""
    source = source.replace("sys.stdin.buffer.read()", "sys.stdin.read().encode()")
    return source.replace("sys.stdin.buffer.readline()", "sys.stdin.readline().encode()")


def programs(task):
    yield "reference", True, as_text(task["solution"])
    for index, near_miss in enumerate(task["near_misses"]):
        if near_miss["status"] == "killed":
            yield f"near-miss {index}", False, as_text(near_miss["code"])


def answer(pipe, function, arguments):
    sys.stdout = sys.stderr = open("/dev/null", "w")
    multiprocessing.set_start_method("fork", force=True)
    pipe.send(function(*arguments))


def isolated(function, *arguments):
    """The graders disable half of the `os` module in their own process, and start others."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        return None
    finally:
        process.join()


def module(package, path):
    """A file of an installed package, without the package's own imports, which want a trainer."""
    root = importlib.util.find_spec(package).submodule_search_locations[0]
    place = pathlib.Path(root) / path
    folder = [str(place.parent)] if place.name == "__init__.py" else None
    name = "grader_of_" + package
    spec = importlib.util.spec_from_file_location(name, place, submodule_search_locations=folder)
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def fenced(code):
    return f"```python\n{code}\n```"


def verl(row, code):
    prime_code = module("verl", "utils/reward_score/prime_code/__init__.py")
    score, _ = prime_code.compute_score(fenced(code), row["reward_model"]["ground_truth"], continuous=True)
    return float(score) == 1.0


def skyrl(row, code):
    # A trainer has loaded them long before; its guard lets nobody load them later.
    import numpy  # noqa: F401
    import pandas  # noqa: F401

    rule = module("skyrl_gym", "envs/lcb/livecodebench.py")
    tests = json.loads(row["reward_spec"]["ground_truth"])
    return rule.compute_score(fenced(code), tests)[1] == 1.0


def in_outs_of_list(row):
    tests = json.loads(row["ground_truth"])
    shape = {"inputs": [test["input"] for test in tests], "outputs": [test["output"] for test in tests]}
    if tests[0]["testtype"] == "functional":
        shape["fn_name"] = tests[0]["metadata"]["func_name"]
    return shape


def lighteval(row, code):
    rule = module("lighteval", "tasks/tasks/lcb/codegen_metrics.py")
    shape = in_outs_of_list(row) if "ground_truth" in row else row["verifier_metadata"]["unit_tests"]
    return all(result is True for result in rule.check_correctness({"input_output": json.dumps(shape)}, code, timeout=10))


def open_r1(row, code):
    """`code_reward`'s evaluation script, which is text inside the package and not installable."""
    passed = 0
    cases = row["verification_info"]["test_cases"]
    for case in cases:
        process = subprocess.run([sys.executable, "-c", code], input=case["input"], text=True, capture_output=True, timeout=5)
        if process.returncode != 0:
            continue
        lines = zip(process.stdout.strip().split("\n"), case["output"].split("\n"))
        passed += all(left.strip() == right.strip() for left, right in lines)
    return passed == len(cases)


def checker(row, code):
    """Runs the checker that comes with the row."""
    folder = pathlib.Path(__import__("tempfile").mkdtemp())
    (folder / "checker.py").write_text(row["generated_checker"])
    for case in row["official_tests"]:
        process = subprocess.run([sys.executable, "-c", code], input=case["input"], text=True, capture_output=True, timeout=row["time_limit"])
        if process.returncode != 0:
            return False
        for name, text in ("input", case["input"]), ("correct", case["output"]), ("answer", process.stdout):
            (folder / name).write_text(text)
        verdict = subprocess.run([sys.executable, folder / "checker.py", folder / "input", folder / "correct", folder / "answer"], text=True, capture_output=True)
        if verdict.stdout.strip() != "1":
            return False
    return True


class LocalSandbox:
    """Stands in for the remote sandbox of `prime_sandboxes`: the same commands, here."""

    async def execute_command(self, _sandbox, command, timeout=60, **_):
        command = command.replace("python ", f"{sys.executable} ").replace("/sandbox-workspace", str(self.folder))
        process = await asyncio.create_subprocess_shell(command, stdout=-1, stderr=-1)
        out, error = await asyncio.wait_for(process.communicate(), timeout)
        return types.SimpleNamespace(exit_code=process.returncode, stdout=out.decode(), stderr=error.decode())


def verifiers(row, code, place):
    import tempfile

    stub = types.ModuleType("prime_sandboxes")
    stub.APIError = stub.CommandTimeoutError = stub.SandboxNotRunningError = type("Unused", (Exception,), {})
    sys.modules["prime_sandboxes"] = stub
    spec = importlib.util.spec_from_file_location("cp_test_utils", place)
    rule = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rule)
    sandbox = LocalSandbox()
    with tempfile.TemporaryDirectory() as folder:
        sandbox.folder = pathlib.Path(folder)

        async def unpack(_client, _sandbox, files, _archive, target):
            for name, text in files.items():
                path = pathlib.Path(target.replace("/sandbox-workspace", folder)) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

        rule.upload_and_extract_bundle = unpack
        tests = json.loads(json.loads(row["info"])["tests"])
        info = {
            "fn_name": tests.get("fn_name"),
            "test_case_inputs": [json.dumps(item) for item in tests["inputs"]],
            "test_case_outputs": [json.dumps(item) for item in tests["outputs"]],
            "timeout": 60,
        }
        results = asyncio.run(rule.run_test_cases(code, info, sandbox, "here"))
    return len(results) == len(tests["inputs"]) and all(results)


def verifiers_rule():
    """Where the wheel of verifiers keeps its competitive programming rule, if it has it."""
    spec = importlib.util.find_spec("verifiers")
    found = list(pathlib.Path(spec.submodule_search_locations[0]).rglob("tasksets/cp/test_utils.py")) if spec else []
    return found[0] if found else None


def identity(row):
    for path in ("isomer_id",), ("extra_info", "isomer_id"), ("hash_id",), ("name",), ("id",):
        value = row
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if value:
            return value.split("/")[-1]
    return json.loads(row["info"])["isomer_id"]


def judge(name, grader, rows, tasks, *more):
    if ONLY and name.split()[0] not in ONLY:
        return True
    wrong, asked = [], 0
    for row in rows:
        for program, right, code in programs(tasks[identity(row)]):
            asked += 1
            if isolated(grader, row, code, *more) != right:
                wrong.append(f"{identity(row)[:8]} {program}")
    print(f"{'ok  ' if not wrong else 'FAIL'} {name}: {asked - len(wrong)} of {asked} verdicts agree {wrong or ''}", flush=True)
    return not wrong


def main():
    import datasets

    datasets.disable_progress_bars()
    tasks = {task["id"]: task for task in map(json.loads, TASKS.open())}
    fine, loaded = True, {}
    for path in FORMATS:
        kind = "parquet" if path.suffix == ".parquet" else "json"
        loaded[path.stem] = datasets.load_dataset(kind, data_files=str(path), split="train", cache_dir=str(FOLDER / ".cache")).to_list()
        print(f"ok   load_dataset {path.name}: {len(loaded[path.stem])} rows", flush=True)
    for name in datasets.get_dataset_config_names(str(FOLDER)):
        rows = datasets.load_dataset(str(FOLDER), name, split="train", cache_dir=str(FOLDER / ".cache")).num_rows
        alike = rows == len(loaded.get(name, []))
        fine &= alike
        print(f"{'ok  ' if alike else 'FAIL'} load_dataset of the folder, {name} of its card: {rows} rows", flush=True)
    graders = [
        ("verl", "verl prime_code", verl),
        ("livecodebench", "skyrl-gym lcb", skyrl),
        ("livecodebench", "lighteval lcb", lighteval),
        ("nemo-gym", "lighteval lcb", lighteval),
        ("open-r1", "open-r1 rule (text of its script)", open_r1),
        ("open-r1-checker", "the row's own checker", checker),
    ]
    for stem, name, grader in graders:
        fine &= judge(f"{stem} by {name}", grader, loaded.get(stem, []), tasks)
    place = verifiers_rule()
    if place is None:
        print("skip verifiers: this version carries no competitive programming rule")
    else:
        fine &= judge("verifiers by its own rule", verifiers, loaded.get("verifiers", []), tasks, place)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
