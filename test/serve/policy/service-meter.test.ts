import { expect, test } from "vitest";
import { percentiles, ServiceMeter } from "../../../src/serve/policy/service-meter.js";

test("percentiles are those by nearest rank: half, and 99 of 100, are not above them", () => {
  expect(percentiles(Float64Array.from([3, 1, 2]))).toEqual({ p50: 2, p99: 3 });
  expect(percentiles(Float64Array.from({ length: 200 }, (_, k) => 200 - k))).toEqual({ p50: 100, p99: 198 });
  expect(percentiles(new Float64Array())).toEqual({ p50: null, p99: null });
});

test("the percentiles are of the latest 4096 steps, the count is of all", () => {
  const meter = new ServiceMeter();
  for (let step = 0; step < 5000; step++) meter.step(step < 2000 ? 100 : 1, 2);
  expect(meter.status()).toMatchObject({
    steps: 5000,
    inferMs: { p50: 1, p99: 100 },
    totalMs: { p50: 2, p99: 2 },
  });
  for (let step = 0; step < 2000; step++) meter.step(1, 2);
  expect(meter.status().inferMs).toEqual({ p50: 1, p99: 1 });
});
