"""check_onnx.py PROGRAM FOLDER...: policy.onnx is valid and self-contained, or repeats vectors.json in a runtime.

PROGRAM is "checker" (ONNX's own), "onnxruntime", "openvino" or "cv2" (OpenCV). Prints a line per folder; exit 1 on a fault.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx


def static_faults(model):
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    graph, faults = model.graph, []
    used = {i for n in graph.node for i in n.input} | {o.name for o in graph.output}
    if unused := [i.name for i in graph.initializer if i.name not in used]:
        faults.append(f"{len(unused)} initializers are used by no node")
    field = {onnx.AttributeProto.INT: "i", onnx.AttributeProto.FLOAT: "f", onnx.AttributeProto.STRING: "s"}
    every = [(n.op_type, a) for n in graph.node for a in n.attribute if a.type in field]
    if bare := [f"{op}.{a.name}" for op, a in every if not a.HasField(field[a.type])]:
        faults.append(f"{len(bare)} attributes carry no value (a 0 that was not written): {sorted(set(bare))}")
    constants, runtime = {i.name for i in graph.initializer}, set()
    for n in graph.node:
        if n.input and all(i in constants for i in n.input if i):
            runtime.add(n.op_type)
            constants |= set(n.output)
    if runtime:
        faults.append(f"nodes work on constants alone and belong folded: {sorted(runtime)}")
    return faults


def outputs(path):
    return [output.name for output in onnx.load(path).graph.output]


def run_onnxruntime(path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda inputs: dict(zip(outputs(path), session.run(None, inputs)))


def run_openvino(path):
    import openvino

    model = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda inputs: {output.get_any_name(): values for output, values in model(inputs).items()}


def run_cv2(path):
    import cv2

    net, names = cv2.dnn.readNetFromONNX(path), outputs(path)

    def run(inputs):
        for name, values in inputs.items():
            net.setInput(np.ascontiguousarray(values), name)
        return dict(zip(names, net.forward(names)))

    return run


def greatest_difference(manifest, vectors, run):
    image, parts, memory, most = manifest.get("image"), manifest.get("memory", {}).get("parts", []), {}, 0.0
    for vector in vectors:
        inputs = {"obs": np.array([vector["obs"]], np.float32)}
        if image:
            shape = (1, image["height"], image["width"], image["channels"])
            inputs["image"] = np.frombuffer(base64.b64decode(vector["image"]), np.uint8).reshape(shape)
        if vector.get("isStart"):  # absent, not false, in later vectors
            memory = {part["input"]: np.zeros((1, part["size"]), np.float32) for part in parts}
        said = run({**inputs, **memory})
        most = max(most, float(np.abs(np.ravel(said["actions"]) - vector["actions"]).max()))
        memory = {part["input"]: np.asarray(said[part["output"]]).reshape(1, -1) for part in parts}
    return most


RUNTIMES = {"onnxruntime": run_onnxruntime, "openvino": run_openvino, "cv2": run_cv2}


def check(program, folder):
    """Return the faults of a bundle and what was found."""
    path = str(folder / "policy.onnx")
    if program == "checker":
        return static_faults(onnx.load(path)), "valid"
    manifest, vectors = (json.loads((folder / name).read_text()) for name in ("policy.json", "vectors.json"))
    most = greatest_difference(manifest, vectors, RUNTIMES[program](path))
    allowed = 1e-5 if "memory" in manifest else 1e-6
    found = f"{len(vectors)} actions differ by at most {most:.1e}"
    return ([] if most <= allowed else [found]), found


failed = False
for folder in map(Path, sys.argv[2:]):
    try:
        faults, found = check(sys.argv[1], folder)
    except Exception as error:
        faults, found = [f"{type(error).__name__}: {str(error).splitlines()[0][:160]}"], ""
    print("\n".join(f"{folder.name}: FAULT {fault}" for fault in faults) or f"{folder.name}: ok, {found}")
    failed |= bool(faults)
sys.exit(failed)
