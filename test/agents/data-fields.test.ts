import { expect, test } from "vitest";
import { fieldOf, LABELS, PICTURES, SERIES } from "../../agents/data-fields.js";

const LABEL = { shape: [], dtype: "int32", classes: ["good", "bad"] } as const;

test("a field is found by what it is, and by its name where several are so", () => {
  const fields = { view: { shape: [4, 5, 3] }, kind: LABEL, size: { shape: [], dtype: "int32" } } as const;
  expect(fieldOf("mine", fields, PICTURES)[0]).toBe("view");
  expect(fieldOf("mine", fields, LABELS)[0]).toBe("kind");
  const two = { ...fields, label: LABEL, image: { shape: [4, 5, 1], dtype: "uint8" } } as const;
  expect(fieldOf("mine", two, PICTURES)[0]).toBe("image");
  expect(fieldOf("mine", two, LABELS)[0]).toBe("label");
});

test("no field, and several of other names, are refused with all fields", () => {
  expect(() => fieldOf("mine", { kind: LABEL }, SERIES)).toThrow(
    'mine needs one field of series [steps, entries], the data has none: "kind" [] int32 of 2 classes.',
  );
  expect(() => fieldOf("mine", { a: { shape: [3, 2] }, b: { shape: [4, 1] } }, SERIES)).toThrow(
    'mine needs one field of series [steps, entries], the data has 2: "a" [3, 2] float32, "b" [4, 1] float32.',
  );
});
