import type { FixReport, LintReport } from '../../../server/shared/protocol/linting.ts';
import type { LintedBy, NotLinted } from './lintTarget.ts';

/** How one request to lint ended, for problems, status, log and notifications. */
export type LintingOutcome =
  | {
      readonly kind: 'reported';
      readonly report: LintReport;
      readonly by: LintedBy;
      readonly tookMs: number;
    }
  | NotAsked;

/** The same for one request to fix. */
export type FixingOutcome = { readonly kind: 'reported'; readonly report: FixReport } | NotAsked;

type NotAsked =
  | { readonly kind: 'notLinted'; readonly why: NotLinted }
  /** The document changed or closed meanwhile; the answer was dropped. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly by?: LintedBy };
