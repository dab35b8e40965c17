// The microphone's side of the audio thread: blocks of 16-bit samples at 16 kHz, whatever the device's own rate.
//
// No imports: not every browser that has worklets can import in them.

const outputRate = 16_000;
/** Seconds of sound in a block: short, because it is delay. */
const blockLength = 0.05;

/** Converts a stream between two rates with a windowed sinc, in blocks of any size. */
export class Resampler {
  #up; #down; #half; #taps; #table;
  #buffer; #position; #phase = 0;

  /**
   * @param {number} from samples a second
   * @param {number} to samples a second
   */
  constructor(from, to) {
    const divisor = greatestCommonDivisor(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    // 32 zero crossings a side with this window stop all that would fold back by 80 dB and more, and leave the lower
    // 83 % of the band as it is.
    const ratio = Math.min(1, to / from);
    this.#half = Math.ceil(32 / ratio);
    this.#taps = 2 * this.#half;
    this.#table = Array.from({ length: this.#up }, (_, phase) => this.#filter(phase / this.#up, 0.915 * ratio));
    // Silence before the first sample, so that the first output is at the time of the first input.
    this.#buffer = new Float32Array(this.#half - 1);
    this.#position = 0;
  }

  /** Samples that `push` holds back until more have come. */
  get delay() {
    return this.#half;
  }

  /**
   * @param {Float32Array} input
   * @returns {Float32Array}
   */
  push(input) {
    const buffer = new Float32Array(this.#buffer.length + input.length);
    buffer.set(this.#buffer);
    buffer.set(input, this.#buffer.length);
    const output = [];
    while (this.#position + this.#taps <= buffer.length) {
      const filter = this.#table[this.#phase];
      let sum = 0;
      for (let tap = 0; tap < this.#taps; tap += 1) {
        sum += filter[tap] * buffer[this.#position + tap];
      }
      output.push(sum);
      this.#phase += this.#down;
      this.#position += Math.floor(this.#phase / this.#up);
      this.#phase %= this.#up;
    }
    const used = Math.min(this.#position, buffer.length);
    this.#buffer = buffer.slice(used);
    this.#position -= used;
    return Float32Array.from(output);
  }

  /** Taps for an output that lies `fraction` of a sample after the input in the middle. */
  #filter(fraction, cutoff) {
    const taps = Float32Array.from({ length: this.#taps }, (_, tap) => {
      const x = tap - this.#half + 1 - fraction;
      return sinc(cutoff * x) * kaiser(x / this.#half);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return taps.map((tap) => tap / sum);
  }
}

/** Float samples as 16-bit integers. */
export function quantized(samples) {
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))));
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The Kaiser window on -1...1. */
function kaiser(x) {
  const beta = 8.6;
  return Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
}

function bessel(x) {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-9 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

// Tests load this module outside a worklet.
if (globalThis.AudioWorkletProcessor) {
  registerProcessor("capture", class extends AudioWorkletProcessor {
    #resampler = new Resampler(sampleRate, outputRate);
    #block = new Float32Array(Math.round(sampleRate * blockLength));
    #filled = 0;
    #isOpen = true;

    constructor() {
      super();
      this.port.onmessage = () => {
        this.#flush();
        this.#isOpen = false;
      };
    }

    process([[channel]]) {
      // Without a device there is silence, so that time goes on as on the clock.
      const samples = channel ?? new Float32Array(128);
      for (let taken = 0; this.#isOpen && taken < samples.length;) {
        const piece = samples.subarray(taken, taken + this.#block.length - this.#filled);
        this.#block.set(piece, this.#filled);
        this.#filled += piece.length;
        taken += piece.length;
        if (this.#filled === this.#block.length) {
          this.#send(this.#block);
          this.#filled = 0;
        }
      }
      return this.#isOpen;
    }

    #send(block, isLast = false) {
      const peak = block.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
      const samples = quantized(this.#resampler.push(block));
      this.port.postMessage({ samples, peak, isLast }, [samples.buffer]);
    }

    #flush() {
      const rest = new Float32Array(this.#filled + this.#resampler.delay);
      rest.set(this.#block.subarray(0, this.#filled));
      this.#send(rest, true);
    }
  });
}
