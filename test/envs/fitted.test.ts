import { describe, expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { panda } from "../../src/robots/models/panda.js";

const SIZES = [
  "cubeSize",
  "cubeMass",
  "liftHeight",
  "heightTolerance",
  "sideTolerance",
  "sizes",
  "objectMass",
  "boxWidth",
  "masses",
  "pegWidth",
  "pegMass",
  "barWidth",
  "barMass",
] as const;
const GRIPPING = [
  "Stack-v1",
  "StackTower-v1",
  "Sort-v1",
  "BinPick-v1",
  "HiddenMass-v1",
  "PegInsert-v1",
  "Handover-v1",
] as const;
/** Its fingers open to 30 mm: the largest cube is one of 15 mm. */
const NARROW = narrowed(0.015);

function narrowed(open: number): string {
  return JSON.stringify({ ...panda, id: "narrow", gripper: { ...panda.gripper!, open } });
}

function sizesOf(id: (typeof GRIPPING)[number], config: Readonly<Record<string, unknown>>) {
  const all: Readonly<Record<string, unknown>> = envs[id].create(config).spec.config;
  return Object.fromEntries(SIZES.filter((name) => name in all).map((name) => [name, all[name]]));
}

/** `sizes` with those that are named `share` to the `power` times as large. */
function times(share: number, sizes: Readonly<Record<string, unknown>>, names: readonly string[], power = 1) {
  const scaled = names.map((name) => [name, expect.closeTo(share ** power * (sizes[name] as number), 12)]);
  return { ...sizes, ...Object.fromEntries(scaled) };
}

describe.each(GRIPPING)("%s", (id) => {
  test("has the same sizes on every robot that opens wide enough", () => {
    const defaults = sizesOf(id, {});
    for (const robot of ["ur5e", "xarm7", "so101", "so100", "ur10e", "gen3", "fr3"]) {
      const refused = robot.startsWith("so") && id !== "Stack-v1" && id !== "PegInsert-v1";
      if (!refused) expect(sizesOf(id, { robot })).toEqual(defaults);
    }
  });
});

test.each([
  ["wx250s", 33 / 40],
  [NARROW, 15 / 40],
])(
  "cubes that are put somewhere shrink to what the gripper takes, and what they are told by with them",
  (robot, share) => {
    for (const id of ["Stack-v1", "StackTower-v1", "Sort-v1"] as const) {
      const defaults = sizesOf(id, {});
      const lengths = Object.keys(defaults).filter((name) => name !== "cubeMass");
      const expected = times(share, times(share, defaults, ["cubeMass"], 3), lengths);
      expect(sizesOf(id, { robot })).toEqual(expected);
    }
    expect(sizesOf("Stack-v1", { robot, cubeSize: 0.02, sideTolerance: 0.01 })).toMatchObject({
      cubeSize: 0.02,
      sideTolerance: 0.01,
    });
  },
);

test("what lies in the bin shrinks with the cube in it", () => {
  const { sizes, objectMass } = sizesOf("BinPick-v1", { robot: NARROW });
  const defaults = sizesOf("BinPick-v1", {});
  const bySize = defaults.sizes as Readonly<Record<string, number>>;
  expect(sizes).toEqual(times(15 / 40, bySize, Object.keys(bySize)));
  expect(objectMass).toBeCloseTo((15 / 40) ** 3 * 0.1, 12);
});

test("peg and bar become thinner, not shorter", () => {
  expect(sizesOf("PegInsert-v1", { robot: "wx250s" })).toEqual(sizesOf("PegInsert-v1", {}));
  const peg = envs["PegInsert-v1"].create({ robot: NARROW }).spec.config;
  expect(peg).toMatchObject({ pegWidth: 0.015, pegHeight: 0.06, pegMass: expect.closeTo(0.025, 12) });
  const bar = envs["Handover-v1"].create({ robot: "ur5e", receiver: NARROW }).spec.config;
  expect(bar).toMatchObject({ barLength: 0.2, barMass: expect.closeTo(0.025, 12) });
  expect(bar.barWidth).toBeCloseTo(0.015, 12);
});

test("the heaviest box of HiddenMass-v1 takes half of the force that the fingers have at most", () => {
  // 2.5 N on two sides at 0.8 hold 4 N
  const heaviest = 4 / 9.81;
  expect(sizesOf("HiddenMass-v1", { robot: "wx250s" })).toEqual({
    boxWidth: 0.033,
    liftHeight: 0.1,
    masses: { least: expect.closeTo(heaviest / 6, 12), most: expect.closeTo(heaviest, 12) },
  });
  const { masses } = sizesOf("HiddenMass-v1", { robot: "wx250s", boxFriction: 0.4 });
  expect(masses).toMatchObject({ most: expect.closeTo(heaviest / 2, 12) });
});
