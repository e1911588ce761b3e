import { expect, test } from "vitest";
import { readUrdf } from "../../../../src/robots/import/formats/read-urdf.js";
import { parseXml } from "../../../../src/robots/import/formats/xml.js";
import { weldLooseJoints } from "../../../../src/robots/import/structure/loose-joints.js";

test("floating and planar joints are fixed where they are at 0, and that is said", () => {
  const joint = (type: string, parent: string, child: string) =>
    `<joint name="${type}" type="${type}"><parent link="${parent}"/><child link="${child}"/><origin xyz="0 0 1"/>
     <limit lower="-1" upper="1"/></joint>`;
  const text = `<robot><link name="a"/><link name="b"/><link name="c"/><link name="d"/>
    ${joint("floating", "a", "b")}${joint("prismatic", "b", "c")}${joint("planar", "c", "d")}</robot>`;
  const assumptions: string[] = [];
  const { joints } = weldLooseJoints(readUrdf(parseXml(text, "a.urdf"), "a.urdf"), (assumption) =>
    assumptions.push(assumption),
  );
  expect(joints.map(({ name, type, pose }) => [name, type, pose.position])).toEqual([
    ["floating", "fixed", [0, 0, 1]],
    ["prismatic", "prismatic", [0, 0, 1]],
    ["planar", "fixed", [0, 0, 1]],
  ]);
  expect(assumptions).toEqual([
    'joint "floating" is floating: it is fixed where the file puts it',
    'joint "planar" is planar: it is fixed where the file puts it',
  ]);
});
