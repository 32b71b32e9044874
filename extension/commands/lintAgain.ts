import type { LiveLinting } from '../features/linting/liveLinting.ts';

export const lintAgain = (live: LiveLinting) => () => live.lintAgain();
