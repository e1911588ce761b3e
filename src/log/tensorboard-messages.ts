// The messages of TensorBoard's event files, as far as they are written here.
import { protobufEncoder, repeated, single } from "../math/protobuf.js";

/** Encode an event; from tensorflow/core/util/event.proto and framework/summary.proto. */
export const encodeEvent = protobufEncoder(
  {
    Event: {
      wallTime: single("double", 1),
      step: single("int64", 2),
      fileVersion: single("string", 3),
      summary: single("Summary", 5),
      sessionLog: single("SessionLog", 7),
    },
    SessionLog: { status: single("int32", 1) },
    Summary: { value: repeated("Value", 1) },
    Value: {
      tag: single("string", 1),
      simpleValue: single("float", 2),
      image: single("Image", 4),
      histo: single("Histogram", 5),
      tensor: single("Tensor", 8),
      metadata: single("Metadata", 9),
    },
    Image: {
      height: single("int32", 1),
      width: single("int32", 2),
      colorspace: single("int32", 3),
      encodedImageString: single("bytes", 4),
    },
    Histogram: {
      min: single("double", 1),
      max: single("double", 2),
      num: single("double", 3),
      sum: single("double", 4),
      sumSquares: single("double", 5),
      bucketLimit: repeated("double", 6),
      bucket: repeated("double", 7),
    },
    Metadata: { pluginData: single("PluginData", 1) },
    PluginData: { pluginName: single("string", 1), content: single("bytes", 2) },
    Tensor: {
      dtype: single("int32", 1),
      tensorShape: single("Shape", 2),
      floatVal: repeated("float", 5),
      stringVal: repeated("bytes", 8),
    },
    Shape: { dim: repeated("Dimension", 2) },
    Dimension: { size: single("int64", 1) },
  },
  "Event",
);

/** Encode what the hparams plugin reads; from tensorboard/plugins/hparams/plugin_data.proto. */
export const encodeHyperparameters = protobufEncoder(
  {
    // a oneof
    Setting: {
      numberValue: single("double", 2),
      stringValue: single("string", 3),
      boolValue: single("bool", 4),
    },
    // the entry of a map
    NamedSetting: { key: single("string", 1), value: single("Setting", 2) },
    SessionStartInfo: { hparams: repeated("NamedSetting", 1), startTimeSecs: single("double", 5) },
    SessionEndInfo: { status: single("int32", 1), endTimeSecs: single("double", 2) },
    HParamsPluginData: {
      version: single("int32", 1),
      sessionStartInfo: single("SessionStartInfo", 3),
      sessionEndInfo: single("SessionEndInfo", 4),
    },
  },
  "HParamsPluginData",
);
