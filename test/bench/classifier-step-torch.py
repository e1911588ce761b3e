# The step that classifier-step.bench.ts measures, in PyTorch on one thread: prints the least processor time of 40, in ms, of the
# faster of both layouts that PyTorch has.
import time

import torch
from torch import nn

torch.set_num_threads(1)
BATCH = 64

images = torch.randint(0, 256, (BATCH, 1, 28, 28), dtype=torch.uint8)
labels = torch.randint(0, 10, (BATCH,))


def least(layout):
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(32, 64, 3), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(5 * 5 * 64, 10),
    ).to(memory_format=layout)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)

    def update():
        pixels = (images.float() / 255).to(memory_format=layout)
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(network(pixels), labels).backward()
        optimizer.step()

    for _ in range(5):
        update()
    times = []
    for _ in range(40):
        begin = time.process_time()
        update()
        times.append(time.process_time() - begin)
    return 1000 * min(times)


print(torch.__version__, min(least(torch.contiguous_format), least(torch.channels_last)))
