// What other programs read of ours: every check that `npm run interop` makes, and what each needs. A new one is a row of CHECKS.

/** Where checks run: the programs that are installed together. */
export interface InteropEnvironment {
  /** Whether only `npm run interop -- NAME` runs it: gigabytes, or many minutes. */
  readonly apart: boolean;
  /** What brings the programs: requirements/NAME.txt into a virtual environment, `npm run tfjs-node`, or `npm install` alone. */
  readonly by: "requirements" | "tfjs-node" | "npm";
}

/** A program that reads what armgym writes or talks with it, and the tests that show it. */
export interface InteropCheck {
  readonly program: string;
  /** What its version is read from: a distribution of PyPI, or "npm:" and a package of node_modules. */
  readonly version: string;
  readonly environment: keyof typeof ENVIRONMENTS;
  /** What it reads, in a few words. */
  readonly reads: string;
  /** The test file; it runs with ARMGYM_INTEROP_PYTHON and PYTHON set to the environment's Python. */
  readonly file: string;
  /**
   * What the names of the tests that count begin with; absent: all of the file count.
   * Where all checks of an environment have it, no others are run.
   */
  readonly tests?: string;
}

/** All environments. What cannot be installed together gets one of its own. */
export const ENVIRONMENTS = {
  /** Small: the part that `.ci/run` runs. */
  light: { apart: false, by: "requirements" },
  heavy: { apart: false, by: "requirements" },
  /** Needs numpy below 2, and typing-extensions, which it does not declare. */
  openpi: { apart: false, by: "requirements" },
  npm: { apart: false, by: "npm" },
  "stable-baselines3": { apart: true, by: "requirements" },
  lerobot: { apart: true, by: "requirements" },
  tensorflow: { apart: true, by: "tfjs-node" },
} as const satisfies Readonly<Record<string, InteropEnvironment>>;

/** All checks, in the order in which they are told. */
export const CHECKS: readonly InteropCheck[] = [
  {
    program: "Gymnasium",
    version: "gymnasium",
    environment: "light",
    reads: "environments, by its check_env",
    file: "test/serve/python-client.test.ts",
    tests: "armgym_gym.py passes check_env",
  },
  {
    program: "Gymnasium",
    version: "gymnasium",
    environment: "light",
    reads: "batches, bit for bit as its SyncVectorEnv",
    file: "test/serve/python-client.test.ts",
    tests: "armgym_gym.py a batch gives",
  },
  {
    program: "Stable-Baselines3",
    version: "stable-baselines3",
    environment: "stable-baselines3",
    reads: "environments, by its own check_env",
    file: "test/serve/python-client.test.ts",
    tests: "armgym_gym.py passes check_env",
  },
  {
    program: "TensorBoard",
    version: "tensorboard",
    environment: "light",
    reads: "curves of a training that was killed and resumed",
    file: "test/interop/tensorboard.test.ts",
    tests: "TensorBoard",
  },
  {
    program: "MCAP",
    version: "mcap",
    environment: "light",
    reads: "recordings, by index and without",
    file: "test/interop/mcap.test.ts",
    tests: "MCAP",
  },
  {
    program: "mcap-ros2-support",
    version: "mcap-ros2-support",
    environment: "light",
    reads: "nothing of ours: armgym view opens what it writes",
    file: "test/runs/foreign-recording.test.ts",
    tests: "written by the mcap library",
  },
  {
    program: "Foxglove",
    version: "npm:@foxglove/schemas",
    environment: "npm",
    reads: "recordings, by its schemas and its reader of ROS 2 messages",
    file: "test/recording/foxglove-readers.test.ts",
  },
  {
    program: "Rerun",
    version: "rerun-sdk",
    environment: "heavy",
    reads: "recordings: robot, scene, plots, log, camera pictures",
    file: "test/interop/rerun.test.ts",
    tests: "Rerun",
  },
  {
    program: "ONNX",
    version: "onnx",
    environment: "light",
    reads: "exported policies, by its checker",
    file: "test/interop/onnx.test.ts",
    tests: "ONNX's checker",
  },
  {
    program: "onnxruntime in Python",
    version: "onnxruntime",
    environment: "light",
    reads: "exported policies, to 1e-6",
    file: "test/interop/onnx.test.ts",
    tests: "onnxruntime",
  },
  {
    program: "OpenVINO",
    version: "openvino",
    environment: "heavy",
    reads: "exported policies, to 1e-6",
    file: "test/interop/onnx.test.ts",
    tests: "OpenVINO",
  },
  {
    program: "OpenCV",
    version: "opencv-python-headless",
    environment: "heavy",
    reads: "exported policies, to 1e-6",
    file: "test/interop/onnx.test.ts",
    tests: "OpenCV",
  },
  {
    program: "TensorFlow.js",
    version: "npm:@tensorflow/tfjs-converter",
    environment: "npm",
    reads: "exported policies in Node and in Chromium, to 1e-6",
    file: "test/deploy/tfjs-bundle.test.ts",
  },
  {
    program: "TensorFlow by tfjs-node",
    version: "npm:@tensorflow/tfjs-node",
    environment: "tensorflow",
    reads: "the networks and updates of all agents, to 1e-5",
    file: "test/compile/engines/tensorflow.test.ts",
  },
  {
    program: "safetensors",
    version: "safetensors",
    environment: "light",
    reads: "a run's weights, bit for bit",
    file: "test/interop/safetensors.test.ts",
    tests: "Python's safetensors",
  },
  {
    program: "LeRobot",
    version: "lerobot",
    environment: "lerobot",
    reads: "demonstrations as a data set",
    file: "test/interop/lerobot.test.ts",
    tests: "LeRobot loads",
  },
  {
    program: "LeRobot",
    version: "lerobot",
    environment: "lerobot",
    reads: "a data set, which it writes again: the same demonstrations for armgym, bit for bit",
    file: "test/interop/lerobot.test.ts",
    tests: "LeRobot writes",
  },
  {
    program: "Minari",
    version: "minari",
    environment: "heavy",
    reads: "demonstrations: states, actions, rewards, ends, pictures, environment",
    file: "test/interop/minari.test.ts",
  },
  {
    program: "openpi-client",
    version: "openpi-client",
    environment: "openpi",
    reads: "served policies: actions, resets, errors, keys",
    file: "test/serve/policy/openpi-client.test.ts",
    tests: "openpi-client",
  },
];
