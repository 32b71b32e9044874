import process from 'node:process';

const own = process.cwd();

/** Does something, and goes back to the folder of the session should that have left it. */
export async function inOwnFolder(deed: () => unknown): Promise<unknown> {
  try {
    return await deed();
  } finally {
    if (process.cwd() !== own) process.chdir(own);
  }
}
