// Robots written for tests after the structure of public ones: link lengths, joint axes, masses, limits and hands as those have them, shapes of cylinders.

/** A joint of the arm with the link that it moves. */
interface Segment {
  /** Of the joint in the link before, m. */
  readonly xyz: readonly [number, number, number];
  readonly axis: "x" | "y" | "z";
  readonly limits: readonly [number, number];
  readonly effort: number;
  readonly velocity: number;
  readonly mass: number;
  /** Where the link leads, m: its shape is a cylinder along that. */
  readonly to: readonly [number, number, number];
  readonly radius: number;
}

/** A hand of two sliding fingers, at the last link's end, which it continues along `out`. */
interface Hand {
  readonly out: "x" | "z";
  readonly stroke: number;
  readonly force: number;
  readonly length: number;
}

const TURN = { x: 'rpy="0 1.5707963267948966 0"', z: 'rpy="0 0 0"' };
const AXES = { x: "1 0 0", y: "0 1 0", z: "0 0 1" };

function armUrdf(name: string, segments: readonly Segment[], hand: Hand): string {
  const arm = segments.map((segment, k) => linkOf(segment, k));
  const joints = segments.map(
    ({ xyz, axis, limits: [lower, upper], effort, velocity }, k) =>
      `<joint name="joint_${k + 1}" type="revolute"><parent link="link_${k}"/><child link="link_${k + 1}"/>` +
      `<origin xyz="${xyz.join(" ")}"/><axis xyz="${AXES[axis]}"/>` +
      `<limit lower="${lower}" upper="${upper}" effort="${effort}" velocity="${velocity}"/></joint>`,
  );
  const end = segments.at(-1)!.to;
  const { stroke, force, length } = hand;
  const finger = (side: 1 | -1) =>
    `<link name="finger_${side === 1 ? "left" : "right"}"><inertial><origin xyz="0 0 0.02"/><mass value="0.03"/>` +
    '<inertia ixx="1e-5" iyy="1e-5" izz="3e-6" ixy="0" ixz="0" iyz="0"/></inertial>' +
    `<collision><origin xyz="0 ${side * 0.006} 0.03"/><geometry><box size="0.02 0.012 0.04"/></geometry></collision></link>` +
    `<joint name="slide_${side === 1 ? "left" : "right"}" type="prismatic"><parent link="hand"/><child link="finger_${side === 1 ? "left" : "right"}"/>` +
    `<origin xyz="0 0 ${length}"/><axis xyz="0 ${side} 0"/><limit lower="0" upper="${stroke}" effort="${force}" velocity="0.1"/>` +
    `${side === 1 ? "" : '<mimic joint="slide_left"/>'}</joint>`;
  return [
    `<robot name="${name}"><link name="link_0"/>`,
    ...arm,
    ...joints,
    `<link name="hand"><inertial><origin xyz="0 0 ${length / 2}"/><mass value="0.5"/>`,
    '<inertia ixx="0.001" iyy="0.001" izz="0.0006" ixy="0" ixz="0" iyz="0"/></inertial>',
    `<collision><origin xyz="0 0 ${length / 2}"/><geometry><box size="0.05 0.1 ${length}"/></geometry></collision></link>`,
    `<joint name="flange" type="fixed"><parent link="link_${segments.length}"/><child link="hand"/>`,
    `<origin xyz="${end.join(" ")}" ${TURN[hand.out]}/></joint>`,
    finger(1),
    finger(-1),
    "</robot>",
  ].join("\n");
}

function linkOf({ mass, to, radius }: Segment, index: number): string {
  const length = Math.hypot(...to);
  const middle = to.map((value) => value / 2);
  const [x, y, z] = to;
  const rpy = `0 ${Math.atan2(Math.hypot(x, y), z)} ${Math.atan2(y, x)}`;
  const across = (mass * (3 * radius ** 2 + length ** 2)) / 12;
  const along = (mass * radius ** 2) / 2;
  const shape =
    length > 2 * radius
      ? `<collision><origin xyz="${middle.join(" ")}" rpy="${rpy}"/><geometry><cylinder radius="${radius}" length="${length - radius}"/></geometry></collision>`
      : "";
  return (
    `<link name="link_${index + 1}"><inertial><origin xyz="${middle.join(" ")}" rpy="${rpy}"/><mass value="${mass}"/>` +
    `<inertia ixx="${across}" iyy="${across}" izz="${along}" ixy="0" ixz="0" iyz="0"/></inertial>${shape}</link>`
  );
}

/** URDFs by the name of their robot. */
export const STRUCTURES: Readonly<Record<string, string>> = {
  // KUKA LBR iiwa 14: seven joints about z and y in turn
  "like-iiwa14": armUrdf(
    "like-iiwa14",
    [
      {
        xyz: [0, 0, 0.1575],
        axis: "z",
        limits: [-2.96, 2.96],
        effort: 320,
        velocity: 1.48,
        mass: 5.8,
        to: [0, 0, 0.2025],
        radius: 0.07,
      },
      {
        xyz: [0, 0, 0.2025],
        axis: "y",
        limits: [-2.09, 2.09],
        effort: 320,
        velocity: 1.48,
        mass: 6.4,
        to: [0, 0, 0.2045],
        radius: 0.07,
      },
      {
        xyz: [0, 0, 0.2045],
        axis: "z",
        limits: [-2.96, 2.96],
        effort: 176,
        velocity: 1.74,
        mass: 3.9,
        to: [0, 0, 0.2155],
        radius: 0.06,
      },
      {
        xyz: [0, 0, 0.2155],
        axis: "y",
        limits: [-2.09, 2.09],
        effort: 176,
        velocity: 1.3,
        mass: 4.2,
        to: [0, 0, 0.1845],
        radius: 0.06,
      },
      {
        xyz: [0, 0, 0.1845],
        axis: "z",
        limits: [-2.96, 2.96],
        effort: 110,
        velocity: 2.26,
        mass: 2.1,
        to: [0, 0, 0.2155],
        radius: 0.05,
      },
      {
        xyz: [0, 0, 0.2155],
        axis: "y",
        limits: [-2.09, 2.09],
        effort: 40,
        velocity: 2.35,
        mass: 2.5,
        to: [0, 0, 0.081],
        radius: 0.05,
      },
      {
        xyz: [0, 0, 0.081],
        axis: "z",
        limits: [-3.05, 3.05],
        effort: 40,
        velocity: 2.35,
        mass: 0.4,
        to: [0, 0, 0.045],
        radius: 0.04,
      },
    ],
    { out: "z", stroke: 0.04, force: 40, length: 0.09 },
  ),
  // ABB IRB 120: six joints, elbow raised by 7 cm, wrist along x
  "like-irb120": armUrdf(
    "like-irb120",
    [
      {
        xyz: [0, 0, 0.166],
        axis: "z",
        limits: [-2.88, 2.88],
        effort: 80,
        velocity: 4.36,
        mass: 3.1,
        to: [0, 0, 0.124],
        radius: 0.06,
      },
      {
        xyz: [0, 0, 0.124],
        axis: "y",
        limits: [-1.92, 1.92],
        effort: 80,
        velocity: 4.36,
        mass: 3.9,
        to: [0, 0, 0.27],
        radius: 0.05,
      },
      {
        xyz: [0, 0, 0.27],
        axis: "y",
        limits: [-1.92, 1.22],
        effort: 60,
        velocity: 4.36,
        mass: 2.4,
        to: [0.15, 0, 0.07],
        radius: 0.045,
      },
      {
        xyz: [0.15, 0, 0.07],
        axis: "x",
        limits: [-2.79, 2.79],
        effort: 30,
        velocity: 5.58,
        mass: 1.3,
        to: [0.152, 0, 0],
        radius: 0.04,
      },
      {
        xyz: [0.152, 0, 0],
        axis: "y",
        limits: [-2.09, 2.09],
        effort: 20,
        velocity: 5.58,
        mass: 0.6,
        to: [0.072, 0, 0],
        radius: 0.035,
      },
      {
        xyz: [0.072, 0, 0],
        axis: "x",
        limits: [-6.98, 6.98],
        effort: 12,
        velocity: 7.33,
        mass: 0.1,
        to: [0.01, 0, 0],
        radius: 0.03,
      },
    ],
    { out: "x", stroke: 0.04, force: 30, length: 0.08 },
  ),
  // Trossen ViperX 300 with six joints: hobby servos, along x from the elbow on
  "like-vx300s": armUrdf(
    "like-vx300s",
    [
      {
        xyz: [0, 0, 0.079],
        axis: "z",
        limits: [-3.14, 3.14],
        effort: 10,
        velocity: 3.14,
        mass: 0.8,
        to: [0, 0, 0.04805],
        radius: 0.05,
      },
      {
        xyz: [0, 0, 0.04805],
        axis: "y",
        limits: [-1.85, 1.25],
        effort: 20,
        velocity: 3.14,
        mass: 1,
        to: [0.05955, 0, 0.3],
        radius: 0.035,
      },
      {
        xyz: [0.05955, 0, 0.3],
        axis: "y",
        limits: [-1.76, 1.6],
        effort: 15,
        velocity: 3.14,
        mass: 0.5,
        to: [0.2, 0, 0],
        radius: 0.03,
      },
      {
        xyz: [0.2, 0, 0],
        axis: "x",
        limits: [-3.14, 3.14],
        effort: 5,
        velocity: 3.14,
        mass: 0.4,
        to: [0.1, 0, 0],
        radius: 0.03,
      },
      {
        xyz: [0.1, 0, 0],
        axis: "y",
        limits: [-1.87, 2.23],
        effort: 5,
        velocity: 3.14,
        mass: 0.25,
        to: [0.069744, 0, 0],
        radius: 0.03,
      },
      {
        xyz: [0.069744, 0, 0],
        axis: "x",
        limits: [-3.14, 3.14],
        effort: 2,
        velocity: 3.14,
        mass: 0.15,
        to: [0.02, 0, 0],
        radius: 0.025,
      },
    ],
    { out: "x", stroke: 0.035, force: 10, length: 0.06 },
  ),
  // Doosan M1013: six joints with a long reach, all offsets in one plane
  "like-m1013": armUrdf(
    "like-m1013",
    [
      {
        xyz: [0, 0, 0.1525],
        axis: "z",
        limits: [-6.28, 6.28],
        effort: 346,
        velocity: 2.09,
        mass: 4.1,
        to: [0, 0, 0.0345],
        radius: 0.07,
      },
      {
        xyz: [0, 0, 0.0345],
        axis: "y",
        limits: [-6.28, 6.28],
        effort: 346,
        velocity: 2.09,
        mass: 7.8,
        to: [0, 0, 0.62],
        radius: 0.06,
      },
      {
        xyz: [0, 0, 0.62],
        axis: "y",
        limits: [-2.79, 2.79],
        effort: 163,
        velocity: 3.14,
        mass: 3.7,
        to: [0, 0, 0.3],
        radius: 0.05,
      },
      {
        xyz: [0, 0, 0.3],
        axis: "z",
        limits: [-6.28, 6.28],
        effort: 50,
        velocity: 3.93,
        mass: 3.2,
        to: [0, 0, 0.259],
        radius: 0.045,
      },
      {
        xyz: [0, 0, 0.259],
        axis: "y",
        limits: [-6.28, 6.28],
        effort: 50,
        velocity: 3.93,
        mass: 2.6,
        to: [0, 0, 0.121],
        radius: 0.045,
      },
      {
        xyz: [0, 0, 0.121],
        axis: "z",
        limits: [-6.28, 6.28],
        effort: 50,
        velocity: 3.93,
        mass: 0.7,
        to: [0, 0, 0.02],
        radius: 0.04,
      },
    ],
    { out: "z", stroke: 0.0425, force: 60, length: 0.1 },
  ),
};
