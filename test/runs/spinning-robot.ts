// A recording as another program writes it, of the simplest robot there is.
import { McapWriter, TempBuffer } from "@mcap/core";

/**
 * Return an MCAP file of a link that turns by 1 rad in `seconds`, told in JSON by `rate` joint states a second; it is drawn as `geometry`.
 */
export async function spinningRobot(
  rate: number,
  seconds: number,
  geometry = '<box size="0.4 0.1 0.1"/>',
): Promise<Uint8Array> {
  const buffer = new TempBuffer();
  const writer = new McapWriter({ writable: buffer });
  await writer.start({ profile: "", library: "spinning" });
  const open = async (topic: string, name: string) => {
    const schemaId = await writer.registerSchema({ name, encoding: "jsonschema", data: new Uint8Array() });
    return writer.registerChannel({ topic, schemaId, messageEncoding: "json", metadata: new Map() });
  };
  const text = await open("/robot_description", "std_msgs/String");
  const states = await open("/joint_states", "sensor_msgs/JointState");
  const add = (channelId: number, time: number, message: object) => {
    const logTime = BigInt(Math.round(1e9 * time));
    const data = Buffer.from(JSON.stringify(message));
    return writer.addMessage({ channelId, sequence: 0, logTime, publishTime: logTime, data });
  };
  const bar = `<visual><origin xyz="0.2 0 0"/><geometry>${geometry}</geometry></visual>`;
  const joint =
    '<joint name="j" type="continuous"><parent link="a"/><child link="b"/><axis xyz="0 0 1"/></joint>';
  const links = `<link name="a"/><link name="b">${bar}</link>`;
  await add(text, 0, { data: `<robot name="spinner">${links}${joint}</robot>` });
  const count = rate * seconds;
  for (let k = 0; k <= count; k++)
    await add(states, k / rate, { name: ["j", "k"], position: [k / count, 0] });
  await writer.end();
  return buffer.get();
}
