import fs from 'node:fs';
import path from 'node:path';
import { createLog } from '../../extension/log/log.ts';
import { defaultPoolPolicy } from '../../extension/sessions/pool/poolPolicy.ts';
import { SessionPool, type SessionRequest } from '../../extension/sessions/pool/sessionPool.ts';
import { nodePlatform } from '../../server/node/nodePlatform.ts';
import { isGreenroomError } from '../../server/shared/errors.ts';
import { parseFormatReport } from '../../server/shared/protocol/formatting.ts';
import { Project } from '../support/project.ts';
import { isAlive, prettierSpec, sessionRequest, startedHere } from '../support/sessions.ts';
import { Faults } from './faults.ts';
import type { StressOptions } from './options.ts';
import { seededRandom } from './random.ts';
import type { Deed, Failure, Outcome, PoolTally } from './tally.ts';

const plugin = path.resolve(import.meta.dirname, '../fixtures/plugins/ordeal.mjs');

/** Bounds that let faults follow each other quickly; what they decide is the same. */
const policy = {
  ...defaultPoolPolicy,
  maxCallsAtOnce: 4,
  maxSpares: 1,
  graceMs: 300,
  endStepMs: 300,
  drainMs: 1_000,
  usageCheckMs: { busy: 50, idle: 500 },
  health: { slowMs: 1_000, silenceMs: 1_500 },
  backoff: { firstMs: 20, maxMs: 200, calmMs: 1_000 },
  breaker: { maxLosses: 20, openMs: 500 },
  recycling: { maxAgeMs: 0, maxCalls: 500, maxResidentMb: 0, memoryAfterCalls: 0 },
};

const deadlineMs = 20_000;
const hangDeadlineMs = 500;
const faultEveryMs = 400;
/** Every so many operations hang, and leak, on average. */
const hangs = 1 / 400;
const leaks = 1 / 600;

/** One pool of so many replicas, everything that happens to it, and how its operations end. */
export class Ordeal implements AsyncDisposable {
  private readonly project = new Project({
    '.prettierrc.json': JSON.stringify({ plugins: [plugin] }),
    'begun.log': '',
  });
  private readonly pool = new SessionPool({
    platform: nodePlatform,
    policy,
    log: createLog(() => undefined),
  });
  private readonly tool = prettierSpec(this.project.root);
  private readonly request: SessionRequest;
  private readonly faults: Faults;
  private readonly pids = new Set<number>();
  /** By operation: the session that took it last. */
  private readonly sessionOf = new Map<string, string>();
  /** Sessions that were given a deed which ends them. */
  private readonly poisoned = new Set<string>();
  private readonly counts = { hang: 0, leak: 0, suspended: 0 };

  constructor(
    private readonly replicas: number,
    private readonly options: StressOptions,
    private readonly random = seededRandom(options.seed + replicas),
  ) {
    this.faults = new Faults(random, faultEveryMs);
    this.request = {
      ...sessionRequest({
        key: 'stress',
        cwd: this.project.root,
        tools: [this.tool],
        memoryLimitMb: 192,
      }),
      replicas: { min: replicas, max: replicas },
    };
    this.pool.onEvent(event => {
      this.faults.follow(event);
      if (event.kind === 'ready') this.pids.add(event.pid);
      if (event.kind === 'suspended') this.counts.suspended++;
      if (event.kind === 'called') this.sessionOf.set(event.call.subject ?? '', event.session);
    });
  }

  async run(): Promise<PoolTally> {
    const startedAtMs = performance.now();
    const { operations, callers } = this.options;
    await this.pool.prewarm(this.request);
    this.faults.begin();
    const outcomes: (Outcome | undefined)[] = new Array<undefined>(operations);
    let next = 0;
    const call = async () => {
      for (let id = next++; id < operations; id = next++) outcomes[id] = await this.operate(id);
    };
    await Promise.race([Promise.all(Array.from({ length: callers }, call)), this.patience()]);
    this.faults.end();
    await this.pool.shutDown();
    return this.tally(outcomes, (performance.now() - startedAtMs) / 1_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.faults.end();
    await this.pool.shutDown();
    this.project[Symbol.dispose]();
  }

  private async operate(id: number): Promise<Outcome> {
    const deed = this.chooseDeed();
    if (deed !== 'answer') this.counts[deed]++;
    const subject = String(id);
    const text = `${deed} ${id}\n`;
    const startedAtMs = performance.now();
    try {
      const answer = await this.pool.call(this.request, {
        tool: this.tool,
        method: 'format',
        args: [{ text, path: this.project.path('a.ordeal'), languageId: 'ordeal' }],
        deadlineMs: deed === 'hang' ? hangDeadlineMs : deadlineMs,
        subject,
      });
      const report = parseFormatReport(answer, text.length);
      const isRight = report.kind === 'formatted' && apply(text, report.edit) === `done ${id}\n`;
      if (!isRight) return { kind: 'misdelivered' };
      return { kind: 'answered', tookMs: performance.now() - startedAtMs };
    } catch (error) {
      return { kind: 'failed', deed, session: this.sessionOf.get(subject), error };
    } finally {
      const session = this.sessionOf.get(subject);
      if (deed !== 'answer' && session !== undefined) this.poisoned.add(session);
    }
  }

  private chooseDeed(): Deed {
    const chance = this.random();
    if (chance < hangs) return 'hang';
    return chance < hangs + leaks ? 'leak' : 'answer';
  }

  /** What takes longer than this will never end. */
  private patience(): Promise<void> {
    const longestMs = 60_000 + this.options.operations * 30;
    return new Promise(resolve => setTimeout(resolve, longestMs).unref());
  }

  private tally(outcomes: readonly (Outcome | undefined)[], tookS: number): PoolTally {
    const failures = outcomes.filter(outcome => outcome?.kind === 'failed');
    const expected = failures.filter(failure => this.isExplained(failure));
    for (const failure of failures) {
      if (!expected.includes(failure)) console.error('  unexplained:', failure.deed, failure.error);
    }
    const timesMs = outcomes.flatMap(one => (one?.kind === 'answered' ? [one.tookMs] : []));
    return {
      replicas: this.replicas,
      operations: outcomes.length,
      succeeded: timesMs.length,
      failed_as_expected: expected.length,
      unexplained: failures.length - expected.length,
      lost: [...outcomes].filter(outcome => outcome === undefined).length,
      duplicated: this.countDuplicates(),
      misdelivered: outcomes.filter(outcome => outcome?.kind === 'misdelivered').length,
      orphans: new Set([...[...this.pids].filter(isAlive), ...startedHere()]).size,
      timesMs,
      faults: { ...this.faults.done, ...this.counts },
      tookS,
    };
  }

  /** A session that was hurt takes with it what it was doing; a deed that harms fails itself. */
  private isExplained({ deed, session, error }: Failure): boolean {
    if (deed !== 'answer') return true;
    if (session === undefined) {
      return isGreenroomError(error, 'session.unavailable') && this.counts.suspended > 0;
    }
    return this.faults.explains(session) || this.poisoned.has(session);
  }

  /** Tools note when they begin; nothing was allowed to be done twice. */
  private countDuplicates(): number {
    const lines = fs.readFileSync(this.project.path('begun.log'), 'utf8').trim().split('\n');
    return lines.length - new Set(lines.map(line => line.split(' ')[0])).size;
  }
}

function apply(text: string, edit: { start: number; end: number; text: string }): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}
