"""tensorboard_kinds.py RUN: what TensorBoard finds in a run, as one JSON object.

Images and histograms by its EventAccumulator, texts and hyperparameters by its server.
"""
import io
import json
import os
import sys
import time
import urllib.parse
import urllib.request

from PIL import Image
from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

run = os.path.abspath(sys.argv[1])
# of a run that is the whole log folder its page of hyperparameters finds no metrics
folder, name = os.path.split(run)
reader = EventAccumulator(run, size_guidance={"images": 0, "histograms": 0, "tensors": 0, "scalars": 0})
reader.Reload()
tags = reader.Tags()


def images(tag):
    events = reader.Images(tag)
    pictures = [Image.open(io.BytesIO(event.encoded_image_string)) for event in events]
    return [[event.step, *picture.size] for event, picture in zip(events, pictures)]


server = program.TensorBoard()
server.configure(argv=[None, "--logdir", folder, "--port", "0", "--load_fast", "false"])
url = server.launch().rstrip("/")


def ask(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/data/plugin/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


end = time.time() + 90
while True:  # it answers while it still loads
    groups = ask(
        "hparams/session_groups",
        {
            "experimentName": "",
            "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
            "colParams": [],
            "startIndex": 0,
            "sliceSize": 10,
        },
    )["sessionGroups"]
    texts = {tag for found in ask("text/tags").values() for tag in found}
    if groups and texts and groups[0]["sessions"][0]["status"] != "STATUS_UNKNOWN":
        break
    if time.time() > end:
        sys.exit(f"the server shows no session or no text: {groups} {texts}")
    time.sleep(1)

(group,) = groups
(session,) = group["sessions"]
print(
    json.dumps(
        {
            "images": {tag: images(tag) for tag in tags["images"]},
            "histograms": {
                tag: [[event.step, event.histogram_value.num] for event in reader.Histograms(tag)]
                for tag in tags["histograms"]
            },
            "text": {
                tag: ask(f"text/text?{urllib.parse.urlencode({'run': name, 'tag': tag})}")[0]["text"] for tag in texts
            },
            "hparams": {
                "status": session["status"],
                "values": group["hparams"],
                "metrics": {value["name"]["tag"]: value["value"] for value in group["metricValues"]},
            },
        }
    )
)
