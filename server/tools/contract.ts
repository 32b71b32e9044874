import { parseFormatRequest, type FormatterApi } from '../shared/protocol/formatting.ts';
import { parseLintRequest, type LinterApi } from '../shared/protocol/linting.ts';
import type { OpenedTool, ToolSpec } from '../shared/protocol/worker.ts';
import { ServedObject, type ServedMethod } from '../shared/rpc/members.ts';

/** All that a tool can do to the world. It imports no file system, no network and no shell. */
export interface ToolPowers {
  /**
   * Loads the package in `directory` by its own entry point, by another one that it exports, or, from
   * `./` on, by one of its files. Throws `tool.load`.
   */
  loadPackage(directory: string, entry?: string): Promise<unknown>;
  /** Makes every later load of code from outside `directory` fail with `tool.restricted`, for good. */
  restrictLoading(directory: string): void;
  /** An error's message, and what to do about it where that is known of this machine. */
  explain(message: string, root: string): string;
}

/** A tool that has been loaded and waits for calls. */
export interface OpenTool {
  readonly opened: OpenedTool;
  readonly methods: ServedObject;
}

/** One kind of tool. The worker has a list of them and knows none by name. */
export interface Tool {
  readonly name: string;
  open(spec: ToolSpec, powers: ToolPowers): Promise<OpenTool>;
}

/** A formatter as the other side may call it: its methods, with arguments parsed at the edge. */
export function serveFormatter(formatter: FormatterApi): ServedObject {
  const methods: Record<keyof FormatterApi, ServedMethod> = {
    format: ([request]) => formatter.format(parseFormatRequest(request)),
    warm: ([request]) => formatter.warm(parseFormatRequest(request)),
  };
  return new ServedObject(methods);
}

/** A linter as the other side may call it: its methods, with arguments parsed at the edge. */
export function serveLinter(linter: LinterApi): ServedObject {
  const methods: Record<keyof LinterApi, ServedMethod> = {
    lint: ([request]) => linter.lint(parseLintRequest(request)),
    fix: ([request]) => linter.fix(parseLintRequest(request)),
  };
  return new ServedObject(methods);
}
