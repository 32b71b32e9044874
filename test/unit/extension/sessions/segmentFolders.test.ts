import fs from 'node:fs';
import { expect, test } from 'vitest';
import { SegmentFolders } from '../../../../extension/sessions/segmentFolders.ts';
import { Project } from '../../../support/project.ts';

test('what a process left behind that has ended is removed by the next, and nothing else is', () => {
  using root = new Project();
  const running = new SegmentFolders(root.root);
  const kept = running.open('s1')!;
  const [, namespace] = /^greenroom-\d+-\d+-(\d+)-/u.exec(root.entries[0]!)!;
  const left = `greenroom-4194304-77-${namespace}-left`;
  const reused = `greenroom-${process.pid}-1-${namespace}-reused`;
  const elsewhere = 'greenroom-4194304-77-1-other'; // in a container that shares the memory
  for (const name of [left, reused, elsewhere, 'other']) {
    fs.mkdirSync(root.path(name, 's1'), { recursive: true });
  }
  const folders = new SegmentFolders(root.root);
  folders.open('s1');
  const remaining = fs.readdirSync(root.root).filter(name => /left|reused|other/u.test(name));
  expect(remaining).toEqual([elsewhere, 'other']);
  expect(fs.existsSync(kept)).toBe(true);
  running.dispose();
  folders.dispose();
  expect(root.entries).toEqual([elsewhere, `${elsewhere}/s1`, 'other', 'other/s1']);
});

test('a folder can be reached by its user only', () => {
  using root = new Project();
  const folders = new SegmentFolders(root.root);
  const folder = folders.open('s1')!;
  expect(fs.statSync(folder).mode & 0o077).toBe(0);
  folders.dispose();
});

test('where there is no shared memory there are no folders, and nothing fails', () => {
  expect(new SegmentFolders('/nowhere').open('s1')).toBeUndefined();
});
