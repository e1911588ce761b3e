"""Gymnasium's own tests of vector environments, run against the batch of src/serve/armgym_gym.py.

Its repository holds them, its package does not; needs pytest, cloudpickle (of Gymnasium) and the built armgym:

    git clone --depth 1 --branch v1.4.0 https://github.com/Farama-Foundation/Gymnasium
    node dist/src/cli/main.js serve-env --client python > FOLDER/armgym_gym.py
    python test/serve/gymnasium_vector_tests.py FOLDER Gymnasium [options of pytest]

Where a test makes CartPole or another of Gymnasium's environments it gets armgym/Reach-v1, and `SyncVectorEnv` over several of them is
`armgym_gym.VectorEnv`; `AsyncVectorEnv`, and `SyncVectorEnv` over wrapped ones, stay what they are, to be compared with. Tests of
environments written in Python, of discrete actions and of what only `SyncVectorEnv` has (`envs`, `call`, `set_attr`, a tuple
as `np_random_seed`) say nothing about a batch and are left out.
"""

import sys
from pathlib import Path

FOLDER, SOURCES = (str(Path(path).resolve()) for path in sys.argv[1:3])
sys.path[:0] = [FOLDER, SOURCES]

import gymnasium
import gymnasium.vector
import pytest

import armgym_gym

OURS = "armgym/Reach-v1"
THEIRS = ("CartPole-v1", "FrozenLake-v1", "MountainCarContinuous-v0")
SELECTED = [
    "tests/vector/test_vector_env.py::test_vector_env_equal",
    "tests/vector/test_vector_env.py::test_partial_reset[Sync]",
    "tests/vector/test_vector_env.py::test_partial_reset_failure[Sync]",
    "tests/vector/test_vector_env.py::test_action_count_compatibility[Sync]",
    "tests/vector/test_sync_vector_env.py::test_create_sync_vector_env",
    "tests/vector/test_sync_vector_env.py::test_reset_sync_vector_env",
    "tests/vector/test_sync_vector_env.py::test_render_sync_vector",
    "tests/vector/test_autoreset_mode.py::test_make_vec_autoreset",
    "tests/vector/test_vector_wrapper.py::test_vector_env_wrapper_inheritance",
    "tests/vector/test_vector_wrapper.py::test_vector_env_metadata",
    "tests/wrappers/vector/test_vector_wrappers.py::test_vector_wrapper_equivalence",
    "tests/wrappers/vector/test_record_episode_statistics.py::test_record_episode_statistics",
    "tests/wrappers/vector/test_dict_info_to_list.py::test_usage_in_vector_env",
]
# of environments whose observations have another shape, or are pictures
LEFT_OUT = "not RescaleObservation and not CarRacing and not DictObsEnv"

make, make_vec, sync = gymnasium.make, gymnasium.make_vec, gymnasium.vector.SyncVectorEnv


def make_ours(id, **kwargs):
    return make(OURS if id in THEIRS else id, **kwargs)


def batch(env_fns, autoreset_mode=gymnasium.vector.AutoresetMode.NEXT_STEP, **_):
    """What stands for `SyncVectorEnv`: as many of ours as there are functions, which all make the same."""
    one = env_fns[0]()
    assert isinstance(one.unwrapped, armgym_gym.Env), one
    render_mode = one.render_mode
    one.close()
    return armgym_gym.VectorEnv("Reach-v1", len(env_fns), autoreset_mode=autoreset_mode, render_mode=render_mode)


def make_vec_ours(id, num_envs=1, vectorization_mode=None, vector_kwargs=None, wrappers=(), **kwargs):
    id = OURS if id in THEIRS else id
    is_batch = not wrappers and vectorization_mode in (None, "sync", gymnasium.VectorizeMode.SYNC)
    if is_batch:
        return make_vec(id, num_envs=num_envs, vectorization_mode="vector_entry_point", **(vector_kwargs or {}), **kwargs)
    # of wrapped environments it is made by its name, too
    gymnasium.vector.SyncVectorEnv = sync
    try:
        return make_vec(id, num_envs, vectorization_mode, vector_kwargs, wrappers=wrappers, **kwargs)
    finally:
        gymnasium.vector.SyncVectorEnv = batch


gymnasium.make, gymnasium.make_vec = make_ours, make_vec_ours
gymnasium.vector.SyncVectorEnv = batch
options = ["-q", "-p", "no:cacheprovider", f"--rootdir={SOURCES}", "-k", LEFT_OUT, *sys.argv[3:]]
sys.exit(pytest.main([*options, *(f"{SOURCES}/{test}" for test in SELECTED)]))
