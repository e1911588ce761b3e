import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gymnasiumEnv } from "../../src/gymnasium/gymnasium-factory.js";
import { temporaryFolder } from "../cli/command.js";
import { emptyGymnasium, python, wrappedPython } from "./own-python.js";

const create = (interpreter: string) => () =>
  gymnasiumEnv("gym:Reacher-v0", { python: interpreter }).create();

test("where there is no Python, that is said", () => {
  expect(create("/there/is/no/python3")).toThrow(
    'gym:Reacher-v0 runs in Python, and "/there/is/no/python3" cannot be started. Install Python 3 with gymnasium, or name a Python that has it by the environment variable PYTHON.',
  );
});

test("a program that is no Python is said to have ended", () => {
  expect(create("true")).toThrow(
    "gym:Reacher-v0: the start of Python (true): the Python process ended in the middle of it; what it wrote to stderr before may say why.",
  );
});

describe.skipIf(python === undefined)("Python", () => {
  test("without gymnasium, or numpy, is refused with the way to install it", () => {
    // no site-packages
    const bare = wrappedPython('set -- -S "$@"');
    expect(create(bare)).toThrow(
      /^gym:Reacher-v0 runs in Python, and (\/.*) \(Python 3\.\d+\.\d+\) cannot import gymnasium: ModuleNotFoundError: No module named 'gymnasium'\. Install it: \1 -m pip install gymnasium\. Or name a Python that has it by the environment variable PYTHON\.$/,
    );
  });

  test("with a gymnasium that is too old is refused with the versions that are known to work", () => {
    const old = wrappedPython(`export PYTHONPATH=${emptyGymnasium("0.26.3")}`);
    expect(create(old)).toThrow(
      /^gym:Reacher-v0: (\/.*) has gymnasium 0\.26\.3, expected 0\.29 or newer \(tested with 0\.29 and 1\.4\)\. Update it: \1 -m pip install -U gymnasium\.$/,
    );
  });

  test("leaves no pipes behind, neither where it answers nor where it does not start", () => {
    const folder = temporaryFolder();
    const { TMPDIR } = process.env;
    process.env.TMPDIR = folder;
    try {
      expect(create("/there/is/no/python3")).toThrow("cannot be started");
      expect(create(wrappedPython(""))).toThrow("gym:Reacher-v0");
      expect(readdirSync(folder).filter((name) => name.startsWith("armgym-pipes"))).toEqual([]);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    }
  });
});
