"""check_lerobot.py FOLDER [--images]: LeRobot itself loads the data set, and what it holds is what its tables say.

--images: at least one camera is expected. Exit 1 on a fault. Needs lerobot, which brings torch and pyarrow.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
import numpy as np
import pyarrow.parquet as pq
from lerobot.datasets.lerobot_dataset import LeRobotDataset

QUANTILES = ("q01", "q10", "q50", "q90", "q99")
CHUNK = 4
"""Actions that a policy is trained on at once."""

root = Path(sys.argv[1])
info = json.loads((root / "meta/info.json").read_text())
data, faults = LeRobotDataset("local/check", root=root), []
meta, names = data.meta, list(data.features)
cameras, count = meta.camera_keys, len(data)
if "--images" in sys.argv and not cameras:
    faults.append("no observation.images.*")
if (count, data.num_episodes, data.fps) != (info["total_frames"], info["total_episodes"], info["fps"]):
    faults.append(f"info.json says {info['total_frames']} frames, {info['total_episodes']} episodes, {info['fps']} Hz")

columns = {name: [] for name in names if name not in cameras}
for index in range(count):
    row = data[index]
    for name, values in columns.items():
        values.append(np.ravel(row[name].numpy()))
    for name in cameras:
        image, (height, width, channels) = row[name], info["features"][name]["shape"]
        least, most = float(image.min()), float(image.max())
        if tuple(image.shape) != (channels, height, width) or not 0 <= least <= most <= 1:
            faults.append(f"row {index}: {name} is {tuple(image.shape)}, {least} to {most}")
    if not row["task"]:
        faults.append(f"row {index} has no task")

for name, values in columns.items():
    table, stats = np.array(values, np.float64), meta.stats.get(name, {})
    if not np.isfinite(table).all():
        faults.append(f"{name} holds NaN or infinity")
    for key, right in (("mean", table.mean(0)), ("std", table.std(0)), ("min", table.min(0)), ("max", table.max(0))):
        if key not in stats or not np.allclose(np.ravel(stats[key]), right, rtol=1e-4, atol=1e-5):
            faults.append(f"stats.json: {name}.{key} is missing or wrong")
for name in [*columns, *cameras]:
    if missing := [key for key in QUANTILES if key not in meta.stats.get(name, {})]:
        faults.append(f"stats.json: {name} lacks {', '.join(missing)} (QUANTILES normalisation refuses)")

ends = np.cumsum(meta.episodes["length"])
if list(meta.episodes["dataset_to_index"]) != list(ends) or ends[-1] != count:
    faults.append("meta/episodes: from and to do not follow the lengths")
frames, times = (np.concatenate(columns[name]) for name in ("frame_index", "timestamp"))
if not np.allclose(times, frames / data.fps, atol=1e-4):
    faults.append("timestamp is not frame_index / fps")
# LeRobotDataset drops the columns of statistics from meta.episodes
table = pq.read_schema(next((root / "meta/episodes").rglob("*.parquet"))).names
if lacking := [name for name in names if f"stats/{name}/mean" not in table]:
    faults.append(f"meta/episodes lacks statistics of {', '.join(lacking)}")

chunks = LeRobotDataset("local/check", root=root, delta_timestamps={"action": [k / data.fps for k in range(CHUNK)]})
padded = chunks[int(ends[0]) - 1]
if len(padded["action"]) != CHUNK or padded["action_is_pad"].tolist() != [False] + [True] * (CHUNK - 1):
    faults.append("action chunks run over an episode's end")
if not (cameras or "observation.environment_state" in names):
    faults.append("neither images nor observation.environment_state: ACT and Diffusion refuse such a data set")
print("\n".join(sorted(set(faults))) or f"ok: {count} rows, {data.num_episodes} episodes, cameras {cameras}")
sys.exit(bool(faults))
