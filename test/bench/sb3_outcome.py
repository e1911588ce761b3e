# What the scripts that train with Stable-Baselines3 through armgym's server have in common: held-out episodes, and their report.
import json
import os
import sys
import time

import numpy as np
import stable_baselines3
from stable_baselines3.common.callbacks import BaseCallback


def servers_seconds(vec_env):
    """Processor time of the Node processes behind a VecEnv, s; Linux."""
    total = 0
    for server in vec_env.unwrapped.env._batch._servers:
        with open(f"/proc/{server._process.pid}/stat") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        total += int(user) + int(system)
    return total / os.sysconf("SC_CLK_TCK")


def held_out_success(model, vec_env, first_seed, count):
    """Share of `count` episodes, one for each seed from `first_seed` on, that the policy's mean ends in success."""
    solved = []
    while len(solved) < count:
        vec_env.seed(first_seed + len(solved))
        observation = vec_env.reset()
        outcomes = np.full(vec_env.num_envs, -1)
        # the first episode of every environment, and none of those after it
        while (outcomes < 0).any():
            observation, _, dones, infos = vec_env.step(model.predict(observation, deterministic=True)[0])
            for k in np.flatnonzero(dones & (outcomes < 0)):
                outcomes[k] = infos[k]["is_success"]
        solved += outcomes.tolist()
    return sum(solved[:count]) / count


class Report(BaseCallback):
    """Says on stderr how training goes, and measures what it takes."""

    def __init__(self, what, every):
        super().__init__()
        self._what, self._every, self._told = what, every, 0
        self._outcomes = []

    def _on_training_start(self):
        self._wall, self._own, self._servers = time.perf_counter(), time.process_time(), servers_seconds(self.training_env)

    def _on_step(self):
        ended = zip(self.locals["dones"], self.locals["infos"])
        self._outcomes += [info["is_success"] for done, info in ended if done]
        if self.num_timesteps - self._told >= self._every:
            self._told = self.num_timesteps
            recent = 100 * np.mean(self._outcomes[-200:]) if self._outcomes else 0
            seconds = time.perf_counter() - self._wall
            told = f"{self._what}: {self._told} steps, {seconds:.0f} s, success of the last 200 {recent:.0f} %"
            print(told, file=sys.stderr, flush=True)
        return True

    def _on_training_end(self):
        own, servers = time.process_time() - self._own, servers_seconds(self.training_env) - self._servers
        self._taken = {"seconds": time.perf_counter() - self._wall, "processorSeconds": own + servers}

    def print_outcome(self, success):
        """Print the line that sb3.ts reads."""
        version = f"Stable-Baselines3 {stable_baselines3.__version__}"
        print(json.dumps({"success": success, "steps": self.num_timesteps, **self._taken, "version": version}))
