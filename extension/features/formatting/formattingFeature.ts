import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import { DocumentFormatter } from './documentFormatter.ts';
import { FormattingNotices } from './formattingNotices.ts';
import { FormattingProviders } from './formattingProviders.ts';
import { FormattingStatus } from './formattingStatus.ts';
import { Prewarming } from './prewarming.ts';
import type { PrettierTargets } from './prettierTargets.ts';
import { restartStaleSessions } from './staleness.ts';

/** Formatting, as the editor knows it: providers, their status, their troubles, their warm sessions. */
export function createFormattingFeature(parts: {
  readonly pool: SessionPool;
  readonly targets: PrettierTargets;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
}): {
  readonly prewarming: Prewarming;
  readonly formatter: DocumentFormatter;
} & vscode.Disposable {
  const { pool, targets, configuration, clock, log } = parts;
  const formatter = new DocumentFormatter(pool, targets, clock);
  const providers = new FormattingProviders(formatter);
  const prewarming = new Prewarming(pool, targets, providers, configuration, log);
  const owned = vscode.Disposable.from(
    formatter,
    providers,
    prewarming,
    new FormattingStatus(formatter, pool),
    new FormattingNotices(formatter, log),
    restartStaleSessions(pool, log),
  );
  return { prewarming, formatter, dispose: () => void owned.dispose() };
}
