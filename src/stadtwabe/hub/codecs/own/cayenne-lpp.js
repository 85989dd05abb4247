// Cayenne Low Power Payload 1: a list of (channel, type, value), most significant byte first.
// Layout: https://github.com/myDevicesIoT/CayenneLPP (README, section "Data Types").
// Names of the outputs are those of The Things Stack: kind, underscore, channel.

const TYPES = {
  0x00: { name: "digital_in", size: 1 },
  0x01: { name: "digital_out", size: 1 },
  0x02: { name: "analog_in", size: 2, signed: true, per: 100 },
  0x03: { name: "analog_out", size: 2, signed: true, per: 100 },
  0x65: { name: "luminosity", size: 2 },
  0x66: { name: "presence", size: 1 },
  0x67: { name: "temperature", size: 2, signed: true, per: 10 },
  0x68: { name: "relative_humidity", size: 1, per: 2 },
  0x71: { name: "accelerometer", size: 2, signed: true, per: 1000, parts: ["x", "y", "z"] },
  0x73: { name: "barometric_pressure", size: 2, per: 10 },
  0x86: { name: "gyrometer", size: 2, signed: true, per: 100, parts: ["x", "y", "z"] },
  0x88: {
    name: "gps",
    size: 3,
    signed: true,
    per: 10000,
    parts: ["latitude", "longitude", "altitude"],
    lastPer: 100,
  },
};

function integer(bytes, from, size, signed) {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + bytes[from + i];
  return signed && bytes[from] > 127 ? value - Math.pow(256, size) : value;
}

function decodeUplink(input) {
  const bytes = input.bytes;
  const data = {};
  let i = 0;
  while (i < bytes.length) {
    const channel = bytes[i];
    const type = TYPES[bytes[i + 1]];
    if (!type) return { errors: ["unknown type " + bytes[i + 1] + " at byte " + (i + 1)] };
    i += 2;
    const parts = type.parts || [""];
    if (i + type.size * parts.length > bytes.length) {
      return { errors: ["payload ends within " + type.name + "_" + channel] };
    }
    const values = {};
    for (const part of parts) {
      const last = part === parts[parts.length - 1];
      const per = (last && type.lastPer) || type.per || 1;
      values[part] = integer(bytes, i, type.size, type.signed) / per;
      i += type.size;
    }
    data[type.name + "_" + channel] = type.parts ? values : values[""];
  }
  return { data: data };
}
