import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import { describe, expect, test, vi } from 'vitest';
import { SegmentFiles, type SegmentLimits } from '../../../../server/node/segmentFiles.ts';
import { Project } from '../../../support/project.ts';

const limits: SegmentLimits = { fromBytes: 4, maxBytes: 64, maxFreeBytes: 32 };
const eight = new Uint8Array(8).fill(8);

/** Both sides of a session over one folder. */
class Sides implements Disposable {
  readonly folder = new Project();
  readonly host = new SegmentFiles(this.folder.root, 'host', limits);
  readonly worker = new SegmentFiles(this.folder.root, 'worker', limits);

  [Symbol.dispose](): void {
    this.host.dispose();
    this.worker.dispose();
    this.folder[Symbol.dispose]();
  }
}

const violation = expect.objectContaining({ code: 'protocol.violation' }) as Error;

test('what one side puts the other takes, as a copy of its own', () => {
  using sides = new Sides();
  const segment = sides.host.put(eight)!;
  const taken = sides.worker.take(segment, 8);
  expect([...taken]).toEqual([...eight]);
  sides.host.free(segment);
  sides.host.put(new Uint8Array(8).fill(9));
  expect([...taken]).toEqual([...eight]);
});

test('a segment whose bytes were taken is used again', () => {
  using sides = new Sides();
  const first = sides.host.put(eight)!;
  sides.worker.take(first, 8);
  sides.host.free(first);
  expect(sides.host.put(new Uint8Array(5).fill(5))).toBe(first);
  expect([...sides.worker.take(first, 5)]).toEqual([5, 5, 5, 5, 5]);
});

test('few bytes, and those beyond the ceiling, go the other way', () => {
  using sides = new Sides();
  expect(sides.host.put(new Uint8Array(3))).toBeUndefined();
  const segments = [1, 2, 3].map(() => sides.host.put(new Uint8Array(32)));
  expect(segments).toEqual([1, 2, undefined]);
});

test('who waits for an answer hears of the bytes that went this way, and of no others', () => {
  using folder = new Project();
  const poll = { copied: vi.fn() };
  const files = new SegmentFiles(folder.root, 'host', limits, poll);
  files.put(new Uint8Array(3));
  files.put(new Uint8Array(65));
  expect(poll.copied).not.toHaveBeenCalled();
  files.put(eight);
  expect(poll.copied).toHaveBeenCalledTimes(1);
  files.dispose();
});

test('what is kept to be used again gives way to what has to go', () => {
  using sides = new Sides();
  const small = sides.host.put(eight)!;
  sides.worker.take(small, 8);
  sides.host.free(small);
  const large = sides.host.put(new Uint8Array(64));
  expect(large).toBe(2);
  expect(sides.folder.entries).toEqual(['h2']);
});

test('a large segment is hardly larger than what is in it', () => {
  const mebibyte = 1024 * 1024;
  using folder = new Project();
  const files = new SegmentFiles(folder.root, 'host', { ...limits, maxBytes: 10 * mebibyte });
  const five = new Uint8Array(5 * mebibyte);
  expect([files.put(five), files.put(five), files.put(five)]).toEqual([1, 2, undefined]);
  files.dispose();
});

test('of free segments only so much is kept', () => {
  using sides = new Sides();
  const [one, other] = [sides.host.put(new Uint8Array(32))!, sides.host.put(new Uint8Array(32))!];
  sides.host.free(one);
  sides.host.free(other);
  expect(sides.folder.entries).toEqual(['h1']);
});

test('without a folder everything goes the other way, and disposing leaves no file', () => {
  using sides = new Sides();
  expect(new SegmentFiles(undefined, 'host', limits).put(eight)).toBeUndefined();
  sides.host.put(eight);
  sides.worker.put(eight);
  sides.host.dispose();
  sides.worker.dispose();
  expect(sides.folder.entries).toEqual([]);
  expect(sides.host.put(eight)).toBeUndefined();
});

describe('a worker that lies', () => {
  test.each([
    ['of a segment that is not there', () => undefined],
    ['with a link', (file: string) => fs.symlinkSync('/etc/hostname', file)],
    [
      'with a second name of a file',
      (file: string) => fs.linkSync(withFile(`${file}-other`, 8), file),
    ],
    ['with a pipe that nobody writes', (file: string) => execFileSync('mkfifo', [file])],
    ['with a folder', (file: string) => fs.mkdirSync(file)],
    ['with fewer bytes than it says', (file: string) => withFile(file, 4)],
  ])('%s breaks the protocol', (_what, prepare) => {
    using sides = new Sides();
    prepare(sides.folder.path('w1'));
    expect(() => sides.host.take(1, 8)).toThrow(violation);
  });

  test.skipIf(process.getuid?.() !== 0)('with a file of another user breaks the protocol', () => {
    using sides = new Sides();
    const file = withFile(sides.folder.path('w1'), 8);
    expect(sides.host.take(1, 8)).toHaveLength(8);
    fs.chownSync(withFile(sides.folder.path('w2'), 8), 65_534, 65_534);
    expect(() => sides.host.take(2, 8)).toThrow(violation);
    expect(openIn(sides.folder)).toEqual(fs.existsSync('/proc/self/fd') ? [file] : []);
  });

  test('about its size breaks the protocol before any memory is taken', () => {
    using sides = new Sides();
    expect(() => sides.host.take(1, 2 ** 40)).toThrow(violation);
  });

  test('by giving back what it was not given breaks the protocol', () => {
    using sides = new Sides();
    const segment = sides.host.put(eight)!;
    sides.host.free(segment);
    expect(() => sides.host.free(segment)).toThrow(violation);
    expect(() => sides.host.free(4711)).toThrow(violation);
  });
});

test.skipIf(!fs.existsSync('/proc/self/fd'))(
  'of the segments of the other side only so many are open, and closed ones are opened again',
  () => {
    using sides = new Sides();
    for (let number = 1; number <= 40; number++) {
      withFile(sides.folder.path(`w${number}`), 8);
      sides.host.take(number, 8);
    }
    expect(openIn(sides.folder)).toHaveLength(32);
    expect(sides.host.take(1, 8)).toHaveLength(8);
    expect(openIn(sides.folder)).toHaveLength(32);
  },
);

describe('disposing closes every descriptor and does not throw', () => {
  test('when the other side has put a folder where a segment was', () => {
    using sides = new Sides();
    sides.host.put(eight);
    sides.host.put(eight);
    fs.rmSync(sides.folder.path('h1'));
    fs.mkdirSync(sides.folder.path('h1', 'deeper'), { recursive: true });
    sides.host.dispose();
    expect(openIn(sides.folder)).toEqual([]);
    expect(sides.folder.entries).toEqual(['h1', 'h1/deeper']);
  });

  test('when the memory of a segment cannot be given back', () => {
    using sides = new Sides();
    sides.host.put(eight);
    sides.host.put(eight);
    const truncate = vi.spyOn(fs, 'ftruncateSync').mockImplementation(() => {
      throw Object.assign(new Error('no'), { code: 'EIO' });
    });
    try {
      sides.host.dispose();
    } finally {
      truncate.mockRestore();
    }
    expect(openIn(sides.folder)).toEqual([]);
    expect(sides.folder.entries).toEqual([]);
  });
});

test('a segment whose file cannot be removed gives way all the same', () => {
  using sides = new Sides();
  const small = sides.host.put(eight)!;
  sides.host.free(small);
  fs.rmSync(sides.folder.path('h1'));
  fs.mkdirSync(sides.folder.path('h1'));
  expect(sides.host.put(new Uint8Array(64))).toBe(2);
});

/** Files of the folder that this process has open, also removed ones; where the system tells. */
function openIn({ root }: Project): readonly string[] {
  if (!fs.existsSync('/proc/self/fd')) return [];
  const open = fs.readdirSync('/proc/self/fd').map(fileOf);
  return open.filter(file => file.startsWith(root));
}

function fileOf(descriptor: string): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return ''; // the one by which they were listed
  }
}

function withFile(file: string, bytes: number): string {
  fs.writeFileSync(file, new Uint8Array(bytes));
  return file;
}

test('a memory that takes only a part is full, and one that takes it in parts is not', () => {
  using sides = new Sides();
  const write = vi.spyOn(fs, 'writeSync');
  const takePart = (descriptor: number) => fs.writevSync(descriptor, [eight.subarray(0, 3)], 0);
  try {
    write.mockImplementationOnce(takePart).mockImplementationOnce(() => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });
    expect(sides.host.put(eight)).toBeUndefined();
    expect(fs.readdirSync(sides.folder.root)).toEqual([]);
    write.mockImplementationOnce(takePart);
    const segment = sides.host.put(eight)!;
    expect([...sides.worker.take(segment, 8)]).toEqual([...eight]);
  } finally {
    write.mockRestore();
  }
});
