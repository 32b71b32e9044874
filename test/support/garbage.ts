import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');

/** Collects what nobody can reach. What is told of it is told in later turns of the event loop. */
export const collectGarbage = vm.runInNewContext('gc') as () => void;
