"""armgym's environments for Gymnasium: `gymnasium.make("armgym/PickPlace-v1")`.

Written by `armgym serve-env --client python > armgym_gym.py`; put it beside your program and import it. It needs numpy and
gymnasium 1.1 or newer (tested with 1.1 and 1.4), and Node.js with armgym: the environments run in a process of their own that this
one starts and ends.

    import armgym_gym, gymnasium
    env = gymnasium.make("armgym/PickPlace-v1", render_mode="rgb_array", controlRate=20)
    envs = gymnasium.make_vec("armgym/PickPlace-v1", num_envs=32)           # one batch, one process
    goal_env = gymnasium.make("armgym/Reach-v1", goal=True)                 # for hindsight experience replay
    vec_env = armgym_gym.make_sb3_vec_env("PickPlace-v1", 32)               # one batch, for Stable-Baselines3
    armgym_gym.register("armgym/Mine-v1", "./my-env.ts")                    # a module of your own

Keywords that are not named in `Env` are settings of the environment: `armgym_gym.Env("Reach-v1").env_info["config"]`.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import struct
import subprocess
import time
import weakref
import webbrowser
from functools import lru_cache
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector import VectorEnv as _VectorEnv
from gymnasium.vector.utils import batch_space

try:
    from gymnasium.vector import AutoresetMode
except ImportError:
    raise ImportError(f"armgym_gym needs gymnasium 1.1 or newer, got {gymnasium.__version__}") from None

__all__ = ["Env", "VectorEnv", "make_sb3_vec_env", "register"]

# armgym that this file comes from, what it registers, and what it speaks with the server
VERSION = "of the sources"
ENV_IDS = ()
PROTOCOL = 1

_HELLO, _RESET, _STEP, _RENDER, _CLOSE, _SHOW, _ERROR = 0, 1, 2, 3, 4, 5, 255
_MODES = (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED)
_LARGEST_HELLO = 1 << 26
_SECONDS_TO_END = 5
# a browser that starts, and the page in it
_SECONDS_TO_OPEN = 10
_NO_NOTES: dict[str, list[Any]] = {"reset": [], "step": []}


class Env(gymnasium.Env):
    """One environment.

    `env`: an id ("PickPlace-v1"), or a module that exports an environment ("./my-env.ts", "./my-envs.ts#Mine-v1").
    `goal`: goal-conditioned, with `compute_reward`: a dict of observation, achieved_goal and desired_goal, sparse reward.
    `robot`: a robot's name, or a module that exports one ("./my-robot.ts"; `armgym import` makes it from a URDF).
    `command`: what starts armgym, as a list; default: the armgym of the nearest node_modules, else the one in PATH.
    `settings`: settings of the environment, as `observationMode="camera"` or `solver={"iterations": 10}`.

    An action outside of [-1, 1] is clipped and counted in `info["clipped_actions"]`; one that is not finite is refused.
    `reset(options={"difficulty": 0.5})` begins an easier episode. Without a seed the first episode gets one from `np_random`,
    the others follow from the episode before; `info["seed"]` tells it. With cameras `info["privileged"]` is the full state.
    `render_mode="human"` opens the viewer in a browser, where the episode is seen as it is stepped, at its own pace.
    An episode that the simulation cannot go on with ends terminated, with the reason in `info["non_finite"]`: drop it.
    """

    metadata: dict[str, Any] = {"render_modes": ["human", "rgb_array"], "render_fps": 20}

    def __init__(
        self,
        env: str = "PickPlace-v1",
        *,
        goal: bool = False,
        robot: str | None = None,
        render_mode: str | None = None,
        render_size: int = 480,
        command: list[str] | None = None,
        **settings: Any,
    ):
        _require_render_mode(render_mode, self.metadata["render_modes"])
        self._window = _Window() if render_mode == "human" else None
        self._batch = _Batch(_arguments(env, goal, robot, settings), command, [1])
        self.env_info = self._batch.info
        self.observation_space = self._batch.observation_space
        self.action_space = self._batch.action_space
        self.metadata = {**self.metadata, "render_fps": round(self.env_info["controlRate"])}
        self.render_mode = render_mode
        self._render_size = render_size
        if goal:
            # its name makes a goal-conditioned environment of any: others must not have it
            self.compute_reward = _GoalReward(self.env_info["goal"]["threshold"])

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        super().reset(seed=seed)
        rows = self._batch.reset([seed], options, None, self.np_random)
        self._show()
        return rows.observation(0), rows.info(0)

    def step(self, action):
        rows = self._batch.step(_actions(action, self.action_space.shape), AutoresetMode.DISABLED)
        self._show()
        end = bool(rows.terminated[0]), bool(rows.truncated[0])
        return rows.observation(0), float(rows.rewards[0]), *end, rows.info(0)

    def render(self):
        return self._batch.render(0, self._render_size) if self.render_mode == "rgb_array" else None

    def close(self):
        self._batch.close()

    def _show(self):
        if self._window is not None:
            self._window.show(self._batch, self.env_info["controlRate"])


class VectorEnv(_VectorEnv):
    """Environments that are stepped as one batch; `num_processes` shares them out among processes, one for each core.

    Its results are those of `gymnasium.vector.SyncVectorEnv` over as many `Env`, bit for bit, in every autoreset mode. `env` and
    the other arguments are those of `Env`.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 20}

    def __init__(
        self,
        env: str = "PickPlace-v1",
        num_envs: int = 1,
        *,
        num_processes: int = 1,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        goal: bool = False,
        robot: str | None = None,
        render_mode: str | None = None,
        render_size: int = 480,
        command: list[str] | None = None,
        **settings: Any,
    ):
        _require_render_mode(render_mode, self.metadata["render_modes"])
        if not 1 <= num_processes <= num_envs:
            raise ValueError(f"num_processes is {num_processes}, expected 1 to num_envs ({num_envs})")
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        counts = [num_envs // num_processes + (k < num_envs % num_processes) for k in range(num_processes)]
        self._batch = _Batch(_arguments(env, goal, robot, settings), command, counts)
        self.env_info = self._batch.info
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.single_observation_space = self._batch.observation_space
        self.single_action_space = self._batch.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        fps = round(self.env_info["controlRate"])
        self.metadata = {**self.metadata, "render_fps": fps, "autoreset_mode": self.autoreset_mode}
        self._render_size = render_size
        if goal:
            self.compute_reward = _GoalReward(self.env_info["goal"]["threshold"])

    def reset(self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None):
        count = self.num_envs
        super().reset(seed=seed if isinstance(seed, int) else None)
        if isinstance(seed, int):
            seed = [seed + k for k in range(count)]
        seeds = [None] * count if seed is None else list(seed)
        if len(seeds) != count:
            raise ValueError(f"reset() got {len(seeds)} seeds for {count} environments")
        mask = _mask((options or {}).get("reset_mask"), count)
        rest = {name: value for name, value in (options or {}).items() if name != "reset_mask"}
        rows = self._batch.reset(seeds, rest, mask, self.np_random)
        present = np.ones(count, np.bool_) if mask is None else mask
        return rows.observations, self._infos(rows, present)

    def step(self, actions):
        rows = self._batch.step(_actions(actions, self.action_space.shape), self.autoreset_mode)
        infos: dict[str, Any] = {}
        for k, observation in rows.finals.items():
            infos = self._add_info(infos, {"final_obs": observation, "final_info": rows.final_info(k)}, k)
        infos = self._infos(rows, np.ones(self.num_envs, np.bool_), infos)
        return rows.observations, rows.rewards, rows.terminated, rows.truncated, infos

    def render(self):
        if self.render_mode != "rgb_array":
            return None
        return tuple(self._batch.render(k, self._render_size) for k in range(self.num_envs))

    def close_extras(self, **kwargs: Any):
        self._batch.close()

    def _infos(self, rows: _Rows, present: np.ndarray, infos: dict[str, Any] | None = None) -> dict[str, Any]:
        """What `_add_info` makes of `rows.info` of every present environment, column by column."""
        infos = {} if infos is None else infos
        was_reset = rows.was_reset
        terms: dict[str, Any] = {}
        stepped = present & ~was_reset
        if stepped.any():
            for name, values in zip(rows.term_names, rows.terms.T):
                terms[name], terms[f"_{name}"] = np.where(stepped, values, 0.0), stepped.copy()
        columns = {
            "is_success": np.where(was_reset, rows.reset_success, rows.success) & present,
            "reward_terms": terms,
            "clipped_actions": np.where(stepped, rows.clipped, 0).astype(np.int64),
            "seed": np.array([seed if k else None for seed, k in zip(rows.seeds, present)], object),
        }
        if rows.privileged is not None:
            columns["privileged"] = np.where(present[:, None], rows.privileged, np.float32(0))
        for name, values in columns.items():
            infos[name], infos[f"_{name}"] = values, present.copy()
        for k, note in rows.notes.items():
            if present[k]:
                infos = self._add_info(infos, note, k)
        return infos


def make_sb3_vec_env(env: str = "PickPlace-v1", num_envs: int = 1, **arguments: Any):
    """Make environments that are stepped as one batch, as Stable-Baselines3's `VecEnv`; it must be installed.

    The arguments are those of `VectorEnv`, but for `autoreset_mode`. Its results are those of Stable-Baselines3's `DummyVecEnv` over
    as many `Env`. Wrap it in `VecMonitor` to see returns in its logs, in `VecNormalize` to normalise.
    """
    if "autoreset_mode" in arguments:
        raise ValueError("make_sb3_vec_env() got autoreset_mode: a VecEnv of Stable-Baselines3 always begins the next episode at once")
    return _sb3_class()(VectorEnv(env, num_envs, autoreset_mode=AutoresetMode.SAME_STEP, **arguments))


@lru_cache(None)
def _sb3_class() -> type:
    try:
        from stable_baselines3.common.vec_env import VecEnv
    except ImportError:
        raise ImportError("make_sb3_vec_env() needs Stable-Baselines3: pip install stable-baselines3") from None

    class Sb3VecEnv(VecEnv):
        """`VectorEnv` in autoreset mode SAME_STEP, as Stable-Baselines3 expects it."""

        def __init__(self, env: VectorEnv):
            self.env = env
            self._given: list[dict[str, Any]] = [{} for _ in range(env.num_envs)]
            self._next_actions: Any = None
            super().__init__(env.num_envs, env.single_observation_space, env.single_action_space)
            self.metadata = {**self.metadata, "render_fps": env.metadata["render_fps"]}

        def reset(self):
            if any(options != self._options[0] for options in self._options):
                raise ValueError("reset() got options that differ between environments, which a batch does not have")
            env = self.env
            rows = env._batch.reset(self._seeds, self._options[0], None, env.np_random)
            self.reset_infos = [rows.info(k) for k in range(self.num_envs)]
            self._reset_seeds()
            self._reset_options()
            return rows.observations

        def step_async(self, actions):
            self._next_actions = actions

        def step_wait(self):
            env = self.env
            rows = env._batch.step(_actions(self._next_actions, env.action_space.shape), AutoresetMode.SAME_STEP)
            infos = []
            for k in range(self.num_envs):
                final = rows.finals.get(k)
                info = rows.info(k) if final is None else rows.final_info(k)
                info["TimeLimit.truncated"] = bool(rows.truncated[k] and not rows.terminated[k])
                if final is not None:
                    info["terminal_observation"] = final
                    self.reset_infos[k] = rows.info(k)
                infos.append(info)
            return rows.observations, rows.rewards.astype(np.float32), rows.terminated | rows.truncated, infos

        def close(self):
            self.env.close()

        def get_images(self):
            return self.env.render() or [None] * self.num_envs

        def get_attr(self, attr_name, indices=None):
            of_one = {"observation_space": "single_observation_space", "action_space": "single_action_space"}.get(attr_name, attr_name)
            return [given[attr_name] if attr_name in given else getattr(self.env, of_one) for given in self._of(indices)]

        def set_attr(self, attr_name, value, indices=None):
            for given in self._of(indices):
                given[attr_name] = value

        def env_method(self, method_name, *method_args, indices=None, **method_kwargs):
            if method_name in ("reset", "step", "close"):
                raise AttributeError(f"env_method() got {method_name!r}: the environments of a batch do that together")
            if method_name == "render":
                return [self.env._batch.render(k, self.env._render_size) for k in self._get_indices(indices)]
            return [method(*method_args, **method_kwargs) for method in self.get_attr(method_name, indices)]

        def env_is_wrapped(self, wrapper_class, indices=None):
            return [False for _ in self._get_indices(indices)]

        def _of(self, indices):
            """What `set_attr` gave each environment."""
            return [self._given[k] for k in self._get_indices(indices)]

    return Sb3VecEnv


def register(id: str, env: str) -> None:

    """Register the environment `env`, an id or a module of your own, with Gymnasium under `id`, as "armgym/Mine-v1"."""
    entry, vector_entry = f"{__name__}:Env", f"{__name__}:VectorEnv"
    gymnasium.register(id, entry_point=entry, vector_entry_point=vector_entry, kwargs={"env": env})


class _GoalReward:
    """The sparse reward of one goal or of a batch: 0 where the achieved goal is within the threshold of the desired one, else -1."""

    def __init__(self, threshold: float):
        self._threshold = threshold

    def __call__(self, achieved_goal, desired_goal, info):
        away = np.asarray(achieved_goal, np.float64) - np.asarray(desired_goal, np.float64)
        rewards = np.where(np.sqrt((away * away).sum(-1)) < self._threshold, 0.0, -1.0)
        return float(rewards) if rewards.ndim == 0 else rewards


class _Window:
    """A page of the viewer in the user's browser, where an environment is seen as it is stepped."""

    def __init__(self):
        try:
            webbrowser.get()
        except webbrowser.Error:
            raise RuntimeError(
                'render_mode="human" opens the viewer in a browser, and none can be started here. Use render_mode="rgb_array", '
                "or set the environment variable BROWSER to a command that takes an address: BROWSER=echo prints it"
            ) from None
        self._address: str | None = None
        self._shown = 0.0

    def show(self, batch: _Batch, rate: float) -> None:
        """Show the present state; waits until the one before has been seen for a control step."""
        told = batch.show()
        if told["address"] != self._address:
            self._address = told["address"]
            self._open(batch)
        time.sleep(max(0.0, self._shown + 1 / rate - time.monotonic()))
        self._shown = time.monotonic()

    def _open(self, batch: _Batch) -> None:
        if not webbrowser.open(self._address):
            raise RuntimeError(f'no browser could be opened: open {self._address} by hand, or use render_mode="rgb_array"')
        # a short program would be over before anything is seen
        until = time.monotonic() + _SECONDS_TO_OPEN
        while batch.show()["pages"] == 0 and time.monotonic() < until:
            time.sleep(0.1)


class _Batch:
    """Environments in one or more server processes, as one."""

    def __init__(self, arguments: list[str], command: list[str] | None, counts: list[int]):
        self._arguments, self._command, self._counts = arguments, command, counts
        self._firsts = [sum(counts[:k]) for k in range(len(counts))]
        self._servers: list[_Server] = []
        self._start()
        hello = self._servers[0].hello
        self.info = hello["spec"]
        self._terms = hello["rewardTerms"]
        self._action_names = hello["action"]["names"]
        self._parts = [_Part(part) for part in hello["parts"]]
        seen = {part.name: part.space for part in self._parts if part.name != "privileged"}
        self._flat = list(seen) == ["observation"]
        self.observation_space = seen["observation"] if self._flat else spaces.Dict(seen)
        low, high = (_numbers(hello["action"][name], np.float32) for name in ("low", "high"))
        self.action_space = spaces.Box(low, high, dtype=np.float32)
        self._layouts = [_Layout(count, self._parts, self._terms) for count in counts]
        self._seeds: list[str | None] = [None] * sum(counts)

    def reset(
        self,
        seeds: list[int | None],
        options: dict[str, Any] | None,
        mask: np.ndarray | None,
        random: np.random.Generator,
    ) -> _Rows:
        unknown = [name for name in options or {} if name != "difficulty"]
        if unknown:
            known = '"difficulty", 0 to 1; "reset_mask" of a VectorEnv'
            raise ValueError(f'reset() got the option "{unknown[0]}", expected {known}')
        difficulty = (options or {}).get("difficulty")
        if difficulty is not None and not 0 <= difficulty <= 1:
            raise ValueError(f"reset() got the difficulty {difficulty}, expected a number from 0 to 1")
        if self._closed():
            self._start()
        if self._is_new:
            drawn = random.integers(2**31, size=len(seeds))
            seeds = [int(other) if seed is None else seed for seed, other in zip(seeds, drawn)]
        asked: list[tuple[_Server, bytes]] = []
        for server, first, count in zip(self._servers, self._firsts, self._counts):
            own = slice(first, first + count)
            request: dict[str, Any] = {"seeds": [None if k is None else str(k) for k in seeds[own]]}
            if mask is not None:
                request["mask"] = mask[own].tolist()
            if difficulty is not None:
                request["difficulty"] = float(difficulty)
            asked.append((server, json.dumps(request).encode()))
        rows = self._rows(_exchange(_RESET, asked))
        self._is_new = False
        return rows

    def step(self, actions: np.ndarray, mode: AutoresetMode) -> _Rows:
        actions = actions.reshape(sum(self._counts), -1)
        if not np.isfinite(actions).all():
            k, entry = np.argwhere(~np.isfinite(actions))[0]
            name, value = self._action_names[entry], actions[k, entry]
            where = f"action entry {entry} ({name}) of environment {k}"
            raise ValueError(f"{where} is {value}, expected a number from -1 to 1")
        if self._closed():
            raise RuntimeError("the environment is closed: call reset() to start it again")
        head = struct.pack("<I", _MODES.index(mode))
        asked = [
            (server, head + actions[first : first + count].tobytes())
            for server, first, count in zip(self._servers, self._firsts, self._counts)
        ]
        return self._rows(_exchange(_STEP, asked))

    def render(self, k: int, size: int) -> np.ndarray:
        if self._closed():
            raise RuntimeError("the environment is closed: call reset() to start it again")
        process = max(p for p, first in enumerate(self._firsts) if first <= k)
        request = json.dumps({"env": k - self._firsts[process], "size": size}).encode()
        (body,) = _exchange(_RENDER, [(self._servers[process], request)])
        return np.frombuffer(body, np.uint8).reshape(size, size, 3).copy()

    def show(self) -> dict[str, Any]:
        """Show in the viewer where the first environment is; tells its address, and how many pages look at it."""
        (body,) = _exchange(_SHOW, [(self._servers[0], b'{"env": 0}')])
        return json.loads(body)

    def close(self) -> None:
        for server in self._servers:
            server.end()

    def _start(self) -> None:
        self.close()
        self._servers = []
        command = _find_command(self._command)
        for count in self._counts:
            self._servers.append(_Server([*command, "serve-env", "--num-envs", str(count), *self._arguments]))
        try:
            for server in self._servers:
                server.greet()
        except BaseException:
            self.close()
            raise
        # there is no episode yet whose seed a next one could follow from
        self._is_new = True

    def _closed(self) -> bool:
        return any(server.ended for server in self._servers)

    def _rows(self, bodies: list[bytearray]) -> _Rows:
        many = [_Rows(body, layout, self._flat) for body, layout in zip(bodies, self._layouts)]
        rows = many[0] if len(many) == 1 else _joined(many, self._firsts, self._flat)
        last = list(self._seeds)
        for k, note in rows.reset_notes.items():
            self._seeds[k] = note["seed"]
        rows.last_seeds, rows.seeds = last, list(self._seeds)
        return rows


class _Part:
    """One part of the observation: its name, its space, its bytes."""

    def __init__(self, described: dict[str, Any]):
        self.name: str = described["name"]
        self.dtype = np.dtype(described["dtype"])
        self.shape = tuple(described["shape"])
        low, high = (_numbers(described[bound], self.dtype) for bound in ("low", "high"))
        if self.dtype == np.uint8:
            low, high = (np.full(self.shape, bound[0]) for bound in (low, high))
        self.space = spaces.Box(low.reshape(self.shape), high.reshape(self.shape), dtype=self.dtype)
        self.bytes = self.dtype.itemsize * math.prod(self.shape)


class _Layout:
    """Where in an answer of `count` environments is what; `src/serve/batch-reply.ts` of armgym says it, too."""

    def __init__(self, count: int, parts: list[_Part], terms: list[str]):
        self.count, self.parts, self.terms = count, parts, terms
        self._at = 0
        self.rewards = self._place("<f8", (count,))
        self.term_values = self._place("<f8", (count, len(terms)))
        self.clipped = self._place("<u4", (count,))
        self.columns = {part.name: self._place(part.dtype, (count, *part.shape)) for part in parts}
        self.flags = self._place("?", (5, count))
        self.end = self._at

    def _place(self, dtype: Any, shape: tuple[int, ...]) -> tuple[np.dtype, int, int, tuple[int, ...]]:
        place = np.dtype(dtype), math.prod(shape), self._at, shape
        self._at += place[0].itemsize * place[1]
        return place


class _Rows:
    """What the server answered for each environment: arrays in the memory of the answer, which nobody else has."""

    seeds: list[str | None]
    last_seeds: list[str | None]

    def __init__(self, body: bytearray, layout: _Layout, flat: bool):
        def take(place: tuple[np.dtype, int, int, tuple[int, ...]]) -> np.ndarray:
            dtype, count, at, shape = place
            return np.frombuffer(body, dtype, count, at).reshape(shape)

        self.term_names, self._flat = layout.terms, flat
        self.rewards = take(layout.rewards)
        self.terms = take(layout.term_values)
        self.clipped = take(layout.clipped)
        columns = {name: take(place) for name, place in layout.columns.items()}
        self.terminated, self.truncated, self.success, self.was_reset, self.reset_success = take(layout.flags)
        ended, last, at = _last_columns(body, layout)
        notes = json.loads(body[at:]) if at < len(body) else _NO_NOTES
        self.privileged = columns.pop("privileged", None)
        self._last_privileged = dict(zip(ended, last.pop("privileged", ())))
        self.observations = columns["observation"] if flat else columns
        self.finals = {k: self._row(last, index) for index, k in enumerate(ended)}
        self.reset_notes = {k: note for k, note in notes["reset"]}
        self.step_notes = {k: note for k, note in notes["step"]}

    @property
    def notes(self) -> dict[int, dict[str, Any]]:
        """What only some infos hold, of what each environment did last."""
        began = {k: _without_seed(note) for k, note in self.reset_notes.items()}
        return {**self.step_notes, **began}

    def observation(self, k: int):
        columns = {"observation": self.observations} if self._flat else self.observations
        return self._row(columns, k)

    def info(self, k: int) -> dict[str, Any]:
        privileged = None if self.privileged is None else self.privileged[k].copy()
        if self.was_reset[k]:
            rare = _without_seed(self.reset_notes[k])
            return self._info(bool(self.reset_success[k]), {}, 0, self.seeds[k], privileged, rare)
        return self._step_info(k, self.seeds[k], privileged)

    def final_info(self, k: int) -> dict[str, Any]:
        """The info of the step that ended an episode whose environment was reset in the same step."""
        return self._step_info(k, self.last_seeds[k], self._last_privileged.get(k))

    def _step_info(self, k: int, seed: str | None, privileged: np.ndarray | None) -> dict[str, Any]:
        terms = dict(zip(self.term_names, self.terms[k].tolist()))
        rare = self.step_notes.get(k, {})
        return self._info(bool(self.success[k]), terms, int(self.clipped[k]), seed, privileged, rare)

    def _info(self, success, terms, clipped, seed, privileged, rare) -> dict[str, Any]:
        info = {"is_success": success, "reward_terms": terms, "clipped_actions": clipped, "seed": seed}
        if privileged is not None:
            info["privileged"] = privileged
        return {**info, **rare}

    def _row(self, columns: dict[str, np.ndarray], k: int):
        if self._flat:
            return columns["observation"][k].copy()
        return {name: column[k].copy() for name, column in columns.items()}


def _last_columns(body: bytearray, layout: _Layout) -> tuple[list[int], dict[str, np.ndarray], int]:
    """Which environments began anew in the step that ended their episode, what they observed last, and where that ends."""
    (count,) = struct.unpack_from("<I", body, layout.end)
    at = layout.end + 4 * (1 + count)
    ended = list(struct.unpack_from(f"<{count}I", body, layout.end + 4))
    columns = {}
    for part in layout.parts if count else ():
        flat = np.frombuffer(body, np.uint8, count * part.bytes, at)
        columns[part.name] = flat.copy().view(part.dtype).reshape(count, *part.shape)
        at += count * part.bytes
    return ended, columns, at


def _without_seed(note: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in note.items() if name != "seed"}


def _joined(many: list[_Rows], firsts: list[int], flat: bool) -> _Rows:
    """The rows of several processes, one behind another."""
    rows = object.__new__(_Rows)
    rows.term_names, rows._flat = many[0].term_names, flat
    arrays = ("rewards", "terms", "clipped", "terminated", "truncated", "success", "was_reset", "reset_success")
    for name in arrays:
        setattr(rows, name, np.concatenate([getattr(one, name) for one in many]))
    has_privileged = many[0].privileged is not None
    rows.privileged = np.concatenate([one.privileged for one in many]) if has_privileged else None
    if flat:
        rows.observations = np.concatenate([one.observations for one in many])
    else:
        names = many[0].observations
        rows.observations = {name: np.concatenate([one.observations[name] for one in many]) for name in names}
    for name in ("finals", "reset_notes", "step_notes", "_last_privileged"):
        numbered = zip(firsts, many)
        setattr(rows, name, {first + k: v for first, one in numbered for k, v in getattr(one, name).items()})
    return rows


class _Server:
    """A Node.js process that serves environments on its stdin and stdout, and ends with this object or this process."""

    def __init__(self, command: list[str]):
        self._command = command
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        except OSError as error:
            raise RuntimeError(f"armgym cannot be started by {command[:2]}: {error}") from None
        self._owner = os.getpid()
        self._largest = _LARGEST_HELLO
        self._end = weakref.finalize(self, _end_process, self._process, self._owner)
        self.hello: dict[str, Any] = {}

    @property
    def ended(self) -> bool:
        return not self._end.alive

    def greet(self) -> None:
        """Read what the server begins with."""
        kind, body = self._receive()
        if kind == _ERROR:
            raise _error(body)
        if kind != _HELLO:
            raise RuntimeError(f"{self._command[:3]} answered with a frame of type {kind}: is it armgym?")
        self.hello = json.loads(body)
        if self.hello["protocol"] != PROTOCOL:
            raise RuntimeError(
                f"armgym {self.hello['version']} speaks protocol {self.hello['protocol']}, this file, of {VERSION}, "
                f"protocol {PROTOCOL}. Write it anew: armgym serve-env --client python > armgym_gym.py"
            )
        parts = sum(_Part(part).bytes for part in self.hello["parts"])
        n, terms = self.hello["numEnvs"], len(self.hello["rewardTerms"])
        # rows, last observations, notes; or a picture
        self._largest = max(n * (2 * parts + 8 * terms + 8192), 3 * 4096 * 4096) + (1 << 20)

    def send(self, kind: int, body: bytes) -> None:
        if os.getpid() != self._owner:
            raise RuntimeError("the environment belongs to another process: make it in the process that steps it")
        view = memoryview(struct.pack("<II", kind, len(body)) + body)
        try:
            while view:
                view = view[self._process.stdin.write(view) :]
        except BrokenPipeError:
            raise self._gone() from None

    def receive(self, wanted: int) -> bytearray | Exception:
        kind, body = self._receive()
        if kind == _ERROR:
            return _error(body)
        if kind == wanted:
            return body
        raise RuntimeError(f"armgym answered with a frame of type {kind}, expected {wanted}")

    def end(self) -> None:
        self._end()

    def _receive(self) -> tuple[int, bytearray]:
        kind, size = struct.unpack("<II", self._read(8))
        if size > self._largest:
            raise RuntimeError(f"armgym announces {size} bytes, expected at most {self._largest}: is {self._command[:3]} armgym?")
        return kind, self._read(size)

    def _read(self, size: int) -> bytearray:
        body = bytearray(size)
        view = memoryview(body)
        while view:
            count = self._process.stdout.readinto(view)
            if not count:
                raise self._gone()
            view = view[count:]
        return body

    def _gone(self) -> RuntimeError:
        try:
            code = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            code = "unknown"
        return RuntimeError(f"the environment's process ended by itself (exit code {code}); stderr may say why")


def _exchange(kind: int, asked: list[tuple[_Server, bytes]]) -> list[bytearray]:
    """Ask all servers, then await all: they work side by side."""
    try:
        for server, body in asked:
            server.send(kind, body)
        answers = [server.receive(kind) for server, _ in asked]
    except BaseException:
        # an answer that was not awaited (Ctrl-C, a server that ended) would be given to the next question
        for server, _ in asked:
            server.end()
        raise
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    return answers


def _error(body: bytearray) -> Exception:
    told = json.loads(body)
    return ValueError(told["message"]) if told["kind"] == "usage" else RuntimeError(told["message"])


def _end_process(process: subprocess.Popen, owner: int) -> None:
    # a forked process has this object, too, but not the server
    if os.getpid() != owner:
        return
    for end in (process.stdin, process.stdout):
        try:
            end.close()
        except OSError:
            pass
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _find_command(given: list[str] | None) -> list[str]:
    if given is not None:
        return list(given)
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            for package in (folder / "node_modules" / "armgym", folder):
                main = package / "dist" / "src" / "cli" / "main.js"
                if main.is_file() and _is_armgym(package):
                    return [_find_node(), str(main)]
    found = shutil.which("armgym")
    if found:
        return [found]
    raise RuntimeError('armgym is not installed: run "npm install armgym" in the folder of your program, or name it by command=[...]')


def _is_armgym(package: Path) -> bool:
    try:
        return json.loads((package / "package.json").read_text())["name"] == "armgym"
    except (OSError, ValueError, KeyError):
        return False


def _find_node() -> str:
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("Node.js is not installed, or not in PATH: armgym needs version 20.19 or newer")
    return node


def _arguments(env: str, goal: bool, robot: str | None, settings: dict[str, Any]) -> list[str]:
    given = [f"--set={name}={_json(name, value)}" for name, value in settings.items()]
    chosen = [] if robot is None else [f"--robot={robot}"]
    return [*(["--goal"] if goal else []), *chosen, *given, "--", env]


def _json(name: str, value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False, default=_plain)
    except (TypeError, ValueError):
        raise ValueError(f"the setting {name} is {value!r}, expected what JSON can hold") from None


def _plain(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    raise TypeError


def _numbers(values: list[Any], dtype: Any) -> np.ndarray:
    return np.array([float(value) for value in values]).astype(dtype)


def _actions(actions: Any, shape: tuple[int, ...]) -> np.ndarray:
    try:
        array = np.ascontiguousarray(actions, np.float32)
    except (TypeError, ValueError):
        raise ValueError(f"step() got {actions!r}, expected numbers of the shape {shape}") from None
    if np.ndim(actions) == 0:
        raise TypeError(f"step() got {actions!r}, expected an array of the shape {shape}")
    if array.shape != shape:
        raise ValueError(f"step() got actions of the shape {array.shape}, expected {shape}")
    return array


def _mask(mask: Any, count: int) -> np.ndarray | None:
    if mask is None:
        return None
    # what SyncVectorEnv says
    name = "`options['reset_mask']`"
    if not isinstance(mask, np.ndarray):
        raise TypeError(f"{name} must be a numpy array, got {type(mask)}")
    if mask.shape != (count,):
        raise ValueError(f"{name} must have shape `({count},)`, got {mask.shape}")
    if mask.dtype != np.bool_:
        raise TypeError(f"{name} must have `dtype=np.bool_`, got {mask.dtype}")
    if not mask.any():
        raise ValueError(f"{name} must contain a boolean array with at least one True value, got reset_mask={mask}")
    return mask.copy()


def _require_render_mode(mode: str | None, known: list[str]) -> None:
    if mode is not None and mode not in known:
        names = " or ".join(f'"{name}"' for name in known)
        raise ValueError(f"render_mode is {mode!r}, expected None or {names}")


for _id in ENV_IDS:
    register(f"armgym/{_id}", _id)
