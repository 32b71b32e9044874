import type { WireError } from '../../shared/errors.ts';
import { toWireError } from '../../shared/toldErrors.ts';

/** Whether an error, or what caused it, is that Restricted Mode did not load a module. */
export function isRestricted(error: unknown): boolean {
  for (let link: WireError | undefined = toWireError(error); link; link = link.cause) {
    if (link.code === 'tool.restricted') return true;
  }
  return false;
}
