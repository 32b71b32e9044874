import * as vscode from 'vscode';
import type { Clock } from '../../../server/shared/base/platform.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Log } from '../../log/log.ts';
import type { SessionPool } from '../../sessions/pool/sessionPool.ts';
import type { ServersAtWork } from '../serversAtWork.ts';
import { DocumentFormatter } from './documentFormatter.ts';
import { FormattingNotices } from './formattingNotices.ts';
import { FormattingProviders } from './formattingProviders.ts';
import { FormattingStatus } from './formattingStatus.ts';
import type { FormattingTargets } from './formattingTarget.ts';
import type { OfferedLanguages } from './languages.ts';
import { Prewarming } from './prewarming.ts';

export interface FormattingParts {
  readonly pool: SessionPool;
  readonly configuration: Configuration;
  readonly servers: ServersAtWork;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FormattingFeature extends vscode.Disposable {
  readonly formatter: DocumentFormatter;
  readonly prewarming: Prewarming;
}

/** Formatting, as the editor knows it: providers, their status, their troubles, their warm sessions. */
export function createFormattingFeature(
  { pool, configuration, servers, clock, log }: FormattingParts,
  targets: FormattingTargets,
  languages: OfferedLanguages,
): FormattingFeature {
  const formatter = new DocumentFormatter(pool, targets, clock);
  const providers = new FormattingProviders(formatter, languages, servers, folder => {
    const { prettierEnabled, pythonFormatters } = configuration.settingsFor(folder?.uri);
    return languages.name === 'prettier' ? prettierEnabled : pythonFormatters.length > 0;
  });
  const prewarming = new Prewarming(pool, targets, providers, configuration, log);
  const owned = vscode.Disposable.from(
    configuration.onDidChange(() => providers.register()),
    formatter,
    providers,
    prewarming,
    new FormattingStatus(formatter, pool, languages.name, providers.selector),
    new FormattingNotices(formatter, log),
  );
  return { formatter, prewarming, dispose: () => void owned.dispose() };
}
