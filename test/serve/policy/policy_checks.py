"""Checks of armgym_policy.py: python policy_checks.py FOLDER NAME URL [MORE]; prints what is compared, then "ok"."""

import base64
import json
import ssl
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import armgym_policy  # noqa: E402


def vectors(url, file):
    """Two episodes of the golden vectors, by list and by names, images in one and by cameras."""
    with armgym_policy.connect(url) as policy:
        metadata = policy.metadata
        image = metadata.get("image")
        names = [entry["name"] for entry in metadata["observation"]]
        scale = np.array([entry["scale"] for entry in metadata["action"]])
        worst = 0.0
        for episode in range(2):
            policy.reset()
            for vector in json.load(open(file)):
                given = vector["obs"] if episode == 0 else dict(zip(names, vector["obs"]))
                seen = {}
                if image:
                    pixels = np.frombuffer(base64.b64decode(vector["image"]), np.uint8)
                    pixels = pixels.reshape(image["height"], image["width"], image["channels"])
                    cameras = {one["name"]: pixels[:, :, 3 * k : 3 * k + 3] for k, one in enumerate(image["cameras"])}
                    seen = {"image": pixels} if episode == 0 else {"images": cameras}
                command = policy.infer(given, **seen)
                assert command.dtype == np.float32 and command.shape == scale.shape
                worst = max(worst, np.abs((command - vector["actions"]) / scale).max())
        assert worst <= 1e-5, worst
        print(metadata["env"], armgym_policy.VERSION == metadata["armgymVersion"])


def said(run, *args, **keywords):
    try:
        print("taken", run(*args, **keywords))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


def refusals(url):
    """What is wrong is said in the caller's terms, and the session goes on."""
    policy = armgym_policy.connect(url)
    size = len(policy.metadata["observation"])
    said(policy.infer, np.zeros(size + 1))
    said(policy.infer, np.full(size, np.nan))
    said(policy.infer, ["0"] * size)
    said(policy.infer, {"x": 1})
    said(policy.infer, np.zeros(size), image=np.zeros((2, 2, 3), np.uint8))
    assert np.isfinite(policy.infer(np.zeros(size))).all()
    policy.close()
    said(policy.infer, np.zeros(size))
    said(armgym_policy.connect, "http://127.0.0.1:1")
    said(armgym_policy.connect, "ws://127.0.0.1:1")
    said(armgym_policy.connect, url + "/live")


def images(url):
    """Pictures of another type or shape are refused before they are sent."""
    with armgym_policy.connect(url) as policy:
        size = len(policy.metadata["observation"])
        said(policy.infer, np.zeros(size), image=np.zeros((16, 48, 6), np.uint8))
        said(policy.infer, np.zeros(size), images={"front": np.zeros((48, 48, 3))})


def token(url, key):
    """A token is shown, and its lack said."""
    with armgym_policy.connect(url, token=key) as policy:
        policy.reset()
    said(armgym_policy.connect, url)


def encrypted(url, certificate):
    """A certificate that this machine does not know is refused, and taken where the program says so."""
    with armgym_policy.connect(url, ssl=ssl.create_default_context(cafile=certificate)) as policy:
        policy.reset()
    said(armgym_policy.connect, url)


def ended(url):
    """The server ends while the client waits for nothing; it is told at its next step."""
    policy = armgym_policy.connect(url)
    print("connected", flush=True)
    sys.stdin.readline()
    said(policy.infer, np.zeros(len(policy.metadata["observation"])))
    said(policy.reset)


if __name__ == "__main__":
    globals()[sys.argv[2]](*sys.argv[3:])
    print("ok")
