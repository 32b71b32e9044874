/** What a tool must be able to do beyond reading its project. Nothing else is granted to its session. */
export interface ToolNeeds {
  /** It starts processes of its own. */
  readonly children: boolean;
  /** It keeps caches or temporary files, in a folder that only its session sees. */
  readonly scratch: boolean;
}

/** By the tool's name. None needs the network, and it is never granted. */
export const toolNeeds: Readonly<Record<string, ToolNeeds>> = {
  prettier: { children: false, scratch: true }, // its plugins
  eslint: { children: false, scratch: true },
  black: { children: false, scratch: true },
  isort: { children: false, scratch: false },
  autopep8: { children: false, scratch: false },
  mypy: { children: false, scratch: true },
  pylint: { children: false, scratch: true },
  flake8: { children: false, scratch: false },
};
