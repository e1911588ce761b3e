# Steps PickPlace-v1 from Python through armgym's server with random actions; Linux.
# usage: python bridge.py FOLDER_OF_ARMGYM_GYM NODE MAIN NUM_ENVS NUM_PROCESSES STEPS
# prints, as JSON, steps per second of processor time of Python and Node together, its share in Python, and steps per second.
import json
import os
import sys
import time

sys.path.insert(0, sys.argv[1])

import armgym_gym
import numpy as np

num_envs, num_processes, steps = map(int, sys.argv[4:7])
envs = armgym_gym.VectorEnv("PickPlace-v1", num_envs, num_processes=num_processes, command=sys.argv[2:4])
servers = [server._process.pid for server in envs._batch._servers]
actions = np.random.default_rng(1).uniform(-1, 1, (997, *envs.action_space.shape)).astype(np.float32)


def node_seconds():
    total = 0
    for pid in servers:
        with open(f"/proc/{pid}/stat") as file:
            user, system = file.read().rsplit(")", 1)[1].split()[11:13]
        total += int(user) + int(system)
    return total / os.sysconf("SC_CLK_TCK")


def run(count):
    for k in range(max(1, count // num_envs)):
        envs.step(actions[k % len(actions)])


envs.reset(seed=1)
run(steps // 2)  # V8 compiles hot code meanwhile
python, node, clock = time.process_time(), node_seconds(), time.perf_counter()
run(steps)
python, node, clock = time.process_time() - python, node_seconds() - node, time.perf_counter() - clock
done = max(1, steps // num_envs) * num_envs
print(json.dumps({"perProcessorSecond": done / (python + node), "python": python / (python + node), "perSecond": done / clock}))
