import { expect, test } from "vitest";
import { classifierCnn } from "../../agents/classifier-cnn.js";
import { type DataField, loadEngine } from "../../src/index.js";
import { compileModel } from "../../src/nn.js";

const LABEL: DataField = { shape: [], dtype: "int32", classes: ["good", "bad", "unsure"] };

test("it has 34,826 parameters for digits, and reads other sizes, channels and classes from the fields", async () => {
  const digits: DataField = { shape: [28, 28, 1], dtype: "uint8" };
  const ten = Array.from({ length: 10 }, (_, k) => String(k));
  const { settings } = classifierCnn;
  const fields = { image: digits, label: { ...LABEL, classes: ten } };
  expect(classifierCnn.createNetwork(fields, settings).model.layout.total).toBe(34_826);

  const { model, objectives } = classifierCnn.createNetwork(
    { view: { shape: [11, 14, 3] }, kind: LABEL, weight: { shape: [], unit: "kg" } },
    settings,
  );
  expect(objectives).toEqual([{ output: "logits", target: "kind", loss: "cross-entropy" }]);
  // 11 x 14 becomes 9 x 12, 4 x 6, 2 x 4, 1 x 2
  expect(model.taps).toEqual({ conv0: { shape: [9, 12, 32] }, conv1: { shape: [2, 4, 64] } });
  expect(model.layout.specs.at(-2)?.shape).toEqual([1 * 2 * 64, 3]);
  const runner = await compileModel(model, await loadEngine("native"), { taps: ["conv0", "conv1"] });
  runner.load({ parameters: new Float32Array(model.layout.total).fill(0.01), normalizers: {} });
  const { logits, conv0 } = await runner.predict({ view: new Float32Array(11 * 14 * 3).fill(1) });
  // floats are taken as they are: 27 numbers of 1 times 0.01, and the bias
  expect(conv0![0]).toBeCloseTo(0.28, 5);
  // 288 of those, twice 64 of these, and the bias
  expect(logits![0]).toBeCloseTo(128 * (0.28 * 2.88 + 0.01) * 0.01 + 0.01, 4);
  await runner.dispose();
});

test("bytes count from 0 to 1", async () => {
  const { model } = classifierCnn.createNetwork(
    { view: { shape: [10, 10, 1], dtype: "uint8" }, kind: LABEL },
    classifierCnn.settings,
  );
  const runner = await compileModel(model, await loadEngine("native"), { taps: ["conv0"] });
  runner.load({ parameters: new Float32Array(model.layout.total).fill(0.01), normalizers: {} });
  const { conv0 } = await runner.predict({ view: new Uint8Array(100).fill(51) });
  expect(conv0![0]).toBeCloseTo(9 * 0.2 * 0.01 + 0.01, 6);
  await runner.dispose();
});

test("data without a picture, with two, without classes, or too small are refused with what there is", () => {
  const make = (fields: Readonly<Record<string, DataField>>) => () =>
    classifierCnn.createNetwork(fields, classifierCnn.settings);
  const image: DataField = { shape: [12, 12, 1], dtype: "uint8" };
  expect(make({ kind: LABEL })).toThrow(
    'classifier-cnn needs one field of pictures [height, width, channels], the data has none: "kind" [] int32 of 3 classes.',
  );
  expect(make({ left: image, right: image, kind: LABEL })).toThrow(
    'classifier-cnn needs one field of pictures [height, width, channels], the data has 2: "left" [12, 12, 1] uint8, "right" [12, 12, 1] uint8, "kind" [] int32 of 3 classes.',
  );
  expect(make({ image, force: { shape: [] } })).toThrow(
    'classifier-cnn needs one field of labels with the names of their classes, the data has none: "image" [12, 12, 1] uint8, "force" [] float32.',
  );
  expect(make({ image: { shape: [9, 40, 1] }, kind: LABEL })).toThrow(
    'The field "image" has pictures of 40 x 9 pixels, classifier-cnn takes at least 10 x 10. Enlarge them.',
  );
});
