"""check_minari.py FOLDER RECORDING.json: Minari itself loads the data set, and what it holds is what was recorded.

RECORDING.json: for each episode its states, executed actions, rewards and whether each state is solved. Exit 1 on a fault.
"""

import json
import os
import sys
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
# data sets are found by their ids in this folder
os.environ["MINARI_DATASETS_PATH"] = str(folder.parent)

import minari
import numpy as np

recorded = json.loads(Path(sys.argv[2]).read_text())
data = minari.load_dataset(folder.name)
faults = []


def same(what, got, wanted, dtype):
    got, wanted = np.asarray(got), np.asarray(wanted, dtype)
    if got.shape != wanted.shape or got.dtype != wanted.dtype or not np.array_equal(got, wanted):
        faults.append(f"{what}: {got.dtype} {got.shape}, expected {wanted.dtype} {wanted.shape} or other numbers")


if folder.name not in minari.list_local_datasets():
    faults.append("list_local_datasets does not know it")
steps = sum(len(episode["rewards"]) for episode in recorded)
if (data.total_episodes, data.total_steps) != (len(recorded), steps):
    faults.append(f"{data.total_episodes} episodes, {data.total_steps} steps, expected {len(recorded)}, {steps}")
pictures = 0
for k, (episode, wanted) in enumerate(zip(data.iterate_episodes(), recorded)):
    count = len(wanted["rewards"])
    states = episode.observations
    if isinstance(states, dict):
        pictures += len(states["image"])
        states = states["observation"]
    same(f"episode {k}: observations", states, wanted["observations"], np.float32)
    same(f"episode {k}: actions", episode.actions, wanted["actions"], np.float32)
    same(f"episode {k}: rewards", episode.rewards, wanted["rewards"], np.float64)
    end = np.asarray(episode.terminations) | np.asarray(episode.truncations)
    if end.shape != (count,) or end[:-1].any() or not end[-1]:
        faults.append(f"episode {k} does not end with its last step, and only there")
    same(f"episode {k}: is_success", episode.infos["is_success"], wanted["success"], np.uint8)
    for index in (0, count):
        row = {name: part[index] for name, part in episode.observations.items()} if pictures else states[index]
        if not data.observation_space.contains(row):
            faults.append(f"episode {k}: state {index} is outside of the observation space")
    if not data.action_space.contains(episode.actions[0]):
        faults.append(f"episode {k}: an action is outside of the action space")
seeds = [row.get("seed") for row in data.storage.get_episode_metadata(data.episode_indices)]
if seeds != [int(episode["seed"]) for episode in recorded]:
    faults.append(f"seeds {seeds}")
if len(data.sample_episodes(1)) != 1:
    faults.append("no episode can be sampled")
spec = data.env_spec
print("\n".join(faults) or f"ok: {data.total_steps} steps of {len(recorded)} episodes, {pictures} pictures, {spec.id} {spec.kwargs}")
sys.exit(bool(faults))
