import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { robotFiles } from "../../src/runs/robot-files.js";
import { temporaryFolder } from "../cli/command.js";

/** Write each file with its own path as its text and return what reads them as the robot in `robot` would. */
function filesOf(robot: string, paths: readonly string[], search: readonly string[] = []) {
  const folder = temporaryFolder();
  for (const path of [robot, ...paths]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const name = /([^/]+)\/package\.xml$/.exec(path)?.[1];
    writeFileSync(join(folder, path), name ? `<package>\n<name>${name}</name></package>` : path);
  }
  const read = robotFiles(
    join(folder, robot),
    search.map((path) => join(folder, path)),
  );
  const text = (name: string) => {
    const bytes = read(name);
    return bytes && new TextDecoder().decode(bytes);
  };
  return { folder, text };
}

test("a name is looked for beside the file, then in the folders given, then in folders above", () => {
  const { text } = filesOf(
    "a/b/c/arm.urdf",
    ["a/b/c/x.stl", "more/x.stl", "more/y.stl", "a/b/y.stl", "a/z.stl"],
    ["more"],
  );
  expect(text("x.stl")).toBe("a/b/c/x.stl");
  expect(text("./x.stl")).toBe("a/b/c/x.stl");
  expect(text("file://x.stl")).toBe("a/b/c/x.stl");
  expect(text("y.stl")).toBe("more/y.stl");
  expect(text("z.stl")).toBe("a/z.stl");
  expect(text("../y.stl")).toBe("a/b/y.stl");
  expect(text("none.stl")).toBeUndefined();
  expect(text("../c")).toBeUndefined();
});

test("a package is one that the file lies in, beside it, above it, or beside one above", () => {
  const { text } = filesOf("ws/repo/arm/urdf/arm.urdf", [
    ...["ws/repo/arm/package.xml", "ws/repo/arm/meshes/a.stl", "ws/repo/hand/meshes/a.stl"],
    ...[
      "ws/repo/hand/package.xml",
      "ws/other/tool/package.xml",
      "ws/other/tool/m.stl",
      "ws/bare/urdf/b.xacro",
    ],
    ...["ws/plain/secret.stl"],
  ]);
  expect(text("package://arm/meshes/a.stl")).toBe("ws/repo/arm/meshes/a.stl");
  expect(text("file://package://hand/meshes/a.stl")).toBe("ws/repo/hand/meshes/a.stl");
  expect(text("model://tool/m.stl")).toBe("ws/other/tool/m.stl");
  expect(text("package://bare/urdf/b.xacro")).toBe("ws/bare/urdf/b.xacro");
  // of another name than the package's: the path in it still leads there
  expect(text("package://renamed/meshes/a.stl")).toBe("ws/repo/arm/meshes/a.stl");
  // a folder that is no package
  expect(text("package://plain/secret.stl")).toBeUndefined();
  expect(text("model://a.stl")).toBeUndefined();
});

test("upper and lower case may differ in every part of a name, the same spelling goes first", () => {
  const { text } = filesOf("arm/arm.urdf", ["arm/Meshes/Link.STL", "arm/x.stl", "arm/X.stl"]);
  expect(text("meshes/link.stl")).toBe("arm/Meshes/Link.STL");
  expect([text("x.stl"), text("X.stl"), text("x.STL")]).toEqual(["arm/x.stl", "arm/X.stl", "arm/X.stl"]);
});

test("no name leads out of the robot's folder, by dots, absolute paths, links, packages or the net", () => {
  const { folder, text } = filesOf("a/pkg/urdf/arm.urdf", [
    ...["a/pkg/package.xml", "a/secret.stl", "a/pkg/in.stl", "a/pkg/.hidden/key.stl"],
  ]);
  symlinkSync(join(folder, "a/secret.stl"), join(folder, "a/pkg/urdf/link.stl"));
  symlinkSync(join(folder, "a"), join(folder, "a/pkg/urdf/out"));
  symlinkSync(join(folder, "a/pkg/in.stl"), join(folder, "a/pkg/urdf/inside.stl"));
  expect(text("inside.stl")).toBe("a/pkg/in.stl");
  for (const name of [
    ...[
      "link.stl",
      "out/secret.stl",
      "../../secret.stl",
      "package://pkg/../secret.stl",
      "../.hidden/key.stl",
    ],
    ...[join(folder, "a/secret.stl"), `file://${join(folder, "a/secret.stl")}`, "package://../secret.stl"],
    ...["https://127.0.0.1/in.stl", "http://in.stl", "", "package://", "../../../../../../etc/hostname"],
  ])
    expect(text(name), name).toBeUndefined();
});

test("without a package.xml the second folder above is the last", () => {
  const { text } = filesOf("a/b/c/d/arm.urdf", ["a/b/x.stl", "a/y.stl"]);
  expect(text("../../x.stl")).toBe("a/b/x.stl");
  expect(text("../../../y.stl")).toBeUndefined();
});

test("a file of more than 200 MB is refused by name", () => {
  const { folder, text } = filesOf("arm.urdf", ["big.stl"]);
  truncateSync(join(folder, "big.stl"), 5e8);
  expect(() => text("big.stl")).toThrow(
    /big\.stl has 477 MB, more than the 191 MB that a file of its kind may have\.$/,
  );
});
