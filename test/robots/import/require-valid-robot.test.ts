import { expect, test } from "vitest";
import { requireValidRobot } from "../../../src/robots/import/require-valid-robot.js";
import { panda } from "../../../src/robots/models/panda.js";
import type { RobotModel } from "../../../src/robots/models/robot-model.js";
import { findRobot, robots } from "../../../src/robots/models/robots.js";

test.each(Object.values(robots))("$id passes its own check and comes back whole from JSON", (robot) => {
  expect(() => requireValidRobot(robot)).not.toThrow();
  const text = JSON.stringify(robot);
  expect(JSON.stringify(findRobot(text))).toBe(text);
});

const { links } = panda.articulation;
const withShape = (shape: object) => ({
  articulation: {
    links: [{ ...links[0]!, collision: [{ position: [0, 0, 0], ...shape }] }, ...links.slice(1)],
  },
});
test.each([
  [
    withShape({ type: "cone" }),
    'Robot "panda": link "link1" has a collision shape of type "cone"; known: sphere, box, capsule, cylinder, convex.',
  ],
  [
    withShape({ type: "capsule", radius: 0.1, length: -1 }),
    'Robot "panda": link "link1" has a collision shape of type "capsule" with the sizes 0.1, -1, expected numbers above 0.',
  ],
  [
    withShape({ type: "sphere", radius: 0.1, position: [0, null, 0] }),
    'Robot "panda": link "link1" has a collision shape of type "sphere" at [0,null,0], expected numbers.',
  ],
  [
    withShape({ type: "convex", points: [0, 1, 2, 3].map((x) => [x, x * x, 0]) }),
    'Robot "panda": link "link1" has a collision shape of type "convex": the points of a convex body lie in one plane.',
  ],
  [{ rest: [0, 0] }, 'Robot "panda": rest is [0,0], expected 7 joint positions.'],
  [
    { tcp: { link: "hnd", offset: [0, 0, 0] } },
    /^Robot "panda": there is no link "hnd"\. Did you mean "hand"\? It has: link1, /,
  ],
  [
    { armJoints: panda.armJoints.slice(1) },
    /^Robot "panda": joint "joint2" is degree of freedom 1; list the arm's/,
  ],
  [
    { gripper: undefined },
    'Robot "panda": it has 8 degrees of freedom, but names 7; weld the joints that nothing drives.',
  ],
  [
    { articulation: { links: [{ ...links[0]!, mass: -1 }, ...links.slice(1)] } },
    'Robot "panda": link "link1" has a mass of -1 kg.',
  ],
  [
    { articulation: { links: links.toReversed() } },
    /^Robot "panda": link "right_finger" is listed before its parent\./,
  ],
  [
    { taskRegion: { low: [1, 0, 0], high: [0, 0, 0] } },
    'Robot "panda": taskRegion has its low corner above its high one.',
  ],
])("robot data with %j is refused", (change, message) => {
  expect(() => requireValidRobot({ ...panda, ...change } as RobotModel)).toThrow(message);
});

test("data that is not JSON, or no robot, is refused", () => {
  expect(() => findRobot("{panda")).toThrow(/^The robot's data is not JSON: /);
  expect(() => findRobot("{}")).toThrow("The robot's data lacks its articulation or armJoints.");
});
