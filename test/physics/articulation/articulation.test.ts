import { describe, expect, test } from "vitest";
import { createRandom } from "../../../src/math/random.js";
import { Articulation } from "../../../src/physics/articulation/articulation.js";
import { panda } from "../../../src/robots/models/panda.js";
import { independentFingers, unlimited } from "../fidelity/free-motion.js";
import { robotToMjcf } from "../mjcf.js";
import { compileMjcf, mujoco } from "../mujoco.js";

/** Servos that are never at their limits, where the engines differ on purpose. */
const strong = unlimited(panda);

test("kinematics, bias forces and mass matrix agree with MuJoCo to 1e-10 at 20 random states (seed: states)", () => {
  const random = createRandom("states");
  const arm = new Articulation(independentFingers(panda));
  const { model, data } = compileMjcf(robotToMjcf(panda, { mimic: false }));
  const n = arm.numDofs;
  let worst = 0;
  for (let state = 0; state < 20; state++) {
    for (let i = 0; i < n; i++) {
      arm.jointPositions[i] = random.uniform(arm.lowerLimits[i], arm.upperLimits[i]);
      arm.jointVelocities[i] = random.uniform(-2, 2);
    }
    arm.forwardKinematics();
    arm.computeDynamics();
    data.qpos.set(arm.jointPositions);
    data.qvel.set(arm.jointVelocities);
    mujoco.mj_forward(model, data);
    const position = data.xpos as Float64Array;
    const orientation = data.xmat as Float64Array;
    const bias = data.qfrc_bias as Float64Array;
    for (let k = 0; k < 3 * arm.numLinks; k++) {
      worst = Math.max(worst, Math.abs((arm.linkPositions[k] as number) - (position[k + 3] as number)));
    }
    for (let k = 0; k < 9 * arm.numLinks; k++) {
      worst = Math.max(worst, Math.abs((arm.linkRotations[k] as number) - (orientation[k + 9] as number)));
    }
    for (let i = 0; i < n; i++) {
      worst = Math.max(worst, Math.abs((arm.biasForces[i] as number) - (bias[i] as number)));
    }
    // column j of M = inverse dynamics difference: M e_j = bias at acceleration e_j minus bias
    for (let j = 0; j < n; j++) {
      const unit = new Array(n).fill(0);
      unit[j] = 1;
      data.qacc.set(unit);
      mujoco.mj_inverse(model, data);
      const torque = data.qfrc_inverse as Float64Array;
      const passive = data.qfrc_passive as Float64Array;
      for (let i = 0; i < n; i++) {
        const column = (torque[i] as number) + (passive[i] as number) - (bias[i] as number);
        worst = Math.max(worst, Math.abs((arm.massMatrix[i * n + j] as number) - column));
      }
    }
  }
  expect(worst).toBeLessThan(1e-10);
});

describe.each(["position", "motor"] as const)("free motion under %s commands", (actuators) => {
  test.each([1 / 240, 1 / 500])(
    "that saturate no servo the arm follows MuJoCo at the same time step %f within 1e-9 rad RMS over 3 s",
    (timestep) => {
      const random = createRandom(`free motion/${actuators}/${timestep}`);
      const arm = new Articulation(independentFingers(strong));
      arm.controlModes.fill(actuators === "motor" ? "torque" : "position");
      const { model, data } = compileMjcf(
        robotToMjcf(strong, { timestep, actuators, limits: false, mimic: false }),
      );
      const start = Array.from({ length: 9 }, (_, i) =>
        i < 7 ? (panda.home[i] as number) + random.uniform(-0.15, 0.15) : 0.02,
      );
      arm.reset(start);
      data.qpos.set(start);
      const amplitude =
        actuators === "motor"
          ? [8, 25, 8, 20, 3, 3, 2, 0.01, 0.01]
          : [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.01, 0.01];
      const rate = amplitude.map(() => random.uniform(0.3, 1));
      const phase = amplitude.map(() => random.uniform(0, 2 * Math.PI));
      const offset = actuators === "motor" ? [0, -20, 0, 15, 0, 2, 0, 0, 0] : start;
      let squares = 0;
      let count = 0;
      for (let step = 0; step * timestep < 3; step++) {
        const command = amplitude.map(
          (a, i) =>
            (offset[i] as number) +
            a * Math.sin(2 * Math.PI * (rate[i] as number) * step * timestep + (phase[i] as number)),
        );
        data.ctrl.set(command);
        if (actuators === "motor") arm.feedForward.set(command);
        else arm.jointTargets.set(command);
        mujoco.mj_step(model, data);
        arm.predictVelocities(timestep);
        arm.integrate(timestep);
        arm.forwardKinematics();
        const positions = data.qpos as Float64Array;
        for (let i = 0; i < 7; i++) {
          squares += ((arm.jointPositions[i] as number) - (positions[i] as number)) ** 2;
          count++;
        }
      }
      expect(Math.sqrt(squares / count)).toBeLessThan(1e-9);
    },
  );
});

test.each([240, 120, 80, 60])("a servo at its limit comes to rest without chatter at %i Hz", (rate) => {
  const arm = new Articulation(panda.articulation);
  arm.reset(panda.home);
  // 0.3 rad at once: ten times what the limit of 12 N m answers
  arm.jointTargets[6]! += 0.3;
  let turns = 0;
  let before = 1;
  for (let step = 0; step < rate; step++) {
    arm.feedForward.set(arm.biasForces);
    arm.predictVelocities(1 / rate);
    arm.integrate(1 / rate);
    arm.forwardKinematics();
    const speed = arm.jointVelocities[6]!;
    if (Math.abs(speed) > 1e-3 && Math.sign(speed) !== before) turns++;
    if (Math.abs(speed) > 1e-3) before = Math.sign(speed);
  }
  expect(turns).toBe(0);
  expect(Math.abs(arm.jointPositions[6]! - arm.jointTargets[6]!)).toBeLessThan(2e-3);
});

test("the torques told are those that changed the momentum of the joints in the step", () => {
  const timestep = 1 / 120;
  const arm = new Articulation(panda.articulation);
  const n = arm.numDofs;
  arm.reset(panda.home);
  arm.speedLimits[7] = 0.2;
  let worst = 0;
  let saturated = 0;
  for (let step = 0; step < 60; step++) {
    for (let i = 0; i < n; i++)
      arm.jointTargets[i] = panda.home[i]! + (i < 7 ? 0.3 : -0.05) * (step % 20 < 10 ? 1 : 0);
    const before = arm.jointVelocities.slice();
    arm.predictVelocities(timestep);
    const inertia = arm.massMatrix.slice();
    const bias = arm.biasForces.slice();
    arm.integrate(timestep);
    // M dq̇ / h = torque - viscous friction at the new speed - bias
    for (let i = 0; i < n; i++) {
      let expected = bias[i]! + arm.viscousFriction[i]! * arm.jointVelocities[i]!;
      for (let j = 0; j < n; j++)
        expected +=
          (inertia[n * Math.max(i, j) + Math.min(i, j)]! * (arm.jointVelocities[j]! - before[j]!)) / timestep;
      const limit = arm.effortLimits[i]!;
      expected = Math.max(-limit, Math.min(limit, expected));
      worst = Math.max(worst, Math.abs(arm.appliedTorques[i]! - expected));
      if (Math.abs(arm.appliedTorques[i]!) > 0.5 * arm.effortLimits[i]!) saturated++;
    }
    arm.forwardKinematics();
  }
  expect(saturated).toBeGreaterThan(20);
  expect(worst).toBeLessThan(1e-9);
});

test.each([240, 120, 60])(
  "a joint with a speed limit of 0.2 m/s keeps it at %i Hz and presses with all its force",
  (rate) => {
    const arm = new Articulation(panda.articulation);
    arm.speedLimits[7] = 0.2;
    arm.reset(panda.home);
    arm.jointTargets[7] = -0.01;
    let fastest = 0;
    let slowest = 0;
    const step = () => {
      arm.feedForward.set(arm.biasForces.subarray(0, 7));
      arm.predictVelocities(1 / rate);
      // a hard stop at 2 cm
      const stopped = arm.jointPositions[7]! + arm.jointVelocities[7]! / rate < 0.02;
      if (stopped) arm.jointVelocities[7] = (0.02 - arm.jointPositions[7]!) * rate;
      arm.integrate(1 / rate);
      arm.forwardKinematics();
    };
    for (let k = 0; k < rate; k++) {
      step();
      fastest = Math.max(fastest, Math.abs(arm.jointVelocities[7]!));
      if (arm.jointPositions[7]! > 0.025 && k > rate / 60)
        slowest = Math.max(slowest, 0.2 + arm.jointVelocities[7]!);
    }
    expect(fastest).toBeLessThanOrEqual(0.2);
    expect(slowest).toBeLessThan(0.01);
    expect(arm.jointPositions[7]).toBeCloseTo(0.02, 12);
    expect(arm.appliedTorques[7]).toBeCloseTo(-40, 9);
  },
);

test("a pendulum swings with the period of its analytic solution", () => {
  // point mass m at distance l below a frictionless hinge about y; amplitude a: T = 2 pi sqrt(l/g) (1 + a²/16)
  const length = 0.7;
  const arm = new Articulation({
    links: [
      {
        name: "bob",
        parent: -1,
        position: [0, 0, 2],
        quaternion: [0, 0, 0, 1],
        mass: 1.3,
        centerOfMass: [0, 0, -length],
        inertia: [1e-12, 1e-12, 1e-12, 0, 0, 0],
        joint: {
          name: "hinge",
          type: "revolute",
          axis: [0, 1, 0],
          lower: -3,
          upper: 3,
          velocityLimit: 10,
          effortLimit: 0,
          stiffness: 0,
          damping: 0,
          armature: 0,
          viscousFriction: 0,
        },
        collision: [],
      },
    ],
  });
  const amplitude = 0.2;
  const timestep = 1e-4;
  arm.reset([amplitude]);
  const crossings: number[] = [];
  for (let step = 0; crossings.length < 5; step++) {
    const before = arm.jointPositions[0] as number;
    arm.predictVelocities(timestep);
    arm.integrate(timestep);
    arm.forwardKinematics();
    const after = arm.jointPositions[0] as number;
    if (before > 0 && after <= 0) crossings.push((step + before / (before - after)) * timestep);
  }
  const period = ((crossings[4] as number) - (crossings[0] as number)) / 4;
  const analytic = 2 * Math.PI * Math.sqrt(length / 9.81) * (1 + amplitude ** 2 / 16);
  expect(Math.abs(period / analytic - 1)).toBeLessThan(1e-4);
});

test("fingers that mimic each other share one degree of freedom and stay mirror images", () => {
  const arm = new Articulation(panda.articulation);
  expect(arm.numDofs).toBe(8);
  arm.reset(panda.home);
  arm.jointTargets[7] = 0.01;
  for (let step = 0; step < 100; step++) {
    arm.feedForward.set(arm.biasForces);
    arm.predictVelocities(1 / 240);
    arm.integrate(1 / 240);
    arm.forwardKinematics();
  }
  expect(arm.jointPositions[7]).toBeCloseTo(0.01, 3);
  const left = 3 * arm.linkIndex("left_finger");
  const right = 3 * arm.linkIndex("right_finger");
  const hand = 3 * arm.linkIndex("hand");
  const P = arm.linkPositions;
  const opening = Math.hypot(...[0, 1, 2].map((k) => (P[left + k] as number) - (P[right + k] as number)));
  expect(opening).toBeCloseTo(2 * (arm.jointPositions[7] as number), 12);
  for (let k = 0; k < 2; k++) {
    expect(((P[left + k] as number) + (P[right + k] as number)) / 2).toBeCloseTo(P[hand + k] as number, 12);
  }
});

test("a link listed before its parent and a mimic of an unknown joint are refused", () => {
  const [first, second] = panda.articulation.links as [never, never];
  expect(() => new Articulation({ links: [second, first] })).toThrow(
    "Link 0 is listed before its parent 0; list parents first.",
  );
  const lonely = panda.articulation.links.filter((link) => link.name !== "left_finger");
  expect(() => new Articulation({ links: lonely })).toThrow(
    'Joint "finger_right" mimics "finger_left", which is not an earlier joint.',
  );
});

test("an articulation of more links than can be indexed is refused", () => {
  const links = Array.from({ length: 1024 }, (_, k) => ({
    ...panda.articulation.links[0]!,
    name: `link${k}`,
    parent: k - 1,
  }));
  expect(() => new Articulation({ links })).toThrow(
    new RangeError("an articulation has 1024 links; at most 1023 are simulated"),
  );
});

test("link velocities follow from joint velocities that were set by hand, before and after a move", () => {
  const arm = new Articulation(panda.articulation);
  const hand = arm.linkIndex("hand");
  const turning = () => arm.linkVelocities[6 * hand + 2]!;
  arm.updateVelocities();
  expect(turning()).toBe(0);
  arm.jointVelocities[0] = 0.5;
  arm.updateVelocities();
  expect(turning()).toBe(0.5);
  // the second joint turned by a right angle points the axis of the third along x
  arm.jointVelocities.set([0, 0, 0.25]);
  arm.updateVelocities();
  expect(turning()).toBe(0.25);
  arm.jointPositions[1] = Math.PI / 2;
  arm.forwardKinematics();
  arm.updateVelocities();
  expect(turning()).toBeCloseTo(0, 12);
  expect(arm.linkVelocities[6 * hand]).toBeCloseTo(0.25, 12);
});
