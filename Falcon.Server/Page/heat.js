// Anomaly maps: read as NumPy array, shown in the colours of the server's overlays.

import { bytes } from "./api.js";

const largest = 1024;

/** The map of an inspection at its own size: values, width and height. */
export async function readMap(id) {
  return parse(await bytes(`/api/inspections/${id}/map.npy?size=own`));
}

/** The value at a place of the picture, both from 0 to 1: bilinear, as maps are enlarged. */
export function valueAt(map, across, down) {
  const [left, right, x] = neighbours(map.width, across), [upper, lower, y] = neighbours(map.height, down);
  const at = (row, column) => map.values[row * map.width + column];
  return lerp(lerp(at(upper, left), at(upper, right), x), lerp(at(lower, left), at(lower, right), x), y);
}

/** Draws the map over a picture of a size: the threshold is in the middle of the colours, and what is far below it is clear. */
export function drawHeat(canvas, map, width, height, threshold) {
  const scale = Math.min(1, largest / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(scale * width));
  canvas.height = Math.max(1, Math.round(scale * height));
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  const columns = Array.from({ length: canvas.width }, (_, x) => neighbours(map.width, (x + 0.5) / canvas.width));
  for (let y = 0, i = 0; y < canvas.height; y++) {
    const [upper, lower, down] = neighbours(map.height, (y + 0.5) / canvas.height);
    for (const [left, right, across] of columns) {
      const value = lerp(lerp(map.values[upper * map.width + left], map.values[upper * map.width + right], across),
        lerp(map.values[lower * map.width + left], map.values[lower * map.width + right], across), down);
      const level = Math.round(255 * Math.min(1, Math.max(0, value / threshold - 0.5)));
      picture.data.set(colours[level], i);
      picture.data[i + 3] = level;
      i += 4;
    }
  }
  context.putImageData(picture, 0, 0);
}

const lerp = (from, to, share) => from + share * (to - from);

function neighbours(length, place) {
  const position = Math.min(length - 1, Math.max(0, place * length - 0.5));
  const before = Math.floor(position);
  return [before, Math.min(before + 1, length - 1), position - before];
}

/** A file of NumPy with float32 in rows. */
function parse(buffer) {
  const view = new DataView(buffer);
  const long = view.getUint8(6) > 1;
  const start = long ? 12 : 10;
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(new Uint8Array(buffer, start, length));
  const [, height, width] = /'shape': \((\d+), (\d+)/.exec(header).map(Number);
  if (!header.includes("'<f4'"))
    throw new Error(`the map has another type: ${header}`);
  return { values: new Float32Array(buffer.slice(start + length)), width, height };
}

/** The colours "inferno" of the server's overlays, from dark to bright: a test holds them equal. */
const inferno = "00000401000501010601010802010a02020c02020e03021004031204031405041706041907051b08051d09061f0a07220b07240c08260d08290e092b10092d11"
  + "0a30120a32140b34150b37160b39180c3c190c3e1b0c411c0c431e0c451f0c48210c4a230c4c240c4f260c51280b53290b552b0b572d0b592f0a5b310a5c320a"
  + "5e340a5f3609613809623909633b09643d09653e0966400a67420a68440a68450a69470b6a490b6a4a0c6b4c0c6b4d0d6c4f0d6c510e6c520e6d540f6d550f6d"
  + "57106e59106e5a116e5c126e5d126e5f136e61136e62146e64156e65156e67166e69166e6a176e6c186e6d186e6f196e71196e721a6e741a6e751b6e771c6d78"
  + "1c6d7a1d6d7c1d6d7d1e6d7f1e6c801f6c82206c84206b85216b87216b88226a8a226a8c23698d23698f24699025689225689326679526679727669827669a28"
  + "659b29649d29649f2a63a02a63a22b62a32c61a52c60a62d60a82e5fa92e5eab2f5ead305dae305cb0315bb1325ab3325ab43359b63458b73557b93556ba3655"
  + "bc3754bd3853bf3952c03a51c13a50c33b4fc43c4ec63d4dc73e4cc83f4bca404acb4149cc4248ce4347cf4446d04545d24644d34743d44842d54a41d74b3fd8"
  + "4c3ed94d3dda4e3cdb503bdd513ade5238df5337e05536e15635e25734e35933e45a31e55c30e65d2fe75e2ee8602de9612bea632aeb6429eb6628ec6726ed69"
  + "25ee6a24ef6c23ef6e21f06f20f1711ff1731df2741cf3761bf37819f47918f57b17f57d15f67e14f68013f78212f78410f8850ff8870ef8890cf98b0bf98c0a"
  + "f98e09fa9008fa9207fa9407fb9606fb9706fb9906fb9b06fb9d07fc9f07fca108fca309fca50afca60cfca80dfcaa0ffcac11fcae12fcb014fcb216fcb418fb"
  + "b61afbb81dfbba1ffbbc21fbbe23fac026fac228fac42afac62df9c72ff9c932f9cb35f8cd37f8cf3af7d13df7d340f6d543f6d746f5d949f5db4cf4dd4ff4df"
  + "53f4e156f3e35af3e55df2e661f2e865f2ea69f1ec6df1ed71f1ef75f1f179f2f27df2f482f3f586f3f68af4f88ef5f992f6fa96f8fb9af9fc9dfafda1fcffa4";

const colours = Array.from({ length: 256 }, (_, level) => [0, 2, 4].map(at => parseInt(inferno.substr(6 * level + at, 2), 16)));
