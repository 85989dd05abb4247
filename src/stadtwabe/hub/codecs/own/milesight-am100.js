// Milesight AM103 and AM103L: indoor air. A list of (channel, type, value), least significant
// byte first.
// Layout: https://www.milesight.com/products/docs/en/am103/protocol/am100/am10x-uplink.html

const FIELDS = {
  "01 75": { name: "battery", size: 1 },
  "03 67": { name: "temperature", size: 2, signed: true, per: 10 },
  "04 68": { name: "humidity", size: 1, per: 2 },
  "07 7d": { name: "co2", size: 2 },
};

// What the device tells of itself after joining: type -> number of bytes.
const ABOUT = { 0x01: 1, 0x09: 2, 0x0a: 2, 0x0b: 1, 0x0f: 1, 0x16: 8, 0x18: 2 };

function hex(byte) {
  return (byte < 16 ? "0" : "") + byte.toString(16);
}

function decodeUplink(input) {
  const bytes = input.bytes;
  const data = {};
  const warnings = [];
  let i = 0;
  while (i + 1 < bytes.length) {
    const key = hex(bytes[i]) + " " + hex(bytes[i + 1]);
    const field = FIELDS[key];
    const passed = bytes[i] === 0xff ? ABOUT[bytes[i + 1]] : key === "20 ce" ? 9 : undefined;
    i += 2;
    if (passed !== undefined) {
      if (key === "20 ce") warnings.push("stored history is not decoded");
      i += passed;
      continue;
    }
    if (!field) return { errors: ["unknown channel and type " + key + " at byte " + (i - 2)] };
    if (i + field.size > bytes.length) return { errors: ["payload ends within " + field.name] };
    let value = 0;
    for (let k = field.size - 1; k >= 0; k--) value = value * 256 + bytes[i + k];
    if (field.signed && value > 0x7fff) value -= 0x10000;
    data[field.name] = value / (field.per || 1);
    i += field.size;
  }
  return { data: data, warnings: warnings };
}
