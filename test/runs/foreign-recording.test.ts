// Recordings of other programs: written by the real libraries for Python, read as the viewer shows them.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { viewableFile } from "../../src/cli/view/viewable-file.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { openForeignRecording } from "../../src/runs/foreign-recording.js";
import { hashOfMeshFile } from "../../src/runs/mesh-files.js";
import { type DrawnMesh, readMeshFile } from "../../src/scene/mesh-file.js";
import { pythonWith } from "../bench/python-peer.js";
import { recordExpert } from "../golden/record.js";
import { spinningRobot } from "./spinning-robot.js";

const python = pythonWith("mcap-ros2-support", "mcap_ros2");
const SCRIPT = new URL("write_foreign.py", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "armgym-foreign-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (name: string) => openForeignRecording(readFileSync(join(folder, name)), name);
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));

describe.skipIf(python === undefined)(
  `written by the mcap library for Python${python === undefined ? " (skipped: no Python that has it)" : ""}`,
  () => {
    beforeAll(() => {
      const { status, stderr } = spawnSync(python!, [SCRIPT, folder], { encoding: "utf8" });
      expect(status, stderr).toBe(0);
    });

    test.each(["zstd.mcap", "lz4.mcap", "none.mcap", "json.mcap", "foxglove.mcap", "ros1.mcap"])(
      "joint states move the robot of its description: %s",
      async (name) => {
        const { header, frames } = (await open(name))!;
        expect(header).toMatchObject({ env: "crane", robot: "crane", jointNames: ["turn", "slide"] });
        expect(header.controlRate).toBeCloseTo(20, 9);
        expect(header.jointLimits).toEqual([
          [-3, 3],
          [0, 0.5],
        ]);
        expect(header.scene.entities.map(({ id, shapes }) => [id, shapes.length])).toEqual([
          ["base", 1],
          ["upper", 2],
          ["carriage", 1],
        ]);
        expect(header.imported!.notices).toEqual([
          "The robot description names mesh files for 1 of 3 links, which a recording does not hold: they are drawn as simple shapes.",
        ]);
        expect(frames.map(({ time }) => time)).toEqual(near([...Array(11).keys()].map((k) => k / 20)));
        // turned by a quarter, 10 cm out: the carriage is 1.1 m along y
        const last = frames.at(-1)!;
        expect(last.jointPositions).toEqual(near([Math.PI / 2, 0.1]));
        expect(last.poses.slice(14, 17)).toEqual(near([0, 1.1, 0.5]));
        expect(frames[0]!.poses.slice(14, 17)).toEqual(near([1, 0, 0.5]));
        // the viewer takes it as a recording of ours
        const read = readRecording(await writeRecording({ header, frames }), name);
        expect(read).toEqual({ header: JSON.parse(JSON.stringify(header)), frames });
      },
    );

    test("of a file that is cut short what comes before is shown, and that is said", async () => {
      const { header, frames } = (await open("cut.mcap"))!;
      expect(frames.length).toBeGreaterThan(1);
      expect(frames.length).toBeLessThan(11);
      expect(header.imported!.notices[1]).toMatch(
        /^This recording breaks off \(it is cut short\)\. Shown is what comes before\.$/,
      );
    });

    test("positions that are no numbers leave a joint where it was; unknown joints and those at rest are named", async () => {
      const { header, frames } = (await open("broken.mcap"))!;
      expect(frames.map(({ jointPositions }) => jointPositions)).toEqual(
        [0, 0, 0.2, 0.2, 0.4, 0.4, 0.6, 0.6, 0.8, 0.8, 1].map((value) => near([value])),
      );
      expect(header.imported!.notices.slice(1)).toEqual([
        "Not in the robot description, and so not drawn: gripper.",
        "Without a recorded position, and so drawn at 0: slide.",
        "Positions that are no finite numbers were left out: turn (5).",
      ]);
    });

    const RECORD = "Record both, for example: ros2 bag record -s mcap /joint_states /robot_description";
    const HAS = "/chatter (std_msgs/msg/String, cdr)";
    const STATES = "/joint_states (sensor_msgs/msg/JointState, cdr)";
    test.each([
      [
        "no-urdf.mcap",
        `no-urdf.mcap is no recording of armgym's, and to draw a robot it has no robot description (a URDF in std_msgs/String). It has: ${HAS}, ${STATES}. ${RECORD}`,
      ],
      [
        "no-states.mcap",
        `no-states.mcap is no recording of armgym's, and to draw a robot it has no joint positions (sensor_msgs/JointState in cdr, ros1 or json). It has: /robot_description (std_msgs/msg/String, cdr), ${HAS}. ${RECORD}`,
      ],
      [
        "neither.mcap",
        `neither.mcap is no recording of armgym's, and to draw a robot it has no joint positions (sensor_msgs/JointState in cdr, ros1 or json) and no robot description (a URDF in std_msgs/String). It has: ${HAS}. ${RECORD}`,
      ],
      [
        "other-joints.mcap",
        "other-joints.mcap: no joint of /joint_states is in the robot description. The one names elbow, wrist, the other turn, slide.",
      ],
      [
        "malformed.mcap",
        "malformed.mcap: message 3 of /joint_states is no sensor_msgs/JointState in json: it names 1 joints and has 2 positions.",
      ],
      [
        "days.mcap",
        'days.mcap: its joint states span 3.0 days, expected one at most. Their clocks differ; cut one part out: "mcap filter".',
      ],
    ])("what is missing or wrong in %s is said", async (name, message) => {
      await expect(open(name)).rejects.toThrow(message);
    });
  },
);

test("more joint states than can be shown are shown at an even rate, each frame with the positions known by then", async () => {
  const { header, frames } = (await openForeignRecording(await spinningRobot(1000, 4), "fast.mcap"))!;
  expect(header.controlRate).toBe(60);
  expect(frames).toHaveLength(241);
  for (const { time, jointPositions } of frames) {
    // what is kept is at most 8 ms old, and 1 rad takes 4 s
    expect(time / 4 - jointPositions[0]!).toBeGreaterThanOrEqual(-1e-6);
    expect(time / 4 - jointPositions[0]!).toBeLessThan(0.009 / 4);
  }
});

test("a recording of ours, and what is no MCAP, is left to its own reader", async () => {
  const { joined } = recordExpert("Reach-v1", 1, false);
  expect(await openForeignRecording(await writeRecording(joined), "ours.mcap")).toBeUndefined();
  writeFileSync(join(folder, "text.mcap"), "no MCAP at all");
  expect(await open("text.mcap")).toBeUndefined();
});

test("meshes that the description names are drawn where they lie beside the recording", async () => {
  const mesh = '<mesh filename="package://spinner_description/meshes/bar.obj" scale="0.5 1 1"/>';
  const place = join(folder, "bags");
  const file = join(place, "spin.mcap");
  mkdirSync(place);
  writeFileSync(file, await spinningRobot(10, 1, mesh));
  const seen = async () => {
    const copy = await viewableFile(file, "spin.mcap");
    const { header } = readRecording(readFileSync(copy), copy);
    return { folder: dirname(copy), header };
  };
  const without = await seen();
  expect(without.header.scene.entities[1]!.shapes.map(({ type }) => type)).toEqual(["sphere"]);
  expect(without.header.imported!.notices[0]).toBe(
    "The robot description names mesh files for 1 of 2 links, that cannot be read where the recording lies: they are drawn as simple shapes.",
  );
  const meshes = join(folder, "spinner_description/meshes");
  mkdirSync(meshes, { recursive: true });
  writeFileSync(
    join(meshes, "bar.obj"),
    "v 0 0 0\nv 0.4 0 0\nv 0 0.1 0\nv 0 0 0.1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n",
  );
  const found = await seen();
  expect(found.header.imported!.notices.some((notice) => notice.includes("mesh"))).toBe(false);
  const [shape, hull] = found.header.scene.entities[1]!.shapes;
  expect(shape).toMatchObject({ type: "mesh", position: [0.2, 0, 0], low: [0, 0, 0], seenBy: "people" });
  expect(hull).toMatchObject({ type: "convex", seenBy: "cameras" });
  if (shape?.type !== "mesh") throw new Error("no mesh");
  const bytes = readFileSync(join(found.folder, `meshes/${shape.file}.glb`));
  expect(hashOfMeshFile(bytes)).toBe(shape.file);
  const [{ positions }] = readMeshFile(bytes, "kept") as [DrawnMesh];
  expect(Math.max(...positions)).toBeCloseTo(0.2, 6);
});
