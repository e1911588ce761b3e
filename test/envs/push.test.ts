import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";
import { closedFingers } from "../../src/robots/control/closed-fingers.js";
import { findRobot } from "../../src/robots/models/robots.js";
import { so101 } from "../../src/robots/models/so101.js";

const push = envs["Push-v1"];

/** Where the tool stands to push at the start of an episode, m: the fingers 3.5 cm behind the cube's centre. */
function standing(env: Env, seed: number, fingers: number): [number, number] {
  const { state } = env.reset({ seed }).observation;
  const read = (name: string) => state[env.spec.observation.find((entry) => entry.name === name)!.index]!;
  const [wayX, wayY] = [read("goal_from_cube_x"), read("goal_from_cube_y")];
  const way = Math.hypot(wayX, wayY);
  return [
    read("tcp_x") + read("cube_from_tcp_x") - (0.035 * wayX) / way - fingers,
    read("tcp_y") + read("cube_from_tcp_y") - (0.035 * wayY) / way,
  ];
}

test.each(["so101", "so100", "xarm7"] as const)(
  "on the %s the fingers get behind every cube within the tool's workspace",
  (id) => {
    const { workspace } = findRobot(id);
    const [fingers] = closedFingers(findRobot(id));
    const env = push.create({ robot: id });
    const places = Array.from({ length: 100 }, (_, seed) => standing(env, seed, fingers));
    // to within what an observation of 32 bits tells
    expect(Math.max(...places.map(([x]) => x))).toBeLessThan(workspace.high[0] + 1e-6);
    expect(Math.max(...places.map(([, y]) => Math.abs(y)))).toBeLessThan(workspace.high[1] + 1e-6);
  },
);

test("cubes of the SO-101 lie at the far end of its region, too, where they are pushed aside or away", () => {
  const env = push.create({ robot: "so101" });
  const far = Array.from({ length: 100 }, (_, seed) => {
    const { state } = env.reset({ seed }).observation;
    const read = (name: string) => state[env.spec.observation.find((entry) => entry.name === name)!.index]!;
    return read("tcp_x") + read("cube_from_tcp_x");
  });
  expect(far.filter((x) => x > 0.25).length).toBeGreaterThan(10);
});

test("a cube that the fingers get behind nowhere is refused with the way out", () => {
  const workspace = { ...so101.workspace, high: [0.26, 0.02, 0.18] };
  const near = {
    ...so101,
    id: "near",
    workspace,
    taskRegion: { ...so101.taskRegion, low: [0.25, -0.1, 0.04] },
  };
  expect(() => push.create({ robot: JSON.stringify(near) })).toThrow(
    'The fingers of robot "near" do not get behind the cube of Push-v1 within its workspace. Choose a robot that reaches further, or a smaller cube.',
  );
});

test("the scene tells where the tool may go: 5 cm nearer to the base than in other tasks", () => {
  const { low, high } = so101.workspace;
  expect(envs["Reach-v1"].create({ robot: "so101" }).scene().workspaces).toEqual([{ low, high }]);
  const [widened] = push.create({ robot: "so101" }).scene().workspaces!;
  expect(widened).toEqual({ low: [expect.closeTo(low[0] - 0.05, 12), low[1], low[2]], high });
});
