import type { Plugin } from 'esbuild';

export function requireOnce(code: string): string;
export const requiringOnce: Plugin;
