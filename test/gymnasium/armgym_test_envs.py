"""Small environments, registered with the real Gymnasium when this module is imported."""

import os
import signal
import sys
import time

import gymnasium
import numpy as np
from gymnasium import spaces


class Line(gymnasium.Env):
    """A point on a line that is to come near 0; the action, from -0.5 to 1.5, is how far it moves."""

    metadata = {"render_modes": [], "render_fps": 20}

    def __init__(self, start=1.0, fails=None, render_mode=None):
        self.observation_space = spaces.Box(-np.inf, np.inf, (2,), np.float64)
        self.action_space = spaces.Box(np.float32([-0.5]), np.float32([1.5]))
        self.start, self.fails = start, fails

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if self.fails == "reset":
            raise RuntimeError("no more episodes")
        self.steps = 0
        self.x = self.start * self.np_random.uniform(-1, 1)
        return self.seen(), {}

    def step(self, action):
        self.steps += 1
        self.x += float(action[0])
        if self.steps == 2:
            self.fail()
        near = abs(self.x) < 0.1
        gone = abs(self.x) > 3
        return self.seen(), -abs(self.x), gone, False, {"is_success": np.bool_(near)}

    def seen(self):
        return np.array([self.x, 10 * self.x])

    def fail(self):
        if self.fails == "step":
            raise RuntimeError("the motor is hot")
        if self.fails == "exit":
            sys.exit("enough")
        if self.fails == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.fails == "hangs":
            while True:
                time.sleep(0.01)
        if self.fails == "nan":
            self.x = np.nan


class Goal(gymnasium.Env):
    """Two numbers that are to become the goal's; observed together with three that are not the goal."""

    dt = 0.04
    distance_threshold = 0.05

    def __init__(self, render_mode=None):
        goal = spaces.Box(-10.0, 10.0, (2,), np.float64)
        observation = spaces.Box(-1.0, 1.0, (1, 3), np.float32)
        self.observation_space = spaces.Dict(observation=observation, achieved_goal=goal, desired_goal=goal)
        self.action_space = spaces.Box(-1.0, 1.0, (2,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = np.zeros(2)
        self.goal = self.np_random.uniform(-0.3, 0.3, 2)
        return self.seen(), {}

    def step(self, action):
        self.place = self.place + 0.1 * action
        distance = float(np.linalg.norm(self.place - self.goal))
        return self.seen(), -distance, False, False, {"is_success": float(distance < self.distance_threshold)}

    def seen(self):
        observation = np.float32([[0.25, 0.5, 0.75]])
        return {"observation": observation, "achieved_goal": self.place, "desired_goal": self.goal}


class Odd(gymnasium.Env):
    """Spaces that armgym's agents cannot take, or observations that are not of their space."""

    def __init__(self, what="none", render_mode=None):
        number = spaces.Box(-1.0, 1.0, (1,), np.float32)
        observations = {
            "picture": spaces.Dict(pixels=spaces.Box(0, 255, (4, 6, 3), np.uint8), joints=number),
            "bits": spaces.MultiBinary(3),
            "tuple": spaces.Dict(pair=spaces.Tuple((number, number))),
            "nothing": spaces.Dict(),
        }
        actions = {
            "discrete": spaces.Discrete(4),
            "open": spaces.Box(np.float32([-1, -np.inf]), np.float32([1, np.inf])),
            "whole": spaces.Box(0, 5, (1,), np.int64),
            "named": spaces.Dict(arm=number),
        }
        self.observation_space = observations.get(what, number)
        self.action_space = actions.get(what, number)
        self.what = what

    def reset(self, *, seed=None, options=None):
        return np.zeros(3 if self.what == "shape" else 1, np.float32), {}

    def step(self, action):
        return np.zeros(1, np.float32), 0.0, False, False, {}


for name, entry, limit in [("Line", Line, 6), ("Endless", Line, None), ("Goal", Goal, 12), ("Odd", Odd, 5)]:
    gymnasium.register(f"{name}-v0", entry, max_episode_steps=limit)
