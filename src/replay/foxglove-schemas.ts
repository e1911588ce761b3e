// The Foxglove messages that we write, so that Foxglove and Rerun show our recordings; field numbers as in foxglove/schemas.
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
            parentFrameId: one("string", 2),
            childFrameId: one("string", 3),
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
            bottomScale: one("double", 3),
            topScale: one("double", 4),
            color: one("Color", 5),
          },
        },
        SceneEntity: {
          fields: {
            timestamp: one("google.protobuf.Timestamp", 1),
            frameId: one("string", 2),
            id: one("string", 3),
            lifetime: one("google.protobuf.Duration", 4),
            frameLocked: one("bool", 5),
            cubes: many("CubePrimitive", 8),
            spheres: many("SpherePrimitive", 9),
            cylinders: many("CylinderPrimitive", 10),
          },
        },
        SceneUpdate: { fields: { entities: many("SceneEntity", 2) } },
      },
    },
  },
});

/** Names of the messages written. */
export type FoxgloveMessage = "foxglove.FrameTransforms" | "foxglove.SceneUpdate";

/** Encode a message. */
export function encodeFoxglove(name: FoxgloveMessage, message: object): Uint8Array {
  const type = root.lookupType(name);
  return type.encode(type.fromObject(message)).finish();
}

/** Return the schemas as MCAP wants them: a serialised FileDescriptorSet. */
export function foxgloveDescriptors(): Uint8Array {
  root.resolveAll();
  const { lookupType } = descriptor as unknown as protobuf.Namespace;
  const type = lookupType.call(descriptor, "FileDescriptorSet");
  return type.encode(root.toDescriptor("proto3")).finish();
}
