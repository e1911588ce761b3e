import { expect, test } from "vitest";
import { sceneUrdf } from "../../src/recording/scene-urdf.js";
import type { SceneShape } from "../../src/scene/scene.js";

const half = Math.SQRT1_2;
const color = [1, 0.5, 0.25, 1] as const;

/** The visuals of a link of one shape, as [xyz, rpy, geometry]. */
function visualsOf(shape: SceneShape) {
  const urdf = sceneUrdf("arm", { entities: [{ id: "part", kind: "object", shapes: [shape] }] });
  return [...urdf.matchAll(/xyz="([^"]*)" rpy="([^"]*)"\/><geometry>(.*?)<\/geometry>/g)].map(
    ([, xyz, rpy, geometry]) => [xyz!.split(" ").map(Number), rpy!.split(" ").map(Number), geometry] as const,
  );
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

test("a scene is a robot whose links float in the world, in colours, names fit for XML", () => {
  const shape: SceneShape = {
    type: "box",
    size: [1, 2, 3],
    position: [0.5, 0, -1],
    quaternion: [0, 0, 0, 1],
    color,
  };
  const entities = [
    { id: "link1", kind: "link" as const, shapes: [shape] },
    { id: 'a <b> & "c"', kind: "object" as const, shapes: [] },
  ];
  expect(sceneUrdf("arm", { entities })).toBe(`<?xml version="1.0"?>
<robot name="arm">
<link name="world"/>
<link name="link1"><visual><origin xyz="0.5 0 -1" rpy="0 0 0"/><geometry><box size="1 2 3"/></geometry><material name="1_0.5_0.25_1"><color rgba="1 0.5 0.25 1"/></material></visual></link>
<joint name="world_to_link1" type="floating"><parent link="world"/><child link="link1"/></joint>
<link name="a_&lt;b&gt;_&amp;_&quot;c&quot;"></link>
<joint name="world_to_a_&lt;b&gt;_&amp;_&quot;c&quot;" type="floating"><parent link="world"/><child link="a_&lt;b&gt;_&amp;_&quot;c&quot;"/></joint>
</robot>
`);
});

test("a capsule is a cylinder with a ball at each end, turned with it", () => {
  // a quarter turn about x: the capsule's z axis points along -y
  const quaternion = [half, 0, 0, half] as const;
  const capsule = { type: "capsule" as const, radius: 0.1, length: 0.6, position: [1, 2, 3] as const };
  const roll = near([Math.PI / 2, 0, 0]);
  expect(visualsOf({ ...capsule, quaternion, color })).toEqual([
    [[1, 2, 3], roll, '<cylinder radius="0.1" length="0.6"/>'],
    [near([1, 2.3, 3]), roll, '<sphere radius="0.1"/>'],
    [near([1, 1.7, 3]), roll, '<sphere radius="0.1"/>'],
  ]);
});

test("a convex shape is the box around its points", () => {
  const points = [
    [0, 0, 0],
    [2, 0, 0],
    [0, 3, 0],
    [0, 0, 4],
  ] as const;
  // a quarter turn about z: the box's middle (1, 1.5, 2) goes to (-1.5, 1, 2)
  const quaternion = [0, 0, half, half] as const;
  expect(visualsOf({ type: "convex", points, position: [10, 20, 30], quaternion, color })).toEqual([
    [near([8.5, 21, 32]), near([0, 0, Math.PI / 2]), '<box size="2 3 4"/>'],
  ]);
});

test.each([
  // roll 0.3, then pitch 0.5, then yaw -0.7, multiplied out
  ["an oblique turn", [0.3, 0.5, -0.7]],
  ["straight up", [0.4, Math.PI / 2, 0]],
  ["straight down", [-0.4, -Math.PI / 2, 0]],
] as const)("turns are roll, pitch and yaw about fixed axes: %s", (_, angles) => {
  const [cr, cp, cy] = angles.map((angle) => Math.cos(angle / 2)) as [number, number, number];
  const [sr, sp, sy] = angles.map((angle) => Math.sin(angle / 2)) as [number, number, number];
  const quaternion = [
    sr * cp * cy - cr * sp * sy,
    cr * sp * cy + sr * cp * sy,
    cr * cp * sy - sr * sp * cy,
    cr * cp * cy + sr * sp * sy,
  ] as const;
  const sphere = { type: "sphere" as const, radius: 0.1, position: [0, 0, 0] as const };
  expect(visualsOf({ ...sphere, quaternion, color })).toEqual([
    [[0, 0, 0], near(angles), '<sphere radius="0.1"/>'],
  ]);
});
