import { expect, test } from "vitest";
import { robots } from "../../src/robots/models/robots.js";
import { checkRobot } from "../../src/runs/check-robot.js";

test.each(Object.values(robots))("$id, which ships, passes every check", (robot) => {
  const { passed, items } = checkRobot(robot);
  expect(items.filter(({ status }) => status !== "pass")).toEqual([]);
  expect(passed).toBe(true);
  expect(items).toHaveLength(9);
});

test("a task that refuses the robot says why", () => {
  const so101 = robots.so101!;
  const narrow = { ...so101, gripper: { ...so101.gripper!, open: 0.1 } };
  const items = checkRobot(narrow).items.filter(({ name }) => name === "its expert solves PickPlace-v1");
  expect(items).toEqual([
    {
      name: "its expert solves PickPlace-v1",
      status: "fail",
      measured: "the task refuses the robot",
      advice: expect.stringMatching(
        /^The gripper of robot "so101" opens to 2\.4 cm; PickPlace-v1 has an object/,
      ),
    },
  ]);
});
