// Elsys ERS series (ERS, ERS CO2, ERS Lite, EMS, ELT-2): a list of (type, value), most
// significant byte first.
// Layout: "Elsys LoRa payload", https://www.elsys.se/en/lora-doc/

const TYPES = {
  0x01: { name: "temperature", size: 2, signed: true, per: 10 },
  0x02: { name: "humidity", size: 1 },
  0x03: { skip: 3 }, // acceleration
  0x04: { name: "light", size: 2 },
  0x05: { name: "motion", size: 1 },
  0x06: { name: "co2", size: 2 },
  0x07: { name: "battery_voltage", size: 2, per: 1000 },
  0x08: { name: "analog1", size: 2 },
  0x09: { skip: 6 }, // position
  0x0a: { name: "pulse1", size: 2 },
  0x0b: { name: "pulse1_total", size: 4 },
  0x0c: { name: "external_temperature", size: 2, signed: true, per: 10 },
  0x0d: { name: "digital", size: 1 },
  0x0e: { name: "distance", size: 2 },
  0x0f: { name: "acceleration_motion", size: 1 },
  0x10: { skip: 4 }, // two infrared temperatures
  0x11: { name: "occupancy", size: 1 },
  0x12: { name: "water_leak", size: 1 },
  0x13: { skip: 65 }, // thermal image
  0x14: { name: "pressure", size: 4, per: 1000 },
  0x15: { skip: 2 }, // sound
  0x16: { name: "pulse2", size: 2 },
  0x17: { name: "pulse2_total", size: 4 },
  0x18: { name: "analog2", size: 2 },
  0x19: { name: "external_temperature2", size: 2, signed: true, per: 10 },
  0x1a: { name: "digital2", size: 1 },
  0x1b: { skip: 4 }, // load cell
};

function decodeUplink(input) {
  const bytes = input.bytes;
  if (bytes[0] === 0x3e) return { data: {}, warnings: ["settings, no measurement"] };
  const data = {};
  let i = 0;
  while (i < bytes.length) {
    const type = TYPES[bytes[i]];
    if (!type) return { errors: ["unknown type " + bytes[i] + " at byte " + i] };
    i += 1;
    if (i + (type.size || type.skip) > bytes.length) {
      return { errors: ["payload ends within type " + bytes[i - 1]] };
    }
    if (type.name) {
      let value = 0;
      for (let k = 0; k < type.size; k++) value = value * 256 + bytes[i + k];
      if (type.signed && bytes[i] > 127) value -= Math.pow(256, type.size);
      data[type.name] = value / (type.per || 1);
    }
    i += type.size || type.skip;
  }
  return { data: data };
}
