/** One `struct sock_filter`: what to do, how far to jump if it holds or does not, what to compare with. */
export type Instruction = readonly [code: number, held: number, failed: number, constant: number];

const codes = {
  load: 0x20, // the word at an offset of `struct seccomp_data`
  and: 0x54,
  isEqual: 0x15,
  isAtLeast: 0x35,
  hasAnyBit: 0x45,
  answer: 0x06,
} as const;

/** Offsets in `struct seccomp_data`. Arguments have 64 bits; the kernel reads these calls' lower half. */
const offsets = { number: 0, architecture: 4, arguments: 16 } as const;

/** What the kernel does with a call, from `linux/seccomp.h`. */
export const answers = {
  allow: 0x7fff_0000,
  killProcess: 0x8000_0000,
  /** The call answers success and does nothing. */
  pretend: 0x0005_0000,
  notPermitted: 0x0005_0001,
  notImplemented: 0x0005_0026,
} as const;

export const loadNumber: Instruction = [codes.load, 0, 0, offsets.number];
export const loadArchitecture: Instruction = [codes.load, 0, 0, offsets.architecture];

export function loadArgument(index: number): Instruction {
  return [codes.load, 0, 0, offsets.arguments + 8 * index];
}

/** Leaves nothing of the loaded value but these bits. */
export function keepBits(bits: number): Instruction {
  return [codes.and, 0, 0, bits];
}

export function answer(value: number): Instruction {
  return [codes.answer, 0, 0, value];
}

/** `body` is skipped unless the loaded value is `value`. */
export function ifEqual(value: number, body: readonly Instruction[]): Instruction[] {
  return [[codes.isEqual, 0, body.length, value], ...body];
}

export function unlessEqual(value: number, body: readonly Instruction[]): Instruction[] {
  return [[codes.isEqual, body.length, 0, value], ...body];
}

export function ifAtLeast(value: number, body: readonly Instruction[]): Instruction[] {
  return [[codes.isAtLeast, 0, body.length, value], ...body];
}

export function ifAnyBit(bits: number, body: readonly Instruction[]): Instruction[] {
  return [[codes.hasAnyBit, 0, body.length, bits], ...body];
}

export function unlessAnyBit(bits: number, body: readonly Instruction[]): Instruction[] {
  return [[codes.hasAnyBit, body.length, 0, bits], ...body];
}

/** The program as the kernel takes it, little endian as x64 and arm64 are. */
export function encodeProgram(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, held, failed, constant], index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, held);
    view.setUint8(index * 8 + 3, failed);
    view.setUint32(index * 8 + 4, constant, true);
  });
  return bytes;
}
