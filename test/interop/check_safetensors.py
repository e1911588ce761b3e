"""check_safetensors.py FILE: what safetensors reads, as JSON: the texts, and each tensor's type, shape and bytes in hex.

Needs safetensors and numpy.
"""

import json
import sys

from safetensors import safe_open

with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    read = {name: [str(t.dtype), list(t.shape), t.tobytes().hex()] for name, t in tensors.items()}
    print(json.dumps({"metadata": file.metadata(), "tensors": read}))
