import { expect, test } from "vitest";
import { UsageError } from "../../../../src/math/usage-error.js";
import { parseXml, type XmlElement } from "../../../../src/robots/import/formats/xml.js";

/** Names, attributes and texts, nested. */
function outline({ name, attributes, children, text }: XmlElement): unknown[] {
  return [name, Object.fromEntries(attributes), text, ...children.map(outline)];
}

test("elements come with their attributes, children, texts and lines", () => {
  const root = parseXml(
    `<?xml version="1.0"?>\n<robot\n  name = 'a "b"'>\n <link name="&lt;&#65;&#x42;&amp;"/><!-- <no/> -->\n<t>1 2<u/> 3<![CDATA[<&>]]></t>\n</robot>\n`,
    "a.urdf",
  );
  expect(outline(root)).toEqual([
    ...["robot", { name: 'a "b"' }, ""],
    ["link", { name: "<AB&" }, ""],
    ["t", {}, "1 2 3<&>", ["u", {}, ""]],
  ]);
  expect([root.line, ...root.children.map(({ line }) => line)]).toEqual([2, 4, 5]);
  expect(root.children[0]!.file).toBe("a.urdf");
});

test.each([
  ["a blank line before the declaration", '\n <?xml version="1.0"?><robot/>'],
  ["a comment that holds --", "<robot><!-- a -- b --></robot><!-- -- -->"],
  ["a prefix that is not declared", '<robot><sensor:camera xlink:name="c"/></robot>'],
  ["a name space for all", '<robot xmlns="http://x" xmlns:xacro="http://y"/>'],
  ["a document type without entities", "<!DOCTYPE robot [<!ELEMENT robot ANY>]>\n<robot/>"],
  ["a document type outside", '<!DOCTYPE robot SYSTEM "file:///etc/passwd"><robot/>'],
])("%s is read", (_, text) => {
  expect(parseXml(text, "a.urdf").name).toBe("robot");
});

const deep = "<a>".repeat(201);

test.each([
  ["hello", '1: not well-formed XML: text outside of the root element: "hello"'],
  ["", "1: not well-formed XML: missing root element"],
  ["<a>\n<b>\n</a>", "3: not well-formed XML: </a> closes nothing, expected </b> of line 2"],
  ["<a>\n<b>\n", "2: not well-formed XML: <b> is never closed"],
  ["<a/>\n<b/>", "2: not well-formed XML: <b> is a second root element"],
  ["<a/>\n</a>", "2: not well-formed XML: </a> closes nothing, expected none"],
  ["<a\nb=1/>", "1: not well-formed XML: <a> is not a tag with attributes in quotes; it goes on with: b=1/>"],
  ["<a b='1' b='2'/>", "1: not well-formed XML: <a> has the attribute b twice"],
  ["<a>1 < 2</a>", '1: not well-formed XML: a "<" begins no tag; write &lt; for the character'],
  ["<a>\n&b;</a>", "1: not well-formed XML: &b; is no known entity; write &amp; for the character &"],
  ["<a>b & c</a>", "1: not well-formed XML: & is no known entity; write &amp; for the character &"],
  [
    "<a>&#x110000;</a>",
    "1: not well-formed XML: &#x110000; is no known entity; write &amp; for the character &",
  ],
  ["<a><!-- b</a>", "1: not well-formed XML: a comment is never closed"],
  ["<a><![CDATA[b</a>", "1: not well-formed XML: a CDATA section is never closed"],
  ["<a/><!DOCTYPE", "1: not well-formed XML: <! begins nothing known"],
  ["<!DOCTYPE a [", "1: not well-formed XML: a document type is never closed"],
  [deep, "1: not well-formed XML: elements lie more than 200 deep in each other"],
  [
    '<!DOCTYPE a [\n<!ENTITY b "ha">\n<!ENTITY c "&b;&b;">]>\n<a b="&c;"/>',
    "2: <!ENTITY is refused: a robot description needs no entities of its own. Write their values in their places",
  ],
])("what is not well-formed is told with its line: %j", (text, message) => {
  expect(() => parseXml(text, "a.urdf")).toThrow(new UsageError(`a.urdf:${message}.`));
});

test("a document in one line is read as fast as one in many", { timeout: 5000 }, () => {
  expect(parseXml(`<a>${"<b/>".repeat(100_000)}</a>`, "a.urdf").children).toHaveLength(100_000);
});

test("what is too large is refused before it is held", () => {
  expect(() => parseXml(" ".repeat(10_000_001), "a.urdf")).toThrow(
    "a.urdf is larger than 10 MB: no robot description is.",
  );
  expect(() => parseXml(`<a>\n${"<b/>".repeat(20)}</a>`, "a.urdf", { maxElements: 10 })).toThrow(
    "a.urdf:2: more than 10 elements: no robot description has so many.",
  );
});
