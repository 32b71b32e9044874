import path from 'node:path';

const dataExtensions = new Set(['.json', '.json5', '.yaml', '.yml', '.toml']);

/**
 * Whether loading this configuration file runs nobody's code. Data formats may still hold a single
 * text, which Prettier takes for the name of a package to load; that counts as code. The check errs
 * on the side of refusing: what is not plainly a mapping is not plain data.
 */
export function isPlainData(file: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const name = path.basename(file);
  if (name === 'package.json') return holdsObject(text);
  if (name === 'package.yaml') return false;
  const extension = name === '.prettierrc' ? '.yaml' : path.extname(name);
  return dataExtensions.has(extension) && (extension === '.toml' || beginsAsMapping(text));
}

function holdsObject(packageJson: string): boolean {
  try {
    const { prettier } = JSON.parse(packageJson) as { prettier?: unknown };
    return typeof prettier === 'object';
  } catch {
    // Prettier will say what is wrong with it; it is in any case not data to be trusted.
    return false;
  }
}

function beginsAsMapping(text: string): boolean {
  const first = text
    .split(/\r?\n/u)
    .map(line => line.trim())
    .find(line => line !== '' && !line.startsWith('#') && !line.startsWith('//') && line !== '---');
  if (first === undefined) return true; // nothing in it but comments
  return first.startsWith('{') || /^["']?[A-Za-z_][\w-]*["']?\s*:(\s|$)/u.test(first);
}
