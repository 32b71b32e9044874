import path from 'node:path';
import { repository } from '../../host/paths.ts';
import { runSuite } from '../../host/vscodeSuite.ts';
import type { Answered } from '../inVSCode/completion.ts';
import type { Comparison } from '../inVSCode/index.ts';
import { fillSampleWorkspace } from '../languageServers/sampleWorkspace.ts';
import { median } from '../statistics.ts';

/**
 * From opening the first document of a language server to its first completion, in a real VS Code: with
 * a prewarmed session, and with the client library that starts the server then. Milliseconds, medians of
 * interleaved rounds.
 */
export async function firstCompletion(rounds: number): Promise<Readonly<Record<string, number>>> {
  const results = await runSuite({
    source: path.join(repository, 'test/bench/inVSCode'),
    fillWorkspace: folder => {
      fillSampleWorkspace(folder, repository);
      return folder;
    },
    environment: {
      GREENROOM_BENCH_ROUNDS: String(rounds),
      GREENROOM_SUITE_TIMEOUT_MS: String(900_000),
    },
  });
  const comparisons = Object.entries(results as Record<string, Comparison>);
  return Object.fromEntries(
    comparisons.flatMap(([server, sides]) =>
      Object.entries(sides).flatMap(([side, answers]) => toRows(`${server}, ${side}`, answers)),
    ),
  );
}

function toRows(name: string, answers: readonly Answered[]): [name: string, ms: number][] {
  return [
    [name, median(answers.map(({ tookMs }) => tookMs))],
    [`${name}: until asked`, median(answers.map(({ askedAfterMs }) => askedAfterMs))],
  ];
}
