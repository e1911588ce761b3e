# The step that sequence-step.bench.ts measures, in PyTorch on one thread: prints the least processor time of 20, in ms.
import time

import torch
from torch import nn

torch.set_num_threads(1)
BATCH, STEPS, LETTERS, SIZE, UNITS = 64, 64, 65, 64, 128

embedding, memory, output = nn.Embedding(LETTERS, SIZE), nn.LSTM(SIZE, UNITS, 2, batch_first=True), nn.Linear(UNITS, LETTERS)
parameters = [*embedding.parameters(), *memory.parameters(), *output.parameters()]
optimizer = torch.optim.Adam(parameters, 1e-3)

letters = torch.randint(0, LETTERS, (BATCH, STEPS))
following = torch.randint(0, LETTERS, (BATCH, STEPS))


def update():
    optimizer.zero_grad(set_to_none=True)
    logits = output(memory(embedding(letters))[0])
    nn.functional.cross_entropy(logits.reshape(-1, LETTERS), following.reshape(-1)).backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()


for _ in range(3):
    update()
times = []
for _ in range(20):
    begin = time.process_time()
    update()
    times.append(time.process_time() - begin)
print(torch.__version__, 1000 * min(times))
