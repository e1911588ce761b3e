"""write_foreign.py FOLDER: recordings as other programs write them, by the real mcap and mcap-ros2-support libraries."""
import json
import math
import struct
import sys

from mcap.writer import CompressionType, Writer
from mcap_ros2.writer import Writer as Ros2Writer

JOINT_STATE = """std_msgs/Header header
string[] name
float64[] position
float64[] velocity
float64[] effort
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"""
URDF = """<?xml version="1.0"?>
<robot name="crane">
  <link name="base"><visual><geometry><box size="0.4 0.4 0.1"/></geometry></visual></link>
  <link name="upper"><visual><geometry><mesh filename="package://crane/upper.dae"/></geometry></visual></link>
  <link name="carriage"><visual><geometry><sphere radius="0.1"/></geometry></visual></link>
  <joint name="turn" type="revolute"><parent link="base"/><child link="upper"/><origin xyz="0 0 0.5"/><axis xyz="0 0 1"/>
    <limit lower="-3" upper="3" effort="1" velocity="1"/></joint>
  <joint name="slide" type="prismatic"><parent link="upper"/><child link="carriage"/><origin xyz="1 0 0"/><axis xyz="1 0 0"/>
    <limit lower="0" upper="0.5" effort="1" velocity="1"/></joint>
</robot>"""
START = 1_700_000_000_123_456_789  # ns
STEP = 50_000_000


def header(time):
    return {"stamp": {"sec": time // 10**9, "nanosec": time % 10**9}, "frame_id": "base"}


def positions(k):
    return {"turn": k * math.pi / 20, "slide": 0.01 * k}


def ros2(path, compression, description=True, states=True, joints=positions, count=11):
    """A quarter turn in ten steps of 50 ms; beside it a topic that nobody draws."""
    with open(path, "wb") as stream:
        writer = Ros2Writer(stream, compression=compression, chunk_size=512)
        text = writer.register_msgdef("std_msgs/msg/String", "string data")
        state = writer.register_msgdef("sensor_msgs/msg/JointState", JOINT_STATE)
        if description:
            writer.write_message("/robot_description", text, {"data": URDF}, START - STEP, START - STEP)
        for k in range(count):
            time = START + k * STEP
            writer.write_message("/chatter", text, {"data": "hello " * 20}, time, time)
            if not states:
                continue
            named = joints(k)
            message = {"header": header(time), "name": list(named), "position": list(named.values()), "velocity": [], "effort": []}
            writer.write_message("/joint_states", state, message, time, time)
        writer.finish()


def plain(path, topics):
    """Messages of any encoding: topic, schema, encoding of the schema, encoding, and [time, bytes] each."""
    with open(path, "wb") as stream:
        writer = Writer(stream, compression=CompressionType.NONE)
        writer.start(profile="", library="other")
        for topic, schema, schema_encoding, encoding, messages in topics:
            known = writer.register_schema(schema, schema_encoding, b"{}") if schema else 0
            channel = writer.register_channel(topic, encoding, known)
            for time, data in messages:
                writer.add_message(channel, time, data, time)
        writer.finish()


def ros1_state(k):
    named = positions(k)
    text = lambda value: struct.pack("<I", len(value)) + value.encode()
    values = struct.pack("<I", len(named)) + b"".join(struct.pack("<d", value) for value in named.values())
    names = struct.pack("<I", len(named)) + b"".join(text(name) for name in named)
    return struct.pack("<III", k, 0, 0) + text("base") + names + values + struct.pack("<II", 0, 0)


def main(folder):
    def dump(message):
        return json.dumps(message).encode()

    times = [START + k * STEP for k in range(11)]
    ros2(f"{folder}/zstd.mcap", CompressionType.ZSTD)
    ros2(f"{folder}/lz4.mcap", CompressionType.LZ4)
    ros2(f"{folder}/none.mcap", CompressionType.NONE)
    ros2(f"{folder}/no-urdf.mcap", CompressionType.ZSTD, description=False)
    ros2(f"{folder}/no-states.mcap", CompressionType.ZSTD, states=False)
    ros2(f"{folder}/neither.mcap", CompressionType.ZSTD, description=False, states=False)
    other = lambda k: {"elbow": 0.5, "wrist": 0.1}
    ros2(f"{folder}/other-joints.mcap", CompressionType.ZSTD, joints=other)
    broken = lambda k: {"turn": math.nan if k % 2 else 0.1 * k, "gripper": 0.5}
    ros2(f"{folder}/broken.mcap", CompressionType.ZSTD, joints=broken)
    urdf = [(times[0], dump({"data": URDF}))]
    named = [(time, dump({"name": list(positions(k)), "position": list(positions(k).values())})) for k, time in enumerate(times)]
    apart = [
        (time, dump({"timestamp": header(time)["stamp"], "joints": [{"name": n, "position": p} for n, p in positions(k).items()]}))
        for k, time in enumerate(times)
    ]
    text = ("/robot_description", "std_msgs/String", "jsonschema", "json", urdf)
    plain(f"{folder}/json.mcap", [text, ("/joint_states", "sensor_msgs/JointState", "jsonschema", "json", named)])
    plain(f"{folder}/foxglove.mcap", [text, ("/joints", "foxglove.JointStates", "jsonschema", "json", apart)])
    packed = [(time, ros1_state(k)) for k, time in enumerate(times)]
    plain(f"{folder}/ros1.mcap", [text, ("/joint_states", "sensor_msgs/JointState", "ros1msg", "ros1", packed)])
    short = [*named[:2], (times[2], dump({"name": ["turn"], "position": [1, 2]}))]
    plain(f"{folder}/malformed.mcap", [text, ("/joint_states", "sensor_msgs/JointState", "jsonschema", "json", short)])
    days = [named[0], (times[0] + 3 * 86_400 * 10**9, named[1][1])]
    plain(f"{folder}/days.mcap", [text, ("/joint_states", "sensor_msgs/JointState", "jsonschema", "json", days)])
    whole = open(f"{folder}/zstd.mcap", "rb").read()
    open(f"{folder}/cut.mcap", "wb").write(whole[: len(whole) // 2])


main(sys.argv[1])
