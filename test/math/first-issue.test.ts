import { expect, test } from "vitest";
import { z } from "zod";
import { firstIssue } from "../../src/math/first-issue.js";

test("the first thing that a schema complains of is named by its path, or as the whole", () => {
  const schema = z.object({ parts: z.array(z.object({ size: z.number() })), title: z.string() });
  const complaint = (value: unknown, ...whole: [string?]) =>
    firstIssue(schema.safeParse(value).error!, ...whole);
  expect(complaint({ parts: [{ size: 1 }, { size: "2" }], title: 3 })).toBe(
    "parts.1.size: Invalid input: expected number, received string",
  );
  expect(complaint(7)).toBe("the file: Invalid input: expected object, received number");
  expect(complaint(7, "the document")).toBe("the document: Invalid input: expected object, received number");
});
