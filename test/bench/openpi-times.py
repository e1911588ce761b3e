"""Round trips of openpi's own client: python openpi-times.py PORT VECTORS; prints the last line as JSON, in ms."""

import base64
import json
import sys
import time

import numpy as np
from openpi_client.websocket_client_policy import WebsocketClientPolicy

ROUNDS = 3000
WARM_UP = 300

client = WebsocketClientPolicy("127.0.0.1", int(sys.argv[1]))
image = client.get_server_metadata().get("image")
steps = []
for vector in json.load(open(sys.argv[2])):
    step = {"state": np.array(vector["obs"], np.float32), "prompt": "pick up the cube"}
    if image:
        pixels = np.frombuffer(base64.b64decode(vector["image"]), np.uint8)
        step["image"] = pixels.reshape(image["height"], image["width"], image["channels"])
    steps.append(step)
trips, inference = [], []
for k in range(WARM_UP + ROUNDS):
    start = time.perf_counter()
    answer = client.infer(steps[k % len(steps)])
    trips.append(1000 * (time.perf_counter() - start))
    inference.append(answer["server_timing"]["infer_ms"])
trips = trips[WARM_UP:]
print(json.dumps({"p50": np.median(trips), "p99": np.quantile(trips, 0.99), "infer": np.median(inference[WARM_UP:])}))
