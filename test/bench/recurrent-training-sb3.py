# sb3-contrib's RecurrentPPO on 64 x 64 pictures, one thread: prints its version and steps per second of processor time.
# The environment costs next to nothing: it hands out one random picture per episode.
import sys
import time

import gymnasium as gym
import numpy as np
import sb3_contrib
import torch
from gymnasium import spaces
from sb3_contrib import RecurrentPPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import DummyVecEnv

torch.set_num_threads(1)
sizes, iterations = sys.argv[1], int(sys.argv[2])
ENVS, STEPS = 8, 128
# "same": the sizes of our network with Nature-CNN; "default": as the library sets them
same = dict(
    batch_size=256,
    n_epochs=4,
    policy_kwargs=dict(
        features_extractor_kwargs=dict(features_dim=128),
        lstm_hidden_size=128,
        shared_lstm=True,
        enable_critic_lstm=False,
    ),
)


class Pictures(gym.Env):
    observation_space = spaces.Box(0, 255, (3, 64, 64), np.uint8)
    action_space = spaces.Box(-1, 1, (4,), np.float32)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        self.picture = self.np_random.integers(0, 255, (3, 64, 64), dtype=np.uint8)
        return self.picture, {}

    def step(self, action):
        self.steps += 1
        return self.picture, float(-np.abs(action).sum()), False, self.steps >= 50, {}


class Clock(BaseCallback):
    """Starts at the end of the first iteration, which warms up what the others use."""

    begin = None

    def _on_step(self):
        return True

    def _on_rollout_start(self):
        if self.num_timesteps == ENVS * STEPS:
            self.begin = time.process_time()


clock = Clock()
model = RecurrentPPO(
    "CnnLstmPolicy",
    DummyVecEnv([Pictures] * ENVS),
    n_steps=STEPS,
    seed=0,
    device="cpu",
    **(same if sizes == "same" else {}),
)
model.learn(ENVS * STEPS * (iterations + 1), callback=clock)
seconds = time.process_time() - clock.begin
print(sb3_contrib.__version__, ENVS * STEPS * iterations / seconds)
