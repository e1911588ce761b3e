# The update that recurrent-update.bench.ts measures, in PyTorch on one thread: prints the least processor time of 30, in ms.
import time

import torch
from torch import nn

torch.set_num_threads(1)
STEPS, ENVS, UNITS, FEATURES, ACTIONS = 32, 8, 128, 128, 4
ROWS = STEPS * ENVS

encoder = nn.Sequential(
    nn.Conv2d(3, 32, 8, 4), nn.ReLU(),
    nn.Conv2d(32, 64, 4, 2), nn.ReLU(),
    nn.Conv2d(64, 64, 3, 1), nn.ReLU(),
    nn.Flatten(),
    nn.Linear(4 * 4 * 64, FEATURES), nn.ReLU(),
)
memory = nn.LSTM(FEATURES, UNITS)
actor, critic = nn.Linear(UNITS, ACTIONS), nn.Linear(UNITS, 1)
log_std = nn.Parameter(torch.zeros(ACTIONS))
parameters = [*encoder.parameters(), *memory.parameters(), *actor.parameters(), *critic.parameters(), log_std]
optimizer = torch.optim.Adam(parameters, 3e-4)

images = torch.randint(0, 256, (ROWS, 3, 64, 64), dtype=torch.uint8)
actions = torch.randn(ROWS, ACTIONS)
advantages, returns = torch.randn(ROWS), torch.randn(ROWS)
old_log_probs = torch.full((ROWS,), -5.0)
start = torch.zeros(1, ENVS, UNITS)


def update():
    features = encoder(images.float() / 255).view(STEPS, ENVS, FEATURES)
    remembered = memory(features, (start, start))[0].reshape(ROWS, UNITS)
    log_probs = (-0.5 * ((actions - actor(remembered)) / log_std.exp()) ** 2 - log_std).sum(1)
    ratio = (log_probs - old_log_probs).exp()
    policy_loss = -torch.min(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages).mean()
    value_loss = ((critic(remembered).squeeze(1) - returns) ** 2).mean()
    optimizer.zero_grad()
    (policy_loss + 0.5 * value_loss - 0.01 * log_std.sum()).backward()
    nn.utils.clip_grad_norm_(parameters, 0.5)
    optimizer.step()


for _ in range(3):
    update()
times = []
for _ in range(30):
    begin = time.process_time()
    update()
    times.append(time.process_time() - begin)
print(torch.__version__, 1000 * min(times))
