// The Foxglove messages that we write, so that Foxglove and Rerun show our recordings; field names and numbers as in foxglove/schemas.
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: "repeated", type, id });

const xyz = { x: one("double", 1), y: one("double", 2), z: one("double", 3) };
const time = { seconds: one("int64", 1), nanos: one("int32", 2) };

const root = protobuf.Root.fromJSON({
  nested: {
    google: { nested: { protobuf: { nested: { Timestamp: { fields: time }, Duration: { fields: time } } } } },
    foxglove: {
      nested: {
        Vector3: { fields: xyz },
        Quaternion: { fields: { ...xyz, w: one("double", 4) } },
        Pose: { fields: { position: one("Vector3", 1), orientation: one("Quaternion", 2) } },
        Color: {
          fields: { r: one("double", 1), g: one("double", 2), b: one("double", 3), a: one("double", 4) },
        },
        FrameTransform: {
          fields: {
            timestamp: one("google.protobuf.Timestamp", 1),
            parent_frame_id: one("string", 2),
            child_frame_id: one("string", 3),
            translation: one("Vector3", 4),
            rotation: one("Quaternion", 5),
          },
        },
        FrameTransforms: { fields: { transforms: many("FrameTransform", 1) } },
        CubePrimitive: { fields: { pose: one("Pose", 1), size: one("Vector3", 2), color: one("Color", 3) } },
        SpherePrimitive: {
          fields: { pose: one("Pose", 1), size: one("Vector3", 2), color: one("Color", 3) },
        },
        CylinderPrimitive: {
          fields: {
            pose: one("Pose", 1),
            size: one("Vector3", 2),
            bottom_scale: one("double", 3),
            top_scale: one("double", 4),
            color: one("Color", 5),
          },
        },
        Point3: { fields: xyz },
        TriangleListPrimitive: {
          fields: {
            pose: one("Pose", 1),
            points: many("Point3", 2),
            color: one("Color", 3),
            indices: many("fixed32", 5),
          },
        },
        SceneEntity: {
          fields: {
            timestamp: one("google.protobuf.Timestamp", 1),
            frame_id: one("string", 2),
            id: one("string", 3),
            lifetime: one("google.protobuf.Duration", 4),
            frame_locked: one("bool", 5),
            cubes: many("CubePrimitive", 8),
            spheres: many("SpherePrimitive", 9),
            cylinders: many("CylinderPrimitive", 10),
            triangles: many("TriangleListPrimitive", 12),
          },
        },
        SceneUpdate: { fields: { entities: many("SceneEntity", 2) } },
      },
    },
  },
});

/** Names of the messages written. */
export type FoxgloveMessage = "foxglove.FrameTransforms" | "foxglove.SceneUpdate";

/** Encode a message, its fields named as in the schema and of the schema's types. */
export function encodeFoxglove(name: FoxgloveMessage, message: object): Uint8Array {
  return root.lookupType(name).encode(message).finish();
}

/**
 * Return the schemas as MCAP wants them: a serialised FileDescriptorSet.
 *
 * protobufjs leaves out imports and writes relative type names; readers built on other libraries resolve neither.
 */
export function foxgloveDescriptors(): Uint8Array {
  root.resolveAll();
  const { lookupType } = descriptor as unknown as protobuf.Namespace;
  const set = root.toDescriptor("proto3") as unknown as FileDescriptorSet;
  const names = new Map<string, string>();
  for (const file of set.file) names.set(file.package, file.name);
  for (const file of set.file) {
    const imports = new Set<string>();
    for (const field of file.messageType.flatMap(({ field }) => field)) {
      if (!field.typeName) continue;
      const full = field.typeName.includes(".") ? field.typeName : `${file.package}.${field.typeName}`;
      const owner = full.slice(0, full.lastIndexOf("."));
      field.typeName = `.${full}`;
      if (owner !== file.package) imports.add(names.get(owner)!);
    }
    file.dependency = [...imports];
  }
  return lookupType
    .call(descriptor, "FileDescriptorSet")
    .encode(set as object)
    .finish();
}

/** The part of google.protobuf.FileDescriptorSet that is completed here. */
interface FileDescriptorSet {
  readonly file: {
    readonly name: string;
    readonly package: string;
    dependency: string[];
    readonly messageType: { readonly field: { typeName?: string }[] }[];
  }[];
}
