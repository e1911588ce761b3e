// The Foxglove messages that we write, so that Foxglove and Rerun show our recordings; field names and numbers as in foxglove/schemas.
import {
  type ProtobufField,
  type ProtobufTypes,
  protobufEncoder,
  repeated,
  single,
} from "../math/protobuf.js";

const xyz = { x: single("double", 1), y: single("double", 2), z: single("double", 3) };
const time = { seconds: single("int64", 1), nanos: single("int32", 2) };

/** Message types by package. */
const PACKAGES: Readonly<Record<string, ProtobufTypes>> = {
  "google.protobuf": { "google.protobuf.Timestamp": time, "google.protobuf.Duration": time },
  foxglove: {
    "foxglove.Vector3": xyz,
    "foxglove.Quaternion": { ...xyz, w: single("double", 4) },
    "foxglove.Pose": {
      position: single("foxglove.Vector3", 1),
      orientation: single("foxglove.Quaternion", 2),
    },
    "foxglove.Color": {
      r: single("double", 1),
      g: single("double", 2),
      b: single("double", 3),
      a: single("double", 4),
    },
    "foxglove.FrameTransform": {
      timestamp: single("google.protobuf.Timestamp", 1),
      parent_frame_id: single("string", 2),
      child_frame_id: single("string", 3),
      translation: single("foxglove.Vector3", 4),
      rotation: single("foxglove.Quaternion", 5),
    },
    "foxglove.FrameTransforms": { transforms: repeated("foxglove.FrameTransform", 1) },
    "foxglove.CubePrimitive": {
      pose: single("foxglove.Pose", 1),
      size: single("foxglove.Vector3", 2),
      color: single("foxglove.Color", 3),
    },
    "foxglove.SpherePrimitive": {
      pose: single("foxglove.Pose", 1),
      size: single("foxglove.Vector3", 2),
      color: single("foxglove.Color", 3),
    },
    "foxglove.CylinderPrimitive": {
      pose: single("foxglove.Pose", 1),
      size: single("foxglove.Vector3", 2),
      bottom_scale: single("double", 3),
      top_scale: single("double", 4),
      color: single("foxglove.Color", 5),
    },
    "foxglove.Point3": xyz,
    "foxglove.TriangleListPrimitive": {
      pose: single("foxglove.Pose", 1),
      points: repeated("foxglove.Point3", 2),
      color: single("foxglove.Color", 3),
      indices: repeated("fixed32", 5),
    },
    "foxglove.SceneEntity": {
      timestamp: single("google.protobuf.Timestamp", 1),
      frame_id: single("string", 2),
      id: single("string", 3),
      lifetime: single("google.protobuf.Duration", 4),
      frame_locked: single("bool", 5),
      cubes: repeated("foxglove.CubePrimitive", 8),
      spheres: repeated("foxglove.SpherePrimitive", 9),
      cylinders: repeated("foxglove.CylinderPrimitive", 10),
      triangles: repeated("foxglove.TriangleListPrimitive", 12),
    },
    "foxglove.SceneEntityDeletion": {
      timestamp: single("google.protobuf.Timestamp", 1),
      type: single("int32", 2),
      id: single("string", 3),
    },
    "foxglove.SceneUpdate": {
      deletions: repeated("foxglove.SceneEntityDeletion", 1),
      entities: repeated("foxglove.SceneEntity", 2),
    },
    "foxglove.CompressedImage": {
      timestamp: single("google.protobuf.Timestamp", 1),
      data: single("bytes", 2),
      format: single("string", 3),
      frame_id: single("string", 4),
    },
    "foxglove.CameraCalibration": {
      timestamp: single("google.protobuf.Timestamp", 1),
      width: single("fixed32", 2),
      height: single("fixed32", 3),
      distortion_model: single("string", 4),
      D: repeated("double", 5),
      K: repeated("double", 6),
      R: repeated("double", 7),
      P: repeated("double", 8),
      frame_id: single("string", 9),
    },
    "foxglove.Log": {
      timestamp: single("google.protobuf.Timestamp", 1),
      level: single("int32", 2),
      message: single("string", 3),
      name: single("string", 4),
    },
  },
};

/** Enumerations, on the wire like an int32, by message and field: values in the order of their numbers. */
const ENUMS: Readonly<Record<string, Readonly<Record<string, Enumeration>>>> = {
  "foxglove.SceneEntityDeletion": { type: { name: "Type", values: ["MATCHING_ID", "ALL"] } },
  "foxglove.Log": {
    level: { name: "Level", values: ["UNKNOWN", "DEBUG", "INFO", "WARNING", "ERROR", "FATAL"] },
  },
};

interface Enumeration {
  readonly name: string;
  readonly values: readonly string[];
}

const TYPES: ProtobufTypes = Object.assign({}, ...Object.values(PACKAGES));

/** Encode a foxglove.FrameTransforms, its fields named as in the schema and of the schema's types. */
export const encodeFrameTransforms = protobufEncoder(TYPES, "foxglove.FrameTransforms", "implicit");

/** Encode a foxglove.SceneUpdate, its fields named as in the schema and of the schema's types. */
export const encodeSceneUpdate = protobufEncoder(TYPES, "foxglove.SceneUpdate", "implicit");

/** Encode a foxglove.CompressedImage, its fields named as in the schema and of the schema's types. */
export const encodeCompressedImage = protobufEncoder(TYPES, "foxglove.CompressedImage", "implicit");

/** Encode a foxglove.CameraCalibration, its fields named as in the schema and of the schema's types. */
export const encodeCameraCalibration = protobufEncoder(TYPES, "foxglove.CameraCalibration", "implicit");

/** Encode a foxglove.Log, its fields named as in the schema and of the schema's types. */
export const encodeLog = protobufEncoder(TYPES, "foxglove.Log", "implicit");

/** The part of google/protobuf/descriptor.proto that describes these messages. */
const encodeDescriptors = protobufEncoder(
  {
    FileDescriptorSet: { file: repeated("File", 1) },
    File: {
      name: single("string", 1),
      package: single("string", 2),
      dependency: repeated("string", 3),
      messageType: repeated("Message", 4),
      syntax: single("string", 12),
    },
    Message: { name: single("string", 1), field: repeated("Field", 2), enumType: repeated("Enum", 4) },
    Enum: { name: single("string", 1), value: repeated("EnumValue", 2) },
    EnumValue: { name: single("string", 1), number: single("int32", 2) },
    Field: {
      name: single("string", 1),
      number: single("int32", 3),
      label: single("int32", 4),
      type: single("int32", 5),
      typeName: single("string", 6),
      jsonName: single("string", 10),
    },
  },
  "FileDescriptorSet",
);

const LABEL = { optional: 1, repeated: 3 } as const;
/** Numbers of the scalar types used here, as descriptor.proto gives them. */
const SCALAR_TYPES: Readonly<Record<string, number>> = {
  double: 1,
  int64: 3,
  int32: 5,
  fixed32: 7,
  bool: 8,
  string: 9,
  bytes: 12,
};
const MESSAGE_TYPE = 11;
const ENUM_TYPE = 14;

/**
 * Return the schema of `message` as MCAP wants it: a serialised FileDescriptorSet of it and of the messages that it is made of, in the
 * order of dependence, with full names.
 */
export function foxgloveDescriptors(message: string): Uint8Array {
  const fileOf = (name: string) => `${name.replaceAll(".", "_")}.proto`;
  const needed = neededBy(message);
  const file = Object.entries(PACKAGES).map(([name, all]) => {
    const types = Object.entries(all).filter(([type]) => needed.has(type));
    const used = types.flatMap(([, fields]) => Object.values(fields).map(({ type }) => type));
    const others = Object.keys(PACKAGES).filter((other) => other !== name);
    return {
      name: fileOf(name),
      package: name,
      dependency: others.filter((other) => used.some((type) => packageOf(type) === other)).map(fileOf),
      messageType: types.map(([type, fields]) => ({
        name: type.slice(name.length + 1),
        field: Object.entries(fields).map((field) => describeField(type, field)),
        enumType: Object.values(ENUMS[type] ?? {}).map((each) => ({
          name: each.name,
          value: each.values.map((value, number) => ({ name: value, number })),
        })),
      })),
      syntax: "proto3",
    };
  });
  return encodeDescriptors({ file });
}

function neededBy(message: string, needed: Set<string> = new Set()): ReadonlySet<string> {
  if (needed.has(message)) return needed;
  needed.add(message);
  for (const { type } of Object.values(TYPES[message]!)) if (type in TYPES) neededBy(type, needed);
  return needed;
}

function describeField(
  message: string,
  [name, { type, id, isRepeated }]: readonly [string, ProtobufField],
): object {
  const jsonName = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const enumeration = ENUMS[message]?.[name];
  const scalar = enumeration ? ENUM_TYPE : SCALAR_TYPES[type];
  const typeName = enumeration ? `.${message}.${enumeration.name}` : `.${type}`;
  return {
    name,
    number: id,
    label: isRepeated ? LABEL.repeated : LABEL.optional,
    type: scalar ?? MESSAGE_TYPE,
    ...(scalar === undefined || enumeration ? { typeName } : {}),
    ...(jsonName === name ? {} : { jsonName }),
  };
}

function packageOf(type: string): string {
  return type.slice(0, Math.max(0, type.lastIndexOf(".")));
}
