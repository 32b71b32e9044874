import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '../..');

/** Everything that is fetched or built for tests; git ignores it, and deleting it costs only time. */
export const cache = path.join(repository, '.cache');

export const fixtures = path.join(repository, 'test/fixtures');

export const packagedExtension = path.join(repository, 'greenroom.vsix');
