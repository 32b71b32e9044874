import { callbacks } from './callbacks.ts';
import { graph } from './graph.ts';
import { payloads } from './payloads.ts';
import { prettierRegime } from './prettier.ts';
import type { Regime } from './regime.ts';
import { starts } from './starts.ts';
import { tiny } from './tiny.ts';
import { work } from './work.ts';

/** In the order of the table. */
export const regimes: readonly Regime[] = [
  ...starts,
  ...tiny,
  ...payloads,
  ...callbacks,
  ...work,
  ...graph,
  prettierRegime,
];
