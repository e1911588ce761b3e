"""Checks of `armgym serve` by openpi's own client: python openpi_checks.py NAME PORT [MORE]; prints what is compared, then "ok"."""

import base64
import json
import sys
import threading

import numpy as np
from openpi_client import action_chunk_broker
from openpi_client.websocket_client_policy import WebsocketClientPolicy


def connect(port, api_key=None):
    return WebsocketClientPolicy("127.0.0.1", int(port), api_key)


def steps_of(metadata, file):
    """The golden vectors as openpi's clients give them."""
    image = metadata.get("image")
    for vector in json.load(open(file)):
        given = {"state": np.array(vector["obs"], np.float32), "prompt": "pick up the cube"}
        if image:
            shape = (image["height"], image["width"], image["channels"])
            pixels = np.frombuffer(base64.b64decode(vector["image"]), np.uint8).reshape(shape)
            given["images"] = {
                camera["name"]: np.ascontiguousarray(pixels[:, :, 3 * k : 3 * k + 3])
                for k, camera in enumerate(image["cameras"])
            }
        yield given, np.array(vector["actions"], np.float64), vector.get("isStart", False)


def vectors(port, file):
    """Two episodes of the golden vectors: the second begins with a reset of its own, or one with the first step."""
    client = connect(port)
    metadata = client.get_server_metadata()
    scale = np.array([entry["scale"] for entry in metadata["action"]])
    worst = 0.0
    for episode in range(2):
        if episode == 1:
            assert client.infer({"reset": True}) == {"reset": True}
        for given, wanted, _ in steps_of(metadata, file):
            answer = client.infer(given)
            assert answer["actions"].dtype == np.float32 and answer["actions"].shape == (1, len(scale))
            assert answer["server_timing"]["infer_ms"] >= 0
            worst = max(worst, np.abs((answer["actions"][0] - wanted) / scale).max())
    first = next(steps_of(metadata, file))
    again = client.infer({**first[0], "reset": True})
    worst = max(worst, np.abs((again["actions"][0] - first[1]) / scale).max())
    assert again["server_timing"]["prev_total_ms"] > 0
    assert worst <= 1e-5, worst
    broker = action_chunk_broker.ActionChunkBroker(client, action_horizon=1)
    assert broker.infer(first[0])["actions"].shape == (len(scale),)
    print(metadata["env"], metadata["controlRate"], len(metadata["observation"]), sorted(first[0]))


def many(port, file):
    """Eight clients at once, each at another place of the episode."""
    reference = connect(port)
    steps = list(steps_of(reference.get_server_metadata(), file))
    expected = [reference.infer({**given, "reset": k == 0})["actions"] for k, (given, _, _) in enumerate(steps)]
    right = []

    def play(place):
        client = connect(port)
        for episode in range(3):
            for k in range(1 + place + episode):
                answer = client.infer({**steps[k][0], "reset": k == 0})["actions"]
                right.append(np.array_equal(answer, expected[k]))

    threads = [threading.Thread(target=play, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(right), all(right))


def refusals(port, size):
    """What is wrong is said, and the session goes on."""
    client = connect(port)
    size = int(size)
    for given in (
        {"state": np.zeros(size + 1, np.float32)},
        {"state": np.full(size, np.nan, np.float32)},
        {"state": np.zeros(size, np.int64)},
        {"state": np.zeros(size, np.float32), "image": np.zeros((2, 2, 3), np.uint8)},
        {"observation/state": np.zeros(size, np.float32)},
        {},
    ):
        try:
            print("taken", client.infer(given))
        except RuntimeError as error:
            print(str(error).split("\n")[1])
    assert client.infer({"state": np.zeros(size)})["actions"].shape[0] == 1


def token(port, key):
    """The client shows its key, and is refused without."""
    connect(port, key)
    try:
        connect(port)
    except Exception as error:
        print(error)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    print("ok")
