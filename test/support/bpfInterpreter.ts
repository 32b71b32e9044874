/** Classic BPF as the kernel runs it on a system call, as far as our programs use it. */
export interface Call {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly number[];
}

export function instructionsOf(program: Uint8Array) {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: program.byteLength / 8 }, (_, index) => ({
    code: view.getUint16(index * 8, true),
    held: view.getUint8(index * 8 + 2),
    failed: view.getUint8(index * 8 + 3),
    constant: view.getUint32(index * 8 + 4, true),
  }));
}

export function runProgram(program: Uint8Array, { architecture, number, args = [] }: Call): number {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, architecture, true);
  args.forEach((arg, index) =>
    data.setBigUint64(16 + index * 8, BigInt.asUintN(64, BigInt(arg)), true),
  );
  const instructions = instructionsOf(program);
  let loaded = 0;
  for (let at = 0; ; at += 1) {
    const instruction = instructions[at];
    if (!instruction) throw new Error(`ran out of the program at ${at}`);
    const { code, held, failed, constant } = instruction;
    const jump = (holds: boolean) => void (at += holds ? held : failed);
    if (code === 0x06) return constant;
    else if (code === 0x20) loaded = data.getUint32(constant, true);
    else if (code === 0x54) loaded = (loaded & constant) >>> 0;
    else if (code === 0x15) jump(loaded === constant);
    else if (code === 0x35) jump(loaded >= constant);
    else if (code === 0x45) jump((loaded & constant) !== 0);
    else throw new Error(`unknown instruction ${code.toString(16)} at ${at}`);
  }
}
