import { quantized, Resampler } from "../../../Web/shared/capture-worklet.js";
import { check, equal, test } from "./run.js";

function sine(frequency, rate, seconds) {
  const step = (2 * Math.PI * frequency) / rate;
  return Float32Array.from({ length: rate * seconds }, (_, index) => Math.sin(step * index));
}

function resampled(input, from, to, block = input.length) {
  const resampler = new Resampler(from, to);
  const output = [];
  for (let start = 0; start < input.length; start += block) {
    output.push(...resampler.push(input.subarray(start, start + block)));
  }
  output.push(...resampler.push(new Float32Array(resampler.delay)));
  return output;
}

/** The largest difference, away from the edges. */
function difference(a, b, edge) {
  return Math.max(...a.slice(edge, -edge).map((value, index) => Math.abs(value - b[index + edge])));
}

for (const rate of [48_000, 44_100, 96_000, 22_050, 16_000, 8_000]) {
  test(`speech at ${rate} Hz comes out at 16 kHz as it was, and at the same time`, () => {
    const output = resampled(sine(1000, rate, 0.5), rate, 16_000);
    check(Math.abs(output.length - 8000) <= 1, `${output.length} samples`);
    const worst = difference(output, sine(1000, 16_000, 0.5), 400);
    check(worst < 1e-3, `off by ${worst}`);
  });
}

test("what would fold back into the band is gone", () => {
  for (const frequency of [8200, 9000, 12_000, 15_500, 20_000]) {
    const output = resampled(sine(frequency, 48_000, 0.5), 48_000, 16_000);
    const loudest = Math.max(...output.slice(400, -400).map(Math.abs));
    check(20 * Math.log10(loudest) < -70, `${frequency} Hz is still there at ${loudest}`);
  }
});

test("the upper band of speech stays", () => {
  const output = resampled(sine(6500, 48_000, 0.5), 48_000, 16_000);
  const loudest = Math.max(...output.slice(400, -400));
  check(loudest > 0.98, `6500 Hz comes out at ${loudest}`);
});

test("the size of the blocks makes no difference", () => {
  const input = sine(440, 44_100, 0.3);
  equal(resampled(input, 44_100, 16_000, 128), resampled(input, 44_100, 16_000));
});

test("16-bit samples do not wrap around", () => {
  equal(Array.from(quantized([0, 0.5, 1, -1, 2, -2, NaN])), [0, 16_384, 32_767, -32_768, 32_767, -32_768, 0]);
});
