# Stable-Baselines3's SAC with hindsight experience replay through armgym's server, one thread; see sb3.ts.
# usage: python sb3-her.py FOLDER_OF_ARMGYM_GYM NODE MAIN ENV SEED STEPS FIRST_HELD_OUT_SEED EPISODES; its last line is JSON.
import sys

sys.path.insert(0, sys.argv[1])

import armgym_gym
import torch
from sb3_outcome import Report, held_out_success
from stable_baselines3 import SAC, HerReplayBuffer

torch.set_num_threads(1)
command, env_id = sys.argv[2:4], sys.argv[4]
seed, steps, first_held_out, episodes = map(int, sys.argv[5:9])
# as our own trainings have it; held-out episodes are measured with the finer default
coarse = {"iterations": 10, "tolerance": 1e-3}
envs = armgym_gym.make_sb3_vec_env(env_id, 1, goal=True, command=command, solver=coarse)
model = SAC(
    "MultiInputPolicy",
    envs,
    replay_buffer_class=HerReplayBuffer,
    replay_buffer_kwargs=dict(n_sampled_goal=4, goal_selection_strategy="future"),
    learning_rate=1e-3,
    gamma=0.95,
    batch_size=256,
    learning_starts=1000,
    policy_kwargs=dict(net_arch=[64, 64]),
    seed=seed,
    device="cpu",
)
report = Report(f"{env_id}, SAC with HER, seed {seed}", 2000)
model.learn(steps, callback=report)
measured = armgym_gym.make_sb3_vec_env(env_id, 20, goal=True, command=command)
report.print_outcome(held_out_success(model, measured, first_held_out, episodes))
envs.close()
measured.close()
