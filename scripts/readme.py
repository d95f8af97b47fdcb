#!/usr/bin/env python3
"""Runs every `sh` block of a Markdown file, in order, in one shell, and stops at the first failure.

Commands that need a model endpoint find a mock one on loopback, so that the text of the README can be the
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def blocks(markdown):
    """The `sh` blocks of a Markdown text."""
    return re.findall(r"^```sh\n(.*?)^```", markdown, flags=re.MULTILINE | re.DOTALL)


def start_mock():
    """Builds the mock endpoint, starts it on a free port and returns the process and its base URL."""
    build = ["cargo", "build", "--release", "--quiet", "-p", "isomer-bench"]
    subprocess.run(build, cwd=REPOSITORY, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    mock = subprocess.Popen(
        [target / "release" / "isomer-bench", "serve"],
        stdout=subprocess.PIPE, text=True,
    )
    line = mock.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
    if not found:
        mock.kill()
        sys.exit(f"the mock endpoint did not say where it listens: {line!r}")
    return mock, found.group()


def main():
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    commands = "\n".join(blocks(text))
    if not commands.strip():
        sys.exit("no `sh` block found")
    mock, base_url = start_mock()
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "OPENAI_BASE_URL": base_url,
            "CARGO_INSTALL_ROOT": home,
            "PATH": f"{home}/bin:{target / 'release'}:{os.environ['PATH']}",
        }
        try:
            shell = subprocess.run(["bash", "-euxo", "pipefail", "-c", commands], cwd=REPOSITORY, env=environment)
        finally:
            mock.kill()
            mock.wait()
    sys.exit(shell.returncode)


if __name__ == "__main__":
    main()
