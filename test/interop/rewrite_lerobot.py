"""rewrite_lerobot.py FROM TO: LeRobot itself reads a data set, and writes what it read into a new one.

What only armgym knows of it is lost on the way, as with any data set that LeRobot recorded.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
from lerobot.datasets.lerobot_dataset import LeRobotDataset

OWN = ("timestamp", "frame_index", "episode_index", "index", "task_index")

source = LeRobotDataset("local/from", root=Path(sys.argv[1]))
features = {name: feature for name, feature in source.features.items() if name not in OWN}
target = LeRobotDataset.create(
    "local/to",
    fps=source.fps,
    features=features,
    root=Path(sys.argv[2]),
    robot_type=source.meta.robot_type,
    use_videos=False,
)
episode = 0
for index in range(len(source)):
    row = source[index]
    if int(row["episode_index"]) != episode:
        target.save_episode()
        episode = int(row["episode_index"])
    frame = {}
    for name, feature in features.items():
        value = row[name].numpy()
        if feature["dtype"] == "image":
            value = value.transpose(1, 2, 0)
        frame[name] = value.reshape(feature["shape"]).astype(feature["dtype"] if feature["dtype"] != "image" else value.dtype)
    target.add_frame({**frame, "task": row["task"]})
target.save_episode()
target.finalize()
print(f"ok: {target.num_episodes} episodes, {target.num_frames} rows")
