import process from 'node:process';

const own = process.cwd();

/** Does something, and goes back to the folder of the session, wherever that has led. */
export async function inOwnFolder(deed: () => unknown): Promise<unknown> {
  try {
    return await deed();
  } finally {
    goBack();
  }
}

function goBack(): void {
  try {
    process.chdir(own);
  } catch {
    // The folder has gone, and what was done in it has been done all the same.
  }
}
