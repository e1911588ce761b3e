"""check_urdf.py FILE.json: Rerun's own reader of robot descriptions puts every link where the recording's /tf has it.

The file holds a urdf, and states: for each frame joint positions by name, and transforms by child frame ([x y z], [x y z w]). Prints
the number of transforms and the greatest difference of any number in them.
"""
import json
import sys
import tempfile

from rerun.urdf import UrdfTree


def numbers(batch):
    return batch.as_arrow_array().flatten().to_pylist()


with open(sys.argv[1]) as file:
    given = json.load(file)
with tempfile.NamedTemporaryFile("w", suffix=".urdf") as file:
    file.write(given["urdf"])
    file.flush()
    tree = UrdfTree.from_file_path(file.name)
    worst, count = 0, 0
    for state in given["states"]:
        for joint in tree.joints():
            if joint.child_link not in state["transforms"]:
                raise SystemExit(f"/tf has no {joint.child_link}")
            leader = joint.mimic.joint if joint.mimic else joint.name
            # within the limits: what is beyond them, a squeezing finger, is no other place
            found = joint.compute_transform(state["positions"].get(leader, 0.0), clamp=False)
            translation, quaternion = state["transforms"][joint.child_link]
            own = numbers(found.quaternion)
            sign = 1 if sum(a * b for a, b in zip(own, quaternion)) > 0 else -1
            pairs = [*zip(numbers(found.translation), translation), *zip(own, [sign * part for part in quaternion])]
            worst = max(worst, *(abs(a - b) for a, b in pairs))
            count += 1
print(count, worst)
