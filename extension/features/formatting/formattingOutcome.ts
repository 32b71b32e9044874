import type { FormatReport } from '../../../server/shared/protocol/formatting.ts';
import type { PrettierLocation } from './locatePrettier.ts';

/** How one request to format ended, for status, log and notifications. */
export type FormattingOutcome =
  | {
      readonly kind: 'reported';
      readonly report: FormatReport;
      readonly location: PrettierLocation;
      readonly tookMs: number;
    }
  /** The document changed or closed meanwhile; the answer was dropped. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'cancelled' }
  /** The user's settings leave no Prettier for the document. */
  | { readonly kind: 'noPrettier' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly location?: PrettierLocation };
