// Elvaco CMi4110, CMi4111, CMi4140, CMi4160 and alike: radio modules for meters of heat, water
// and electricity. One byte of format, then data records of EN 13757-3 (M-Bus): DIF, VIF, value,
// least significant byte first.
// Layout: Elvaco CMi4140 User's Manual 1.1 (2020-06), tables 6 to 14.

const SIZES = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 7: 8, 9: 1, 10: 2, 11: 3, 12: 4, 14: 6 };
const NOT_RECORDS = [0x17, 0x20]; // the formats with JSON in plain text

function binary(bytes, from, size) {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[from + i];
  return bytes[from + size - 1] > 127 ? value - Math.pow(256, size) : value;
}

function digits(bytes, from, size) {
  let text = "";
  for (let i = size - 1; i >= 0; i--) text += (bytes[from + i] < 16 ? "0" : "") + bytes[from + i].toString(16);
  return text;
}

// Value information: first, last, name, exponent of ten of the first, unit.
const VALUES = [
  [0x00, 0x07, "energy", -6], // Wh * 10^(n-3), as kWh
  [0x08, 0x0f, "energy_megajoule", -6], // J * 10^n, as MJ
  [0x10, 0x17, "volume", -6], // m3
  [0x28, 0x2f, "power", -3], // W
  [0x38, 0x3f, "flow", -6], // m3/h
  [0x58, 0x5b, "flow_temperature", -3], // degrees Celsius
  [0x5c, 0x5f, "return_temperature", -3],
  [0x60, 0x63, "temperature_difference", -3], // K
];

function scaled(number, exponent) {
  return exponent < 0 ? number / Math.pow(10, -exponent) : number * Math.pow(10, exponent);
}

function decodeUplink(input) {
  const bytes = input.bytes;
  if (NOT_RECORDS.indexOf(bytes[0]) >= 0) return { errors: ["set the meter to the format Standard"] };
  const data = {};
  const warnings = [];
  let i = 1;
  while (i < bytes.length) {
    const start = i;
    const dif = bytes[i++];
    let storage = (dif >> 6) & 1;
    let more = dif & 0x80;
    for (let n = 0; more; n++) {
      storage += (bytes[i] & 0x0f) * Math.pow(2, 1 + 4 * n);
      more = bytes[i++] & 0x80;
    }
    const vif = bytes[i++];
    const extensions = [];
    if (vif & 0x80) {
      do extensions.push(bytes[i]);
      while (bytes[i++] & 0x80);
    }
    const kind = dif & 0x0f;
    const size = SIZES[kind];
    if (size === undefined) return { errors: ["unknown record at byte " + start] };
    if (i + size > bytes.length) return { errors: ["payload ends within the record at byte " + start] };
    const isDigits = kind >= 9;
    const name = function (text) {
      return storage ? text + "_" + storage : text;
    };
    const found = VALUES.find(function (each) {
      return !extensions.length && vif >= each[0] && vif <= each[1];
    });
    if (found) {
      const number = isDigits ? Number(digits(bytes, i, size)) : binary(bytes, i, size);
      if (Number.isFinite(number)) data[name(found[2])] = scaled(number, found[3] + vif - found[0]);
      else warnings.push(found[2] + " is not available");
    } else if (vif === 0x78) {
      data.meter_id = isDigits ? digits(bytes, i, size) : String(binary(bytes, i, size));
    } else if (vif === 0xfd && extensions[0] === 0x17) {
      data.error_flags = binary(bytes, i, size) >>> 0;
    } else if (vif !== 0x6c && vif !== 0x6d) {
      warnings.push("record with VIF " + vif.toString(16) + " at byte " + start + " is not decoded");
    }
    i += size;
  }
  return { data: data, warnings: warnings };
}
