import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";

test.each([0.5, 1, 1.5])(
  "the fingers of HiddenMass-v1 start around a box of %f times its size, 4 mm off",
  (objectSize) => {
    const env = envs["HiddenMass-v1"].create({ randomization: { objectSize } });
    env.reset({ seed: 1 });
    const opening = env.jointPositions()[7]!;
    expect(opening).toBeCloseTo(0.02 * objectSize + 0.004, 12);
    const { observation } = env.step(
      env.spec.action.map(({ name, scale, offset }) => (name === "gripper" ? (opening - offset) / scale : 0)),
    );
    const touched = env.spec.observation.find(({ name }) => name === "touched")!.index;
    expect(observation.state[touched]).toBe(0);
    const fingers = env.contacts().filter(({ bodyA, bodyB }) => `${bodyA} ${bodyB}`.includes("finger"));
    expect(fingers).toEqual([]);
  },
);
