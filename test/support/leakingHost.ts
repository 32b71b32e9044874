import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { openGreenroom } from '../../extension/api.ts';
import { isGreenroomError } from '../../server/shared/errors.ts';
import { workerPath } from './sessions.ts';

/**
 * A program that loads a module which a session has as well, in the way and at the time that its first
 * argument says; the second is a folder for modules. Tells what it hears from the session then.
 */
const [, , way, folder] = process.argv;
const file = path.join(folder!, 'tool.mjs');
const importer = path.join(folder!, 'importer.mjs');
const link = path.join(folder!, 'link.mjs');
const names = way === 'renamed' ? '//# sourceURL=file:///elsewhere.mjs' : '';
fs.writeFileSync(file, `export const answer = () => 42;\n${names}`);
fs.writeFileSync(importer, "import './tool.mjs';");
fs.symlinkSync(file, link);
const load = (name: string) => import(pathToFileURL(name).href);

if (way === 'before' || way === 'renamed') await load(file);
if (way === 'pretended') eval(`//# sourceURL=${pathToFileURL(file).href}`);
if (way === 'beforeByAnother') await load(importer);
await using greenroom = openGreenroom({ workerPath });
try {
  const session = await greenroom.openSession({ shareKey: 'leak', cwd: folder! });
  const tool = session.load<{ answer(): number }>(way === 'link' ? link : file);
  await tool.answer();
  if (way === 'after') await load(file);
  if (way === 'afterByAnother') await load(importer);
  if (way === 'link') await load(link);
  process.stdout.write(String(await tool.answer()));
} catch (error) {
  process.stdout.write(isGreenroomError(error) ? error.code : String(error));
}
