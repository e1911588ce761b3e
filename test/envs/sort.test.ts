import { expect, test } from "vitest";
import { sort } from "../../envs/sort.js";

test("of two red cubes that look alike the one nearer to the red tray goes first", () => {
  const env = sort.create();
  const index = (name: string) => env.spec.observation.find((entry) => entry.name === name)!.index;
  for (let seed = 0; seed < 30; seed++) {
    const { state } = env.reset({ seed }).observation;
    const [first, other] = [state[index("next_from_tcp_y")]!, state[index("other_0_from_tcp_y")]!];
    expect(first, `seed ${seed}`).toBeGreaterThan(other);
  }
});
