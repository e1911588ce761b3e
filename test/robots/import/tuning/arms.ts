// URDFs of arms for tests of mounting and tuning.

/** What a test says of a joint; every link hangs on the one before. */
export interface TestJoint {
  readonly type?: string;
  readonly xyz: string;
  readonly rpy?: string;
  readonly axis: string;
  /** Attributes of `<limit>`. */
  readonly limit?: string;
  /** More elements inside the joint. */
  readonly more?: string;
}

const LIMIT = 'lower="-3" upper="3" effort="50" velocity="2"';
const MASS =
  '<inertial><origin xyz="0 0 0.1"/><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>';

/** Write a URDF of a chain of links of 1 kg, joints j1, j2, ...; `shapes` are the collisions of each link. */
export function chainUrdf(joints: readonly TestJoint[], shapes: readonly string[] = []): string {
  const links = joints.map((_, k) => `<link name="l${k + 1}">${MASS}${shapes[k] ?? ""}</link>`);
  const between = joints.map(
    ({ type = "revolute", xyz, rpy = "0 0 0", axis, limit = LIMIT, more = "" }, k) =>
      `<joint name="j${k + 1}" type="${type}"><parent link="${k === 0 ? "base" : `l${k}`}"/><child link="l${k + 1}"/>` +
      `<origin xyz="${xyz}" rpy="${rpy}"/><axis xyz="${axis}"/>${limit ? `<limit ${limit}/>` : ""}${more}</joint>`,
  );
  return `<robot name="chain"><link name="base"/>${links.join("")}${between.join("")}</robot>`;
}

/** Six joints: the hand turns about its own axis by less than half a turn each way, which yaw 0 needs as it is drawn. */
export const SIX: readonly TestJoint[] = [
  { xyz: "0 0 0.1", axis: "0 0 1" },
  { xyz: "0 0 0.1", axis: "0 1 0" },
  { xyz: "0 0 0.3", axis: "0 1 0" },
  { xyz: "0 0 0.15", axis: "0 0 1" },
  { xyz: "0 0 0.15", axis: "0 1 0" },
  { xyz: "0 0 0.05", axis: "0 0 1" },
];

/** Three slides and a turn; the last link's z axis points up in every posture. */
export const GANTRY: readonly TestJoint[] = [
  {
    type: "prismatic",
    xyz: "0 0 0.6",
    axis: "1 0 0",
    limit: 'lower="-1" upper="1" effort="100" velocity="1"',
  },
  {
    type: "prismatic",
    xyz: "0 0 0",
    axis: "0 1 0",
    limit: 'lower="-0.5" upper="0.5" effort="100" velocity="1"',
  },
  {
    type: "prismatic",
    xyz: "0 0 0",
    axis: "0 0 1",
    limit: 'lower="-0.8" upper="0.5" effort="100" velocity="1"',
  },
  { xyz: "0 0 0", axis: "0 0 1" },
];

/** Two turns about the vertical, a slide along it and a turn of the hand, which points down. */
export const SCARA: readonly TestJoint[] = [
  { xyz: "0 0 0.35", axis: "0 0 1" },
  { xyz: "0.3 0 0", axis: "0 0 1", limit: 'lower="-2.5" upper="2.5" effort="50" velocity="2"' },
  {
    type: "prismatic",
    xyz: "0.25 0 0",
    rpy: "3.14159265359 0 0",
    axis: "0 0 1",
    limit: 'lower="0" upper="0.34" effort="100" velocity="1"',
  },
  { xyz: "0 0 0", axis: "0 0 1" },
];

/** A base that turns, three joints that bend; the hand cannot be turned about the vertical. */
export const FOUR: readonly TestJoint[] = [
  { xyz: "0 0 0.1", axis: "0 0 1" },
  { xyz: "0 0 0.05", axis: "0 1 0" },
  { xyz: "0 0 0.25", axis: "0 1 0" },
  { xyz: "0 0 0.25", axis: "0 1 0" },
];
