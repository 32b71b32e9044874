import { misuse } from '../../server/shared/base/misuse.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Takes events with fields. The message is a constant phrase, the variables are fields; file
 * contents, environments and payloads are never among them.
 */
export interface Log {
  trace(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every event. */
  child(fields: LogFields): Log;
}

export type LogLevel = 'trace' | 'info' | 'warn' | 'error';

/** A log over any sink of lines. Throws a `TypeError` for what is none. */
export function createLog(
  write: (level: LogLevel, line: string) => void,
  scope: LogFields = {},
): Log {
  if (typeof write !== 'function') throw misuse('what createLog writes with', write, 'a function');
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      write(level, format(message, { ...scope, ...fields }));
  return {
    trace: at('trace'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: fields => createLog(write, { ...scope, ...fields }),
  };
}

function format(message: string, fields: LogFields): string {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
  return [message, ...parts].join(' ');
}
