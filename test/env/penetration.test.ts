import { expect, test } from "vitest";
import { CELL_DEFAULTS } from "../../src/cell/cell-config.js";
import { RobotCell } from "../../src/cell/robot-cell.js";
import { checkEnv } from "../../src/env/check/check-env.js";
import { defineEnv } from "../../src/env/define-env.js";

/** A cube of `mass` (kg) under the closed hand of a Panda that can do nothing but press. */
const press = defineEnv({
  id: "Press-v1",
  description: "Press a cube.",
  maxEpisodeSteps: 60,
  defaults: { ...CELL_DEFAULTS, mass: 0.1, rewardWeights: { height: 1 } },
  build(config) {
    const simulation = new RobotCell({
      ...config,
      boxes: [{ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: config.mass, color: [1, 1, 1, 1] }],
    });
    return { simulation, cube: simulation.boxes[0]! };
  },
  reset({ simulation, cube }) {
    cube.setPose([0.5, 0, 0.02]);
    simulation.reset([0.5, 0, 0.15], 0);
  },
  observation: [
    {
      group: "cube",
      entries: [{ name: "height", unit: "m", low: -10, high: 10 }],
      read({ cube }, out, offset) {
        out[offset] = cube.position[2];
      },
    },
  ],
  reward: ({ simulation }) => ({ height: simulation.tcp.position[2]! }),
  success: () => false,
});

/** Everything that `info.deepestPenetration` told while the fist went down for 3 s. */
function told(mass: number): number[] {
  const env = press.create({ mass });
  const depths: number[] = [];
  expect(env.reset({ seed: 1 }).info).not.toHaveProperty("deepestPenetration");
  for (let step = 0; step < 60; step++) {
    const { info } = env.step([0, 0, -1, -1]);
    if (info.deepestPenetration !== undefined) depths.push(info.deepestPenetration);
  }
  expect(env.reset({ seed: 2 }).info).not.toHaveProperty("deepestPenetration");
  return depths;
}

test("a position-driven fist presses a cube of 100 g less than 1 mm into the table, and nothing is told", () => {
  expect(told(0.1)).toEqual([]);
});

test("that a cube of 1 g gives way to it is told, deeper than 1 mm", () => {
  const depths = told(0.001);
  expect(depths.length).toBeGreaterThan(0);
  expect(Math.min(...depths)).toBeGreaterThan(1e-3);
});

test("the check of a cell whose contacts hold warns of nothing", () => {
  const item = checkEnv(press).items.find(({ name }) => name === "nothing is pressed into anything");
  expect(item).toEqual({ name: "nothing is pressed into anything", status: "pass", message: "" });
});

test("the check warns where shapes overlap by more than 5 mm, and says what to do", () => {
  const sunk = {
    ...press,
    create: (config: Record<string, unknown> = {}) => {
      const env = press.create(config);
      const step = env.step.bind(env);
      // an engine that lets everything sink in
      env.step = (action, offset) => {
        const result = step(action, offset);
        return { ...result, info: { ...result.info, deepestPenetration: 0.0123 } };
      };
      return env;
    },
  };
  const item = checkEnv(sunk).items.find(({ name }) => name === "nothing is pressed into anything");
  expect(item).toEqual({
    name: "nothing is pressed into anything",
    status: "warn",
    message:
      "shapes overlapped by 12.3 mm under random actions; raise physicsRate, or make light bodies heavier or servos weaker",
  });
});
