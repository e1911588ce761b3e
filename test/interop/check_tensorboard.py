"""check_tensorboard.py RUN: every scalar of metrics.jsonl stands in the event files once, at its step, with its value.

Reads by TensorBoard's EventAccumulator and by a real server's JSON interface. Exit 1 on a difference.
"""

import json
import math
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

SECONDS = 120
"""How long the server may take to load the run."""


def expected(run):
    points = {}
    for line in (run / "metrics.jsonl").read_text().splitlines():
        row = json.loads(line)
        for tag, value in row.items():
            if tag != "step" and value is not None and math.isfinite(value):
                points.setdefault(tag, []).append((row["step"], float(np.float32(value))))
    return points


def differences(source, want, read):
    for tag, points in want.items():
        have = read(tag)
        steps = [step for step, _ in have]
        if missing := [point for point in points if point not in have]:
            yield f"{source}: {tag}: {len(missing)} of {len(points)} points missing, first {missing[0]}"
        if doubled := len(steps) - len(set(steps)):
            yield f"{source}: {tag}: {doubled} steps appear twice"
        if steps != sorted(steps):
            yield f"{source}: {tag}: steps go backwards"


def by_accumulator(run):
    reader = EventAccumulator(str(run), size_guidance={"scalars": 0})
    reader.Reload()
    tags = reader.Tags()["scalars"]
    return lambda tag: [(event.step, event.value) for event in reader.Scalars(tag)] if tag in tags else []


def by_server(port):
    def get(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/data/plugin/scalars/{path}", timeout=30) as reply:
            return json.load(reply)

    end, before, tags = time.time() + SECONDS, None, {}
    while not any(tags.values()) or tags != before:  # it loads while it answers: wait until nothing is added
        if time.time() > end:
            raise SystemExit("the tensorboard server shows no run")
        time.sleep(2)
        try:
            before, tags = tags, get("tags")
        except OSError:
            pass
    name, known = next(iter(tags.items()))

    def read(tag):
        query = urllib.parse.urlencode({"run": name, "tag": tag})
        return [(step, value) for _, step, value in get(f"scalars?{query}")] if tag in known else []

    return read


run = Path(sys.argv[1]).resolve()
want = expected(run)
faults = list(differences("EventAccumulator", want, by_accumulator(run)))
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
options = ["--logdir", str(run), "--port", str(port), "--load_fast", "false", "--samples_per_plugin", "scalars=1000000"]
server = subprocess.Popen([sys.executable, "-m", "tensorboard.main", *options], stderr=subprocess.DEVNULL)
try:
    faults += differences("server", want, by_server(port))
finally:
    server.terminate()
    server.wait()
print("\n".join(faults) or f"ok: {sum(map(len, want.values()))} points of {len(want)} tags")
sys.exit(bool(faults))
