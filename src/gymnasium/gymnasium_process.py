"""Steps Gymnasium environments for armgym, which starts this file and ends it.

Requests come through descriptor 3, replies go through descriptor 4, little-endian, one at a time. The other side is
src/gymnasium/python-process.ts of armgym.

    request: length (u32) of what follows the next byte, operation (u8), then
        0 open   JSON {"id", "module", "kwargs"}      reply: JSON, what there is to know of the environment, and its number
        1 reset  number (u32), seed (u32)             reply: as of a step
        2 step   number (u32), action (f64 each)      reply: reward (f64), terminated, truncated, success (u8 each), observation (f32 each)
        3 close  number (u32)                         reply: empty
    reply: length (u32) of what follows the next byte, then 0 (u8) and the reply, or 1 and JSON {"kind", "message", "traceback"}

The first reply comes unasked: JSON of the interpreter and the versions, or of what is missing.
"""

import faulthandler
import itertools
import json
import math
import os
import select
import signal
import struct
import sys
import threading
import time
import traceback

REQUESTS, REPLIES = 3, 4
OPEN, RESET, STEP, CLOSE = range(4)
SECONDS_TO_END = 5
# of robot arms: they register their environments when they are imported
PACKAGES = ("gymnasium_robotics", "panda_gym")
# packages that physics is computed by
ENGINES = ("mujoco", "pybullet")

VERSIONS = {"python": ".".join(map(str, sys.version_info[:3]))}


class Refusal(Exception):
    """What cannot be, by no fault of an environment."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Served:
    """One environment, and how its observation is laid out as numbers in a row."""

    def __init__(self, env):
        self.env = env
        self.parts = list(parts_of(env.observation_space, ()))
        self.size = sum(math.prod(part["shape"]) for part in self.parts)

    def reset(self, seed):
        observation, info = self.env.reset(seed=seed)
        return self.reply(observation, 0.0, False, False, info)

    def step(self, numbers):
        space = self.env.action_space
        action = numbers.astype(space.dtype).reshape(space.shape)
        # rounding must not lead out of the space
        return self.reply(*self.env.step(numpy.clip(action, space.low, space.high)))

    def reply(self, observation, reward, terminated, truncated, info):
        numbers = numpy.empty(self.size, "<f4")
        start = 0
        for part in self.parts:
            value = observation
            for key in part["path"]:
                value = value[key]
            value = numpy.asarray(value)
            if list(value.shape) != part["shape"]:
                name = ".".join(part["path"]) or "the observation"
                raise ValueError(f"{name} has the shape {value.shape}, its space says {tuple(part['shape'])}")
            numbers[start : start + value.size] = value.ravel()
            start += value.size
        success = bool(numpy.all(info.get("is_success", False)))
        head = struct.pack("<d???", float(reward), bool(terminated), bool(truncated), success)
        return head + numbers.tobytes()


def parts_of(space, path):
    """List the spaces within dictionaries, or the space itself, by their way there."""
    if isinstance(space, gymnasium.spaces.Dict):
        for key, inner in space.spaces.items():
            yield from parts_of(inner, (*path, str(key)))
    else:
        yield {"path": path, **described(space)}


def described(space):
    if not isinstance(space, gymnasium.spaces.Box):
        return {"type": type(space).__name__, "text": str(space)[:200], "dtype": "", "shape": [], "low": [], "high": []}
    # the bounds of a picture are not asked for
    is_picture = space.dtype == numpy.uint8 and len(space.shape) == 3
    low, high = ([] if is_picture else bounds(side) for side in (space.low, space.high))
    shape = list(space.shape)
    return {"type": "Box", "text": str(space)[:200], "dtype": str(space.dtype), "shape": shape, "low": low, "high": high}


def bounds(values):
    """The bounds of a box in a row; None where there is none."""
    return [float(value) if math.isfinite(value) else None for value in values.ravel()]


def open_env(module, name, kwargs):
    if module is not None:
        import_module(module)
    served = Served(make(name, kwargs))
    env = served.env
    number = next(numbers)
    served_envs[number] = served
    return {
        "number": number,
        "observation": served.parts,
        "action": described(env.action_space),
        "maxEpisodeSteps": None if env.spec is None else env.spec.max_episode_steps,
        "stepSeconds": step_seconds(env),
        "goalThreshold": positive(env, "distance_threshold") or positive(env, "task", "distance_threshold"),
        "versions": versions(module, env),
    }


def import_module(name):
    # modules of the user's own lie in the folder that armgym runs in; installed ones go before
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        importlib.import_module(name)
    except BaseException as error:
        raise Refusal("import", f"{type(error).__name__}: {error}") from error


def make(name, kwargs):
    first = None
    for package in (None, *PACKAGES):
        if package is not None:
            if importlib.util.find_spec(package) is None:
                continue
            import_module(package)
        try:
            gymnasium.spec(name)
        except gymnasium.error.Error as error:
            first = first or error
        else:
            return gymnasium.make(name, **{"disable_env_checker": True, **kwargs})
    raise Refusal("unknown", str(first))


def positive(env, *path):
    """A number above 0 that the environment has as an attribute, or None."""
    value = env.unwrapped
    for name in path:
        value = getattr(value, name, None)
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) and value > 0 else None


def step_seconds(env):
    seconds, rate = positive(env, "dt"), (env.metadata or {}).get("render_fps")
    if seconds is None and isinstance(rate, (int, float)) and rate > 0:
        return 1 / rate
    return seconds


def versions(module, env):
    """The version of all that an environment is made of, by the name that it is imported by."""
    names = [type(env.unwrapped).__module__.split(".")[0], *([module.split(".")[0]] if module else []), *ENGINES]
    distributions = getattr(metadata, "packages_distributions", dict)()
    found = {name: version_of(name, distributions) for name in names if name in sys.modules}
    return {**found, **VERSIONS}


def version_of(name, distributions):
    for distribution in distributions.get(name, [name]):
        try:
            return metadata.version(distribution)
        except metadata.PackageNotFoundError:
            pass
    return str(getattr(sys.modules[name], "__version__", "without a version"))


def handle(operation, payload):
    if operation == OPEN:
        request = json.loads(payload)
        return json.dumps(open_env(request["module"], request["id"], request["kwargs"])).encode()
    (number,) = struct.unpack_from("<I", payload)
    if operation == CLOSE:
        served_envs.pop(number).env.close()
        return b""
    served = served_envs[number]
    if operation == RESET:
        return served.reset(struct.unpack_from("<I", payload, 4)[0])
    return served.step(numpy.frombuffer(payload, "<f8", offset=4))


def complaint(error):
    """What an environment or a module raised, with the calls that led there but for those on the way to it."""
    is_refusal = isinstance(error, Refusal)
    cause = error.__cause__ if is_refusal else error
    lines = [] if cause is None else traceback.format_exception(type(cause), cause, own_calls(cause.__traceback__))
    kind = error.kind if is_refusal else "raised"
    return json.dumps({"kind": kind, "message": str(error), "traceback": "".join(lines)}).encode()


def own_calls(trace):
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file not in (__file__, importlib.__file__) and not file.startswith("<frozen importlib"):
            break
        trace = trace.tb_next
    return trace


def send(status, reply):
    frame = struct.pack("<IB", len(reply), status) + reply
    sent = 0
    while sent < len(frame):
        sent += os.write(REPLIES, frame[sent:])


def serve():
    requests = os.fdopen(REQUESTS, "rb")
    while len(head := requests.read(5)) == 5:
        length, operation = struct.unpack("<IB", head)
        payload = requests.read(length)
        if len(payload) < length:
            return
        try:
            status, reply = 0, handle(operation, payload)
        # SystemExit, too
        except BaseException as error:
            status, reply = 1, complaint(error)
        try:
            send(status, reply)
        except BrokenPipeError:
            return


def watch(interrupts):
    """End this process, whatever it is at: some seconds after its owner, and at the second Ctrl-C."""
    poll = select.poll()
    poll.register(REQUESTS, 0)
    poll.register(interrupts, select.POLLIN)
    heard = 0
    while heard < 2:
        for descriptor, _ in poll.poll():
            if descriptor == REQUESTS:
                time.sleep(SECONDS_TO_END)
                os._exit(1)
            heard += os.read(interrupts, 64).count(signal.SIGINT)
    os._exit(130)


def start_watching():
    # the first Ctrl-C in the terminal that both processes have is for the owner, which saves and ends
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(select, "poll"):
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        threading.Thread(target=watch, args=(reading,), daemon=True).start()


def greeting(missing):
    return json.dumps({"executable": sys.executable, "missing": missing, "versions": VERSIONS}).encode()


served_envs = {}
numbers = itertools.count()

if __name__ == "__main__":
    start_watching()
    faulthandler.enable()
    # the folder of this file: nothing is to be imported from there
    del sys.path[0]
    try:
        import importlib.util
        from importlib import metadata

        import gymnasium
        import numpy
    except BaseException as error:
        send(0, greeting(f"{type(error).__name__}: {error}"))
        sys.exit(1)
    VERSIONS.update(gymnasium=gymnasium.__version__, numpy=numpy.__version__)
    try:
        send(0, greeting(None))
        serve()
    finally:
        for served in served_envs.values():
            try:
                served.env.close()
            except Exception:
                traceback.print_exc()
