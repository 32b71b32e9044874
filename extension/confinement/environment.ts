/**
 * Variables a session may see. Everything else (tokens, keys, proxies with passwords, `NODE_OPTIONS`)
 * stays with the host. Names are compared without case on Windows, where the system does so too.
 */
const allowed = new Set([
  // where things are
  'HOME',
  'PATH',
  'PATHEXT',
  'SHELL',
  'TEMP',
  'TMP',
  'TMPDIR',
  'USERPROFILE',
  // how to speak and count
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_MESSAGES',
  'LC_NUMERIC',
  'LC_TIME',
  'TZ',
  // without which Windows programs do not start
  'APPDATA',
  'COMSPEC',
  'LOCALAPPDATA',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'WINDIR',
]);

export type Environment = Readonly<Record<string, string>>;

export function allowedEnvironment(
  source: Readonly<Record<string, string | undefined>>,
): Environment {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && allowed.has(name.toUpperCase())) environment[name] = value;
  }
  return environment;
}
