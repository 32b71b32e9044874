import { NumberForm } from '../../protocol/wire.ts';
import type { ByteReader } from './byteReader.ts';
import type { ByteWriter } from './byteWriter.ts';

/**
 * Numbers pass through here, a part of a list at a time: typed arrays are what turns them fastest. They are
 * in the machine's byte order, which is that of the wire on every machine that VS Code runs on.
 */
const lane = new ArrayBuffer(16 * 1024);
const laneBytes = new Uint8Array(lane);

type Lane = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float64Array;

const lanes: Readonly<Record<number, Lane | undefined>> = {
  [NumberForm.int8]: new Int8Array(lane),
  [NumberForm.uint8]: laneBytes,
  [NumberForm.int16]: new Int16Array(lane),
  [NumberForm.uint16]: new Uint16Array(lane),
  [NumberForm.int32]: new Int32Array(lane),
  [NumberForm.float64]: new Float64Array(lane),
};

/** The form that takes the fewest bytes for a list of numbers; undefined for any other list. */
export function formOf(list: readonly unknown[]): NumberForm | undefined {
  const { length } = list;
  let every = 0;
  let magnitudes = 0;
  for (let index = 0; index < length; index++) {
    const item = list[index];
    if (typeof item !== 'number') return undefined;
    const whole = item | 0;
    if (whole !== item || (whole === 0 && 1 / item < 0)) return fractions(list, index + 1);
    every |= whole;
    magnitudes |= whole ^ (whole >> 31);
  }
  if (every >= 0 && magnitudes < 0x1_00) return NumberForm.uint8;
  if (every >= 0 && magnitudes < 0x1_00_00) return NumberForm.uint16;
  if (magnitudes < 0x80) return NumberForm.int8;
  return magnitudes < 0x80_00 ? NumberForm.int16 : NumberForm.int32;
}

function fractions(list: readonly unknown[], from: number): NumberForm | undefined {
  for (let index = from; index < list.length; index++) {
    if (typeof list[index] !== 'number') return undefined;
  }
  return NumberForm.float64;
}

/** A list for which more room is made at once becomes a table, which is many times as slow and as large. */
const roomAtOnce = 32 * 1024 * 1024;

/** How many bytes a number of this form takes; undefined when there is no such form. */
export function bytesEach(form: number): number | undefined {
  return lanes[form]?.BYTES_PER_ELEMENT;
}

export function writeNumbers(numbers: readonly number[], form: NumberForm, out: ByteWriter): void {
  const lane = lanes[form]!;
  for (let from = 0; from < numbers.length; from += lane.length) {
    const count = Math.min(lane.length, numbers.length - from);
    for (let index = 0; index < count; index++) lane[index] = numbers[from + index]!;
    out.raw(laneBytes.subarray(0, count * lane.BYTES_PER_ELEMENT));
  }
}

/** Throws `protocol.violation` when the frame holds fewer. */
export function readNumbers(count: number, form: NumberForm, input: ByteReader): number[] {
  const lane = lanes[form]!;
  const numbers = count < roomAtOnce ? new Array<number>(count) : [];
  for (let from = 0; from < count; from += lane.length) {
    const taken = Math.min(lane.length, count - from);
    laneBytes.set(input.raw(taken * lane.BYTES_PER_ELEMENT));
    for (let index = 0; index < taken; index++) numbers[from + index] = lane[index]!;
  }
  return numbers;
}
