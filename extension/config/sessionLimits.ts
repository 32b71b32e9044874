import * as v from 'valibot';
import { settingKeys } from '../contributions.ts';

/** Limits that hold for all sessions of the window. Times are in milliseconds; 0 recycles never. */
export interface SessionLimits {
  readonly maxCallsAtOnce: number;
  readonly maxQueuedCalls: number;
  readonly spares: number;
  readonly recycleMemoryMb: number;
  readonly recycleMemoryAfterCalls: number;
  readonly recycleCalls: number;
  readonly recycleAgeMs: number;
  readonly startTimeoutMs: number;
  readonly toolTimeoutMs: number;
  readonly slowMs: number;
  readonly silenceMs: number;
  readonly serverSilenceMs: number;
  readonly graceMs: number;
  readonly drainMs: number;
  readonly endStepMs: number;
  readonly restartDelayMs: number;
  readonly maxRestartDelayMs: number;
  readonly provenMs: number;
  readonly maxLosses: number;
  readonly retryAfterMs: number;
  readonly idleProcessorMs: number;
}

/** Reads one setting; what cannot be used is reported, and its default taken. */
export type ReadSetting = <T>(key: string, schema: v.GenericSchema<T>) => T;

export const wholeNumber = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

const seconds = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.minValue(min),
    v.maxValue(max),
    v.transform(value => Math.round(1_000 * value)),
  );

export function readSessionLimits(read: ReadSetting): SessionLimits {
  return {
    maxCallsAtOnce: read(settingKeys.maxCallsAtOnce, wholeNumber(1, 64)),
    maxQueuedCalls: read(settingKeys.maxQueuedCalls, wholeNumber(1, 100_000)),
    spares: read(settingKeys.spares, wholeNumber(0, 4)),
    recycleMemoryMb: read(settingKeys.recycleMemory, wholeNumber(0, 65_536)),
    recycleMemoryAfterCalls: read(settingKeys.recycleMemoryAfter, wholeNumber(0, 1_000_000)),
    recycleCalls: read(settingKeys.recycleCalls, wholeNumber(0, 1_000_000)),
    recycleAgeMs: 60_000 * read(settingKeys.recycleAge, wholeNumber(0, 100_000)),
    startTimeoutMs: read(settingKeys.startTimeout, seconds(1, 600)),
    toolTimeoutMs: read(settingKeys.toolTimeout, seconds(1, 600)),
    slowMs: read(settingKeys.slowAfter, seconds(1, 3_600)),
    silenceMs: read(settingKeys.silenceTimeout, seconds(1, 3_600)),
    serverSilenceMs: read(settingKeys.serverSilenceTimeout, seconds(1, 3_600)),
    graceMs: read(settingKeys.gracePeriod, seconds(0.1, 60)),
    drainMs: read(settingKeys.drainTimeout, seconds(0, 600)),
    endStepMs: read(settingKeys.endTimeout, seconds(0.1, 60)),
    restartDelayMs: read(settingKeys.restartDelay, seconds(0.01, 60)),
    maxRestartDelayMs: read(settingKeys.maxRestartDelay, seconds(0.01, 3_600)),
    provenMs: read(settingKeys.provenAfter, seconds(1, 3_600)),
    maxLosses: read(settingKeys.maxLosses, wholeNumber(1, 100)),
    retryAfterMs: read(settingKeys.retryAfter, seconds(1, 3_600)),
    idleProcessorMs: read(settingKeys.idleProcessorLimit, seconds(1, 86_400)),
  };
}
