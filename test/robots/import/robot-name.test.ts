import { expect, test } from "vitest";
import { nameRobot } from "../../../src/robots/import/robot-name.js";

/** Id, title and what was assumed. */
function named(name: string, file: string, id?: string): unknown[] {
  const assumptions: string[] = [];
  const description = { name, file, links: [], joints: [], mayOverlap: [], notes: [] };
  const found = nameRobot(description, id, (assumption) => void assumptions.push(assumption));
  return [found.id, found.title, ...assumptions];
}

test.each([
  [named("Flat  Arm", "a.urdf"), ["flat-arm", "Flat  Arm"]],
  [named("6dof (left)", "a.urdf"), ["6dof-left", "6dof (left)"]],
  [named("Bücher", "a.urdf"), ["bucher", "Bücher"]],
  [named("", "/robots/My Arm.urdf.xacro"), ["my-arm", "My Arm"]],
  [named("***", "C:\\robots\\Mk3.xml"), ["mk3", "***"]],
  [named("ロボット", "*.urdf"), ["robot", "ロボット"]],
  [named("x", "a.urdf", "mine"), ["mine", "x"]],
  [
    named("Panda", "a.urdf"),
    ["panda-imported", "Panda", 'the robot\'s id is "panda-imported": "panda" is one that armgym ships'],
  ],
  [named("Panda", "a.urdf", "panda"), ["panda", "Panda"]],
  [named("constructor", "a.urdf"), ["constructor", "constructor"]],
])("%j", (found, expected) => {
  expect(found).toEqual(expected);
});
