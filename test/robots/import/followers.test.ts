// Joints of imported robots that follow others.
import { expect, test } from "vitest";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { importUrdf } from "../../../src/robots/import/import-robot.js";

const INERTIAL = `<inertial><origin xyz="0.1 0 0"/><mass value="1"/>
  <inertia ixx="0.01" iyy="0.02" izz="0.02" ixy="0" ixz="0" iyz="0"/></inertial>`;

/** A flat arm of two links that turn about z. */
const ARM = `<robot name="flat"><link name="base"/>${["upper", "lower"]
  .map(
    (name, k) => `<link name="${name}">${INERTIAL}</link>
  <joint name="${name}_turn" type="revolute"><parent link="${k === 0 ? "base" : "upper"}"/><child link="${name}"/>
    <origin xyz="0.3 0 0"/><axis xyz="0 0 1"/><limit lower="-3" upper="3" effort="20" velocity="2"/></joint>`,
  )
  .join("")}</robot>`;

test("a linkage of followers of any multiplier hangs on one servo, a follower of a follower on its leader's", () => {
  const joint = (name: string, parent: string, mimic: string) =>
    `<link name="${name}">${INERTIAL}</link><joint name="${name}_turn" type="revolute">
      <parent link="${parent}"/><child link="${name}"/><origin xyz="0.1 0 0"/><axis xyz="0 0 1"/>
      <limit lower="-1" upper="0.8" effort="20" velocity="2"/>${mimic}</joint>`;
  const linkage = [
    joint("knuckle", "lower", ""),
    joint("finger", "knuckle", '<mimic joint="knuckle_turn" multiplier="-1.5" offset="0.2"/>'),
    joint("pad", "finger", '<mimic joint="finger_turn" multiplier="2" offset="0.1"/>'),
  ];
  const { robot } = importUrdf(ARM.replace("</robot>", `${linkage.join("")}</robot>`), {
    file: "linkage.urdf",
  });
  const arm = new Articulation(robot.articulation);
  expect(arm.numDofs).toBe(3);
  const jointOf = (name: string) => robot.articulation.links.find((link) => link.name === name)!.joint!;
  const near = (value: number) => expect.closeTo(value, 12);
  const limits = { lower: near(-1.2), upper: near(1.5) };
  expect(jointOf("finger")).toMatchObject({ mimic: "knuckle_turn", mimicRatio: -1.5, ...limits });
  const wider = { lower: near(-2.4), upper: near(3) };
  expect(jointOf("pad")).toMatchObject({ mimic: "knuckle_turn", mimicRatio: -3, ...wider });
  expect(jointOf("pad")).toMatchObject({ stiffness: 0, damping: 0, effortLimit: 0, armature: 0 });
  expect(arm.effortLimits[2]).toBe(jointOf("knuckle").effortLimit);
  expect([arm.lowerLimits[2], arm.upperLimits[2]]).toEqual([near(-1), near(0.8)]);
  // angles about z: 0.3, then -0.45 + 0.2, then 2 * -0.25 + 0.1
  const before = { shoulder: 0.7, elbow: -0.4 };
  arm.reset([before.shoulder, before.elbow, 0.3]);
  const yawOf = (name: string) => {
    const o = 9 * arm.linkIndex(name);
    return Math.atan2(arm.linkRotations[o + 3]!, arm.linkRotations[o]!);
  };
  const yaw = yawOf("knuckle");
  expect(yawOf("finger") - yaw).toBeCloseTo(-0.25, 12);
  expect(yawOf("pad") - yawOf("finger")).toBeCloseTo(-0.4, 12);
});
