/** How a server's process is started: by our own Node, by an interpreter, or as a program of its own. */
export type ServerLaunch =
  | { readonly kind: 'node'; readonly module: string; readonly args: readonly string[] }
  | { readonly kind: 'python'; readonly interpreter: string; readonly args: readonly string[] }
  | { readonly kind: 'program'; readonly program: string; readonly args: readonly string[] };

/** A server as it is installed. All paths are absolute. */
export interface FoundServer {
  readonly launch: ServerLaunch;
  /** What a confined session must be shown to run it, beside its interpreter: a real folder, or one file. */
  readonly directory: string;
  readonly origin: 'project' | 'environment' | 'path' | 'given';
  /** Known where it can be read without running anything. */
  readonly version: string | undefined;
}

export interface NotFound {
  /** For a person: what was looked for, where, and what to do. */
  readonly missing: string;
}

/** Where servers are looked for, beside the folder. */
export interface ServerPlaces {
  /** The folders of programs, as the `PATH` has them. */
  readonly searchPath: string | undefined;
  /** The Python of the folder; asked only when something of Python is looked for. */
  readonly interpreter: () => Promise<string | undefined>;
  readonly home: string;
}
