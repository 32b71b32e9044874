import * as v from 'valibot';

const toolSpec = v.strictObject({
  /** Which of the worker's tools, `prettier` for example. */
  name: v.string(),
  /** Absolute path of the package that the tool runs. */
  directory: v.string(),
  origin: v.picklist(['project', 'bundled']),
  /** Absolute path of the folder that the tool works for; relative configuration starts here. */
  root: v.string(),
  /** Folders whose ignore files count, `root` among them. */
  ignoreRoots: v.array(v.string()),
  /** False in Restricted Mode: no code of the project may be loaded. */
  trusted: v.boolean(),
});

/** Everything a worker must know to open a tool. Equal specs give the same tool. */
export type ToolSpec = v.InferOutput<typeof toolSpec>;

const word = v.pipe(v.string(), v.maxLength(100));

const openedTool = v.strictObject({
  info: v.strictObject({
    name: word,
    version: word,
    origin: v.picklist(['project', 'bundled']),
  }),
  /** Editor languages that the tool handles, with its plugins. */
  languageIds: v.pipe(v.array(word), v.maxLength(1_000)),
});

export type OpenedTool = v.InferOutput<typeof openedTool>;

/** The root object of every worker. */
export interface WorkerApi {
  /** Loads a tool: what it is, and a reference to it. */
  openTool(spec: ToolSpec): Promise<{ readonly opened: OpenedTool; readonly tool: object }>;
  /** Loads a module by absolute path: one of its exports, or all of them, by reference. */
  load(module: string, exportName?: string): Promise<object>;
  /** What the worker holds for the host and of it. */
  live(): Promise<Readonly<Record<string, number>>>;
}

/** Throws a `ValiError` that names the field. */
export function parseToolSpec(raw: unknown): ToolSpec {
  return v.parse(toolSpec, raw);
}

/** Throws a `ValiError` that names the field. */
export function parseOpenedTool(raw: unknown): OpenedTool {
  return v.parse(openedTool, raw);
}
