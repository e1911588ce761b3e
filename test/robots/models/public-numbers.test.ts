// Robots that ship against the files that their numbers come from: skeletons of those, with frames, joints and masses as written there.
import { expect, test } from "vitest";
import { quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import { createRandom } from "../../../src/math/random.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { readRobot } from "../../../src/robots/import/formats/read-robot.js";
import { importRobot } from "../../../src/robots/import/import-robot.js";
import { linksFromBase, mountedLinks } from "../../../src/robots/models/robot-base.js";
import { robots } from "../../../src/robots/models/robots.js";
import { compileMjcf, mujoco } from "../../physics/mujoco.js";

/** A body of the public file: where it hangs, its joint, its mass and centre of mass. */
interface Body {
  readonly place: string;
  readonly joint: string;
  readonly inertial: string;
}

/** Bodies one in another, the last first part of the next: chains have no branches. */
function chain(bodies: readonly Body[], tip: string): string {
  const open = bodies.map(
    ({ place, joint, inertial }) => `<body ${place}><inertial ${inertial}/><joint ${joint}/>`,
  );
  return `<mujoco><compiler angle="radian"/><worldbody><body name="base">${open.join("")}<site name="tip" ${tip}/>${"</body>".repeat(bodies.length + 1)}</worldbody></mujoco>`;
}

interface PublicArm {
  readonly xml: string;
  /** Link whose frame is at the public file's site "tip". */
  readonly link: string;
  /** Turn of the world between the two, about z, rad: what the public file looks along. */
  readonly yaw?: number;
}

const ARMS: Readonly<Record<string, PublicArm>> = {
  // MuJoCo Menagerie, universal_robots_ur10e/ur10e.xml, without the turn of its base
  ur10e: {
    link: "hand",
    xml: chain(
      [
        {
          place: 'pos="0 0 0.181"',
          joint: 'axis="0 0 1"',
          inertial: 'pos="0 0 0" mass="7.778" diaginertia="0.0314743 0.0314743 0.0218756"',
        },
        {
          place: 'pos="0 0.176 0" quat="1 0 1 0"',
          joint: 'axis="0 1 0"',
          inertial: 'pos="0 0 0.3065" mass="12.93" diaginertia="0.423074 0.423074 0.0363656"',
        },
        {
          place: 'pos="0 -0.137 0.613"',
          joint: 'axis="0 1 0"',
          inertial: 'pos="0 0 0.2855" mass="3.87" diaginertia="0.11059 0.11059 0.0108844"',
        },
        {
          place: 'pos="0 0 0.571" quat="1 0 1 0"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0 0.135 0" quat="0.5 0.5 -0.5 0.5" mass="1.96" diaginertia="0.0055125 0.00510825 0.00510825"',
        },
        {
          place: 'pos="0 0.135 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0 0 0.12" quat="0.5 0.5 -0.5 0.5" mass="1.96" diaginertia="0.0055125 0.00510825 0.00510825"',
        },
        {
          place: 'pos="0 0 0.12"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0 0.092 0" quat="0 1 -1 0" mass="0.202" diaginertia="0.000204525 0.000144346 0.000144346"',
        },
      ],
      'pos="0 0.1 0" quat="-1 1 0 0"',
    ),
  },
  // MuJoCo Menagerie, franka_fr3/fr3.xml; the hand as in franka_emika_panda/panda.xml
  fr3: {
    link: "hand",
    xml: chain(
      [
        {
          place: 'pos="0 0 0.333"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="4.128e-07 -0.0181251 -0.0386036" quat="0.998098 -0.0605364 0.00380499 0.0110109" mass="2.92747" diaginertia="0.0239286 0.0227246 0.00610634"',
        },
        {
          place: 'quat="1 -1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0.00318289 -0.0743222 0.00881461" quat="0.502599 0.584437 -0.465998 0.434366" mass="2.93554" diaginertia="0.0629567 0.0411924 0.0246371"',
        },
        {
          place: 'pos="0 -0.316 0" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0.0407016 -0.00482006 -0.0289731" quat="0.921025 -0.244161 0.155272 0.260745" mass="2.2449" diaginertia="0.0267409 0.0189869 0.0171587"',
        },
        {
          place: 'pos="0.0825 0 0" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-0.0459101 0.0630493 -0.00851879" quat="0.438018 0.803311 0.00937812 0.403414" mass="2.6156" diaginertia="0.05139 0.0372717 0.0160047"',
        },
        {
          place: 'pos="-0.0825 0.384 0" quat="1 -1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-0.00160396 0.0292536 -0.0972966" quat="0.919031 0.125604 0.0751531 -0.366003" mass="2.32712" diaginertia="0.0579335 0.0449144 0.0130634"',
        },
        {
          place: 'quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0.0597131 -0.0410295 -0.0101693" quat="0.621301 0.552665 0.510011 0.220081" mass="1.81704" diaginertia="0.0175039 0.0161123 0.00193529"',
        },
        {
          place: 'pos="0.088 0 0" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0.00452258 0.00862619 -0.0161633" quat="0.727579 0.0978688 -0.24906 0.63168" mass="0.627143" diaginertia="0.000223836 0.000223642 5.64132e-07"',
        },
      ],
      'pos="0 0 0.107" quat="0.9238795 0 0 -0.3826834"',
    ),
  },
  // MuJoCo Menagerie, kinova_gen3/gen3.xml
  gen3: {
    link: "hand",
    xml: chain(
      [
        {
          place: 'pos="0 0 0.15643" quat="0 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-2.3e-05 -0.010364 -0.07336" quat="0.707051 0.0451246 -0.0453544 0.704263" mass="1.3773" diaginertia="0.00488868 0.00457 0.00135132"',
        },
        {
          place: 'pos="0 0.005375 -0.12838" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-4.4e-05 -0.09958 -0.013278" quat="0.482348 0.516286 -0.516862 0.483366" mass="1.1636" diaginertia="0.0113017 0.011088 0.00102532"',
        },
        {
          place: 'pos="0 -0.21038 -0.006375" quat="1 -1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-4.4e-05 -0.006641 -0.117892" quat="0.706144 0.0213722 -0.0209128 0.707437" mass="1.1636" diaginertia="0.0111633 0.010932 0.00100671"',
        },
        {
          place: 'pos="0 0.006375 -0.21038" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="-1.8e-05 -0.075478 -0.015006" quat="0.483678 0.515961 -0.515859 0.483455" mass="0.9302" diaginertia="0.00834839 0.008147 0.000598606"',
        },
        {
          place: 'pos="0 -0.20843 -0.006375" quat="1 -1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="1e-06 -0.009432 -0.063883" quat="0.703558 0.0707492 -0.0707492 0.703558" mass="0.6781" diaginertia="0.00165901 0.001596 0.000346988"',
        },
        {
          place: 'pos="0 0.00017505 -0.10593" quat="1 1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="1e-06 -0.045483 -0.00965" quat="0.44426 0.550121 -0.550121 0.44426" mass="0.6781" diaginertia="0.00170087 0.001641 0.00035013"',
        },
        {
          place: 'pos="0 -0.10593 -0.00017505" quat="1 -1 0 0"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="0.000281 0.011402 -0.029798" quat="0.394358 0.596779 -0.577293 0.393789" mass="0.5" diaginertia="0.000657336 0.000587019 0.000320645"',
        },
      ],
      'pos="0 0 -0.061525" quat="0 1 0 0"',
    ),
  },
  // MuJoCo Menagerie, trossen_wx250s/wx250s.xml
  wx250s: {
    link: "gripper",
    xml: chain(
      [
        {
          place: 'pos="0 0 0.072"',
          joint: 'axis="0 0 1"',
          inertial:
            'pos="2.23482e-05 4.14609e-05 0.0066287" quat="0.0130352 0.706387 0.012996 0.707586" mass="0.480879" diaginertia="0.000588946 0.000555655 0.000378999"',
        },
        {
          place: 'pos="0 0 0.03865"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0.0171605 2.725e-07 0.191323" quat="0.705539 0.0470667 -0.0470667 0.705539" mass="0.430811" diaginertia="0.00364425 0.003463 0.000399348"',
        },
        {
          place: 'pos="0.04975 0 0.25"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0.107963 0.000115876 0" quat="0.000980829 0.707106 -0.000980829 0.707106" mass="0.234589" diaginertia="0.000888 0.000887807 3.97035e-05"',
        },
        {
          place: 'pos="0.175 0 0"',
          joint: 'axis="1 0 0"',
          inertial:
            'pos="0.0374395 0.00522252 0" quat="-0.0732511 0.703302 0.0732511 0.703302" mass="0.220991" diaginertia="0.0001834 0.000172527 5.88633e-05"',
        },
        {
          place: 'pos="0.075 0 0"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0.04236 -1.0663e-05 0.010577" quat="0.608721 0.363497 -0.359175 0.606895" mass="0.084957" diaginertia="3.29057e-05 3.082e-05 2.68343e-05"',
        },
        {
          place: 'pos="0.065 0 0"',
          joint: 'axis="1 0 0"',
          inertial:
            'pos="0.0325296 4.2061e-07 0.0090959" quat="0.546081 0.419626 0.62801 0.362371" mass="0.110084" diaginertia="0.00307592 0.00307326 0.0030332"',
        },
      ],
      'pos="0 0 0"',
    ),
  },
  // MuJoCo Menagerie, trs_so_arm100/so_arm100.xml
  so100: {
    link: "gripper",
    yaw: Math.PI / 2,
    xml: chain(
      [
        {
          place: 'pos="0 -0.0452 0.0165" quat="0.707105 0.707108 0 0"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="-9.07886e-05 0.0590972 0.031089" quat="0.363978 0.441169 -0.623108 0.533504" mass="0.119226" diaginertia="5.94278e-05 5.89975e-05 3.13712e-05"',
        },
        {
          place: 'pos="0 0.1025 0.0306" euler="1.57079 0 0"',
          joint: 'axis="1 0 0"',
          inertial:
            'pos="-1.72052e-05 0.0701802 0.00310545" quat="0.50104 0.498994 -0.493562 0.50632" mass="0.162409" diaginertia="0.000213312 0.000167164 7.01522e-05"',
        },
        {
          place: 'pos="0 0.11257 0.028" euler="-1.57079 0 0"',
          joint: 'axis="1 0 0"',
          inertial:
            'pos="-0.00339604 0.00137796 0.0768007" quat="0.701995 0.0787996 0.0645626 0.704859" mass="0.147968" diaginertia="0.000138803 0.000107748 4.84242e-05"',
        },
        {
          place: 'pos="0 0.0052 0.1349" euler="-1.57079 0 0"',
          joint: 'axis="1 0 0"',
          inertial:
            'pos="-0.00852653 -0.0352279 -2.34622e-05" quat="-0.0522806 0.705235 0.0549524 0.704905" mass="0.0661321" diaginertia="3.45403e-05 2.39041e-05 1.94704e-05"',
        },
        {
          place: 'pos="0 -0.0601 0" euler="0 1.57079 0"',
          joint: 'axis="0 1 0"',
          inertial:
            'pos="0.00552377 -0.0280167 0.000483583" quat="0.41836 0.620891 -0.350644 0.562599" mass="0.0929859" diaginertia="5.03136e-05 4.64098e-05 2.72961e-05"',
        },
      ],
      'pos="0 0 0"',
    ),
  },
};

/** The world and the base. */
const BODIES_BEFORE = 2;
/** The public files round quarter turns to five digits and inertias to six: what that may amount to, m and share. */
const ROUNDED = 2e-5;

test.each(Object.entries(ARMS))(
  "%s has the frames, masses and centres of mass of its public file",
  (id, { xml, link, yaw = 0 }) => {
    const robot = robots[id]!;
    const arm = new Articulation(robot.articulation);
    const { model, data } = compileMjcf(xml);
    const n = robot.armJoints.length;
    expect(model.nq).toBe(n);
    const random = createRandom(`public/${id}`);
    const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
    const turned = (v: ArrayLike<number>, k: number) => [
      cos * v[k]! - sin * v[k + 1]!,
      sin * v[k]! + cos * v[k + 1]!,
      v[k + 2]!,
    ];
    const hand = arm.linkIndex(link);
    const masses = robot.articulation.links.slice(0, n).map(({ mass }) => mass);
    expect(masses).toEqual([...(model.body_mass as Float64Array)].slice(BODIES_BEFORE));
    let worst = 0;
    const compare = (ours: ArrayLike<number>, from: number, theirs: readonly number[]) => {
      for (let k = 0; k < 3; k++) worst = Math.max(worst, Math.abs(ours[from + k]! - theirs[k]!));
    };
    for (let state = 0; state < 20; state++) {
      for (let k = 0; k < n; k++) arm.jointPositions[k] = random.uniform(-2, 2);
      arm.forwardKinematics();
      data.qpos.set(arm.jointPositions.subarray(0, n));
      mujoco.mj_forward(model, data);
      compare(arm.linkPositions, 3 * hand, turned(data.site_xpos as Float64Array, 0));
      const R = data.site_xmat as Float64Array;
      for (const column of [0, 1, 2]) {
        const theirs = turned([R[column]!, R[3 + column]!, R[6 + column]!], 0);
        for (let k = 0; k < 3; k++)
          worst = Math.max(worst, Math.abs(arm.linkRotations[9 * hand + 3 * k + column]! - theirs[k]!));
      }
      for (let body = 0; body < n; body++) {
        const [x, y, z] = robot.articulation.links[body]!.centerOfMass;
        const r = 9 * body;
        const centre = [0, 1, 2].map(
          (k) =>
            arm.linkPositions[3 * body + k]! +
            arm.linkRotations[r + 3 * k]! * x +
            arm.linkRotations[r + 3 * k + 1]! * y +
            arm.linkRotations[r + 3 * k + 2]! * z,
        );
        compare(centre, 0, turned(data.xipos as Float64Array, 3 * (body + BODIES_BEFORE)));
      }
    }
    expect(worst).toBeLessThan(ROUNDED);
  },
);

test.each(Object.entries(ARMS))(
  "%s needs the torques against gravity and has the inertia of its public file",
  (id, { xml }) => {
    const robot = robots[id]!;
    const n = robot.armJoints.length;
    // without the hand: what hangs on the last arm link is another file's
    const links = robot.articulation.links.slice(0, n);
    const arm = new Articulation({ links });
    const { model, data } = compileMjcf(xml);
    const random = createRandom(`public/${id}`);
    for (let state = 0; state < 5; state++) {
      for (let k = 0; k < n; k++) arm.jointPositions[k] = random.uniform(-2, 2);
      arm.jointVelocities.fill(0);
      arm.forwardKinematics();
      arm.computeDynamics();
      data.qpos.set(arm.jointPositions);
      data.qvel.fill(0);
      mujoco.mj_forward(model, data);
      const gravity = data.qfrc_bias as Float64Array;
      const largest = Math.max(...gravity.map(Math.abs));
      for (let k = 0; k < n; k++)
        expect(Math.abs(arm.biasForces[k]! - gravity[k]!)).toBeLessThan(1e-3 * largest);
      // the diagonal of the mass matrix: torque that a unit acceleration of one joint takes, rotors left out
      for (let k = 0; k < n; k++) {
        data.qacc.set(Array.from({ length: n }, (_, j) => (j === k ? 1 : 0)));
        mujoco.mj_inverse(model, data);
        const inertia = (data.qfrc_inverse as Float64Array)[k]! - gravity[k]!;
        const ours = arm.massMatrix[k * n + k]! - links[k]!.joint!.armature;
        expect(Math.abs(ours - inertia)).toBeLessThan(5e-3 * inertia + 1e-6);
      }
    }
  },
);

test.each(Object.entries(ARMS))(
  "%s is what the importer makes of its public file",
  (id, { xml, yaw = 0 }) => {
    const robot = robots[id]!;
    const n = robot.armJoints.length;
    const description = readRobot(new TextEncoder().encode(xml), `${id}.xml`, () => undefined);
    const imported = importRobot(description).robot;
    const theirs = linksFromBase(imported).slice(0, n);
    const turn = quaternionFromAxisAngle([0, 0, 1], yaw);
    for (const [k, link] of mountedLinks(theirs, { position: [0, 0, 0], quaternion: turn }).entries()) {
      const ours = robot.articulation.links[k]!;
      expect(apart(ours.position, link.position)).toBeLessThan(ROUNDED);
      // a quaternion and its negative are one turn
      const flip = Math.sign(ours.quaternion.reduce((sum, value, i) => sum + value * link.quaternion[i]!, 0));
      expect(
        apart(
          ours.quaternion,
          link.quaternion.map((value) => flip * value),
        ),
      ).toBeLessThan(ROUNDED);
      expect(apart(ours.joint!.axis, link.joint!.axis)).toBeLessThan(ROUNDED);
      expect(link.mass).toBe(ours.mass);
      expect(apart(ours.centerOfMass, link.centerOfMass)).toBeLessThan(ROUNDED);
      const largest = Math.max(...ours.inertia);
      expect(apart(ours.inertia, link.inertia)).toBeLessThan(5e-3 * largest);
    }
  },
);

/** Largest difference of two lists of numbers. */
function apart(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, k) => Math.abs(value - b[k]!)));
}
