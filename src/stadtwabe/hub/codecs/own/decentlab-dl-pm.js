// Decentlab DL-PM: particulate matter, air temperature and humidity, barometric pressure.
// Version 2 of the format: version, device id, flags of the sensors that follow, then words of
// 16 bits, most significant byte first.
// Layout: data sheet DL-PM, https://www.decentlab.com/support

function decodeUplink(input) {
  const bytes = input.bytes;
  if (bytes[0] !== 2) return { errors: ["format version " + bytes[0] + " instead of 2"] };
  const flags = bytes[3] * 256 + bytes[4];
  const sizes = [1, 10, 2, 1];
  let at = 5;
  const sensors = sizes.map(function (size, number) {
    if (!((flags >> number) & 1)) return null;
    const words = [];
    for (let i = 0; i < size; i++, at += 2) words.push(bytes[at] * 256 + bytes[at + 1]);
    return words;
  });
  if (at !== bytes.length) return { errors: [bytes.length + " bytes instead of " + at] };
  const [power, particles, climate, pressure] = sensors;
  const data = {};
  if (power) data.battery_voltage = power[0] / 1000;
  if (particles) {
    data.pm1 = particles[0] / 10;
    data.pm2_5 = particles[1] / 10;
    data.pm4 = particles[2] / 10;
    data.pm10 = particles[3] / 10;
    data.typical_size = particles[4];
    data.particles = {
      from_0_3_to_0_5: particles[5] / 10,
      from_0_3_to_1: particles[6] / 10,
      from_0_3_to_2_5: particles[7] / 10,
      from_0_3_to_4: particles[8] / 10,
      from_0_3_to_10: particles[9] / 10,
    };
  }
  if (climate) {
    data.temperature = Math.round((175.72 * climate[0] / 65536 - 46.85) * 100) / 100;
    data.humidity = Math.round((125 * climate[1] / 65536 - 6) * 100) / 100;
  }
  if (pressure) data.pressure = pressure[0] * 2 / 100;
  return { data: data };
}
