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

/** The colours "inferno", by the polynomials that follow them within two of 255 steps. */
const colours = Array.from({ length: 256 }, (_, level) => {
  const polynomials = [
    [0.0002189403691192265, 0.1065134194856116, 11.60249308247187, -41.70399613139459, 77.162935699427, -71.31942824499214, 25.13112622477341],
    [0.001651004631001012, 0.5639564367884091, -3.972853965665698, 17.43639888205313, -33.40235894210092, 32.62606426397723, -12.24266895238567],
    [-0.01948089843709184, 3.932712388889277, -15.9423941062914, 44.35414519872813, -81.80730925738993, 73.20951985803202, -23.07032500287172],
  ];
  return polynomials.map(factors => 255 * Math.min(1, Math.max(0, factors.reduceRight((sum, factor) => sum * (level / 255) + factor, 0))));
});
