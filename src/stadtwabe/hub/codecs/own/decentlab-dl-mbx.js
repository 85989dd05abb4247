// Decentlab DL-MBX: ultrasonic distance, for water levels in rivers, sewers and tanks.
// Version 2 of the format: version, device id, flags of the sensors that follow, then words of
// 16 bits, most significant byte first.
// Layout: data sheet DL-MBX and "Decoding payload of Maxbotix LoRaWAN devices v2" (2017-01-18),
// https://www.decentlab.com/support
// The distance is measured downwards: give the output the factor -0.001 and, as addend, the
// height of the sensor in metres to get a level in metres.

function decodeUplink(input) {
  const bytes = input.bytes;
  if (bytes[0] !== 2) return { errors: ["format version " + bytes[0] + " instead of 2"] };
  const flags = bytes[3] * 256 + bytes[4];
  const word = function (at) {
    return bytes[at] * 256 + bytes[at + 1];
  };
  const data = {};
  let at = 5;
  if (flags & 1) {
    data.distance = word(at);
    data.valid_samples = word(at + 2);
    at += 4;
  }
  if (flags & 2) {
    data.battery_voltage = word(at) / 1000;
    at += 2;
  }
  if (at !== bytes.length) return { errors: [bytes.length + " bytes instead of " + at] };
  return { data: data };
}
