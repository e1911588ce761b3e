"""The client of src/serve/armgym_gym.py against Gymnasium and, where it is there, Stable-Baselines3.

usage: python gymnasium_checks.py FOLDER_OF_ARMGYM_GYM CHECK [OWN_ENV OWN_ROBOT]; prints "ok" or fails with the reason.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
import warnings

sys.path.insert(0, sys.argv[1])

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import armgym_gym

SMALL_CAMERA = {"observationMode": "camera", "cameras": [{"name": "front", "width": 40, "height": 36}]}
KINDS = {
    "state": ("PickPlace-v1", {}),
    "goal": ("Reach-v1", {"goal": True}),
    "camera": ("Reach-v1", SMALL_CAMERA),
    "randomised": ("Push-v1", {"randomization": "default", "curriculum": True}),
}


def differences(a, b, path=""):
    """Where two results differ: keys, types, shapes, bits."""
    if isinstance(a, dict) and isinstance(b, dict):
        only = [f"{path}.{key} is in one only" for key in sorted(set(a) ^ set(b))]
        return only + [d for key in a.keys() & b.keys() for d in differences(a[key], b[key], f"{path}.{key}")]
    if type(a) is not type(b):
        return [f"{path}: {type(a)} and {type(b)}"]
    if isinstance(a, (tuple, list)) and len(a) == len(b):
        return [d for k in range(len(a)) for d in differences(a[k], b[k], f"{path}[{k}]")]
    if isinstance(a, np.ndarray):
        if a.shape != b.shape or a.dtype != b.dtype:
            return [f"{path}: {a.dtype}{a.shape} and {b.dtype}{b.shape}"]
        if a.dtype == object:
            return [d for k in range(len(a)) for d in differences(a[k], b[k], f"{path}[{k}]")]
        return [] if a.tobytes() == b.tobytes() else [f"{path}: {a} and {b}"]
    return [] if a == b else [f"{path}: {a!r} and {b!r}"]


def same(a, b, what):
    found = differences(a, b)
    assert not found, f"{what}: " + "; ".join(found[:8])


def refusal(call, *others):
    try:
        call()
    except (ValueError, TypeError, RuntimeError, *others) as error:
        return f"{type(error).__name__}: {error}".replace(sys.executable, "python")
    raise AssertionError("it was not refused")


def checkers():
    """Gymnasium's checker and Stable-Baselines3's, without a warning but the one that says what a goal environment is."""
    try:
        from stable_baselines3.common.env_checker import check_env as sb3_check
    except ImportError:
        sb3_check = None
    # check_env makes an environment of every render mode: nobody is to look at it
    armgym_gym._SECONDS_TO_OPEN = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for env_id, settings in KINDS.values():
            env = gymnasium.make(f"armgym/{env_id}", render_mode="rgb_array", disable_env_checker=True, **settings)
            # with a specification that says it is deterministic, which it is then compared by
            env.unwrapped.spec = env.spec
            check_env(env.unwrapped)
            if sb3_check:
                sb3_check(env.unwrapped, skip_render_check=False)
            env.reset(seed=1)
            picture = env.render()
            assert picture.shape == (480, 480, 3) and picture.std() > 10, picture.std()
            env.close()
    print("with Stable-Baselines3" if sb3_check else "without Stable-Baselines3")


def batches():
    """A batch is what SyncVectorEnv over single environments is: observations, rewards, ends and infos, bit for bit."""
    count, steps = 3, 110
    next_step, same_step, disabled = AutoresetMode
    modes = {"state": (next_step, same_step, disabled), "goal": (same_step,), "camera": (same_step,), "randomised": (disabled,)}
    for kind, (env_id, settings) in KINDS.items():
        for mode in modes[kind]:
            singles = [lambda: armgym_gym.Env(env_id, **settings)] * count
            theirs = SyncVectorEnv(singles, autoreset_mode=mode)
            two = {"num_processes": 2} if mode == AutoresetMode.SAME_STEP else {}
            ours = armgym_gym.VectorEnv(env_id, count, autoreset_mode=mode, **two, **settings)
            for space in ("single_observation_space", "observation_space", "single_action_space", "action_space"):
                assert getattr(theirs, space) == getattr(ours, space), space
            same(theirs.reset(seed=42), ours.reset(seed=42), f"{kind} {mode} reset")
            random, ends = np.random.default_rng(0), 0
            for k in range(steps):
                actions = random.uniform(-1.2, 1.2, theirs.action_space.shape).astype(np.float32)
                one, other = theirs.step(actions), ours.step(actions)
                same(one, other, f"{kind} {mode} step {k}")
                assert ours.observation_space.contains(other[0]), f"{kind} {mode} step {k}"
                done = one[2] | one[3]
                ends += int(done.sum())
                if mode == AutoresetMode.DISABLED and done.any():
                    seeds = [k, None, 7 * k]
                    again = [{"options": {"reset_mask": done.copy()}, "seed": seeds} for _ in range(2)]
                    same(theirs.reset(**again[0]), ours.reset(**again[1]), f"{kind} {mode} masked reset {k}")
            assert ends >= 2 * count, f"{kind} {mode}: only {ends} episodes ended"
            theirs.close()
            ours.close()
            print(f"{kind} {mode.value}: {ends} ends")


def goals():
    """The reward of every step is what compute_reward makes of its goals, of one and of a batch."""
    env = gymnasium.make("armgym/Reach-v1", goal=True)
    observation, info = env.reset(seed=3)
    rewards, achieved, desired = [], [], []
    for _ in range(50):
        way = observation["desired_goal"] - observation["achieved_goal"]
        observation, reward, _, _, info = env.step(np.clip(10 * way, -1, 1))
        assert reward == env.unwrapped.compute_reward(observation["achieved_goal"], observation["desired_goal"], info)
        rewards.append(reward)
        achieved.append(observation["achieved_goal"])
        desired.append(observation["desired_goal"])
    assert set(rewards) == {0.0, -1.0}, set(rewards)
    many = env.unwrapped.compute_reward(np.array(achieved), np.array(desired), [{}] * 50)
    assert many.tolist() == rewards
    assert not hasattr(gymnasium.make("armgym/Reach-v1").unwrapped, "compute_reward")
    for call in (
        lambda: armgym_gym.Env("Sort-v1", goal=True),
        lambda: armgym_gym.Env("RememberGoal-v1", goal=True),
        lambda: armgym_gym.Env("Occluded-v1", goal=True),
        lambda: armgym_gym.Env("Reach-v1", goal=True, rewardMode="dense"),
        lambda: armgym_gym.Env("Reach-v1", goal=True, **SMALL_CAMERA),
    ):
        print(refusal(call))


def seeds():
    """Seeds make episodes again; without one the first episodes of two environments differ, and info tells what makes them again."""
    one, other = (gymnasium.make("armgym/Reach-v1") for _ in range(2))
    first, info = one.reset()
    assert not np.array_equal(first, other.reset()[0])
    same(other.reset(seed=int(info["seed"]))[0], first, "the episode of info's seed")
    second = one.reset()[0]
    same(other.reset()[0], second, "the episode after it")
    assert not np.array_equal(first, second)
    same(one.reset(seed=5)[0], other.reset(seed=5)[0], "seed 5")
    easy = one.reset(seed=5, options={"difficulty": 0.1})
    assert easy[1]["difficulty"] == 0.1 and not np.array_equal(easy[0], other.reset(seed=5)[0])
    one.close()
    # closed, it is started again by a reset, and does not begin with the episode it always had
    assert not np.array_equal(one.reset()[0], one.unwrapped.reset(seed=0)[0])
    envs = gymnasium.make_vec("armgym/Reach-v1", num_envs=2)
    starts = envs.reset()[0]
    assert not np.array_equal(starts[0], starts[1])


def sb3():
    """make_sb3_vec_env gives what DummyVecEnv over single environments gives, and learners take it."""
    try:
        from stable_baselines3 import PPO, SAC, HerReplayBuffer
        from stable_baselines3.common.vec_env import DummyVecEnv, VecMonitor, VecNormalize
    except ImportError:
        print(refusal(lambda: armgym_gym.make_sb3_vec_env("Reach-v1"), ImportError))
        return
    count = 3
    for kind in ("goal", "randomised"):
        env_id, settings = KINDS[kind]
        theirs = DummyVecEnv([lambda: armgym_gym.Env(env_id, **settings)] * count)
        ours = armgym_gym.make_sb3_vec_env(env_id, count, num_processes=2, **settings)
        assert (theirs.observation_space, theirs.action_space) == (ours.observation_space, ours.action_space)
        for vec_env in (theirs, ours):
            vec_env.seed(11)
            vec_env.set_options({"difficulty": 0.5})
        plain = lambda observation: dict(observation) if isinstance(observation, dict) else observation
        same(plain(theirs.reset()), ours.reset(), f"{kind} reset")
        same(theirs.reset_infos, ours.reset_infos, f"{kind} reset infos")
        random, ends = np.random.default_rng(0), 0
        for k in range(110):
            actions = random.uniform(-1, 1, (count, *theirs.action_space.shape)).astype(np.float32)
            one, other = theirs.step(actions), ours.step(actions)
            same((plain(one[0]), *one[1:]), other, f"{kind} step {k}")
            same(theirs.reset_infos, ours.reset_infos, f"{kind} reset infos at {k}")
            ends += int(one[2].sum())
        assert ends >= 2 * count, ends
        goals = (other[0]["achieved_goal"], other[0]["desired_goal"], [{}] * count) if kind == "goal" else None
        if goals:
            same(theirs.env_method("compute_reward", *goals, indices=[0]), ours.env_method("compute_reward", *goals, indices=[0]), "reward")
        ours.set_attr("mine", 7, indices=[1])
        assert ours.get_attr("mine", [1]) == [7] and not ours.has_attr("mine")
        assert ours.get_attr("observation_space") == theirs.get_attr("observation_space")
        assert ours.env_is_wrapped(gymnasium.Wrapper) == [False] * count
        theirs.close()
        ours.close()
    PPO("MlpPolicy", VecNormalize(VecMonitor(armgym_gym.make_sb3_vec_env("Reach-v1", 4))), n_steps=32, batch_size=64, n_epochs=2, device="cpu").learn(128)
    goal_envs = armgym_gym.make_sb3_vec_env("Reach-v1", 2, goal=True, render_mode="rgb_array", render_size=50)
    SAC("MultiInputPolicy", goal_envs, replay_buffer_class=HerReplayBuffer, learning_starts=110, device="cpu").learn(120)
    # one above the other
    assert goal_envs.render().shape == (100, 50, 3)
    goal_envs.set_options([{}, {"difficulty": 1}])
    print(refusal(goal_envs.reset))
    print(refusal(lambda: goal_envs.env_method("step", [0, 0, 0]), AttributeError))
    print(refusal(lambda: armgym_gym.make_sb3_vec_env("Reach-v1", autoreset_mode="NextStep")))


def human():
    """An episode is seen in the viewer as it is stepped, at its pace."""
    armgym_gym._SECONDS_TO_OPEN = 0
    env = gymnasium.make("armgym/Reach-v1", render_mode="human")
    env.reset(seed=1)
    # what BROWSER names wrote down its argument
    with open(sys.argv[3]) as file:
        address = file.read().strip()
    with urllib.request.urlopen(address) as page:
        assert b"<title>" in page.read(), address
    start = time.monotonic()
    for _ in range(10):
        env.step(np.zeros(3, np.float32))
    # 20 steps a second
    assert time.monotonic() - start > 0.4
    assert env.render() is None
    env.close()
    try:
        urllib.request.urlopen(address)
        raise AssertionError(f"{address} still answers")
    except OSError:
        pass


def no_browser():
    os.environ["PATH"] = os.devnull
    print(refusal(lambda: gymnasium.make("armgym/Reach-v1", render_mode="human")))


def own():
    """Modules of the user's own."""
    armgym_gym.register("armgym/Line-v1", sys.argv[3])
    env = gymnasium.make("armgym/Line-v1", speed=0.25)
    x = env.reset(seed=1)[0][0]
    y = env.step(np.ones(1, np.float32))[0][0]
    assert abs(y - x - 0.25) < 1e-6, (x, y)
    envs = gymnasium.make_vec("armgym/Line-v1", num_envs=3)
    assert envs.reset(seed=1)[0].shape == (3, 1)
    assert armgym_gym.Env("Reach-v1", robot=sys.argv[4]).env_info["robot"] == "mine"


def refusals():
    """What cannot be is refused in the caller's terms, and nothing is stepped by it."""
    env = armgym_gym.Env("Reach-v1")
    print(refusal(lambda: env.step(np.zeros(3))))
    start = env.reset(seed=1)[0]
    print(refusal(lambda: env.step(np.zeros((1, 3)))))
    print(refusal(lambda: env.step([0, np.nan, 0])))
    print(refusal(lambda: env.step(["left", 0, 0])))
    print(refusal(lambda: env.reset(options={"dificulty": 1})))
    print(refusal(lambda: env.reset(options={"difficulty": 3})))
    env.reset(seed=1)
    assert np.abs(env.step(np.zeros(3, np.float64))[0] - start).max() < 0.05
    print(refusal(lambda: armgym_gym.Env("Reach-v1", controlRat=10)))
    print(refusal(lambda: armgym_gym.Env("Reach-v1", controlRate=float("nan"))))
    print(refusal(lambda: armgym_gym.Env("Reach-v1", render_mode="ansi")))
    print(refusal(lambda: armgym_gym.VectorEnv("Reach-v1", render_mode="human")))
    print(refusal(lambda: armgym_gym.Env("Reach-v1", command=[sys.executable, "-c", "print('x' * 99)"])))
    print(refusal(lambda: armgym_gym.Env("Reach-v1", command=["there-is-no-such-program"])))
    old = 'import json, sys; t = json.dumps({"protocol": 0, "version": "0.1.9"}).encode(); '
    old += 'sys.stdout.buffer.write(bytes(4) + len(t).to_bytes(4, "little") + t)'
    print(refusal(lambda: armgym_gym.Env("Reach-v1", command=[sys.executable, "-c", old])))
    envs = armgym_gym.VectorEnv("Reach-v1", 2)
    print(refusal(lambda: envs.reset(seed=[1])))
    envs.reset(seed=1)
    print(refusal(lambda: envs.step(np.zeros((3, 3)))))
    print(refusal(lambda: envs.step(0)))
    print(refusal(lambda: envs.reset(options={"reset_mask": np.array([True])})))
    print(refusal(lambda: envs.reset(options={"reset_mask": [True, False]})))


def ends():
    """No server outlives its owner, however that ends; one that dies is told and started again by a reset."""
    program = f"import sys; sys.path.insert(0, {sys.argv[1]!r}); import armgym_gym; "
    program += "env = armgym_gym.Env('Reach-v1'); env.reset(); print(env._batch._servers[0]._process.pid, flush=True); "
    for how, end in {"done": "", "killed": "import time; time.sleep(600)", "raised": "raise SystemExit(3)"}.items():
        child = subprocess.Popen([sys.executable, "-c", program + end], stdout=subprocess.PIPE, text=True)
        server = int(child.stdout.readline())
        if how == "killed":
            child.send_signal(signal.SIGKILL)
        child.wait()
        assert_gone(server, how)
    env = armgym_gym.Env("Reach-v1")
    env.reset(seed=1)
    first = env._batch._servers[0]._process.pid
    os.kill(first, signal.SIGKILL)
    print(refusal(lambda: env.step(np.zeros(3))))
    print(refusal(lambda: env.step(np.zeros(3))))
    env.reset(seed=1)
    env.step(np.zeros(3))
    second = env._batch._servers[0]._process.pid
    del env
    assert_gone(second, "collected")


def assert_gone(pid, how):
    for _ in range(200):
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except (ProcessLookupError, FileNotFoundError):
            return
        time.sleep(0.05)
    raise AssertionError(f"{how}: the server {pid} goes on")


{f.__name__: f for f in (checkers, batches, goals, seeds, sb3, human, no_browser, own, refusals, ends)}[sys.argv[2]]()
print("ok")
