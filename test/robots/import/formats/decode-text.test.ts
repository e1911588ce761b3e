import { expect, test } from "vitest";
import { decodeText } from "../../../../src/robots/import/formats/decode-text.js";

const utf8 = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, isLittle: boolean) =>
  Uint8Array.from([...text].flatMap((c) => (isLittle ? [c.charCodeAt(0), 0] : [0, c.charCodeAt(0)])));
const latin1 = (text: string) => Uint8Array.from([...text], (c) => c.charCodeAt(0));
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>\n<robot name="ä"/>`;

test.each([
  ["UTF-8", utf8("<ä/>"), "<ä/>"],
  ["UTF-8 with a mark", Uint8Array.from([0xef, 0xbb, 0xbf, ...utf8("<ä/>")]), "<ä/>"],
  ["UTF-16 with a mark, little end first", Uint8Array.from([0xff, 0xfe, ...utf16("<ä/>", true)]), "<ä/>"],
  ["UTF-16 with a mark, big end first", Uint8Array.from([0xfe, 0xff, ...utf16("<ä/>", false)]), "<ä/>"],
  ["UTF-16 without a mark", utf16(declared("UTF-16"), true), declared("UTF-16")],
  ["Latin-1 by declaration", latin1(declared("ISO-8859-1")), declared("ISO-8859-1")],
  ["Latin-1 without a declaration", latin1('<robot name="ä"/>'), '<robot name="ä"/>'],
  ["Latin-1 that says UTF-8", latin1(declared("utf-8")), declared("utf-8")],
  ["UTF-8 that says UTF-16", utf8(declared("UTF-16")), declared("UTF-16")],
])("%s", (_, bytes, text) => {
  expect(decodeText(bytes, "a.urdf")).toBe(text);
});

test("an encoding that nobody knows is refused by name", () => {
  expect(() => decodeText(latin1(declared("klingon")), "a.urdf")).toThrow(
    'a.urdf:1: the encoding "klingon" is not known. Save the file as UTF-8 and take the encoding out of its first line.',
  );
});
