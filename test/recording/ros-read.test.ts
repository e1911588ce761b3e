import { expect, test } from "vitest";
import { encodeJointState, encodeString } from "../../src/recording/ros-messages.js";
import { readJointState, readString } from "../../src/recording/ros-read.js";

/** A big-endian or packed message from numbers of given sizes and texts. */
function bytesOf(...parts: (readonly [size: 1 | 2 | 4 | 8, value: number] | string)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(part);
      const [size, value] = part;
      const bytes = Buffer.alloc(size);
      if (size === 8) bytes.writeDoubleBE(value);
      else bytes.writeUIntBE(value, 0, size);
      return bytes;
    }),
  );
}

const reversed = (size: 4 | 8, value: number) => bytesOf([size, value]).reverse();

test("what we write as CDR is read back", () => {
  expect(readJointState(encodeJointState(1.5, ["a", "long name"], [0.25, -3]), "cdr")).toEqual({
    names: ["a", "long name"],
    positions: [0.25, -3],
  });
  expect(readString(encodeString("<robot é/>"), "cdr")).toBe("<robot é/>");
});

test("CDR of the other order of bytes is read, numbers of eight bytes at multiples of eight", () => {
  const data = bytesOf(
    [2, 0],
    [2, 0],
    ...([[4, 7], [4, 0], [4, 1], "\0", "\0\0\0"] as const), // time, and an empty frame_id with its padding
    ...([[4, 1], [4, 5], "abcd\0", "\0\0\0"] as const),
    ...([[4, 1], "\0\0\0\0", [8, 0.5]] as const),
    [4, 0],
    [4, 0],
  );
  // the list of positions begins at 32: its first number would stand at 36, and stands at 40
  expect(data.readDoubleBE(4 + 40)).toBe(0.5);
  expect(readJointState(data, "cdr")).toEqual({ names: ["abcd"], positions: [0.5] });
});

test("messages of ROS 1 have a sequence number, and nothing is aligned", () => {
  const data = Buffer.concat([
    ...[9, 1, 2].map((value) => reversed(4, value)),
    Buffer.concat([reversed(4, 3), Buffer.from("map")]),
    Buffer.concat([reversed(4, 1), reversed(4, 1), Buffer.from("q")]),
    Buffer.concat([reversed(4, 1), reversed(8, -1.25)]),
  ]);
  expect(readJointState(data, "ros1")).toEqual({ names: ["q"], positions: [-1.25] });
});

test("JSON is read as ROS bridges and Foxglove write it; null is no number", () => {
  const read = (message: object) => readJointState(Buffer.from(JSON.stringify(message)), "json");
  expect(read({ header: {}, name: ["a", "b"], position: [1, null] })).toEqual({
    names: ["a", "b"],
    positions: [1, Number.NaN],
  });
  const joints = [
    { name: "a", position: 2 },
    { name: "b", velocity: 1 },
  ];
  expect(read({ timestamp: { sec: 1, nsec: 0 }, joints })).toEqual({ names: ["a"], positions: [2] });
  // velocities alone say nothing of where a joint is
  expect(read({ name: ["a"], velocity: [1] })).toEqual({ names: [], positions: [] });
  expect(readString(Buffer.from('{"data":"text"}'), "json")).toBe("text");
});

test.each([
  ["cdr", [], "it has 0 bytes"],
  ["cdr", [0, 2, 0, 0], "it is CDR of kind 2, expected 0, 1, 6 or 7"],
  ["cdr", [0, 1, 0, 0, 1, 0, 0, 0], "it ends after 8 bytes, in the middle"],
  // a list of 2^32 - 1 names: nothing is taken for it
  [
    "ros1",
    [...Array(16).fill(0), 255, 255, 255, 255],
    "a list of 4294967295 is longer than the 0 bytes left",
  ],
  ["json", [...Buffer.from('{"name":["a"],"position":[1,2]}')], "it names 1 joints and has 2 positions"],
  ["json", [...Buffer.from('{"name":')], "it is no JSON"],
  ["json", [...Buffer.from('{"name":[1]}')], "it has not names and positions"],
] as const)("what is no joint state in %s is refused: %s", (encoding, bytes, reason) => {
  expect(() => readJointState(Uint8Array.from(bytes), encoding)).toThrow(reason);
});
