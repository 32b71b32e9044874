import { decidePassing, withoutMark, type PassingPolicy } from './values/policy.ts';

/**
 * How far the other side reaches into a value of this one, beside getting it:
 * - `all`: it reads, calls and sets the value's members, own and inherited;
 * - `readable`: the same without setting;
 * - `own`: it reads and calls own members only, as it could in a copy;
 * - `nothing`.
 */
export type Reach = 'all' | 'readable' | 'own' | 'nothing';

/** Of a value, or of one that is marked. */
export type ReachOf = (value: unknown) => Reach;

/** Of a side that trusts the other, as a worker trusts its host. */
export const unlimited: ReachOf = () => 'all';

/**
 * Of a side that does not. What would be copied is no more than its copy: nothing can be changed, and no
 * method of the language is called, some of which lead to other memory or compute for ever.
 */
export function waryReach(policy: PassingPolicy): ReachOf {
  return value => {
    if (typeof withoutMark(value) === 'function') return 'readable';
    if (typeof value !== 'object' || value === null) return 'nothing';
    return decidePassing(value, policy, undefined).passing === 'reference' ? 'all' : 'own';
  };
}
