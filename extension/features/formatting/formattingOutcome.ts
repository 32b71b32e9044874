import type { FormatReport } from '../../../server/shared/protocol/formatting.ts';
import type { FormattedBy } from './formattingTarget.ts';

/** How one request to format ended, for status, log and notifications. */
export type FormattingOutcome =
  | {
      readonly kind: 'reported';
      readonly report: FormatReport;
      readonly by: FormattedBy;
      readonly tookMs: number;
    }
  /** The document changed or closed meanwhile; the answer was dropped. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'cancelled' }
  /** The user's settings leave nothing that formats the document. */
  | { readonly kind: 'noFormatter' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly by?: FormattedBy };
