import { expect, test } from "vitest";
import { envs } from "../../envs/index.js";
import { thorough } from "../robots/thorough.js";

const GRAVITY = 9.81;

test.each(Object.values(thorough).map(({ id, workspace }) => [id, workspace.high[0]] as const))(
  "on %s a puck pushed as far as the workspace goes is still outside every goal's 5 cm",
  (robot, edge) => {
    const env = envs["Slide-v1"].create({ robot });
    for (let seed = 0; seed < 50; seed++) {
      const { achievedGoal, desiredGoal } = env.reset({ seed }).observation;
      // fingers at the edge, 1 cm to their face, 3 cm to the puck's centre
      expect(desiredGoal![0]! - (edge + 0.04)).toBeGreaterThan(0.05);
      expect(achievedGoal![0]).toBeLessThan(edge);
    }
  },
);

test("a table without friction is refused", () => {
  expect(() => envs["Slide-v1"].create({ friction: 0 })).toThrow(
    'Setting "friction" of Slide-v1 is 0, expected a number above 0, at most 100.',
  );
});

test("the slide term foresees where the puck stops: it stays the same from the hit to the end, μ = 0.04 and 0.08", () => {
  for (const friction of [0.04, 0.08]) {
    const env = envs["Slide-v1"].create({ friction });
    env.reset({ seed: 1 });
    const start = env.snapshot();
    const { freeBodies } = (start.simulation as { world: { freeBodies: Float64Array } }).world;
    const [x, speed] = [freeBodies[0]!, 0.4];
    freeBodies[7] = speed;
    env.restore(start);
    const terms: number[] = [];
    let last = 0;
    for (let step = 0; step < env.spec.maxEpisodeSteps; step++) {
      // the arm keeps away
      const { info, observation } = env.step([0, 0, 0.2]);
      terms.push(info.rewardTerms.slide!);
      last = observation.achievedGoal![0]!;
    }
    for (const term of terms) expect(term).toBeCloseTo(terms[0]!, 2);
    const expected = speed ** 2 / (2 * friction * GRAVITY);
    expect((last - x) / expected).toBeGreaterThan(0.98);
    expect((last - x) / expected).toBeLessThan(1.02);
  }
});
