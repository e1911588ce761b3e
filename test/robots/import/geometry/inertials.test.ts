import { describe, expect, test } from "vitest";
import { importUrdf } from "../../../../src/robots/import/import-robot.js";
import { compileMjcf, mujoco } from "../../../physics/mujoco.js";
import { obj } from "./mesh-files.js";

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
const inertial = (mass: number, [xx, yy, zz]: readonly number[], xy = 0) =>
  `<inertial><mass value="${mass}"/><inertia ixx="${xx}" iyy="${yy}" izz="${zz}" ixy="${xy}" ixz="0" iyz="0"/></inertial>`;

/** A link that turns about z, with `inside`, and a frame welded on it. */
function importLink(inside: string, frame = "") {
  const { robot, assumptions } = importUrdf(
    `<robot name="r"><link name="base"/>
<link name="arm">${inside}</link><link name="tip">${frame}</link>
<joint name="turn" type="revolute"><parent link="base"/><child link="arm"/><axis xyz="0 0 1"/>
  <limit lower="-1" upper="1" effort="10" velocity="1"/></joint>
<joint name="weld" type="fixed"><parent link="arm"/><child link="tip"/><origin xyz="0.3 0 0"/></joint></robot>`,
    { file: "r.urdf", readMesh: () => obj() },
  );
  const [arm, tip] = robot.articulation.links;
  return { arm: arm!, tip: tip!, notes: assumptions.filter((note) => /^link "(arm|tip)"/.test(note)) };
}

describe("a link without an inertial", () => {
  test("weighs its collision shapes at 1000 kg/m³, as in MuJoCo", () => {
    const shapes = [
      ['xyz="0.1 0 0" rpy="0.3 0 0"', '<box size="0.2 0.04 0.06"/>', "box", "0.1 0.02 0.03"],
      ['xyz="0 0.1 0" rpy="0 0.5 0"', '<cylinder radius="0.02" length="0.1"/>', "cylinder", "0.02 0.05"],
      ['xyz="0 0 0.1" rpy="1 0 0"', '<capsule radius="0.03" length="0.08"/>', "capsule", "0.03 0.04"],
      ['xyz="0 0 -0.1" rpy="0 0 0"', '<sphere radius="0.05"/>', "sphere", "0.05"],
    ] as const;
    const { arm, notes } = importLink(
      shapes
        .map(([place, shape]) => `<collision><origin ${place}/><geometry>${shape}</geometry></collision>`)
        .join(""),
    );
    const geoms = shapes.map(([place, , type, size]) => {
      const [, xyz, rpy] = /xyz="(.*?)" rpy="(.*?)"/.exec(place)!;
      const [roll, pitch] = rpy!.split(" ");
      return `<geom type="${type}" size="${size}" pos="${xyz}" euler="${roll} ${pitch} 0" density="1000"/>`;
    });
    const { model, data } = compileMjcf(
      `<mujoco><compiler angle="radian" eulerseq="XYZ"/><worldbody><body><freejoint/>${geoms.join("")}</body></worldbody></mujoco>`,
    );
    mujoco.mj_forward(model, data);
    expect(arm.mass).toBeCloseTo(model.body_mass[1]!, 9);
    expect(arm.centerOfMass).toEqual(near([0, 1, 2].map((k) => model.body_ipos[3 + k]!)));
    const principal = [3, 4, 5].map((k) => model.body_inertia[k]!);
    const [xx, yy, zz, xy, xz, yz] = arm.inertia;
    expect(xx + yy + zz).toBeCloseTo(
      principal.reduce((sum, value) => sum + value, 0),
      9,
    );
    const determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
    expect(determinant / principal.reduce((product, value) => product * value, 1)).toBeCloseTo(1, 9);
    expect(notes).toEqual([
      `link "arm" has no inertial: ${Number(arm.mass.toPrecision(3))} kg, its collision shapes at 1000 kg/m³`,
    ]);
  });

  test("weighs what its closed mesh holds", () => {
    const { arm } = importLink('<collision><geometry><mesh filename="box.obj"/></geometry></collision>');
    expect(arm.mass).toBeCloseTo(48, 9);
    expect(arm.centerOfMass).toEqual(near([0.2, 0.2, 0.1]));
    // m (b² + c²) / 12
    expect(arm.inertia).toEqual(near([2.08, 1.6, 0.8, 0, 0, 0]));
  });

  test("and without shapes gets a small mass, told, where a joint moves it and nothing on it weighs", () => {
    const bare = importLink("");
    expect(bare.arm).toMatchObject({ mass: 0.1, inertia: [1e-4, 1e-4, 1e-4, 0, 0, 0] });
    expect(bare.tip.mass).toBe(0);
    expect(bare.notes).toEqual(['link "arm" moves but weighs nothing: 0.1 kg and 0.0001 kg m² assumed']);
    expect(importLink("", inertial(0.5, [1e-3, 1e-3, 1e-3])).arm.mass).toBe(0);
  });
});

test("a mass of 0 makes a link a frame", () => {
  const { tip, notes } = importLink(inertial(1, [0.01, 0.01, 0.01]), inertial(0, [0, 0, 0]));
  expect(tip).toMatchObject({ mass: 0, inertia: [0, 0, 0, 0, 0, 0] });
  expect(notes).toEqual(['link "tip" has a mass of 0: it is a frame of its parent']);
});

describe("an inertia that no body has is mended and told:", () => {
  test("moments of zero become those of a radius of gyration of 1 mm", () => {
    const { arm, notes } = importLink(inertial(2, [0.01, 0.01, 0]));
    expect(arm.inertia).toEqual(near([0.01, 0.01, 2e-6, 0, 0, 0]));
    expect(notes).toEqual([
      'link "arm": its least moment of inertia is 0 kg m²: raised to 0.000002, a radius of gyration of 1 mm',
    ]);
  });

  test("a moment larger than the sum of the others: all become their mean, as MuJoCo's balanceinertia does", () => {
    const { arm, notes } = importLink(inertial(2, [0.01, 0.02, 0.06]));
    expect(arm.inertia).toEqual(near([0.03, 0.03, 0.03, 0, 0, 0]));
    const { model } = compileMjcf(
      '<mujoco><compiler balanceinertia="true"/><worldbody><body><freejoint/><inertial mass="2" pos="0 0 0" diaginertia="0.01 0.02 0.06"/></body></worldbody></mujoco>',
    );
    expect([3, 4, 5].map((k) => model.body_inertia[k])).toEqual(near([0.03, 0.03, 0.03]));
    expect(notes).toEqual([
      'link "arm": its largest moment of inertia is more than the sum of the others, which no body has: all 0.03 kg m², their mean',
    ]);
  });

  test("a product of inertia that makes a moment negative", () => {
    // principal moments 0.02 − 0.03 and 0.02 + 0.03 about axes turned by 45 degrees, and 0.05
    const { arm } = importLink(inertial(1, [0.02, 0.02, 0.05], 0.03));
    expect(arm.inertia).toEqual(near([0.0250005, 0.0250005, 0.05, 0.0249995, 0, 0]));
  });

  test("what rounding makes of a plate is left as it is", () => {
    const { arm, notes } = importLink(inertial(1, [0.0033, 0.0033, 0.00663]));
    expect(arm.inertia).toEqual([0.0033, 0.0033, 0.00663, 0, 0, 0]);
    expect(notes).toEqual([]);
  });
});
