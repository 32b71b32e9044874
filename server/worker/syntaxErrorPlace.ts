import process from 'node:process';
import { pathToFileURL } from 'node:url';

/**
 * Where `file`, or an ES module that it imports, cannot be parsed: the file, the line and the column. Undefined
 * where all can be, and where the engine does not tell. Never rejects, and runs nothing of them.
 *
 * Node keeps the place for programs that end of the error. The engine tells the file while it parses and the
 * line afterwards; so all is parsed once more, in a thread, which spoils nothing of what is loaded here.
 */
export async function syntaxErrorPlace(file: string): Promise<string | undefined> {
  try {
    const { Worker } = process.getBuiltinModule('node:worker_threads'); // few workers need it
    const thread = new Worker(parsing, { eval: true, workerData: neverRun(file) });
    return await new Promise((resolve, reject) => {
      thread.once('message', resolve).once('error', reject);
      thread.once('exit', () => resolve(undefined));
    });
  } catch {
    return undefined; // a runtime without an inspector, or that may not use it
  }
}

/** Imports the module and what is not there: everything is parsed, and nothing run. */
function neverRun(file: string): string {
  const url = JSON.stringify(pathToFileURL(file).href);
  const text = `import ${url}; import { never } from 'data:text/javascript,'`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}

const parsing = `
const { Session } = require('node:inspector');
const { fileURLToPath } = require('node:url');
const { parentPort, workerData } = require('node:worker_threads');
process.removeAllListeners('warning'); // it has been given already
const session = new Session();
session.connect();
let url;
// A file of which nobody says what it is was tried as CommonJS first.
session.on('Debugger.scriptFailedToParse', ({ params }) => {
  if (params.isModule) url ??= params.url;
});
session.post('Debugger.enable');
import(workerData).catch(error => {
  if (url === undefined) return;
  globalThis.error = error;
  session.post('Runtime.evaluate', { expression: 'error' }, (_, { result }) => {
    const asked = { errorObjectId: result.objectId };
    session.post('Runtime.getExceptionDetails', asked, (_, { exceptionDetails }) => {
      const { lineNumber, columnNumber } = exceptionDetails;
      parentPort.postMessage(fileURLToPath(url) + ':' + (lineNumber + 1) + ':' + (columnNumber + 1));
    });
  });
});
`;
