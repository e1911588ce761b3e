# Stable-Baselines3's PPO through armgym's server, one thread; see sb3.ts.
# usage: python sb3-ppo.py FOLDER_OF_ARMGYM_GYM NODE MAIN ENV SEED STEPS FIRST_HELD_OUT_SEED EPISODES; its last line is JSON.
import sys

sys.path.insert(0, sys.argv[1])

import armgym_gym
import torch
from sb3_outcome import Report, held_out_success
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import VecNormalize

torch.set_num_threads(1)
command, env_id = sys.argv[2:4], sys.argv[4]
seed, steps, first_held_out, episodes = map(int, sys.argv[5:9])
NUM_ENVS, NUM_STEPS = 32, 64
# as our own trainings have it; held-out episodes are measured with the finer default
coarse = {"iterations": 10, "tolerance": 1e-3}
envs = VecNormalize(armgym_gym.make_sb3_vec_env(env_id, NUM_ENVS, command=command, solver=coarse), gamma=0.95)
model = PPO(
    "MlpPolicy",
    envs,
    n_steps=NUM_STEPS,
    batch_size=512,
    n_epochs=10,
    target_kl=0.03,
    gamma=0.95,
    gae_lambda=0.95,
    # falls to 0 at the end
    learning_rate=lambda left: 1e-3 * left,
    max_grad_norm=0.5,
    policy_kwargs=dict(net_arch=[64, 64], log_std_init=-0.5),
    seed=seed,
    device="cpu",
)
report = Report(f"{env_id}, PPO, seed {seed}", 16 * NUM_ENVS * NUM_STEPS)
# whole rollouts, and not one more
model.learn(steps // (NUM_ENVS * NUM_STEPS) * NUM_ENVS * NUM_STEPS, callback=report)
measured = VecNormalize(armgym_gym.make_sb3_vec_env(env_id, NUM_ENVS, command=command), training=False, norm_reward=False)
measured.obs_rms = envs.obs_rms
report.print_outcome(held_out_success(model, measured, first_held_out, episodes))
envs.close()
measured.close()
