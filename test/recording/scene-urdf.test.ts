import { expect, test } from "vitest";
import { sceneUrdfs } from "../../src/recording/scene-urdf.js";
import type { SceneEntity, SceneJoint, SceneShape } from "../../src/scene/scene.js";

const half = Math.SQRT1_2;
const color = [1, 0.5, 0.25, 1] as const;
const NAMES = { robot: "arm", env: "Reach-v1" };

/** The visuals of a link of one shape, as [xyz, rpy, geometry]. */
function visualsOf(shape: SceneShape) {
  const entities = [{ id: "part", kind: "object" as const, shapes: [shape] }];
  const urdf = sceneUrdfs(NAMES, { entities }).robot;
  return [...urdf.matchAll(/xyz="([^"]*)" rpy="([^"]*)"\/><geometry>(.*?)<\/geometry>/g)].map(
    ([, xyz, rpy, geometry]) => [xyz!.split(" ").map(Number), rpy!.split(" ").map(Number), geometry] as const,
  );
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

test("a scene without joints is a robot whose links float in the world, in colours, names fit for XML", () => {
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
  const { robot, things } = sceneUrdfs(NAMES, { entities });
  expect(things).toBeUndefined();
  expect(robot).toBe(`<?xml version="1.0"?>
<robot name="arm">
<link name="world"/>
<link name="link1"><visual><origin xyz="0.5 0 -1" rpy="0 0 0"/><geometry><box size="1 2 3"/></geometry><material name="1_0.5_0.25_1"><color rgba="1 0.5 0.25 1"/></material></visual></link>
<joint name="world_to_link1" type="floating"><parent link="world"/><child link="link1"/></joint>
<link name="a_&lt;b&gt;_&amp;_&quot;c&quot;"></link>
<joint name="world_to_a_&lt;b&gt;_&amp;_&quot;c&quot;" type="floating"><parent link="world"/><child link="a_&lt;b&gt;_&amp;_&quot;c&quot;"/></joint>
</robot>
`);
});

test("the robot is a URDF of its own, with named joints, limits, axes and mimics; what nothing joins to it floats in another", () => {
  const entity = (id: string): SceneEntity => ({ id, kind: "link", shapes: [] });
  const place = { position: [0, 0, 0.5] as const, quaternion: [0, 0, half, half] as const };
  const joint = (name: string, type: SceneJoint["type"], parent: string, child: string) => ({
    ...{ name, type, parent, child, ...place },
    ...(type === "fixed" ? {} : { axis: [0, 1, 0] as const, effortLimit: 87, velocityLimit: 2.5 }),
  });
  const joints: SceneJoint[] = [
    joint("world_to_base", "fixed", "world", "base"),
    { ...joint("turn & lift", "revolute", "base", "upper arm"), limits: [-2.5, 1] },
    joint("spin", "revolute", "upper arm", "hand"),
    { ...joint("close", "prismatic", "hand", "left"), limits: [0, 0.04] },
    { ...joint("follow", "prismatic", "hand", "right"), limits: [0, 0.04], mimic: "close", mimicRatio: -0.5 },
    { ...joint("pull", "prismatic", "cabinet", "drawer"), limits: [0, 0.3], velocityLimit: undefined },
  ];
  const ids = ["base", "upper arm", "hand", "left", "right", "cube", "cabinet", "drawer"];
  const { robot, things } = sceneUrdfs(NAMES, { entities: ids.map(entity), joints });
  const origin = '<origin xyz="0 0 0.5" rpy="0 0 1.570796327"/>';
  const strength = 'effort="87" velocity="2.5"';
  expect(robot.split("\n").slice(1)).toEqual([
    '<robot name="arm">',
    '<link name="world"/>',
    '<link name="base"></link>',
    `<joint name="world_to_base" type="fixed"><parent link="world"/><child link="base"/>${origin}</joint>`,
    '<link name="upper_arm"></link>',
    `<joint name="turn &amp; lift" type="revolute"><parent link="base"/><child link="upper_arm"/>${origin}<axis xyz="0 1 0"/><limit lower="-2.5" upper="1" ${strength}/></joint>`,
    '<link name="hand"></link>',
    `<joint name="spin" type="continuous"><parent link="upper_arm"/><child link="hand"/>${origin}<axis xyz="0 1 0"/><limit ${strength}/></joint>`,
    '<link name="left"></link>',
    `<joint name="close" type="prismatic"><parent link="hand"/><child link="left"/>${origin}<axis xyz="0 1 0"/><limit lower="0" upper="0.04" ${strength}/></joint>`,
    '<link name="right"></link>',
    `<joint name="follow" type="prismatic"><parent link="hand"/><child link="right"/>${origin}<axis xyz="0 1 0"/><limit lower="0" upper="0.04" ${strength}/><mimic joint="close" multiplier="-0.5"/></joint>`,
    "</robot>",
    "",
  ]);
  expect(things!.split("\n").slice(1)).toEqual([
    '<robot name="Reach-v1">',
    '<link name="world"/>',
    '<link name="cube"></link>',
    '<joint name="world_to_cube" type="floating"><parent link="world"/><child link="cube"/></joint>',
    '<link name="cabinet"></link>',
    '<joint name="world_to_cabinet" type="floating"><parent link="world"/><child link="cabinet"/></joint>',
    '<link name="drawer"></link>',
    `<joint name="pull" type="prismatic"><parent link="cabinet"/><child link="drawer"/>${origin}<axis xyz="0 1 0"/><limit lower="0" upper="0.3" effort="87" velocity="1000"/></joint>`,
    "</robot>",
    "",
  ]);
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
