import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { Op, Tag } from '../../../server/shared/protocol/wire.ts';
import { workshopFile, type Workshop } from '../../support/python/modules.ts';
import {
  describePython,
  PythonProcess,
  PythonSession,
  supportProgram,
} from '../../support/python/pythonSession.ts';
import { Project } from '../../support/project.ts';
import { failureOf } from '../../support/remote.ts';
import { bytes, frame, object, textValue } from '../../support/wireBytes.ts';

const mebibyte = 1024 * 1024;

describePython('large bytes', () => {
  test('cross beside the message in both directions, by the same segments each time', async () => {
    await using session = new PythonSession({ hasSegments: true });
    const { mirror, checksum } = session.load<Workshop>(workshopFile);
    const data = new Uint8Array(mebibyte).fill(7);
    for (let round = 0; round < 5; round++) {
      expect(await checksum(data)).toBe((mebibyte * 7) % 65_521);
      expect(Buffer.compare((await mirror(data))[0]!, data)).toBe(0);
    }
    expect(session.segmentNames).toEqual(['h1', 'w1']);
  });

  test('may be more than a frame holds', async () => {
    await using session = new PythonSession({ hasSegments: true });
    const { filled, checksum } = session.load<Workshop>(workshopFile);
    const size = 100 * mebibyte;
    const data = await filled(size, 9);
    expect(Buffer.compare(data, Buffer.alloc(size, 9))).toBe(0);
    expect(await checksum(data)).toBe((size * 9) % 65_521);
  });

  test('without shared memory come by the pipe, as many of them', async () => {
    await using session = new PythonSession();
    const { filled, mirror } = session.load<Workshop>(workshopFile);
    const size = 100 * mebibyte;
    expect(Buffer.compare(await filled(size, 3), Buffer.alloc(size, 3))).toBe(0);
    const data = randomBytes(size);
    const [first, few] = await mirror(data, Buffer.of(1, 2));
    expect(Buffer.compare(first!, data)).toBe(0);
    expect([...few!]).toEqual([1, 2]);
    expect(session.segmentNames).toEqual([]);
  });

  test.each([true, false])(
    'are not kept when they have been sent; by shared memory: %s',
    async hasSegments => {
      await using session = new PythonSession({ hasSegments });
      const { filled } = session.load<Workshop>(workshopFile);
      for (let round = 0; round < 12; round++) await filled(50 * mebibyte, round);
      const [, pages] = fs.readFileSync(`/proc/${session.process.pid}/statm`, 'utf8').split(' ');
      expect((Number(pages) * 4_096) / mebibyte).toBeLessThan(300);
    },
  );

  test('without shared memory keep their classes', async () => {
    await using session = new PythonSession();
    const { echo, type_name } = session.load<Workshop>(workshopFile);
    const { buffer } = new Uint8Array(randomBytes(2 * mebibyte));
    for (const value of [buffer, new Float64Array(buffer), new DataView(buffer)]) {
      const echoed = (await echo(value)) as typeof value;
      expect(echoed.constructor).toBe(value.constructor);
      const bytes = 'buffer' in echoed ? echoed.buffer : echoed;
      expect(Buffer.compare(new Uint8Array(bytes), new Uint8Array(buffer))).toBe(0);
    }
    expect(await type_name(new Uint8Array(buffer))).toBe('bytes');
  });

  test('need not fit into a message, but everything else must', async () => {
    await using session = new PythonSession();
    const { call_back, echo } = session.load<Workshop>(workshopFile);
    const text = 'x'.repeat(40 * mebibyte);
    expect(await failureOf(call_back(() => text, 2))).toMatchObject({
      code: 'frame.tooLarge',
      message: expect.stringContaining('more than the limit of 67108864') as string,
    });
    expect(await echo('still here')).toBe('still here');
  });

  test('of a message that cannot be sent give their segment back', async () => {
    await using session = new PythonSession({ hasSegments: true });
    const { call_back, filled } = session.load<Workshop>(workshopFile);
    const failing = () => [new Uint8Array(mebibyte), Symbol('no')];
    for (let round = 0; round < 3; round++) {
      expect(await failureOf(call_back(failing, 1))).toMatchObject({
        code: 'value.unserializable',
      });
      await filled(mebibyte, 1);
    }
    expect(session.segmentNames).toEqual(['h1', 'w1']);
  });
});

describePython('a segment', () => {
  test('that cannot be emptied is closed and removed all the same', async () => {
    await using session = new PythonSession({ hasSegments: true });
    const { spoil_emptying, open_descriptors, filled } = session.load<{
      spoil_emptying(): void;
      open_descriptors(): number;
      filled(length: number): Uint8Array;
    }>(supportProgram('keepsDescriptors.py'));
    await spoil_emptying();
    const before = await open_descriptors();
    const moreThanIsKept = 65 * mebibyte;
    await filled(moreThanIsKept);
    expect(await open_descriptors()).toBe(before);
    expect(session.segmentNames).toEqual([]);
  });

  const call = bytes(Op.call, 1, 1, 0, 1, 4, Buffer.from('load'), 1, Tag.segment, 2, 1, 3);

  test.each<[string, (file: string) => void]>([
    ['that is not there', () => undefined],
    ['that is a link', file => fs.symlinkSync('/etc/hostname', file)],
    ['that is a folder', file => fs.mkdirSync(file)],
    [
      'that has another name as well',
      file => {
        fs.writeFileSync(`${file}-other`, 'abc');
        fs.linkSync(`${file}-other`, file);
      },
    ],
    ['that is too short', file => fs.writeFileSync(file, 'a')],
  ])('%s ends the worker', async (_what, put) => {
    using folder = new Project();
    put(folder.path('h1'));
    using worker = new PythonProcess();
    worker.channel.on('error', () => undefined).resume();
    const welcome = bytes(Op.welcome, object({ segments: textValue(folder.root) }));
    worker.channel.write(frame(welcome, call));
    expect(await worker.exited).toEqual({ code: 1, signal: null });
    expect(worker.output.stderr).toMatch(/segment 1 /u);
  });
});
