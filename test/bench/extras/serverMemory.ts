import fs from 'node:fs';
import { findReadyMade } from '../../../extension/languageServers/readyMade.ts';
import type { ServerProgram } from '../../../extension/sessions/launchSpec.ts';
import { usageOfTree } from '../../../extension/sessions/processUsage.ts';
import { ServerClient } from '../../support/languageServers.ts';
import { Project } from '../../support/project.ts';
import { TestPool } from '../../support/sessions.ts';
import { holding } from '../holding.ts';
import { fillSampleWorkspace } from '../languageServers/sampleWorkspace.ts';
import { installedSamples, moduleIn, positionIn, python } from '../languageServers/samples.ts';
import type { ServerSample } from '../languageServers/samples.ts';
import { repository } from '../paths.ts';
import { mechanismsHere } from './confinement.ts';

type Rows = Readonly<Record<string, number>>;

const mebibyte = 1024 * 1024;

/** Of servers that have completed something in their first document, confined where that works. */
export async function serverMemory(): Promise<Rows> {
  using project = new Project({});
  fillSampleWorkspace(project.root, repository);
  const isConfinable = (await mechanismsHere()).includes('bubblewrap');
  const mechanism = isConfinable ? 'bubblewrap' : 'none';
  const rows: Record<string, number> = {};
  for (const sample of installedSamples()) {
    Object.assign(rows, await holding(() => measureOne(sample, project, mechanism)));
  }
  return rows;
}

async function measureOne(
  sample: ServerSample,
  project: Project,
  mechanism: 'bubblewrap' | 'none',
): Promise<Rows> {
  await using host = new TestPool();
  const { needs, initializationOptions } = findReadyMade(sample.name)!;
  using client = await ServerClient.open(host, programOf(sample, project.root), {
    mechanism,
    cwd: project.root,
    needsChildren: needs.children,
    needsScratch: needs.scratch,
  });
  await client.initialize(project.root, initializationOptions);
  await completeSomething(client, sample, project);
  const pid = host.pids.at(-1)!;
  await untilCalm(pid);
  const shown = (await usageOfTree(pid))?.residentBytes ?? NaN;
  return {
    [`${sample.name}, as the panel shows it`]: shown / mebibyte,
    [`${sample.name}, as the system counts it`]: residentBytesOf(familyOf(pid)) / mebibyte,
  };
}

function programOf({ name, module }: ServerSample, folder: string): ServerProgram {
  const { args, python: ofPython } = findReadyMade(name)!;
  if (module) {
    return { name, origin: 'project', runtime: 'node', args: [moduleIn(folder, module), ...args] };
  }
  const ofModule = ['-m', ofPython!.module!, ...args];
  return { name, origin: 'machine', runtime: 'python', program: python, args: ofModule };
}

async function completeSomething(
  client: ServerClient,
  sample: ServerSample,
  project: Project,
): Promise<void> {
  const { file, language: languageId, text, label } = sample;
  const uri = `file://${project.path(file)}`;
  await client.notify('textDocument/didOpen', {
    textDocument: { uri, languageId, version: 1, text },
  });
  const params = { textDocument: { uri }, position: positionIn(sample) };
  const isComplete = async () =>
    JSON.stringify(await client.request('textDocument/completion', params)).includes(label);
  while (!(await isComplete())) await new Promise(resolve => setTimeout(resolve, 100));
}

/** It goes on reading the workspace, and both ways of counting take a moment. */
async function untilCalm(pid: number): Promise<void> {
  for (let last = 0, now = 1; Math.abs(now - last) > 0.005 * now;) {
    await new Promise(resolve => setTimeout(resolve, 1_000));
    [last, now] = [now, residentBytesOf(familyOf(pid))];
  }
}

/** The process and all that descend from it, by what each says of its parent. */
function familyOf(pid: number): number[] {
  const children = processes().filter(one => parentOf(one) === pid);
  return [pid, ...children.flatMap(familyOf)];
}

function processes(): number[] {
  return fs.readdirSync('/proc').map(Number).filter(Boolean);
}

function parentOf(pid: number): number {
  return Number(statusOf(pid, 'PPid'));
}

function residentBytesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number.parseInt(statusOf(pid, 'VmRSS') ?? '0') * 1024, 0);
}

function statusOf(pid: number, field: string): string | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'latin1');
    return new RegExp(`^${field}:\\s+(.*)$`, 'mu').exec(status)?.[1];
  } catch {
    return undefined; // it has ended meanwhile
  }
}
