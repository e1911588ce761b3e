import { expect, test } from "vitest";
import { importUrdf } from "../../src/robots/import/import-robot.js";
import { robots } from "../../src/robots/models/robots.js";
import { checkRobot } from "../../src/runs/check-robot.js";
import { STRUCTURES } from "../robots/structures.js";

test.each(Object.values(robots))("$id, which ships, passes every check", (robot) => {
  const { passed, items } = checkRobot(robot);
  expect(items.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(passed).toBe(true);
  expect(items).toHaveLength(9);
});

test.each(["like-iiwa14", "like-vx300s"])("%s, imported with no option, passes every check", (id) => {
  const { robot } = importUrdf(STRUCTURES[id]!, { file: `${id}.urdf` });
  expect(checkRobot(robot).items.filter(({ status }) => status !== "pass")).toEqual([]);
});

test("a task that refuses the robot says why", () => {
  const so101 = robots.so101!;
  const narrow = { ...so101, gripper: { ...so101.gripper!, open: 0 } };
  const items = checkRobot(narrow).items.filter(({ name }) => name === "its expert solves PickPlace-v1");
  expect(items).toEqual([
    {
      name: "its expert solves PickPlace-v1",
      status: "fail",
      measured: "the task refuses the robot",
      advice: expect.stringMatching(
        /^The gripper of robot "so101" opens to 1\.6 cm; PickPlace-v1 has an object/,
      ),
    },
  ]);
});
