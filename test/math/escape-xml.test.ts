// Text within XML and HTML.
import { expect, test } from "vitest";
import { escapeXml } from "../../src/math/escape-xml.js";

test("what would end a text or an attribute is written as an entity, and nothing else", () => {
  expect(escapeXml("a \"b\" & <c> 'd'")).toBe("a &quot;b&quot; &amp; &lt;c&gt; 'd'");
});
