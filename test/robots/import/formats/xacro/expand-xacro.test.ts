// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of xacro
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../../src/math/usage-error.js";
import { expandXacro } from "../../../../../src/robots/import/formats/xacro/expand-xacro.js";
import { parseXml, type XmlElement } from "../../../../../src/robots/import/formats/xml.js";

const encode = (text: string) => new TextEncoder().encode(text);

/** Expand the inside of a `<robot>` that begins in line 1 of arm.xacro. */
function expand(
  inside: string,
  { args = {}, files = {} }: { args?: Record<string, string>; files?: Record<string, string> } = {},
): XmlElement {
  return expandXacro(parseXml(`<robot name="a">${inside}</robot>`, "arm.xacro"), "arm.xacro", {
    args: new Map(Object.entries(args)),
    readFile: (name) => (Object.hasOwn(files, name) ? encode(files[name]!) : undefined),
  });
}

/** What is in the robot, as XML. */
const written = (root: XmlElement) => root.children.map(xml).join("");
function xml({ name, attributes, children }: XmlElement): string {
  const pairs = [...attributes].map(([key, value]) => ` ${key}="${value}"`).join("");
  return children.length === 0
    ? `<${name}${pairs}/>`
    : `<${name}${pairs}>${children.map(xml).join("")}</${name}>`;
}

// each of the table checked with xacro 2.1.1 of PyPI
describe("expands as ROS's xacro does", () => {
  test.each([
    [
      "properties, evaluated where they are first asked for",
      '<xacro:property name="b" value="${2*a}"/><xacro:property name="a" value="1.5"/><link name="x" m="${b}"/>',
      '<link name="x" m="3.0"/>',
    ],
    [
      "a property that is a number, a truth value or a text",
      `<xacro:property name="n" value="03"/><xacro:property name="t" value="true"/><xacro:property name="q" value="'7'"/>
       <link n="\${n + 1}" t="\${not t}" q="\${q + q}"/>`,
      '<link n="4" t="False" q="14"/>',
    ],
    [
      "texts with several expressions, and with escaped ones",
      '<xacro:property name="i" value="1"/><link name="l_${i}_${i + 1}" e="$${i} $$(x) $5"/>',
      '<link name="l_1_2" e="${i} $(x) $5"/>',
    ],
    [
      "defaults of properties, and properties taken away",
      `<xacro:property name="a" value="1"/><xacro:property name="a" default="2"/><xacro:property name="b" default="3"/>
       <link a="\${a}" b="\${b}"/><xacro:property name="a" remove="true"/><xacro:property name="a" default="4"/><link a="\${a}"/>`,
      '<link a="1" b="3"/><link a="4"/>',
    ],
    [
      "macros with parameters, defaults, and what is around the call",
      `<xacro:macro name="m" params="a b:=2 c:='x y' d:=\${b+1} e:=^ f:=^|9"><l a="\${a}" b="\${b}" c="\${c}" d="\${d}" e="\${e}" f="\${f}"/></xacro:macro>
       <xacro:property name="b" value="5"/><xacro:property name="e" value="E"/><xacro:m a="1"/><xacro:m a="1" b="7" c="" f="F"/>`,
      '<l a="1" b="2" c="x y" d="6" e="E" f="9"/><l a="1" b="7" c="" d="6" e="E" f="F"/>',
    ],
    [
      "blocks: the element, what is in it, and those of properties",
      `<xacro:macro name="m" params="*origin **rest"><j><xacro:insert_block name="origin"/><xacro:insert_block name="rest"/></j></xacro:macro>
       <xacro:property name="p"><mass value="\${1+1}"/></xacro:property>
       <xacro:m><origin xyz="\${1} 0 0"/><x><y/><z/></x></xacro:m><xacro:insert_block name="p"/>`,
      '<j><origin xyz="1 0 0"/><y/><z/></j><mass value="2"/>',
    ],
    [
      "conditions",
      `<xacro:property name="a" value="true"/><xacro:if value="\${a and 2 > 1}"><x/></xacro:if><xacro:unless value="\${a}"><y/></xacro:unless>
       <xacro:if value="0"><z/></xacro:if>`,
      "<x/>",
    ],
    [
      "scopes of properties: of the macro, of its caller, of all",
      `<xacro:macro name="m"><xacro:property name="own" value="1"/><xacro:property name="up" value="2" scope="parent"/>
       <xacro:n/></xacro:macro><xacro:macro name="n"><xacro:property name="all" value="3" scope="global"/></xacro:macro>
       <xacro:property name="own" value="0"/><xacro:m/><l own="\${own}" up="\${up}" all="\${all}"/>`,
      '<l own="0" up="2" all="3"/>',
    ],
    [
      "loops by macros that call themselves",
      `<xacro:macro name="loop" params="n"><xacro:if value="\${n}"><l n="\${n}"/><xacro:loop n="\${n - 1}"/></xacro:if></xacro:macro><xacro:loop n="3"/>`,
      '<l n="3"/><l n="2"/><l n="1"/>',
    ],
    [
      "macros that are named by expressions, elements and attributes too",
      `<xacro:macro name="m_1"><l/></xacro:macro><xacro:call macro="m_\${1}"/><xacro:element xacro:name="k\${1}" a="2"/>
       <l><xacro:attribute name="b" value="\${3}"/></l>`,
      '<l/><k1 a="2"/><l b="3"/>',
    ],
  ])("%s", (_, inside, expected) => {
    expect(written(expand(inside))).toBe(expected);
  });

  test("arguments: given, by default, and in $(eval)", () => {
    const inside = `<xacro:arg name="side" default="left"/><xacro:arg name="n" default="2"/>
      <l s="$(arg side)" n="\${$(arg n) + 1}" e="$(eval n * 2)" x="\${xacro.arg('side')}" o="$(optenv HOME a b)"/>`;
    expect(written(expand(inside))).toBe('<l s="left" n="3" e="4" x="left" o="a b"/>');
    expect(written(expand(inside, { args: { side: "right" } }))).toContain('s="right"');
  });

  test("included files, relative to the file that names them or in packages, with names of their own by ns", () => {
    const root = expand(
      `<xacro:include filename="sub/a.xacro"/><xacro:include filename="$(find pkg)/urdf/b.xacro" ns="p"/>
       <xacro:include filename="none.xacro" optional="true"/>
       <l size="\${size}" p="\${p.size}"/><xacro:p.m/><mesh filename="file://$(find pkg)/meshes/a.stl"/>`,
      {
        files: {
          "sub/a.xacro":
            '<robot><xacro:include filename="../c.xacro"/><xacro:property name="size" value="1"/></robot>',
          "c.xacro": "<robot><l name='c'/></robot>",
          "package://pkg/urdf/b.xacro":
            '<robot><xacro:property name="size" value="2"/><xacro:macro name="m"><l m="${size}"/></xacro:macro></robot>',
        },
      },
    );
    expect(written(root)).toBe(
      `<l name="c"/><l size="1" p="2"/><l m="2"/><mesh filename="package://pkg/meshes/a.stl"/>`,
    );
  });

  test("YAML files, with units, numbers and lists", () => {
    const root = expand(
      `<xacro:property name="c" value="\${xacro.load_yaml('c/j.yaml')}"/>
       <l a="\${c['j']['max']}" b="\${c.j.y}" d="\${c['list'][1] + 1}" e="\${c['on_']}"/>`,
      { files: { "c/j.yaml": "j:\n  max: !degrees 180\n  y: 0.5\n  y: 1e-3\nlist: [1, 2]\non_: yes\n" } },
    );
    expect(written(root)).toBe('<l a="3.141592653589793" b="0.001" d="3" e="True"/>');
  });

  test("the elements of the first xacros, which had no prefix", () => {
    const inside = `<property name="deg" value="0.5"/><macro name="arm" params="n *o"><if value="\${n}"><l n="\${n*deg}"/></if>
      <insert_block name="o"/></macro><arm n="1"><origin/></arm><include/><property a="1"/>`;
    expect(written(expand(inside))).toBe('<l n="0.5"/><origin/><include/><property a="1"/>');
  });

  test("nothing in elements that no robot is made of", () => {
    expect(written(expand('<gazebo reference="${1}"><xacro:nothing/><a b="${c}"/></gazebo>'))).toBe(
      '<gazebo reference="1"/>',
    );
  });
});

test("elements know their files and lines, and the line of the main file that brought them in", () => {
  const { children } = expand('\n<a/>\n<xacro:include filename="i.xacro"/>\n<xacro:m/>\n', {
    files: { "i.xacro": '<robot>\n<xacro:macro name="m">\n<b/></xacro:macro>\n\n<c/></robot>' },
  });
  expect(children.map(({ name, file, line, mainLine }) => [name, file, line, mainLine])).toEqual([
    ["a", "arm.xacro", 2, undefined],
    ["c", "i.xacro", 5, 3],
    ["b", "i.xacro", 3, 4],
  ]);
});

describe("says what is wrong, missing or not known, with the command that expands everything", () => {
  const macro = '<xacro:macro name="m" params="a *b"><l/></xacro:macro>';
  const twice = (n: number) =>
    `<xacro:macro name="m${n}">${n === 0 ? "<l/>" : `<xacro:m${n - 1}/><xacro:m${n - 1}/>`}</xacro:macro>`;
  test.each([
    ['\n<l a="${x}"/>', '2: ${x}: "x" is not defined'],
    ['<xacro:m a="1"/>', '1: <xacro:m>: there is no macro "m"'],
    [`${macro}<xacro:m c="1"/>`, '1: the macro "m" has no parameter "c"'],
    [`${macro}<xacro:m a="1"/>`, '1: the macro "m" needs a block "*b"'],
    [`${macro}<xacro:m><b/></xacro:m>`, '1: the macro "m" lacks its parameter "a"'],
    [`${macro}<xacro:m a=""><b/><c/></xacro:m>`, '1: the macro "m" has no use for <c>'],
    ['<xacro:insert_block name="b"/>', '1: there is no block "b"'],
    ['<xacro:if value="maybe"/>', '1: the condition "maybe" is "maybe", neither true nor false'],
    ["<xacro:property/>", "1: <xacro:property> lacks name"],
    ['<xacro:property name="a b" value="1"/>', '1: "a b" cannot be the name of a property'],
    [
      '<xacro:property name="a" value="${b}"/><xacro:property name="b" value="${a}"/>\n<l a="${a}"/>',
      '1: the property "a" is defined by itself',
    ],
    ['<l a="$(arg x)"/>', '1: the argument "x" has no value: the option "arg" as "x:=VALUE"'],
    ['<l a="$(env HOME)"/>', "1: $(env HOME) depends on the machine; write its value there"],
    ['<l a="1 ${x"/>', '1: "${x" is never closed'],
    ['<l a="$(arg x"/>', '1: "$(arg x" is never closed'],
    ['<l a="$(anon x)"/>', "1: $(anon x) is not known"],
    ['<xacro:include filename="x.xacro"/>', "1: it includes x.xacro, which is not found @"],
    [
      '<xacro:include filename="$(find p)/x.xacro"/>',
      '1: it includes package://p/x.xacro, which is not found @; is the package "p" beside the robot\'s?',
    ],
    [
      '<xacro:arg name="type" default="ur5x"/><l a="${xacro.load_yaml(\'c/$(arg type).yaml\')}"/>',
      '1: ${xacro.load_yaml(\'c/ur5x.yaml\')}: the file c/ur5x.yaml is not found @; is the argument "type" right, which is "ur5x" (the option "arg" as "type:=VALUE")?',
    ],
    [
      '<xacro:macro name="m"><xacro:m/></xacro:macro><xacro:m/>',
      "1: macros and includes lie more than 100 deep in each other",
    ],
    [
      `${Array.from({ length: 40 }, (_, n) => twice(n)).join("")}<xacro:m39/>`,
      "1: it expands to more than 200000 elements",
    ],
  ])("%s", (inside, message) => {
    expect(() => expand(inside)).toThrow(
      new UsageError(
        `arm.xacro:${message.replace("@", "in the robot's folder and packages, which no link may lead out of")}. What armgym does not expand, ROS does: xacro arm.xacro > robot.urdf`,
      ),
    );
  });

  test("texts that are made to take long, at once", { timeout: 2000 }, () => {
    const long = 1_000_000;
    expect(written(expand(`<l a="${"$".repeat(long)}"/>`))).toHaveLength(long + 9);
    expect(() => expand(`<l a="${"${".repeat(long)}"/>`)).toThrow("is never closed");
    expect(() => expand(`<l a="${"${1}".repeat(long)}"/>`)).toThrow("arm.xacro:1: the text is too long.");
    expect(() => expand(`<l a="\${${"1".repeat(long)}x}"/>`)).toThrow("of 1000001 characters is too long");
    expect(written(expand(`<xacro:property name="p" value="${"1".repeat(long)}"/><l/>`))).toBe("<l/>");
    const doubling = Array.from(
      { length: 40 },
      (_, k) => `<xacro:property name="p${k + 1}" value="\${p${k} + p${k}}"/>`,
    );
    expect(() =>
      expand(`<xacro:property name="p0" value="ab"/>${doubling.join("")}<l a="\${p40}"/>`),
    ).toThrow("the result is too long");
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[..."bcdefgh"].map((c, k) => `${c}: &${c} [${`*${"abcdefg"[k]}, `.repeat(9)}]`).join("\n")}`;
    expect(() => expand(`<l a="\${xacro.load_yaml('b.yaml')}"/>`, { files: { "b.yaml": bomb } })).toThrow(
      "Excessive alias count",
    );
    const parameters = `a:=${"x".repeat(9000)}'`;
    expect(() => expand(`<xacro:macro name="m" params="${parameters}"/><xacro:m/>`)).toThrow(
      "lacks its parameter",
    );
  });

  test("files that include each other, and files that are no XML", () => {
    const files = {
      "a.xacro": '<robot>\n<xacro:include filename="b.xacro"/></robot>',
      "b.xacro": '<robot><xacro:include filename="./a.xacro"/></robot>',
      "c.xacro": "<robot>\n",
    };
    expect(() => expand('<xacro:include filename="a.xacro"/>', { files })).toThrow(
      /^b\.xacro:1: \.\/a\.xacro includes itself: a\.xacro -> b\.xacro -> a\.xacro\. What/,
    );
    expect(() => expand('<xacro:include filename="c.xacro"/>', { files })).toThrow(
      "c.xacro:1: not well-formed XML: <robot> is never closed.",
    );
  });

  test("an argument that the file does not ask for, and a file of macros only", () => {
    expect(() =>
      expand('<xacro:arg name="side" default="1"/><link name="l"/>', { args: { sid: "2" } }),
    ).toThrow(new UsageError('arm.xacro has no argument "sid". Did you mean "side"? It has: side.'));
    expect(() => expand('<xacro:macro name="arm"><link name="l"/></xacro:macro>')).toThrow(
      new UsageError("arm.xacro:1: it only defines macros (arm): give the file that calls them."),
    );
  });
});
