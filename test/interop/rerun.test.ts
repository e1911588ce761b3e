import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readJointState, readString } from "../../src/recording/ros-read.js";
import { runCommand, temporaryFolder } from "../cli/command.js";
import { decoded, type FileMessage, messagesOf } from "../recording/mcap-file.js";
import { interopTest, runScript } from "./python.js";
import { demonstrationFile, picturesFile } from "./recorded-files.js";

interopTest("Rerun draws shapes, frames, joints and the log of recorded episodes", "rerun", async () => {
  const file = await demonstrationFile();
  expect(runScript("check_rerun.py", [file])).toMatch(
    /: ok, \d{4,} rows of 14 entities: .*Boxes3D, .*Scalars, .*TextLog, .*Transform3D\n$/,
  );
});

interopTest(
  "Rerun shows the pictures of a recorded episode in the cameras that saw them",
  "rerun",
  async () => {
    const file = await picturesFile();
    expect(runScript("check_rerun.py", [file])).toMatch(
      /: ok, \d+ rows of 18 entities: .*EncodedImage, .*Pinhole, /,
    );
  },
);

interopTest("Rerun's reader of robot descriptions puts every link where /tf has it", "rerun", async () => {
  for (const robot of ["panda", "ur5e", "so101", "xarm7"] as const) {
    const file = join(temporaryFolder(), "demo.mcap");
    const { code, stderr } = await runCommand([
      ...["demo", "Reach-v1", "--robot", robot, "--episodes", "1", "--out", file],
    ]);
    expect(code, stderr).toBe(0);
    const bytes = readFileSync(file);
    const transforms = messagesOf(bytes, "/tf").map(transformsOf);
    const states = messagesOf(bytes, "/joint_states").map(({ data }, frame) => {
      const { names, positions } = readJointState(data, "cdr");
      return {
        positions: Object.fromEntries(names.map((name, k) => [name, positions[k]])),
        transforms: transforms[frame],
      };
    });
    const urdf = readString(messagesOf(bytes, "/robot_description")[0]!.data, "cdr");
    const given = join(temporaryFolder(), "given.json");
    writeFileSync(given, JSON.stringify({ urdf, states }));
    const [count, worst] = runScript("check_urdf.py", [given]).split(" ").map(Number);
    expect(count).toBeGreaterThan(states.length * 6);
    // Rerun computes in single precision
    expect(worst, robot).toBeLessThan(1e-6);
  }
});

/** Translation and rotation of each frame of a message, by its name. */
function transformsOf(message: FileMessage): Record<string, readonly [number[], number[]]> {
  const { transforms } = decoded(message) as {
    transforms: {
      childFrameId: string;
      translation: { x: number; y: number; z: number };
      rotation: { x: number; y: number; z: number; w: number };
    }[];
  };
  return Object.fromEntries(
    transforms.map(({ childFrameId, translation: t, rotation: r }) => [
      childFrameId,
      [
        [t.x, t.y, t.z],
        [r.x, r.y, r.z, r.w],
      ],
    ]),
  );
}
